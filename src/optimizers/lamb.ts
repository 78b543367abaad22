/** @file Lamb: Adam with steps as long as the weights of a layer allow, for large batches. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkShares } from './expectations.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface LambOptions extends OptimizerOptions {
  /** Share of the first moment that is kept in a step; default 0.9. */
  beta1?: number;
  /** Share of the second moment that is kept in a step; default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment; default 1e-7. */
  epsilon?: number;
}

interface LambScalars extends StepScalars {
  /** 1 / (1 - beta1^t) */
  readonly first: Tensor;
  /** 1 / sqrt(1 - beta2^t) */
  readonly second: Tensor;
}

const length = (x: Tensor): Tensor => ops.sqrt(ops.sum(ops.square(x)));

/**
 * LAMB (You et al. 2019): with the direction d = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) of Adam,
 * w <- w - learningRate |w| / |d| d; where one of the lengths is 0 their ratio counts as 1.
 *
 * @example model.compile({ optimizer: tf.optimizers.lamb({ learningRate: 0.002 }), loss: 'mse' })
 */
export class Lamb extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, ...options }: LambOptions = {}) {
    super({ learningRate, ...options });
    checkShares(this.name, { beta1, beta2 });
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'momentum' }, { name: 'velocity' }];
  }

  protected override prepare(scalars: StepScalars): LambScalars {
    const left = (beta: number): Tensor => ops.sub(1, ops.pow(beta, scalars.step));
    return { ...scalars, first: ops.reciprocal(left(this.beta1)), second: ops.rsqrt(left(this.beta2)) };
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [m, v]: readonly Tensor[],
    { learningRate, first, second }: LambScalars,
  ): Update {
    const nextM = ops.add(ops.mul(m, this.beta1), ops.mul(gradient, 1 - this.beta1));
    const nextV = ops.add(ops.mul(v, this.beta2), ops.mul(ops.square(gradient), 1 - this.beta2));
    const direction = ops.div(ops.mul(nextM, first), ops.add(ops.mul(ops.sqrt(nextV), second), this.epsilon));
    const [weight, step] = [length(value), length(direction)];
    const isUsual = ops.logicalAnd(ops.greater(weight, 0), ops.greater(step, 0));
    const ratio = ops.where(isUsual, ops.div(weight, step), 1);
    return { value: ops.sub(value, ops.mul(direction, ops.mul(ratio, learningRate))), state: [nextM, nextV] };
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta1, beta2, epsilon };
  }
}
