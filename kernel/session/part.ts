/** @file Parts of the session: each answers some message types, and may have something to say to the cell process. */
import type { CellHost } from '../cell/contract.ts';
import type { ConnectionInfo } from '../protocol/connection.ts';
import type { MessageWriter } from '../protocol/message.ts';
import type { Execution, Interruption } from './execution.ts';
import type { HistoryStore } from './history-store.ts';
import type { Iopub } from './iopub.ts';
import type { Outputs } from './outputs.ts';
import type { Parents } from './parents.ts';
import type { Channel, JsonObject, KernelRequest } from './request.ts';
import type { Shells } from './shells.ts';
import type { Workers } from './workers.ts';

/**
 * Handles a message. What it returns is the reply's content (the reply's type is the request's, with `_reply`); nothing
 * returned: the message has no reply. What it throws becomes the error reply. On shell and control the session says busy
 * before and idle after it; handlers are called in the order of the messages, and do not wait for each other.
 */
export type Handler = (content: JsonObject, request: KernelRequest) => object | void | Promise<object | void>;
export type Handlers = Readonly<Record<string, Handler>>;

/** What a part answers; parts are listed in parts.ts. */
export interface SessionPart {
  /** By message type. Whatever is here is answered at once, also while a cell runs. */
  readonly shell?: Handlers;
  readonly control?: Handlers;
  /** Messages on stdin have no reply. */
  readonly stdin?: Handlers;
  /** Is given the cell host before it starts, for `onRequest`, `onNotice` and `onEvent`. */
  prepareCell?(host: CellHost): void;
  /** What ran was interrupted: a part that waits for something on its behalf gives up. */
  interrupted?(interruption: Interruption): void;
  /** The session ends; the processes are still there. */
  stop?(): void | Promise<void>;
}

/** Makes a part for one session. Modules that kernel_info does not need are best imported by the handlers. */
export type CreatePart = (session: SessionContext) => SessionPart;

/** What a part can use of its session. */
export interface SessionContext {
  readonly iopub: Iopub;
  /** Streams and displays under a request of one's own; `flush()` before what must come after the text so far. */
  readonly outputs: Outputs;
  /** Tokens for `host.call(..., { parent })` and what they stand for. */
  readonly parents: Parents;
  readonly history: HistoryStore;
  readonly writer: MessageWriter;
  /** The cells: what runs, the settings that magics change. */
  readonly execution: Execution;
  /** The cell process, the TypeScript server and the compiler, each as a promise. */
  readonly workers: Workers;
  /** The lines in which cells wait. */
  readonly shells: Shells;
  /** Where the kernel's sockets are. */
  readonly connection: ConnectionInfo;
  /** Sends a message to the client of a request, such as `input_request` on stdin. Returns its id. */
  send(channel: Channel, type: string, content: object, request: KernelRequest): string;
  /** Stops the cell of a shell (of the main one where it is null), and whatever keeps the main thread from it. */
  interrupt(shell?: string | null): Promise<void>;
  /** Ends the session's processes. */
  stop(): Promise<void>;
}
