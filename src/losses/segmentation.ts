/** @file Losses of overlap, for segmentation: Dice and Tversky. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Loss, type LossOptions } from './loss.ts';
import { align, epsilon } from './operands.ts';

/** Over which axes overlap is measured; default all, which gives one value for the whole batch. */
type OverlapAxes = number | readonly number[] | null;

export interface DiceOptions {
  /** Axes over which overlap is measured, `[1, 2, 3]` for one value an image; default all: one value for the batch. */
  axis?: OverlapAxes;
}

/**
 * 1 - 2 Σ yTrue yPred / (Σ yTrue + Σ yPred): 0 for masks that agree, 1 for masks without overlap.
 *
 * @example `tf.losses.dice([[1, 1, 0]], [[1, 0, 0]])` is 1/3
 */
export const dice = op(
  'losses.dice',
  function dice(yTrue: ops.TensorLike, yPred: ops.TensorLike, { axis = null }: DiceOptions = {}): Tensor {
    const [target, prediction] = align('dice', yTrue, yPred);
    const overlap = ops.sum(ops.mul(target, prediction), axis);
    const whole = ops.add(ops.sum(target, axis), ops.sum(prediction, axis));
    return ops.sub(1, ops.div(ops.mul(overlap, 2), ops.add(whole, epsilon)));
  },
);

export interface TverskyOptions extends DiceOptions {
  /** Weight of what is in the target alone; default 0.5. */
  alpha?: number;
  /** Weight of what is in the prediction alone; default 0.5. */
  beta?: number;
}

/**
 * 1 - o / (o + `alpha` Σ yTrue (1 - yPred) + `beta` Σ (1 - yTrue) yPred) with the overlap o = Σ yTrue yPred; half of each is
 * {@link dice} (Salehi et al. 2017).
 *
 * @example `tf.losses.tversky([[1, 1, 0]], [[1, 0, 0]], { alpha: 1, beta: 0 })` is 0.5
 */
export const tversky = op(
  'losses.tversky',
  function tversky(
    yTrue: ops.TensorLike,
    yPred: ops.TensorLike,
    { alpha = 0.5, beta = 0.5, axis = null }: TverskyOptions = {},
  ): Tensor {
    const [target, prediction] = align('tversky', yTrue, yPred);
    const overlap = ops.sum(ops.mul(target, prediction), axis);
    const missed = ops.sum(ops.mul(target, ops.sub(1, prediction)), axis);
    const invented = ops.sum(ops.mul(ops.sub(1, target), prediction), axis);
    const whole = ops.add(overlap, ops.add(ops.mul(missed, alpha), ops.mul(invented, beta)));
    return ops.sub(1, ops.div(overlap, ops.add(whole, epsilon)));
  },
);

/** See {@link dice}. @example `new tf.losses.Dice({ axis: [1, 2, 3] })` has a value for each image */
export class Dice extends Loss {
  readonly axis: OverlapAxes;

  constructor({ axis = null, ...options }: LossOptions & DiceOptions = {}) {
    super({ name: 'dice', ...options });
    this.axis = axis;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return dice(yTrue, yPred, this);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/** See {@link tversky}. @example `new tf.losses.Tversky({ alpha: 0.7, beta: 0.3 })` counts what was missed for more */
export class Tversky extends Loss {
  readonly alpha: number;
  readonly beta: number;
  readonly axis: OverlapAxes;

  constructor({ alpha = 0.5, beta = 0.5, axis = null, ...options }: LossOptions & TverskyOptions = {}) {
    super({ name: 'tversky', ...options });
    this.alpha = alpha;
    this.beta = beta;
    this.axis = axis;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return tversky(yTrue, yPred, this);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), alpha: this.alpha, beta: this.beta, axis: this.axis };
  }
}
