/** @file Adam: steps scaled by running moments of the gradient. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type RowGradient, rowsOf, totals, withRows } from './rows.ts';
import { type MomentOptions, MomentOptimizer } from './moments.ts';
import type { StepScalars, Update } from './optimizer.ts';
import type { Slot } from './state.ts';

export interface AdamOptions extends MomentOptions {
  /** Divides by the largest second moment so far (Reddi et al. 2018); default false. */
  amsgrad?: boolean;
}

interface AdamScalars extends StepScalars {
  /** learningRate sqrt(1 - beta2^t) / (1 - beta1^t): undoes the moments' bias towards 0. */
  readonly rate: Tensor;
}

/**
 * Adam (Kingma and Ba 2014): m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2,
 * w <- w - learningRate sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon).
 *
 * @example model.compile({ optimizer: tf.optimizers.adam({ learningRate: 0.001 }), loss: 'mse' })
 */
export class Adam extends MomentOptimizer {
  readonly amsgrad: boolean;

  constructor({ amsgrad = false, ...options }: AdamOptions = {}) {
    super(options);
    this.amsgrad = amsgrad;
  }

  protected override slots(): readonly Slot[] {
    const moments = super.slots();
    return this.amsgrad ? [...moments, { name: 'velocity_hat', group: 1 }] : moments;
  }

  protected override prepare(scalars: StepScalars): AdamScalars {
    const bias = (beta: number): Tensor => ops.sub(1, ops.pow(beta, scalars.step));
    return {
      ...scalars,
      rate: ops.div(ops.mul(scalars.learningRate, ops.sqrt(bias(this.beta2))), bias(this.beta1)),
    };
  }

  // The fewest passes over memory that keep m and v as they are defined: elementwise work is what this step costs.
  protected override update(value: Tensor, gradient: Tensor, state: readonly Tensor[], scalars: AdamScalars): Update {
    const [m, v] = state;
    const nextM = this.firstMoment(m, gradient);
    const nextV = this.secondMoment(v, gradient);
    return this.moved(value, nextM, nextV, state[2], scalars);
  }

  // The moments of all rows fade, and all rows go on with them.
  protected override updateRows(
    value: Tensor,
    gradient: RowGradient,
    [m, v, vMax]: readonly Tensor[],
    scalars: AdamScalars,
  ): Update {
    const rows = totals(gradient);
    const plus = (x: Tensor, change: Tensor): Tensor => withRows(x, gradient, ops.add(rowsOf(x, gradient), change));
    const nextM = plus(ops.mul(m, this.beta1), ops.mul(rows, 1 - this.beta1));
    const nextV = plus(ops.mul(v, this.beta2), ops.mul(ops.square(rows), 1 - this.beta2));
    return this.moved(value, nextM, nextV, vMax, scalars);
  }

  /** The value moved by its next moments. */
  private moved(value: Tensor, nextM: Tensor, nextV: Tensor, vMax: Tensor | undefined, scalars: AdamScalars): Update {
    const nextMax = vMax && ops.maximum(vMax, nextV);
    const deviation = ops.add(ops.sqrt(nextMax ?? nextV), this.epsilon);
    const step = ops.div(ops.mul(nextM, scalars.rate), deviation);
    return { value: ops.sub(value, step), state: nextMax ? [nextM, nextV, nextMax] : [nextM, nextV] };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), amsgrad: this.amsgrad };
  }
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): before its step a weight loses `weightDecay learningRate`
 * of its value; `weightDecay` is 0.004 unless told.
 *
 * @example
 * const optimizer = tf.optimizers.adamW({ learningRate: 0.001, weightDecay: 0.01 });
 * optimizer.excludeFromWeightDecay({ varNames: ['bias'] });
 */
export class AdamW extends Adam {
  constructor({ weightDecay = 0.004, ...options }: AdamOptions = {}) {
    super({ weightDecay, ...options });
    if (weightDecay === null)
      throw new ArgumentError(`${this.name}: expected weightDecay to be a number; adam is adamW without it.`);
  }
}
