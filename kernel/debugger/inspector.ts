/** @file V8's inspector of the cell process's main thread, as the debugger uses it: commands through the I/O thread, events back. */
import type { Debugger, Runtime } from 'node:inspector';
import { debugCalls, debugHelperKey, type InspectorEvent } from '../cell/debug-contract.ts';
import { DapError } from './dap.ts';

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

/** JavaScript for the helper's global on the main thread. */
export const helper = `globalThis[Symbol.for(${JSON.stringify(debugHelperKey)})]`;

/** How an evaluation is to be done. */
export interface EvaluateOptions {
  /** Absent: among the notebook's variables. */
  readonly callFrameId?: string;
  /** Milliseconds after which it is given up. */
  readonly timeout: number;
  /** What the result lives with. */
  readonly group: string;
  /** With the parts that a line of text shows. */
  readonly generatePreview?: boolean;
  readonly returnByValue?: boolean;
  readonly throwOnSideEffect?: boolean;
  /** As a cell: with top-level await, and with declarations that stay. Not in a frame. */
  readonly asCell?: boolean;
  readonly awaitPromise?: boolean;
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

  /**
   * The value of JavaScript. Breakpoints in what it calls do not stop: it has a limit of time, and its answer would wait.
   *
   * @throws the exception's own words, or a {@link DapError} where it took too long
   */
  async evaluate(expression: string, options: EvaluateOptions): Promise<RemoteObject> {
    const { callFrameId, timeout, group: objectGroup, asCell: replMode, ...others } = options;
    const place = callFrameId === undefined ? { replMode, disableBreaks: true } : { callFrameId };
    const method = callFrameId === undefined ? 'Runtime.evaluate' : 'Debugger.evaluateOnCallFrame';
    const params = { expression, timeout, objectGroup, silent: true, ...others, ...place };
    const evaluated = await this.post<Evaluated>(method, params).catch((error: unknown) => {
      if (!/terminated/.test(String(error))) throw error;
      throw new DapError(`The evaluation was given up: it takes more than ${timeout / 1000} s.`);
    });
    return valueOf(evaluated);
  }

  /**
   * Calls a function on an object where code of the user's may run: a getter, a setter, a method that shows the value. V8's
   * own call has no limit of time, and neither an interrupt nor another command would get through until it returns; so it only
   * hands the object over, to be called by an evaluation.
   */
  async callWithin(
    objectId: string,
    functionDeclaration: string,
    given: readonly Runtime.CallArgument[],
    options: EvaluateOptions,
  ): Promise<RemoteObject> {
    const { result } = await this.post<Evaluated>('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: `function (...given) { return ${helper}.hold(this, given); }`,
      arguments: given,
      returnByValue: true,
      silent: true,
    });
    return this.evaluate(`${helper}.callHeld(${String(result.value)}, ${functionDeclaration})`, options);
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
