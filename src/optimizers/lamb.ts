/** @file Lamb: Adam with steps as long as the weights of a layer allow, for large batches. */
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type MomentOptions, MomentOptimizer } from './moments.ts';
import type { StepScalars, Update } from './optimizer.ts';

export type LambOptions = MomentOptions;

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
export class Lamb extends MomentOptimizer {
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
    const nextM = this.firstMoment(m, gradient);
    const nextV = this.secondMoment(v, gradient);
    const direction = ops.div(ops.mul(nextM, first), ops.add(ops.mul(ops.sqrt(nextV), second), this.epsilon));
    const [weight, step] = [length(value), length(direction)];
    const isUsual = ops.logicalAnd(ops.greater(weight, 0), ops.greater(step, 0));
    const ratio = ops.where(isUsual, ops.div(weight, step), 1);
    return { value: ops.sub(value, ops.mul(direction, ops.mul(ratio, learningRate))), state: [nextM, nextV] };
  }
}
