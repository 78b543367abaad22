/** @file Messages between the kernel process and the cell process, one JSON text a line, and which file descriptor carries which. */
import type { CellEvent, ExecuteOutcome, ExecuteRequest } from './contract.ts';

/**
 * File descriptors of the cell process. `events` has the main thread as its one writer, with blocking writes that leave
 * the process even while user code never yields; `control` is the I/O thread's, which user code never holds up.
 */
export const descriptors = { events: 3, control: 4 } as const;

/** A cell to run; its outcome and its output markers carry the number. */
export interface ExecuteCommand {
  readonly type: 'execute';
  readonly id: number;
  readonly request: ExecuteRequest;
}

/** Kernel process to the I/O thread (`descriptors.control`). */
export type Command = ExecuteCommand | { readonly type: 'interrupt'; readonly id: number };

/** The I/O thread's answer (`descriptors.control`): an interrupt, and all before it, are over, whatever they had to do. */
export interface CommandAnswer {
  readonly interrupted: number;
}

/** I/O thread to main thread. */
export type MainThreadMessage =
  | ExecuteCommand
  /**
   * An interrupt: to be answered with its number when the cell has been given up. It repeats the last command, which a
   * termination may have struck before it was taken in.
   */
  | { readonly type: 'question'; readonly number: number; readonly last: ExecuteCommand | undefined };

/** Main thread to kernel process (`descriptors.events`). */
export type ChildMessage =
  | Exclude<CellEvent, { type: 'died' }>
  | { readonly type: 'ready' }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: ExecuteOutcome }
  /** The process is about to end with this code: `process.exit` was called, or nothing is left to do. */
  | { readonly type: 'exit'; readonly code: number };

/** What the kernel process writes into the environment of the cell process. */
export const markerVariable = 'TENSORCELL_OUTPUT_MARKER';

/** Ends the output of an execution on fd 1 and fd 2; `secret` keeps it apart from anything that programs print. */
export const outputMarker = (secret: string, id: number): string => `\u0000${secret}:${id}\u0000`;

export const encode = (message: Command | CommandAnswer | ChildMessage): string => `${JSON.stringify(message)}\n`;

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
