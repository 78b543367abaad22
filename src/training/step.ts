/** @file A step over one batch: compiled and off the main thread, or eager where it cannot be compiled. */
import { type TracedFunction, tracedFunction } from '../function/index.ts';
import * as ops from '../ops/index.ts';
import { TraceError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Batch } from './data.ts';

/** What a step computes: values by name. */
export type StepRule = (batch: Batch) => Record<string, Tensor>;

/** How long eager steps may hold the event loop before others get a turn, in milliseconds. */
const longestHold = 30;

/** Runs a rule on batches and gives its values as one vector, in the order of `names`. */
export class Step {
  /** Names of the values; known after the first run. */
  names: readonly string[] = [];
  private readonly what: string;
  private readonly values: (batch: Batch) => Tensor;
  private compiled: TracedFunction<[Batch], Tensor> | null;
  private lastTurn = performance.now();

  /** @param what - For the warning: `training step of model 'sequential'`. */
  constructor(what: string, rule: StepRule, runEagerly: boolean) {
    this.what = what;
    this.values = (batch) => {
      const logs = rule(batch);
      this.names = Object.keys(logs);
      return ops.stack(Object.values(logs).map((value) => ops.cast(value, 'float32')));
    };
    this.compiled = runEagerly ? null : tracedFunction(this.values, { name: what });
  }

  /** Runs the rule on a batch. */
  async run(batch: Batch): Promise<Tensor> {
    if (this.compiled) {
      try {
        return await this.compiled.runAsync(batch);
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        this.compiled = null;
        console.warn(
          `The ${this.what} cannot be compiled and runs operation by operation, which is slower: ${error.message}`,
        );
      }
    }
    if (performance.now() - this.lastTurn > longestHold) {
      await new Promise((resolve) => setImmediate(resolve));
      this.lastTurn = performance.now();
    }
    return ops.tidy(() => this.values(batch));
  }
}
