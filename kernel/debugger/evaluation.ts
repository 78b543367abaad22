/** @file Evaluating and assigning: in a frame where the code stands, else among the notebook's variables. */
import { DapError, type Variable } from './dap.ts';
import { toExpression, toJavaScript } from './expressions.ts';
import { helper, type Inspector, type RemoteObject, type Runtime } from './inspector.ts';
import type { Reference } from './references.ts';

/** How long (ms) an evaluation may take: the main thread obeys nothing else meanwhile, an interrupt neither. */
const patience = { hover: 1_000, watch: 2_000, repl: 30_000, variables: 2_000 } as const;
export type EvaluationContext = keyof typeof patience;

/** How long (ms) a value may take to show itself where that takes awaiting. */
const showPatience = 5_000;

export class Evaluation {
  readonly #inspector: Inspector;
  /** How to give up the evaluations that await something. */
  readonly #awaiting = new Set<(reason: Error) => void>();

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /**
   * The value of TypeScript.
   *
   * @param callFrameId absent: among the notebook's variables
   * @param isPaused the main thread stands still: then nothing can be awaited
   * @throws the exception's own words
   */
  async evaluate(
    source: string,
    options: { callFrameId?: string; context: EvaluationContext; group: string; isPaused: boolean },
  ): Promise<RemoteObject> {
    const { callFrameId, context, group, isPaused } = options;
    // Whoever hovers over `f()` does not want it called.
    const throwOnSideEffect = context === 'hover';
    const mayAwait = callFrameId === undefined && !isPaused && !throwOnSideEffect;
    // A watch that is a bare object literal, or any expression, is the value of its script.
    const value = this.#inspector.evaluate(toJavaScript(source), {
      callFrameId,
      timeout: patience[context],
      group,
      generatePreview: true,
      throwOnSideEffect,
      ...(mayAwait ? { asCell: true, awaitPromise: true } : {}),
    });
    return mayAwait ? this.#interruptible(value) : value;
  }

  /** Evaluates JavaScript of ours whose value is a JSON value; undefined where it is a promise that takes too long. */
  async json(expression: string, callFrameId: string | undefined, mayAwait: boolean): Promise<unknown> {
    const awaitPromise = mayAwait && callFrameId === undefined;
    const options = { callFrameId, timeout: patience.variables, group: '', returnByValue: true };
    const evaluated = this.#inspector.evaluate(expression, awaitPromise ? { ...options, awaitPromise } : options);
    const value = awaitPromise ? await orUndefined(evaluated, showPatience) : await evaluated;
    return value?.value;
  }

  /** What ran was interrupted: evaluations that await something are given up as well. */
  interrupted(): void {
    for (const reject of this.#awaiting) reject(new DapError('The evaluation was interrupted.'));
  }

  /** Assigns to what an expression names; gives the new value. */
  async assign(target: string, value: string, callFrameId: string | undefined, group: string): Promise<RemoteObject> {
    const expression = `${toExpression(target)} = ${toExpression(value)}`;
    return this.#inspector.evaluate(expression, { callFrameId, timeout: patience.repl, group, generatePreview: true });
  }

  /** Assigns to a child of a variable. */
  async setChild(
    reference: Reference,
    child: Variable,
    value: string,
    callFrameId: string | undefined,
    group: string,
  ): Promise<RemoteObject> {
    if (reference.kind === 'globals') return this.assign(child.name, value, undefined, group);
    if (reference.kind === 'scopes') {
      if (child.evaluateName === undefined || child.name === 'this')
        throw new DapError(`${child.name} cannot be assigned to.`);
      return this.assign(child.name, value, reference.scopes[0]?.callFrameId ?? callFrameId, group);
    }
    const object = reference.kind === 'range' ? reference.of : reference;
    const isEntry = object.kind === 'object' && object.subtype === 'map';
    if (
      object.kind === 'object' &&
      (object.subtype === 'set' || object.subtype === 'tensor' || /^\[\[|^\(/.test(child.name))
    )
      throw new DapError(`${child.name} cannot be assigned to.`);
    const options = { timeout: patience.repl, group, generatePreview: true };
    const given = await this.#inspector.evaluate(toExpression(value), { callFrameId, ...options });
    const set = isEntry
      ? `function (name, value) { for (const key of this.keys()) if (${helper}.text(key) === name) this.set(key, value); return value; }`
      : `function (name, value) { 'use strict'; this[name] = value; return this[name]; }`;
    return this.#inspector.callWithin(object.objectId, set, [{ value: child.name }, argumentOf(given)], options);
  }

  /** Gives the notebook a variable with the value that an expression has in a frame. */
  async copyToGlobals(source: string, target: string, callFrameId: string, group: string): Promise<void> {
    await this.#inspector.evaluate(`${helper}.put(${toExpression(source)})`, {
      callFrameId,
      timeout: patience.repl,
      group,
    });
    // In REPL mode a declaration is answered only when the main thread goes on, but it is carried out at once.
    const declaration = {
      expression: `let ${target} = ${helper}.take()`,
      replMode: true,
      silent: true,
      objectGroup: group,
    };
    void this.#inspector.post('Runtime.evaluate', declaration).catch(() => undefined);
    await this.#inspector.evaluate(target, { timeout: patience.variables, group });
  }

  #interruptible<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#awaiting.add(reject);
      work.then(resolve, reject).finally(() => this.#awaiting.delete(reject));
    });
  }
}

async function orUndefined<Result>(work: Promise<Result>, patience: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work,
      new Promise<undefined>((resolve) => (timer = setTimeout(resolve, patience, undefined))),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

const argumentOf = ({ objectId, unserializableValue, value }: RemoteObject): Runtime.CallArgument =>
  objectId !== undefined ? { objectId } : unserializableValue !== undefined ? { unserializableValue } : { value };
