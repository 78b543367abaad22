/** @file What every metric is: state that batches update and a result that is read from it. */
import type { Config } from '../configuration.ts';
import { snakeCase } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

export interface MetricOptions {
  name?: string;
}

/**
 * A number that is gathered over batches. Subclass it with `updateState` and `result`; state made with `addVariable` is
 * zeroed by `resetState` and may be updated inside a compiled step.
 */
export abstract class Metric {
  name: string;
  /** The state, in the order it was added. */
  readonly variables: Variable[] = [];

  constructor({ name }: MetricOptions = {}) {
    this.name = name ?? snakeCase(this.constructor.name);
  }

  /** State that starts at 0. */
  protected addVariable(name: string, shape: Shape = []): Variable {
    const variable = new Variable(ops.zeros([...shape]), { name: `${this.name}/${name}`, trainable: false });
    this.variables.push(variable);
    return variable;
  }

  /** Takes in one batch: targets and predictions, or for `Mean` and `Sum` just values. */
  abstract updateState(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor | null): void;

  /** The metric over everything since the last reset. */
  abstract result(): Tensor;

  /** Forgets all batches. */
  resetState(): void {
    ops.tidy(() => {
      for (const variable of this.variables) variable.assign(ops.zeros(variable.shape, variable.dtype));
    });
  }

  getConfig(): Config {
    return { name: this.name };
  }
}
