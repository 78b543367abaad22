/** @file ScheduleFreeAdamW: Adam with averaged weights in the place of a schedule. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkNotNegative } from './expectations.ts';
import { type MomentOptions, MomentOptimizer } from './moments.ts';
import type { StepScalars, Update } from './optimizer.ts';
import type { Slot } from './state.ts';

export interface ScheduleFreeAdamWOptions extends MomentOptions {
  /** How near to the mean of the steps gradients are taken; default 0.9. */
  beta1?: number;
  /** Added to the root of the second moment; default 1e-8. */
  epsilon?: number;
  /** Steps over which the learning rate rises from 0; default 0. */
  warmupSteps?: number;
}

interface ScheduleFreeScalars extends StepScalars {
  /** The learning rate, lower while it rises. */
  readonly rate: Tensor;
  /** 1 / sqrt(1 - beta2^t) */
  readonly correction: Tensor;
  /** The factor of the next z in the next w: 1 - beta1 + beta1 / t. */
  readonly ofNext: Tensor;
  /** The factor of w less the old z's part in it: 1 - 1 / t. */
  readonly ofOld: Tensor;
}

/**
 * Schedule-free AdamW (Defazio et al. 2024). Beside the weights w, at which gradients are taken, there is a sequence z that
 * makes Adam's steps, and their mean x: z <- z - learningRate g / (sqrt(v / (1 - beta2^t)) + epsilon),
 * x <- (1 - 1 / t) x + z / t, w <- (1 - beta1) z + beta1 x. The learning rate, 0.0025 unless told, stays as it is.
 *
 * @example model.compile({ optimizer: new tf.optimizers.ScheduleFreeAdamW({ warmupSteps: 100 }), loss: 'mse' })
 */
export class ScheduleFreeAdamW extends MomentOptimizer {
  readonly warmupSteps: number;

  constructor({ learningRate = 0.0025, epsilon = 1e-8, warmupSteps = 0, ...options }: ScheduleFreeAdamWOptions = {}) {
    super({ learningRate, epsilon, ...options });
    checkNotNegative(this.name, { warmupSteps });
    this.warmupSteps = warmupSteps;
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'momentum', initial: 'value' }, { name: 'velocity' }];
  }

  protected override prepare(scalars: StepScalars): ScheduleFreeScalars {
    const { learningRate, step } = scalars;
    const { beta1, warmupSteps } = this;
    const share = ops.reciprocal(step);
    return {
      ...scalars,
      rate: warmupSteps > 0 ? ops.mul(learningRate, ops.minimum(ops.div(step, warmupSteps), 1)) : learningRate,
      correction: ops.rsqrt(ops.sub(1, ops.pow(this.beta2, step))),
      ofNext: ops.add(ops.mul(share, beta1), 1 - beta1),
      ofOld: ops.sub(1, share),
    };
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [z, v]: readonly Tensor[],
    { rate, correction, ofNext, ofOld }: ScheduleFreeScalars,
  ): Update {
    const nextV = this.secondMoment(v, gradient);
    const deviation = ops.add(ops.mul(ops.sqrt(nextV), correction), this.epsilon);
    const nextZ = ops.sub(z, ops.div(ops.mul(gradient, rate), deviation));
    // beta1 x is what w holds beyond its part of z.
    const mean = ops.sub(value, ops.mul(z, 1 - this.beta1));
    return { value: ops.add(ops.mul(nextZ, ofNext), ops.mul(mean, ofOld)), state: [nextZ, nextV] };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), warmupSteps: this.warmupSteps };
  }
}
