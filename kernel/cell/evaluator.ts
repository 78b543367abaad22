/** @file V8's REPL mode: runs a script with top-level await and redeclaration, and gives its real value. */
import { type Runtime, Session } from 'node:inspector';
import type { Place } from './stack.ts';

/** What a script came to. */
export type Evaluation =
  | { readonly status: 'value'; readonly value: unknown }
  | {
      readonly status: 'thrown';
      readonly value: unknown;
      /** Where a script cannot be parsed; the error itself does not know. */
      readonly place?: Place;
    }
  /** Execution was terminated from the I/O thread. */
  | { readonly status: 'terminated' };

const sinkName = Symbol.for('tensorcell.sink');

export class Evaluator {
  readonly #session = new Session();
  /** Where `callFunctionOn` leaves the values of remote objects. */
  #value: unknown;
  #sinkId = '';
  #closed = false;

  constructor() {
    this.#session.connect();
    const sink = (value: unknown) => {
      this.#value = value;
    };
    Object.defineProperty(globalThis, sinkName, { value: sink, configurable: true });
    this.#session.post(
      'Runtime.evaluate',
      { expression: `globalThis[Symbol.for('tensorcell.sink')]` },
      (_error: Error | null, answer?: Runtime.EvaluateReturnType) => {
        this.#sinkId = answer?.result.objectId ?? '';
      },
    );
    Reflect.deleteProperty(globalThis, sinkName);
  }

  /** Lets go of the main thread's inspector, or Node announces at its end that it waits for a debugger. */
  close(): void {
    this.#closed = true;
    this.#session.disconnect();
  }

  /** `done` is called once, unless execution is terminated while it waits. */
  evaluate(code: string, url: string, done: (evaluation: Evaluation) => void): void {
    // In REPL mode whatever is thrown arrives as a rejection, later; only a script that cannot be parsed is refused at once.
    let running = false;
    this.#session.post(
      'Runtime.evaluate',
      replParameters(`${code}\n//# sourceURL=${url}`, url),
      (_error: Error | null, answer?: Runtime.EvaluateReturnType) => {
        // What was pending fails when the session closes.
        if (this.#closed) return;
        // Else the protocol call itself fails only when execution was terminated.
        if (answer === undefined) return done({ status: 'terminated' });
        const { result, exceptionDetails: details } = answer;
        let evaluation: Evaluation;
        if (details === undefined) evaluation = { status: 'value', value: this.#realValue(result) };
        else if (details.exception === undefined) evaluation = { status: 'terminated' };
        else {
          evaluation = {
            status: 'thrown',
            value: this.#realValue(details.exception),
            place: running ? undefined : { url, line: details.lineNumber + 1, column: details.columnNumber + 1 },
          };
        }
        this.#session.post('Runtime.releaseObjectGroup', { objectGroup: url });
        done(evaluation);
      },
    );
    running = true;
  }

  /** The value of a name that cells see; undefined where it has none, or where code would have to run for it. */
  lookUp(name: string): { readonly value: unknown } | undefined {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return undefined;
    let found: { readonly value: unknown } | undefined;
    const objectGroup = 'look-up';
    this.#session.post(
      'Runtime.evaluate',
      safeParameters(name, objectGroup),
      (_error: Error | null, answer?: Runtime.EvaluateReturnType) => {
        if (answer !== undefined && answer.exceptionDetails === undefined)
          found = { value: this.#realValue(answer.result) };
      },
    );
    this.#session.post('Runtime.releaseObjectGroup', { objectGroup });
    return found;
  }

  #realValue(remote: Runtime.RemoteObject): unknown {
    if (remote.objectId === undefined) return primitive(remote);
    this.#value = undefined;
    this.#session.post('Runtime.callFunctionOn', {
      objectId: this.#sinkId,
      functionDeclaration: 'function (value) { this(value); }',
      arguments: [{ objectId: remote.objectId }],
      silent: true,
    });
    const value = this.#value;
    this.#value = undefined;
    return value;
  }
}

/** Node's types leave `replMode` out, which the protocol calls experimental. */
const replParameters = (
  expression: string,
  objectGroup: string,
): Runtime.EvaluateParameterType & { readonly replMode: true } => ({
  expression,
  objectGroup,
  replMode: true,
  awaitPromise: true,
});

/** No side effects are allowed, which Node's types leave out as well; a debugger does not stop for what is thrown. */
const safeParameters = (
  expression: string,
  objectGroup: string,
): Runtime.EvaluateParameterType & { readonly throwOnSideEffect: true } => ({
  expression,
  objectGroup,
  silent: true,
  throwOnSideEffect: true,
});

function primitive({ type, subtype, value, unserializableValue }: Runtime.RemoteObject): unknown {
  if (subtype === 'null') return null;
  if (unserializableValue === undefined) return value as unknown;
  return type === 'bigint' ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
}
