/** @file Messages between the kernel process and the cell process, one JSON text a line, and which file descriptor carries which. */
import type { CellEvent, ExecuteOutcome, ExecuteRequest } from './contract.ts';

/**
 * File descriptors of the cell process. Each has one writer and one reader, so no lock is needed:
 * the main thread writes events with blocking writes, which leave the process even while user code never yields.
 */
export const descriptors = { events: 3, commands: 4, control: 5 } as const;

/** Kernel process to the main thread (`descriptors.commands`). */
export interface Command {
  readonly type: 'execute';
  /** Number of the execution: its outcome and its output markers carry it. */
  readonly id: number;
  readonly request: ExecuteRequest;
}

/** Main thread to kernel process (`descriptors.events`). */
export type ChildMessage =
  | Exclude<CellEvent, { type: 'died' }>
  | { readonly type: 'ready' }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: ExecuteOutcome }
  /** The process is about to end with this code: `process.exit` was called, or nothing is left to do. */
  | { readonly type: 'exit'; readonly code: number };

/** Kernel process to the I/O thread and back (`descriptors.control`). */
export interface ControlMessage {
  /** An interrupt is asked for; the answer says that it is over, whatever it had to do. */
  readonly interrupt: number;
}

/** What the kernel process writes into the environment of the cell process. */
export const markerVariable = 'TENSORCELL_OUTPUT_MARKER';

/** Ends the output of an execution on fd 1 and fd 2; `secret` keeps it apart from anything that programs print. */
export const outputMarker = (secret: string, id: number): string => `\u0000${secret}:${id}\u0000`;

export const encode = (message: Command | ChildMessage | ControlMessage): string => `${JSON.stringify(message)}\n`;

/** Cuts a byte stream into lines of JSON; a line may come in any number of chunks. */
export class LineReader<Message> {
  #pending: Buffer[] = [];

  /** Takes in a chunk and returns the messages that it completed. */
  read(chunk: Buffer): Message[] {
    const messages: Message[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#pending.push(chunk.subarray(start, end));
      const line = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending);
      this.#pending = [];
      messages.push(JSON.parse(line.toString('utf8')) as Message);
      start = end + 1;
    }
    if (start < chunk.length) this.#pending.push(chunk.subarray(start));
    return messages;
  }
}
