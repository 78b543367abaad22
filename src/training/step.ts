/** @file A step over one batch: compiled, off the main thread where it takes long, or eager where it cannot be compiled. */
import { type TracedFunction, tracedFunction } from '../function/index.ts';
import * as ops from '../ops/index.ts';
import { TraceError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Batch } from './data.ts';

/** What a step computes: values by name. */
export type StepRule = (batch: Batch) => Record<string, Tensor>;

/**
 * How long (ms) steps on the main thread may hold the event loop before others get a turn. With one step more it stays within
 * the time that the kernel waits for an interrupted cell to end by itself.
 */
const longestHold = 15;
/** Compiled steps that take longer (ms) leave the main thread; for shorter ones the change of threads costs more than it gives. */
const longestStep = 8;

/** Runs a rule on batches and gives its values as one vector, in the order of `names`. */
export class Step {
  /** Names of the values; known after the first run. */
  names: readonly string[] = [];
  private readonly what: string;
  private readonly values: (batch: Batch) => Tensor;
  private compiled: TracedFunction<[Batch], Tensor> | null;
  private lastTurn = performance.now();
  /** How long (ms) the last compiled step took. */
  private lastStep = Infinity;

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
        return await this.runCompiled(this.compiled, batch);
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        this.compiled = null;
        console.warn(
          `The ${this.what} cannot be compiled and runs operation by operation, which is slower: ${error.message}`,
        );
      }
    }
    await this.giveTurn();
    return ops.tidy(() => this.values(batch));
  }

  private async runCompiled(compiled: TracedFunction<[Batch], Tensor>, batch: Batch): Promise<Tensor> {
    const offMainThread = this.lastStep > longestStep;
    if (!offMainThread) await this.giveTurn();
    const start = performance.now();
    const values = offMainThread ? await compiled.runAsync(batch) : compiled(batch);
    this.lastStep = performance.now() - start;
    return values;
  }

  /** Lets the event loop go on where it was held for long. */
  private async giveTurn(): Promise<void> {
    if (performance.now() - this.lastTurn <= longestHold) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.lastTurn = performance.now();
  }
}
