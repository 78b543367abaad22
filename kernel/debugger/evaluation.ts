/** @file Evaluating and assigning: in a frame where the code stands, else among the notebook's variables. */
import { DapError, type Variable } from './dap.ts';
import { helper, toExpression, toJavaScript } from './expressions.ts';
import { type Evaluated, type Inspector, type RemoteObject, type Runtime, valueOf } from './inspector.ts';
import type { Reference } from './references.ts';

/** How long (ms) an evaluation may take: the main thread obeys nothing else meanwhile, an interrupt neither. */
const patience = { hover: 1_000, watch: 2_000, repl: 30_000, variables: 2_000 } as const;
export type EvaluationContext = keyof typeof patience;

export class Evaluation {
  readonly #inspector: Inspector;

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
    // A watch that is a bare object literal, or any expression, is the value of its script.
    const expression = toJavaScript(source);
    // Whoever hovers over `f()` does not want it called.
    const throwOnSideEffect = context === 'hover';
    return this.#run(expression, callFrameId, patience[context], {
      objectGroup: group,
      generatePreview: true,
      throwOnSideEffect,
      ...(callFrameId === undefined && !isPaused && !throwOnSideEffect ? { replMode: true, awaitPromise: true } : {}),
    });
  }

  /** Evaluates JavaScript of ours that has the value as JSON. */
  async json(expression: string, callFrameId: string | undefined, awaitPromise: boolean): Promise<unknown> {
    const { value } = await this.#run(expression, callFrameId, patience.variables, {
      returnByValue: true,
      ...(callFrameId === undefined ? { awaitPromise } : {}),
    });
    return value;
  }

  /** Assigns to what an expression names; gives the new value. */
  async assign(target: string, value: string, callFrameId: string | undefined, group: string): Promise<RemoteObject> {
    return this.#run(`${toExpression(target)} = ${toExpression(value)}`, callFrameId, patience.repl, {
      objectGroup: group,
      generatePreview: true,
    });
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
    const given = await this.#run(toExpression(value), callFrameId, patience.repl, { objectGroup: group });
    const isEntry = object.kind === 'object' && object.subtype === 'map';
    if (
      object.kind === 'object' &&
      (object.subtype === 'set' || object.subtype === 'tensor' || /^\[\[|^\(/.test(child.name))
    )
      throw new DapError(`${child.name} cannot be assigned to.`);
    const set = isEntry
      ? `function (name, value) { for (const key of this.keys()) if (${helper}.text(key) === name) this.set(key, value); return value; }`
      : `function (name, value) { 'use strict'; this[name] = value; return this[name]; }`;
    const evaluated = await this.#inspector.post<Evaluated>('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: set,
      arguments: [{ value: child.name }, argumentOf(given)],
      objectGroup: group,
      generatePreview: true,
      silent: true,
    });
    return valueOf(evaluated);
  }

  /** Gives the notebook a variable with the value that an expression has in a frame. */
  async copyToGlobals(source: string, target: string, callFrameId: string): Promise<void> {
    await this.#run(`${helper}.put(${toExpression(source)})`, callFrameId, patience.repl, {});
    // In REPL mode a declaration is answered only when the main thread goes on, but it is carried out at once.
    const declaration = { expression: `let ${target} = ${helper}.take()`, replMode: true, silent: true };
    void this.#inspector.post('Runtime.evaluate', declaration).catch(() => undefined);
    await this.#run(target, undefined, patience.variables, {});
  }

  async #run(
    expression: string,
    callFrameId: string | undefined,
    timeout: number,
    options: Partial<Runtime.EvaluateParameterType> & {
      readonly replMode?: boolean;
      readonly throwOnSideEffect?: boolean;
    },
  ): Promise<RemoteObject> {
    const method = callFrameId === undefined ? 'Runtime.evaluate' : 'Debugger.evaluateOnCallFrame';
    const params = { expression, callFrameId, timeout, silent: true, ...options };
    const evaluated = await this.#inspector.post<Evaluated>(method, params).catch((error: unknown) => {
      if (!/terminated|INSPECTOR_COMMAND/.test(String(error))) throw error;
      throw new DapError(`The evaluation was given up: it takes more than ${timeout / 1000} s.`);
    });
    return valueOf(evaluated);
  }
}

const argumentOf = ({ objectId, unserializableValue, value }: RemoteObject): Runtime.CallArgument =>
  objectId !== undefined ? { objectId } : unserializableValue !== undefined ? { unserializableValue } : { value };
