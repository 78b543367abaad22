/** @file Losses of numbers: squared, absolute and relative errors, Huber, log-cosh, and the angle between vectors. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Loss, type LossOptions } from './loss.ts';
import { align, epsilon } from './operands.ts';
import { weightedSquaredError } from './weighted.ts';

type TensorLike = ops.TensorLike;

/**
 * mean((yTrue - yPred)²) over the last axis. With weights or a reduction, as in TensorFlow.js: all squared differences,
 * weighted and reduced.
 *
 * @example `tf.losses.meanSquaredError([[0, 1]], [[1, 3]])` is `[2.5]`
 */
export const meanSquaredError = op(
  'losses.meanSquaredError',
  function meanSquaredError(
    yTrue: TensorLike,
    yPred: TensorLike,
    weights?: TensorLike | null,
    reduction?: ops.Reduction,
  ): Tensor {
    if (weights != null || reduction !== undefined) return weightedSquaredError(yTrue, yPred, weights, reduction);
    const [target, prediction] = align('meanSquaredError', yTrue, yPred);
    return ops.mean(ops.square(ops.sub(prediction, target)), -1);
  },
);

/** mean(|yTrue - yPred|) over the last axis. @example `tf.losses.meanAbsoluteError([[0, 1]], [[1, 3]])` is `[1.5]` */
export const meanAbsoluteError = op(
  'losses.meanAbsoluteError',
  function meanAbsoluteError(yTrue: TensorLike, yPred: TensorLike): Tensor {
    const [target, prediction] = align('meanAbsoluteError', yTrue, yPred);
    return ops.mean(ops.abs(ops.sub(prediction, target)), -1);
  },
);

/**
 * 100 mean(|(yTrue - yPred) / yTrue|) over the last axis; a target nearer to 0 than 1e-7 counts as 1e-7.
 *
 * @example `tf.losses.meanAbsolutePercentageError([[2, 4]], [[1, 5]])` is `[37.5]`
 */
export const meanAbsolutePercentageError = op(
  'losses.meanAbsolutePercentageError',
  function meanAbsolutePercentageError(yTrue: TensorLike, yPred: TensorLike): Tensor {
    const [target, prediction] = align('meanAbsolutePercentageError', yTrue, yPred);
    const relative = ops.div(ops.sub(target, prediction), ops.maximum(ops.abs(target), epsilon));
    return ops.mul(100, ops.mean(ops.abs(relative), -1));
  },
);

/**
 * mean((log(yTrue + 1) - log(yPred + 1))²) over the last axis; what is below 1e-7 counts as 1e-7.
 *
 * @example `tf.losses.meanSquaredLogarithmicError([[0, 1]], [[1, 1]])` is `[0.240]`
 */
export const meanSquaredLogarithmicError = op(
  'losses.meanSquaredLogarithmicError',
  function meanSquaredLogarithmicError(yTrue: TensorLike, yPred: TensorLike): Tensor {
    const [target, prediction] = align('meanSquaredLogarithmicError', yTrue, yPred);
    const logOf = (x: Tensor): Tensor => ops.log(ops.add(ops.maximum(x, epsilon), 1));
    return ops.mean(ops.square(ops.sub(logOf(prediction), logOf(target))), -1);
  },
);

/** The cosine of the angle between vectors along `axis`; 0 where one of them is 0. */
export function cosine(name: string, yTrue: TensorLike, yPred: TensorLike, axis: number): Tensor {
  const [target, prediction] = align(name, yTrue, yPred);
  return ops.sum(ops.mul(ops.l2Normalize(target, axis), ops.l2Normalize(prediction, axis)), axis);
}

export interface AxisOptions {
  /** The axis that is summed over; default the last. */
  axis?: number;
}

/**
 * Minus the cosine of the angle between vectors, -Σ (yTrue / ‖yTrue‖) (yPred / ‖yPred‖): -1 for the same direction, 1 for the
 * opposite one, 0 where one of them is 0.
 *
 * @example `tf.losses.cosineSimilarity([[0, 1]], [[1, 1]])` is `[-0.707]`
 */
