/** @file Comm messages between the kernel process and the cell process. */

export type JsonObject = Record<string, unknown>;

interface CommMessageBase {
  readonly commId: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  /** Binary parts, in base64: messages between the processes are JSON. */
  readonly buffers: readonly string[];
}

/** A comm message in either direction. */
export type CommMessage =
  | ({ readonly type: 'open'; readonly targetName: string; readonly targetModule?: string } & CommMessageBase)
  | ({ readonly type: 'msg' } & CommMessageBase)
  | ({ readonly type: 'close' } & CommMessageBase);

/** The name under which front ends open and expect widgets. */
export const widgetTarget = 'jupyter.widget';

/** Name of the call that hands a front end's comm message to the cell process; its answer is a {@link Delivery}. */
export const deliverComm = 'comm';

/** What became of a comm message. */
export interface Delivery {
  /** False where nobody answers to the target that a comm was opened for. */
  readonly accepted: boolean;
}

/** Name of the request by which the cell process asks for the `msg_id` of the message that its code runs for. */
export const askMessageId = 'comm:message-id';

export const encodeBuffers = (buffers: readonly ArrayBufferView[]): string[] =>
  buffers.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64'));

export const decodeBuffers = (buffers: readonly string[]): Buffer[] =>
  buffers.map((text) => Buffer.from(text, 'base64'));
