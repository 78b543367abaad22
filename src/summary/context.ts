/** @file Which writer summaries go to, at which step, and whether they are wanted. */
import { ArgumentError } from '../tensor/errors.ts';
import { withFinally } from '../tensor/finally.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import type { SummaryWriter } from './writer.ts';

/** Where on the horizontal axis a value stands: a whole number, or a variable that holds one, such as `optimizer.iterations`. */
export type Step = number | bigint | Tensor | Variable;

/** A condition, or a function that says at each summary. */
export type RecordCondition = boolean | (() => boolean);

interface Scope {
  readonly writer?: SummaryWriter | null;
  readonly step?: Step;
  readonly records?: RecordCondition;
}

/** The innermost first. */
let scopes: readonly Scope[] = [];
let defaults: Scope = {};

/** The value of a step. @throws ArgumentError where it is no whole number */
export function stepNumber(step: Step): bigint {
  const value =
    step instanceof Variable
      ? step.read().dataSync()[0]
      : step instanceof Tensor
        ? step.dataSync()[0]
        : (step as number | bigint);
  if (typeof value === 'bigint') return value;
  if (!Number.isSafeInteger(value))
    throw new ArgumentError(`tf.summary: expected step to be a whole number, got ${String(value)}.`);
  return BigInt(value);
}

/** @internal Opens a scope; gives what closes it. */
export function enterScope(scope: Scope): () => void {
  scopes = [scope, ...scopes];
  return () => {
    scopes = scopes.filter((other) => other !== scope);
  };
}

const within = <T>(scope: Scope, fn: () => T): T => withFinally(fn, enterScope(scope));

/** Runs a function (an asynchronous one too) with a writer and, if given, a step. */
export const withWriter = <T>(writer: SummaryWriter | null, step: Step | undefined, fn: () => T): T =>
  within({ writer, step }, fn);

/** Makes a writer the one that summaries go to from now on; null for none. */
export function setDefaultWriter(writer: SummaryWriter | null, step?: Step): void {
  defaults = { ...defaults, writer, ...(step !== undefined && { step }) };
}

const innermost = <K extends keyof Scope>(key: K): Scope[K] =>
  [...scopes, defaults].find((scope) => scope[key] !== undefined)?.[key];

/** The writer that summaries go to; null where there is none. */
export const defaultWriter = (): SummaryWriter | null => innermost('writer') ?? null;

/** The step of summaries that name none; null where none was set. */
export const getStep = (): Step | null => innermost('step') ?? null;

/** Sets the step of summaries that name none; a variable is read at each. */
export function setStep(step: Step | null): void {
  defaults = { ...defaults, step: step ?? undefined };
}

/**
 * Runs a function, in which summaries are written only where the condition holds.
 *
 * @example
 * tf.summary.recordIf(() => step % 100 === 0, () => trainOneStep());
 */
export const recordIf = <T>(condition: RecordCondition, fn: () => T): T => within({ records: condition }, fn);

/** Whether summaries are written now: there is a writer, and `recordIf` does not say otherwise. */
export function shouldRecordSummaries(): boolean {
  const condition = innermost('records') ?? true;
  return defaultWriter() !== null && (typeof condition === 'function' ? condition() : condition);
}
