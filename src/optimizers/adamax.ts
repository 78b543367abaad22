/** @file Adamax: Adam by the largest gradient instead of the mean square. */
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type MomentOptions, MomentOptimizer } from './moments.ts';
import type { StepScalars, Update } from './optimizer.ts';
import type { Slot } from './state.ts';

export interface AdamaxOptions extends MomentOptions {
  /** Share of the largest gradient that is kept in a step; default 0.999. */
  beta2?: number;
  /** Added to the largest gradient; default 1e-7. */
  epsilon?: number;
}

interface AdamaxScalars extends StepScalars {
  /** learningRate / (1 - beta1^t) */
  readonly rate: Tensor;
}

/**
 * Adamax (Kingma and Ba 2014, section 7.1): m <- beta1 m + (1 - beta1) g, u <- max(beta2 u, |g|),
 * w <- w - learningRate / (1 - beta1^t) m / (u + epsilon).
 *
 * @example model.compile({ optimizer: tf.optimizers.adamax({ learningRate: 0.002 }), loss: 'mse' })
 */
export class Adamax extends MomentOptimizer {
  constructor(options: AdamaxOptions = {}) {
    super(options);
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'momentum' }, { name: 'norm' }];
  }

  protected override prepare(scalars: StepScalars): AdamaxScalars {
    return { ...scalars, rate: ops.div(scalars.learningRate, ops.sub(1, ops.pow(this.beta1, scalars.step))) };
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [m, u]: readonly Tensor[],
    { rate }: AdamaxScalars,
  ): Update {
    const mean = this.firstMoment(m, gradient);
    const largest = ops.maximum(ops.mul(u, this.beta2), ops.abs(gradient));
    const step = ops.div(ops.mul(mean, rate), ops.add(largest, this.epsilon));
    return { value: ops.sub(value, step), state: [mean, largest] };
  }
}
