/** @file Stochastic gradient descent. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type RowGradient, rowsOf, totals, withRows } from './rows.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface SGDOptions extends OptimizerOptions {
  /** Share of the last step that goes on; default 0. */
  momentum?: number;
  /** Looks ahead along the momentum (Nesterov 1983); default false. */
  nesterov?: boolean;
}

/**
 * Gradient descent, with momentum if wanted: w <- w + v, v <- momentum v - learningRate g; with `nesterov`
 * w <- w + momentum v - learningRate g.
 *
 * @example model.compile({ optimizer: tf.optimizers.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }), loss: 'mse' })
 */
export class SGD extends Optimizer {
  readonly momentum: number;
  readonly nesterov: boolean;

  constructor({ learningRate = 0.01, momentum = 0, nesterov = false, ...options }: SGDOptions = {}) {
    super({ learningRate, ...options });
    if (!(momentum >= 0 && momentum <= 1))
      throw new ArgumentError(`${this.name}: expected momentum between 0 and 1, got ${momentum}.`);
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  protected override slots(): readonly Slot[] {
    return this.momentum > 0 ? [{ name: 'momentum' }] : [];
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [velocity]: readonly Tensor[],
    scalars: StepScalars,
  ): Update {
    const step = ops.mul(gradient, scalars.learningRate);
    if (!velocity) return { value: ops.sub(value, step), state: [] };
    const next = ops.sub(ops.mul(velocity, this.momentum), step);
    const change = this.nesterov ? ops.sub(ops.mul(next, this.momentum), step) : next;
    return { value: ops.add(value, change), state: [next] };
  }

  // Without momentum no row moves that has no gradient; with it all of them do.
  protected override updateRows(
    value: Tensor,
    gradient: RowGradient,
    [velocity]: readonly Tensor[],
    scalars: StepScalars,
  ): Update {
    const step = ops.mul(totals(gradient), scalars.learningRate);
    const less = (x: Tensor): Tensor => withRows(x, gradient, ops.sub(rowsOf(x, gradient), step));
    if (!velocity) return { value: less(value), state: [] };
    const next = less(ops.mul(velocity, this.momentum));
    const ahead = this.nesterov ? less(ops.add(value, ops.mul(next, this.momentum))) : ops.add(value, next);
    return { value: ahead, state: [next] };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), momentum: this.momentum, nesterov: this.nesterov };
  }
}
