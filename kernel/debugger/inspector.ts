/** @file V8's inspector of the cell process's main thread, as the debugger uses it: commands through the I/O thread, events back. */
import type { Debugger, Runtime } from 'node:inspector';
import { debugCalls, type InspectorEvent } from '../cell/debug-contract.ts';

export type { Debugger, Runtime };

/** `host.call` of the cell process. */
export type CallCellProcess = (name: string, argument: unknown) => Promise<unknown>;

/** Node's types leave a few fields out. */
export type RemoteObject = Runtime.RemoteObject;
export interface Evaluated {
  readonly result: RemoteObject;
  readonly exceptionDetails?: Runtime.ExceptionDetails;
}
export interface Properties {
  readonly result: readonly Runtime.PropertyDescriptor[];
  readonly internalProperties?: readonly Runtime.InternalPropertyDescriptor[];
  readonly privateProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

export class Inspector {
  readonly #call: CallCellProcess;
  #isOpen = false;

  constructor(call: CallCellProcess) {
    this.#call = call;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async open(): Promise<void> {
    await this.#call(debugCalls.open, null);
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#call(debugCalls.close, null);
  }

  /** The process ended, and the session with it. */
  lose(): void {
    this.#isOpen = false;
  }

  /** Lets go of the objects that were fetched under a group's name. */
  release(objectGroup: string): void {
    if (this.#isOpen) this.post('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined);
  }

  /** @throws where V8 refuses the command, or the process ended */
  post<Result = object>(method: string, params?: object): Promise<Result> {
    return this.#call(debugCalls.post, { method, params }) as Promise<Result>;
  }
}

/** An event with the parameters that its method has. */
export type TypedEvent =
  | { readonly method: 'Debugger.paused'; readonly params: Debugger.PausedEventDataType }
  | { readonly method: 'Debugger.resumed'; readonly params: object }
  | { readonly method: 'Debugger.scriptParsed'; readonly params: ParsedScript }
  | { readonly method: 'Debugger.breakpointResolved'; readonly params: Debugger.BreakpointResolvedEventDataType };

/** What the bridge tells of a script. */
export interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

export const typed = (event: InspectorEvent): TypedEvent => event as TypedEvent;

/** The value of an evaluation. @throws an error with the exception's own words */
export function valueOf({ result, exceptionDetails }: Evaluated): RemoteObject {
  if (exceptionDetails === undefined) return result;
  const { exception, text } = exceptionDetails;
  // The first line of an error's description is its title; a thrown value may be anything.
  const title = exception?.description?.split('\n')[0] ?? (exception && String(exception.value)) ?? text;
  throw new Error(title);
}
