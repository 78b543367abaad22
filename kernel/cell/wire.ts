/** @file Messages between the kernel process and the cell process, one JSON text a line, and which file descriptor carries which. */
import type { AnswerChannel } from './calls.ts';
import type { OpenSessions } from './debug-bridge.ts';
import type { CellEvent, ExecuteOutcome, ExecuteRequest } from './contract.ts';
import type { Shield } from './shield.ts';

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

/** A call beside the cells, of a handler registered by its name. */
export interface CallCommand {
  readonly type: 'call';
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
  /** Token of the cell that what the handler prints belongs to. */
  readonly parent?: string;
}

/** What became of a call; values are JSON values. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly name: string; readonly message: string };

/** The kernel process's answer to a request of the cell process. */
export interface AnswerCommand {
  readonly type: 'answer';
  readonly id: number;
  readonly answer: Answer;
}

/** What an interrupt is meant for. */
export interface InterruptTarget {
  /** Numbers of the cells that are to end. */
  readonly cells: readonly number[];
  /** Only what awaits is ended, when the main thread comes to it: other cells run as well. */
  readonly gentle: boolean;
}

export interface InterruptCommand extends InterruptTarget {
  readonly type: 'interrupt';
  readonly id: number;
}

/** Kernel process to the I/O thread (`descriptors.control`). */
export type Command = ExecuteCommand | CallCommand | AnswerCommand | InterruptCommand;

/** The I/O thread to the kernel process (`descriptors.control`). */
export type IoMessage =
  /**
   * An interrupt, and all before it, are over, whatever they had to do. Where a termination struck, calls without an answer
   * will have none.
   */
  | { readonly interrupted: number; readonly struck: boolean }
  /** A call of the I/O thread's own is over. */
  | { readonly answered: number; readonly answer: Answer }
  /** Something happened that the kernel process has listeners for. */
  | { readonly notice: string; readonly argument: unknown };

/** I/O thread to main thread. */
export type MainThreadMessage =
  | ExecuteCommand
  | CallCommand
  /**
   * An interrupt: to be answered with its number when the cells have been given up. It repeats the commands not taken in,
   * which a termination may have struck before they were.
   */
  | (InterruptTarget & {
      readonly type: 'question';
      readonly number: number;
      /** A termination was asked for: it may have struck any of the cells. */
      readonly struck: boolean;
      readonly untaken: readonly (ExecuteCommand | CallCommand)[];
    });

/** Main thread to I/O thread. */
export type IoThreadMessage =
  | { readonly answeredQuestion: number }
  | { readonly taken: number }
  | { readonly answers: AnswerChannel }
  /** Where the main thread says that nothing is to be terminated. */
  | { readonly shield: Shield }
  /** Where the I/O thread says whether a debugger's session is open. */
  | { readonly debugging: OpenSessions }
  /** The process ends: Node would wait for the sessions that are open. */
  | { readonly ending: true };

/** Main thread to kernel process (`descriptors.events`). */
export type ChildMessage =
  | Exclude<CellEvent, { type: 'died' | 'started' }>
  | { readonly type: 'ready' }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: ExecuteOutcome }
  /** What became of a call of the kernel process. */
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  /** A call of the kernel process by code of the cell `parent`. */
  | {
      readonly type: 'request';
      readonly id: number;
      readonly parent: string;
      readonly name: string;
      readonly argument: unknown;
    }
  /** The process is about to end with this code: `process.exit` was called, or nothing is left to do. */
  | { readonly type: 'exit'; readonly code: number };

/** What the kernel process writes into the environment of the cell process. */
export const markerVariable = 'TENSORCELL_OUTPUT_MARKER';

/** Ends the output of an execution on fd 1 and fd 2; `secret` keeps it apart from anything that programs print. */
export const outputMarker = (secret: string, id: number): string => `\u0000${secret}:${id}\u0000`;

// User code may put its own in their place.
const { parse, stringify } = JSON;

/** A line for a message; one break stands before it too, should user code have written half a line into the pipe. */
export const encode = (message: Command | IoMessage | ChildMessage): string => `\n${stringify(message)}\n`;

/** Calls a handler and tells what became of it. */
export const answerOf = async (handle: () => unknown): Promise<Answer> => {
  try {
    return { ok: true, value: await handle() };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, name, message };
  }
};

/** The value of an answer. @throws an error of the name and message that the handler's had */
export const valueOf = (answer: Answer): unknown => {
  if (answer.ok) return answer.value;
  throw Object.assign(new Error(answer.message), { name: answer.name });
};

/** More text of the stream whose message was the last one of its kind: a short form for the many that a loop prints. */
export const encodeMore = (text: string): string => `\n${stringify(text)}\n`;

/** Cuts a byte stream into lines of JSON; a line may come in any number of chunks. */
export class LineReader<Message extends object | string> {
  #pending: Buffer[] = [];

  /** Takes in a chunk and returns the messages that it completed. */
  read(chunk: Buffer): Message[] {
    const end = chunk.lastIndexOf(10);
    if (end === -1) {
      this.#pending.push(chunk);
      return [];
    }
    this.#pending.push(chunk.subarray(0, end));
    const text = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending);
    this.#pending = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    const lines = text
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    try {
      // One call for thousands of short lines takes a fraction of the time.
      const messages = parse(`[${lines.join(',')}]`) as Message[];
      if (messages.length === lines.length && messages.every(isMessage)) return messages;
    } catch {
      // One of them is not ours.
    }
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): Message[] {
    try {
      const message = parse(line) as Message;
      if (isMessage(message)) return [message];
    } catch {
      // What is no JSON is told of as what is no message.
    }
    console.error('tensorcell: a cell wrote into the pipe of its process:', line.slice(0, 200));
    return [];
  }
}

const isMessage = (message: unknown): boolean =>
  typeof message === 'string' || (typeof message === 'object' && message !== null);
