/** @file Lion: steps of one size, in the direction of the momentum's sign. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface LionOptions extends OptimizerOptions {
  /** Share of the momentum in the direction of a step; above 0; default 0.9. */
  beta1?: number;
  /** Share of the momentum that is kept in a step; default 0.99. */
  beta2?: number;
}

/**
 * Lion (Chen et al. 2023): w <- w - learningRate sign(beta1 m + (1 - beta1) g), m <- beta2 m + (1 - beta2) g. It wants a
 * learning rate of a third to a tenth of Adam's.
 *
 * @example model.compile({ optimizer: tf.optimizers.lion({ learningRate: 0.0001, weightDecay: 0.01 }), loss: 'mse' })
 */
export class Lion extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;

  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.99, ...options }: LionOptions = {}) {
    super({ learningRate, ...options });
    if (!(beta1 > 0 && beta1 <= 1))
      throw new ArgumentError(`${this.name}: expected beta1 in 0 < beta1 <= 1, got ${beta1}.`);
    this.beta1 = beta1;
    this.beta2 = beta2;
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'momentum' }];
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [m]: readonly Tensor[],
    { learningRate }: StepScalars,
  ): Update {
    const mixed = (share: number): Tensor => ops.add(ops.mul(m, share), ops.mul(gradient, 1 - share));
    return {
      value: ops.sub(value, ops.mul(ops.sign(mixed(this.beta1)), learningRate)),
      state: [mixed(this.beta2)],
    };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), beta1: this.beta1, beta2: this.beta2 };
  }
}
