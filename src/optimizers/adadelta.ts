/** @file Adadelta: steps as large as the steps before, whatever the scale of the gradient. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkShares } from './expectations.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface AdadeltaOptions extends OptimizerOptions {
  /** Share of the running mean squares that is kept in a step; default 0.95. */
  rho?: number;
  /** Added under the roots; default 1e-7. */
  epsilon?: number;
}

/**
 * Adadelta (Zeiler 2012): a <- rho a + (1 - rho) g², d = sqrt(s + epsilon) / sqrt(a + epsilon) g, s <- rho s + (1 - rho) d²,
 * w <- w - learningRate d. The paper's learning rate is 1; the default here, as in Keras, 0.001.
 *
 * @example model.compile({ optimizer: tf.optimizers.adadelta({ learningRate: 1 }), loss: 'mse' })
 */
export class Adadelta extends Optimizer {
  readonly rho: number;
  readonly epsilon: number;

  constructor({ learningRate = 0.001, rho = 0.95, epsilon = 1e-7, ...options }: AdadeltaOptions = {}) {
    super({ learningRate, ...options });
    checkShares(this.name, { rho });
    this.rho = rho;
    this.epsilon = epsilon;
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'accumulated_grad' }, { name: 'accumulated_delta_var' }];
  }

  private running(mean: Tensor, square: Tensor): Tensor {
    return ops.add(ops.mul(mean, this.rho), ops.mul(square, 1 - this.rho));
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [gradients, steps]: readonly Tensor[],
    { learningRate }: StepScalars,
  ): Update {
    const nextGradients = this.running(gradients, ops.square(gradient));
    const ratio = ops.div(ops.add(steps, this.epsilon), ops.add(nextGradients, this.epsilon));
    const step = ops.mul(ops.sqrt(ratio), gradient);
    return {
      value: ops.sub(value, ops.mul(step, learningRate)),
      state: [nextGradients, this.running(steps, ops.square(step))],
    };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rho: this.rho, epsilon: this.epsilon };
  }
}
