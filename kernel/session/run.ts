/** @file Run: an execute_request under way. */
import type { ExecuteRequestContent } from '../protocol/content.ts';
import type { JsonObject } from '../protocol/message.ts';
import type { InterruptHandle } from './interrupt-handle.ts';
import type { OutputParent } from './parents.ts';

/** A request under way. */
export interface Run {
  readonly request: ExecuteRequestContent;
  readonly parent: OutputParent;
  readonly token: string;
  readonly url: string;
  /** The file that it is the text of. */
  readonly file?: string;
  /** The shell that it came to. */
  readonly shell: string | null;
  /** One for a cell and those that it runs. */
  readonly handle: InterruptHandle;
  /** How many cells it runs inside: `%run` and `%rerun` nest. */
  readonly depth: number;
  /** Requests to the front end, which its reply carries. */
  readonly payload: JsonObject[];
}
