/** @file A step over batches: compiled, off the main thread where it takes long, or eager where it cannot be compiled. */
import { type ConcreteFunction, type TracedFunction, tracedFunction } from '../function/index.ts';
import * as ops from '../ops/index.ts';
import { RaggedTensor } from '../ragged/index.ts';
import { TraceError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { TensorTree } from '../tensor/tree.ts';
import type { AnyBatch } from './data.ts';

/**
 * Compiled steps that take longer (ms) leave the main thread. For shorter ones, between which the event loop has its turn, the change
 * of threads costs more than it gives: of a step of 13 ms it took another 1.
 */
const longestStep = 18;

/** Whether rows of different length are among the inputs: each batch would be traced and compiled anew. */
const isRagged = ({ x }: AnyBatch): boolean => !(x instanceof Tensor) && hasRaggedLeaf(x);
const hasRaggedLeaf = (tree: TensorTree): boolean => {
  if (tree instanceof Tensor) return false;
  return tree instanceof RaggedTensor || Object.values(tree).some(hasRaggedLeaf);
};

/** Runs a rule on some batches. */
export class Step<Result extends TensorTree> {
  private readonly what: string;
  private readonly rule: (batches: readonly AnyBatch[]) => Result;
  private compiled: TracedFunction<[readonly AnyBatch[]], Result> | null;
  /** How long (ms) a compiled step takes: a single slow one, when the machine is busy, does not count at once. */
  private duration = Infinity;

  /** @param what - For the warning: `training step of model 'sequential'`. */
  constructor(what: string, rule: (batches: readonly AnyBatch[]) => Result, runEagerly: boolean) {
    this.what = what;
    this.rule = rule;
    this.compiled = runEagerly ? null : tracedFunction(rule, { name: what });
  }

  /** Its latest trace; null where there is none. */
  get trace(): ConcreteFunction | null {
    return this.compiled?.concreteFunctions.at(-1) ?? null;
  }

  /** Runs the rule; a promise where that takes long, so that the event loop goes on meanwhile. */
  run(batches: readonly AnyBatch[]): Result | Promise<Result> {
    if (!this.compiled || batches.some(isRagged)) return this.runEagerly(batches);
    if (this.duration > longestStep) return this.runAside(this.compiled, batches);
    return this.runSync(batches);
  }

  /** Runs the rule now. */
  runSync(batches: readonly AnyBatch[]): Result {
    if (!this.compiled || batches.some(isRagged)) return this.runEagerly(batches);
    const start = performance.now();
    try {
      const result = this.compiled(batches);
      this.took(performance.now() - start);
      return result;
    } catch (error) {
      return this.afterFailure(error, batches);
    }
  }

  private async runAside(
    compiled: TracedFunction<[readonly AnyBatch[]], Result>,
    batches: readonly AnyBatch[],
  ): Promise<Result> {
    const start = performance.now();
    try {
      const result = await compiled.runAsync(batches);
      this.took(performance.now() - start);
      return result;
    } catch (error) {
      return this.afterFailure(error, batches);
    }
  }

  private took(milliseconds: number): void {
    this.duration = Math.min(milliseconds, this.duration * 1.5);
  }

  private afterFailure(error: unknown, batches: readonly AnyBatch[]): Result {
    if (!(error instanceof TraceError)) throw error;
    this.compiled = null;
    console.warn(
      `The ${this.what} cannot be compiled and runs operation by operation, which is slower: ${error.message}`,
    );
    return this.runEagerly(batches);
  }

  private runEagerly(batches: readonly AnyBatch[]): Result {
    return ops.tidy(() => this.rule(batches));
  }
}

/** Logs hold numbers: of a value for each class they have one a class, `f1_score_0`, `f1_score_1`. */
const namesOf = (name: string, [size, ...rest]: readonly number[]): string[] =>
  size === undefined ? [name] : Array.from({ length: size }, (_, i) => namesOf(`${name}_${i}`, rest)).flat();

/** A step that gives numbers to log, as one vector in the order of `names`. */
export class LogStep {
  /** Names of the values; known after the first run. */
  names: readonly string[] = [];
  readonly step: Step<Tensor>;

  /** @param rule - Gives the values of one batch by name; of several batches those of the last are logged. */
  constructor(what: string, rule: (batch: AnyBatch) => Record<string, Tensor>, runEagerly: boolean) {
    const values = (batches: readonly AnyBatch[]): Tensor => {
      const logs = batches.map(rule).at(-1) as Record<string, Tensor>;
      this.names = Object.entries(logs).flatMap(([name, value]) => namesOf(name, value.shape));
      const numbers = Object.values(logs).map((value) => ops.cast(value, 'float32'));
      if (numbers.length === 0) return ops.zeros([0]);
      if (numbers.length === 1) return ops.reshape(numbers[0], [-1]);
      const areScalars = numbers.every(({ rank }) => rank === 0);
      return areScalars ? ops.stack(numbers) : ops.concat(numbers.map((value) => ops.reshape(value, [-1])));
    };
    this.step = new Step(what, values, runEagerly);
  }

  run(batches: readonly AnyBatch[]): Tensor | Promise<Tensor> {
    return this.step.run(batches);
  }
}
