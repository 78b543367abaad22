/** @file RMSprop: steps divided by the running size of the gradient. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type RowGradient, rowsOf, totals, withRows } from './rows.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface RMSpropOptions extends OptimizerOptions {
  /** Share of the running mean of g^2 that is kept in a step; default 0.9. */
  rho?: number;
  /** Share of the last step that goes on; default 0. */
  momentum?: number;
  /** Added under the root; default 1e-7. */
  epsilon?: number;
  /** Takes the gradient's variance instead of its second moment; default false. */
  centered?: boolean;
}

/**
 * RMSprop (Hinton 2012): v <- rho v + (1 - rho) g^2, w <- w - learningRate g / sqrt(v + epsilon). With `centered` the
 * square of a running mean of g is taken off v; with `momentum` the steps gather speed.
 *
 * @example model.compile({ optimizer: tf.optimizers.rmsprop({ learningRate: 0.001, momentum: 0.9 }), loss: 'mse' })
 */
export class RMSprop extends Optimizer {
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;

  constructor({
    learningRate = 0.001,
    rho = 0.9,
    momentum = 0,
    epsilon = 1e-7,
    centered = false,
    ...options
  }: RMSpropOptions = {}) {
    super({ learningRate, ...options });
    this.rho = rho;
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.centered = centered;
  }

  protected override slots(): readonly Slot[] {
    return [
      { name: 'velocity' },
      ...(this.momentum > 0 ? [{ name: 'momentum', group: 1 }] : []),
      ...(this.centered ? [{ name: 'average_gradient', group: 2 }] : []),
    ];
  }

  private running(mean: Tensor, value: Tensor): Tensor {
    return ops.add(ops.mul(mean, this.rho), ops.mul(value, 1 - this.rho));
  }

  protected override update(value: Tensor, gradient: Tensor, state: readonly Tensor[], scalars: StepScalars): Update {
    const velocity = this.running(state[0], ops.square(gradient));
    const average = this.centered ? this.running(state[state.length - 1], gradient) : null;
    const variance = average ? ops.sub(velocity, ops.square(average)) : velocity;
    const scaled = ops.mul(gradient, scalars.learningRate);
    const step = ops.div(scaled, ops.sqrt(ops.add(variance, this.epsilon)));
    const gathered = this.momentum > 0 ? ops.add(ops.mul(state[1], this.momentum), step) : null;
    return {
      value: ops.sub(value, gathered ?? step),
      state: [velocity, ...(gathered ? [gathered] : []), ...(average ? [average] : [])],
    };
  }

  // Where there is no gradient there is no step but that of the momentum.
  protected override updateRows(
    value: Tensor,
    gradient: RowGradient,
    state: readonly Tensor[],
    scalars: StepScalars,
  ): Update {
    const rows = totals(gradient);
    const running = (mean: Tensor, change: Tensor): Tensor => {
      const kept = ops.mul(mean, this.rho);
      return withRows(kept, gradient, ops.add(rowsOf(kept, gradient), ops.mul(change, 1 - this.rho)));
    };
    const velocity = running(state[0], ops.square(rows));
    const average = this.centered ? running(state[state.length - 1], rows) : null;
    const size = rowsOf(velocity, gradient);
    const variance = average ? ops.sub(size, ops.square(rowsOf(average, gradient))) : size;
    const scaled = ops.mul(rows, scalars.learningRate);
    const step = ops.div(scaled, ops.sqrt(ops.add(variance, this.epsilon)));
    const kept = this.momentum > 0 ? ops.mul(state[1], this.momentum) : null;
    const gathered = kept && withRows(kept, gradient, ops.add(rowsOf(kept, gradient), step));
    return {
      value: gathered ? ops.sub(value, gathered) : withRows(value, gradient, ops.sub(rowsOf(value, gradient), step)),
      state: [velocity, ...(gathered ? [gathered] : []), ...(average ? [average] : [])],
    };
  }

  override getConfig(): Config {
    const { rho, momentum, epsilon, centered } = this;
    return { ...super.getConfig(), rho, momentum, epsilon, centered };
  }
}
