/** @file What a client may ask for, and what it gets. */
import type { ExecuteReply } from '../protocol/content.ts';
import type { JsonObject, Message } from '../protocol/message.ts';
import type { CellOutputs, DisplayRegistry, NotebookOutput } from './notebook-outputs.ts';

/** The channels on which a client asks. */
export type ClientChannel = 'shell' | 'control' | 'stdin';

/** The kernel did not answer in time, or the client was closed while it waited. */
export class NoReplyError extends Error {
  override readonly name = 'NoReplyError';
}

export interface RequestOptions {
  readonly channel?: ClientChannel;
  /** Milliseconds; absent: as long as it takes. */
  readonly timeout?: number;
  /** The subshell that answers; absent: the main shell. */
  readonly subshell?: string;
  /** The message's own. */
  readonly metadata?: JsonObject;
}

export interface ExecuteOptions {
  /** Every iopub message of the cell, as it comes. */
  readonly onMessage?: (message: Message) => void;
  readonly silent?: boolean;
  readonly storeHistory?: boolean;
  readonly stopOnError?: boolean;
  /** Whether the cell may ask for input; by default, whether there is an `onInput` to answer it. */
  readonly allowStdin?: boolean;
  /** Answers an input_request with a line. An error that it throws is logged, and the end of the input is answered. */
  readonly onInput?: (question: InputQuestion) => string | Promise<string>;
  readonly userExpressions?: Record<string, string>;
  /** The id of the cell in its notebook: links in outputs lead there. */
  readonly cellId?: string;
  /** Takes a message that is then no output of the cell's: that of an output widget, say. */
  readonly takes?: (message: Message) => boolean;
  /** Milliseconds until the returned promise rejects; the kernel is not interrupted. */
  readonly timeout?: number;
  /** The displays of the notebook, so that a cell can update those of earlier ones. */
  readonly displays?: DisplayRegistry;
  /** Collects the outputs, where those of a cell that gets no reply are wanted too. */
  readonly outputs?: CellOutputs;
  /** The subshell that runs it; absent: the main shell. */
  readonly subshell?: string;
}

/** What code in a cell asks the user. */
export interface InputQuestion {
  readonly prompt: string;
  /** What is typed must not be shown. */
  readonly password: boolean;
}

/** The line that stands for the end of the input. */
export const endOfInput = '\u0004';

export interface ExecuteResult {
  readonly reply: ExecuteReply;
  readonly executionCount: number | null;
  readonly outputs: NotebookOutput[];
  /** The iopub messages from busy to idle. */
  readonly messages: readonly Message[];
}
