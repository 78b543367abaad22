/** @file The comms of a cell process: which are open, who answers to which target, and where messages go. */
import { type CommMessage, type Delivery, type JsonObject, decodeBuffers, encodeBuffers } from './contract.ts';

/** What came with a comm message. */
export interface ReceivedMessage {
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  /** Binary parts. */
  readonly buffers: readonly Uint8Array[];
}

/** One end of an open comm, as the manager needs it. */
export interface CommEnd {
  readonly commId: string;
  readonly targetName: string;
  /** The other end sent something. What the handlers throw comes back in the list, as a rejection too. */
  received(message: ReceivedMessage): readonly unknown[];
  /** The other end closed. */
  closed(message: ReceivedMessage): readonly unknown[];
}

/** Takes in a comm that the front end opened. */
export type OpenHandler = (commId: string, message: ReceivedMessage) => unknown;

/** What a cell process lends the comms. */
export interface CommConnection {
  send(message: CommMessage): void;
  /** Tells an error of a handler where the handler's output goes. */
  report(error: unknown): void;
  /** `msg_id` of the message for which the code runs that asks. */
  messageId(): string;
}

/** What is sent with a message. */
export interface SendOptions {
  readonly metadata?: JsonObject;
  /** Binary parts: typed arrays or DataViews. */
  readonly buffers?: readonly ArrayBufferView[];
}

const received = ({ data, metadata, buffers }: CommMessage): ReceivedMessage => ({
  data,
  metadata,
  buffers: decodeBuffers(buffers),
});

export class CommManager {
  #connection: CommConnection | undefined;
  readonly #open = new Map<string, CommEnd>();
  readonly #targets = new Map<string, OpenHandler>();
  readonly #loaders = new Map<string, () => Promise<unknown>>();
  /** Comms whose handler is not there yet, or not done: their messages wait. */
  readonly #opening = new Map<string, Promise<unknown>>();

  connect(connection: CommConnection): void {
    this.#connection = connection;
  }

  /** Undefined outside of a notebook. */
  get connection(): CommConnection | undefined {
    return this.#connection;
  }

  register(targetName: string, handler: OpenHandler): () => void {
    this.#targets.set(targetName, handler);
    return () => {
      if (this.#targets.get(targetName) === handler) this.#targets.delete(targetName);
    };
  }

  /** Who registers `targetName` is loaded when a front end first asks for it. */
  registerLater(targetName: string, load: () => Promise<unknown>): void {
    this.#loaders.set(targetName, load);
  }

  /** From now on messages for this comm reach its end. */
  add(end: CommEnd): void {
    this.#open.set(end.commId, end);
  }

  remove(commId: string): void {
    this.#open.delete(commId);
  }

  send(
    message:
      | { readonly type: 'open'; readonly commId: string; readonly targetName: string; readonly targetModule?: string }
      | { readonly type: 'msg' | 'close'; readonly commId: string },
    data: JsonObject,
    { metadata = {}, buffers = [] }: SendOptions = {},
  ): void {
    this.#connection?.send({ ...message, data, metadata, buffers: encodeBuffers(buffers) });
  }

  /** Takes in a message of the front end's. Resolves when its handlers are done, those that await something too. */
  async receive(message: CommMessage): Promise<Delivery> {
    const { commId } = message;
    if (message.type === 'open') {
      const opening = this.#opened(message);
      this.#opening.set(commId, opening);
      const accepted = await opening;
      this.#opening.delete(commId);
      return { accepted };
    }
    // Only a comm that is being opened makes its messages wait: the others are handled in the order they come.
    if (this.#opening.has(commId)) await this.#opening.get(commId);
    const end = this.#open.get(commId);
    if (message.type === 'close') this.#open.delete(commId);
    const results = message.type === 'close' ? end?.closed(received(message)) : end?.received(received(message));
    await this.settle(results ?? []);
    return { accepted: end !== undefined };
  }

  async #opened(message: Extract<CommMessage, { type: 'open' }>): Promise<boolean> {
    const { targetName, commId } = message;
    try {
      if (!this.#targets.has(targetName)) await this.#loaders.get(targetName)?.();
      const handler = this.#targets.get(targetName);
      if (handler === undefined) return false;
      await handler(commId, received(message));
      return true;
    } catch (error) {
      this.#connection?.report(error);
      this.#open.delete(commId);
      return false;
    }
  }

  /** Waits for what handlers gave. An error of one is told, and keeps no other from its end. */
  async settle(results: readonly unknown[]): Promise<void> {
    for (const outcome of await Promise.allSettled(results))
      if (outcome.status === 'rejected') this.#connection?.report(outcome.reason);
  }
}

/** The comms of this process. */
export const comms = new CommManager();
