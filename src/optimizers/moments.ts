/** @file What Adam and its kin share: the moments of the gradient, and how much of them is kept. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkShares } from './expectations.ts';
import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface MomentOptions extends OptimizerOptions {
  /** Share of the first moment that is kept in a step; default 0.9. */
  beta1?: number;
  /** Share of the second moment that is kept in a step; default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment; default 1e-7. */
  epsilon?: number;
}

/** Optimizers that keep running moments of each gradient. */
export abstract class MomentOptimizer extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  constructor({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, ...options }: MomentOptions = {}) {
    super(options);
    checkShares(this.name, { beta1, beta2 });
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'momentum' }, { name: 'velocity' }];
  }

  /** beta1 m + (1 - beta1) g */
  protected firstMoment(m: Tensor, gradient: Tensor): Tensor {
    return ops.add(ops.mul(m, this.beta1), ops.mul(gradient, 1 - this.beta1));
  }

  /** beta2 v + (1 - beta2) g² */
  protected secondMoment(v: Tensor, gradient: Tensor): Tensor {
    return ops.add(ops.mul(v, this.beta2), ops.mul(ops.square(gradient), 1 - this.beta2));
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta1, beta2, epsilon };
  }
}
