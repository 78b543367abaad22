/** @file Jupyter messages: header, parent header, metadata, content, buffers. */
import { randomUUID } from 'node:crypto';

/** Version of the messaging specification that the kernel and the client speak. */
export const protocolVersion = '5.5';

export type JsonObject = Record<string, unknown>;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly version: string;
  /** The subshell that a request is for; the main shell where it is null or absent. */
  readonly subshell_id?: string | null;
}

/** The header of the request that caused a message; empty where nothing did. */
export type ParentHeader = Header | Record<string, never>;

export interface Message<Content = JsonObject> {
  readonly header: Header;
  readonly parent_header: ParentHeader;
  readonly metadata: JsonObject;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

export interface MessageOptions {
  readonly parent?: ParentHeader;
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
  /** Goes into the header. */
  readonly subshell_id?: string | null;
}

/** Writes the messages of one side of a connection: all carry its session id, and each an id of its own. */
export class MessageWriter {
  readonly session: string;
  readonly #username: string;
  #count = 0;

  constructor(username: string, session: string = randomUUID()) {
    this.#username = username;
    this.session = session;
  }

  create<Content extends object>(type: string, content: Content, options: MessageOptions = {}): Message<Content> {
    return {
      header: {
        msg_id: `${this.session}_${process.pid}_${this.#count++}`,
        msg_type: type,
        session: this.session,
        username: this.#username,
        date: new Date().toISOString(),
        version: protocolVersion,
        ...(options.subshell_id === undefined ? {} : { subshell_id: options.subshell_id }),
      },
      parent_header: options.parent ?? {},
      metadata: options.metadata ?? {},
      content,
      buffers: options.buffers ?? [],
    };
  }
}
