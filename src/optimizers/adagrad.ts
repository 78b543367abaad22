/** @file Adagrad: steps divided by the size of all gradients so far. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkNotNegative } from './expectations.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import { type RowGradient, rowsOf, totals, withRows } from './rows.ts';
import type { Slot } from './state.ts';

export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares begins with; default 0.1. */
  initialAccumulatorValue?: number;
  /** Added under the root; default 1e-7. */
  epsilon?: number;
}

/**
 * Adagrad (Duchi et al. 2011): s <- s + g², w <- w - learningRate g / sqrt(s + epsilon). Rows without a gradient cost nothing.
 *
 * @example model.compile({ optimizer: tf.optimizers.adagrad({ learningRate: 0.1 }), loss: 'mse' })
 */
export class Adagrad extends Optimizer {
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;

  constructor({
    learningRate = 0.001,
    initialAccumulatorValue = 0.1,
    epsilon = 1e-7,
    ...options
  }: AdagradOptions = {}) {
    super({ learningRate, ...options });
    checkNotNegative(this.name, { initialAccumulatorValue });
    this.initialAccumulatorValue = initialAccumulatorValue;
    this.epsilon = epsilon;
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'accumulator', initial: this.initialAccumulatorValue }];
  }

  private stepOf(gradient: Tensor, squares: Tensor, { learningRate }: StepScalars): Tensor {
    return ops.div(ops.mul(gradient, learningRate), ops.sqrt(ops.add(squares, this.epsilon)));
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [squares]: readonly Tensor[],
    scalars: StepScalars,
  ): Update {
    const next = ops.add(squares, ops.square(gradient));
    return { value: ops.sub(value, this.stepOf(gradient, next, scalars)), state: [next] };
  }

  protected override updateRows(
    value: Tensor,
    gradient: RowGradient,
    [squares]: readonly Tensor[],
    scalars: StepScalars,
  ): Update {
    const rows = totals(gradient);
    const next = ops.add(rowsOf(squares, gradient), ops.square(rows));
    const moved = ops.sub(rowsOf(value, gradient), this.stepOf(rows, next, scalars));
    return { value: withRows(value, gradient, moved), state: [withRows(squares, gradient, next)] };
  }

  override getConfig(): Config {
    const { initialAccumulatorValue, epsilon } = this;
    return { ...super.getConfig(), initialAccumulatorValue, epsilon };
  }
}