export const cosineSimilarity = op(
  'losses.cosineSimilarity',
  function cosineSimilarity(yTrue: TensorLike, yPred: TensorLike, { axis = -1 }: AxisOptions = {}): Tensor {
    return ops.neg(cosine('cosineSimilarity', yTrue, yPred, axis));
  },
);

export interface HuberOptions {
  /** Up to which error the loss is quadratic; default 1. */
  delta?: number;
}

/**
 * e² / 2 where |e| <= `delta`, else `delta` |e| - `delta`² / 2, with e = yPred - yTrue; mean over the last axis.
 *
 * @example `tf.losses.huber([[0, 0]], [[0.5, 3]])` is `[1.3125]`
 */
export const huber = op(
  'losses.huber',
  function huber(yTrue: TensorLike, yPred: TensorLike, { delta = 1 }: HuberOptions = {}): Tensor {
    const [target, prediction] = align('huber', yTrue, yPred);
    const size = ops.abs(ops.sub(prediction, target));
    const near = ops.minimum(size, delta);
    // near (size - near / 2) is both branches in one: near is the size up to delta, and delta beyond it.
    return ops.mean(ops.mul(near, ops.sub(size, ops.mul(near, 0.5))), -1);
  },
);

/**
 * mean(log(cosh(yPred - yTrue))) over the last axis: like e² / 2 for small errors and |e| - log 2 for large ones.
 *
 * @example `tf.losses.logCosh([[0, 1]], [[1, 1]])` is `[0.217]`
 */
export const logCosh = op('losses.logCosh', function logCosh(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [target, prediction] = align('logCosh', yTrue, yPred);
  const error = ops.sub(prediction, target);
  return ops.mean(ops.sub(ops.add(error, ops.softplus(ops.mul(error, -2))), Math.LN2), -1);
});

/** See {@link meanSquaredError}. @example `new tf.losses.MeanSquaredError().apply([[0, 1]], [[1, 3]])` is 2.5 */
export class MeanSquaredError extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'mean_squared_error', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanSquaredError(yTrue, yPred);
  }
}

/** See {@link meanAbsoluteError}. @example `new tf.losses.MeanAbsoluteError().apply([[0, 1]], [[1, 3]])` is 1.5 */
export class MeanAbsoluteError extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'mean_absolute_error', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanAbsoluteError(yTrue, yPred);
  }
}

/** See {@link meanAbsolutePercentageError}. @example `new tf.losses.MeanAbsolutePercentageError().apply([[2]], [[1]])` is 50 */
export class MeanAbsolutePercentageError extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'mean_absolute_percentage_error', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanAbsolutePercentageError(yTrue, yPred);
  }
}

/** See {@link meanSquaredLogarithmicError}. @example `new tf.losses.MeanSquaredLogarithmicError().apply([[0]], [[1]])` is 0.480 */
export class MeanSquaredLogarithmicError extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'mean_squared_logarithmic_error', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanSquaredLogarithmicError(yTrue, yPred);
  }
}

/** See {@link cosineSimilarity}. @example `new tf.losses.CosineSimilarity({ axis: 1 }).apply([[0, 1]], [[0, 2]])` is -1 */
export class CosineSimilarity extends Loss {
  readonly axis: number;

  constructor({ axis = -1, ...options }: LossOptions & AxisOptions = {}) {
    super({ name: 'cosine_similarity', ...options });
    this.axis = axis;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return cosineSimilarity(yTrue, yPred, this);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/** See {@link huber}. @throws ArgumentError unless `delta` > 0. @example `new tf.losses.Huber({ delta: 2 }).apply([[0]], [[3]])` is 4 */
export class Huber extends Loss {
  readonly delta: number;

  constructor({ delta = 1, ...options }: LossOptions & HuberOptions = {}) {
    super({ name: 'huber_loss', ...options });
    if (!(delta > 0)) throw new ArgumentError(`losses.Huber: expected delta > 0, got ${delta}.`);
    this.delta = delta;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return huber(yTrue, yPred, this);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), delta: this.delta };
  }
}

/** See {@link logCosh}. @example `new tf.losses.LogCosh().apply([[0, 1]], [[1, 1]])` is 0.217 */
export class LogCosh extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'log_cosh', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return logCosh(yTrue, yPred);
  }
}
