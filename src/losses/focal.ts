/** @file Cross-entropies that look at what is hard: focal ones, and the generalized one that wrong labels hurt less. */
import { logitsOf } from '../activations/logits.ts';
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { toFloat } from '../ops/convert.ts';
import { op } from '../symbolic/op.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { normalizeAxis } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type CrossentropyOptions, binaryCrossentropies, classIndices, smooth } from './crossentropy.ts';
import { Loss, type LossOptions } from './loss.ts';
import { alignSameShape, clipProbabilities } from './operands.ts';

type TensorLike = ops.TensorLike;

export interface FocalOptions extends CrossentropyOptions {
  /** Weight of the class 1, or of all classes of a categorical loss; default 0.25. */
  alpha?: number;
  /** How much less counts what is predicted well; 0 is the plain cross-entropy; default 2. */
  gamma?: number;
}

export interface BinaryFocalOptions extends FocalOptions {
  /** Whether targets of 1 weigh `alpha`, and those of 0 weigh 1 - `alpha`; default false. */
  applyClassBalancing?: boolean;
}

/**
 * mean((1 - q)^`gamma` · binary cross-entropy) over `axis`, with q the probability given to what is true: p for targets of 1 and
 * 1 - p for those of 0 (Lin et al. 2018).
 *
 * @param yTrue - 0 or 1, [..., n]
 * @param yPred - Probabilities of the same shape, or logits with `fromLogits`.
 * @example `tf.losses.binaryFocalCrossentropy([[0, 1]], [[0.4, 0.6]])` is `[0.0817]`
 */
export const binaryFocalCrossentropy = op(
  'losses.binaryFocalCrossentropy',
  function binaryFocalCrossentropy(
    yTrue: TensorLike,
    yPred: TensorLike,
    {
      applyClassBalancing = false,
      alpha = 0.25,
      gamma = 2,
      fromLogits = false,
      labelSmoothing = 0,
      axis = -1,
    }: BinaryFocalOptions = {},
  ): Tensor {
    const given = toFloat(yPred, 'binaryFocalCrossentropy');
    const [hard, prediction] = alignSameShape('binaryFocalCrossentropy', yTrue, given);
    const target = smooth(hard, labelSmoothing, 2);
    const p = fromLogits ? ops.sigmoid(prediction) : prediction;
    const logits = fromLogits ? prediction : prediction === given ? logitsOf('sigmoid', given) : null;
    const ofTrue = ops.add(ops.mul(target, p), ops.mul(ops.sub(1, target), ops.sub(1, p)));
    const focal = ops.mul(ops.pow(ops.sub(1, ofTrue), gamma), binaryCrossentropies(target, p, logits));
    if (!applyClassBalancing) return ops.mean(focal, axis);
    const balance = ops.add(ops.mul(target, alpha), ops.mul(ops.sub(1, target), 1 - alpha));
    return ops.mean(ops.mul(balance, focal), axis);
  },
);

/**
 * Σ `alpha` (1 - p)^`gamma` · (-t log(p)) over `axis`, t a distribution over classes (one-hot) and p the predicted one.
 *
 * @param yTrue - [..., classes]
 * @param yPred - Probabilities of the same shape, which need not sum to 1, or logits with `fromLogits`.
 * @example `tf.losses.categoricalFocalCrossentropy([[0, 1, 0]], [[0.05, 0.9, 0.05]])` is `[0.000263]`
 */
export const categoricalFocalCrossentropy = op(
  'losses.categoricalFocalCrossentropy',
  function categoricalFocalCrossentropy(
    yTrue: TensorLike,
    yPred: TensorLike,
    { alpha = 0.25, gamma = 2, fromLogits = false, labelSmoothing = 0, axis = -1 }: FocalOptions = {},
  ): Tensor {
    const [hard, prediction] = alignSameShape('categoricalFocalCrossentropy', yTrue, yPred);
    const at = normalizeAxis(axis, prediction.rank, 'categoricalFocalCrossentropy');
    const target = smooth(hard, labelSmoothing, prediction.shape[at]);
    const given = fromLogits ? ops.softmax(prediction, at) : prediction;
    const p = clipProbabilities(ops.div(given, ops.sum(given, at, true)));
    const weight = ops.mul(ops.pow(ops.sub(1, p), gamma), alpha);
    return ops.neg(ops.sum(ops.mul(weight, ops.mul(target, ops.log(p))), at));
  },
);

export interface GeneralizedCrossEntropyOptions {
  /** Between 0, which is the cross-entropy, and 1, which is the mean absolute error; default 0.5. */
  q?: number;
}

/** @throws ArgumentError unless 0 < q < 1 */
function checkExponent(q: number): void {
  if (!(q > 0 && q < 1)) throw new ArgumentError(`CategoricalGeneralizedCrossEntropy: expected 0 < q < 1, got ${q}.`);
}

/**
 * (1 - p[t]^`q`) / `q`, with t the number of the true class and p the predicted probabilities: wrong labels among the targets
 * hurt it less than they hurt the cross-entropy (Zhang and Sabuncu 2018).
 *
 * @param yTrue - Class numbers [...] or [..., 1].
 * @param yPred - Probabilities [..., classes].
 * @example `tf.losses.categoricalGeneralizedCrossEntropy([1], [[0.19, 0.81]])` is `[0.2]`
 */
export const categoricalGeneralizedCrossEntropy = op(
  'losses.categoricalGeneralizedCrossEntropy',
  function categoricalGeneralizedCrossEntropy(
    yTrue: TensorLike,
    yPred: TensorLike,
    { q = 0.5 }: GeneralizedCrossEntropyOptions = {},
  ): Tensor {
    checkExponent(q);
    const prediction = toFloat(yPred, 'categoricalGeneralizedCrossEntropy');
    const labels = classIndices('categoricalGeneralizedCrossEntropy', yTrue, prediction);
    const target = ops.oneHot(labels, prediction.shape[prediction.rank - 1], 1, 0, prediction.dtype);
    const ofTrue = ops.sum(ops.mul(prediction, target), -1);
    // At 0 the power has no gradient; what a softmax has rounded to 0 would make NaN of all.
    const isPositive = ops.greater(ofTrue, 0);
    const power = ops.where(isPositive, ops.pow(ops.where(isPositive, ofTrue, 1), q), 0);
    return ops.div(ops.sub(1, power), q);
  },
);

/** What the focal losses share: their options. */
abstract class FocalLoss extends Loss {
  readonly alpha: number;
  readonly gamma: number;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;

  constructor({
    alpha = 0.25,
    gamma = 2,
    fromLogits = false,
    labelSmoothing = 0,
    axis = -1,
    ...options
  }: LossOptions & FocalOptions) {
    super(options);
    this.alpha = alpha;
    this.gamma = gamma;
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
  }

  override getConfig(): Config {
    const { alpha, gamma, fromLogits, labelSmoothing, axis } = this;
    return { ...super.getConfig(), alpha, gamma, fromLogits, labelSmoothing, axis };
  }
}

/** See {@link binaryFocalCrossentropy}. @example `new tf.losses.BinaryFocalCrossentropy({ gamma: 3, fromLogits: true })` */
export class BinaryFocalCrossentropy extends FocalLoss {
  readonly applyClassBalancing: boolean;

  constructor({ applyClassBalancing = false, ...options }: LossOptions & BinaryFocalOptions = {}) {
    super({ name: 'binary_focal_crossentropy', ...options });
    this.applyClassBalancing = applyClassBalancing;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return binaryFocalCrossentropy(yTrue, yPred, this);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), applyClassBalancing: this.applyClassBalancing };
  }
}

/** See {@link categoricalFocalCrossentropy}. @example `new tf.losses.CategoricalFocalCrossentropy({ alpha: 0.5 })` */
export class CategoricalFocalCrossentropy extends FocalLoss {
  constructor(options: LossOptions & FocalOptions = {}) {
    super({ name: 'categorical_focal_crossentropy', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalFocalCrossentropy(yTrue, yPred, this);
  }
}

/** See {@link categoricalGeneralizedCrossEntropy}. @throws ArgumentError unless 0 < q < 1 */
export class CategoricalGeneralizedCrossEntropy extends Loss {
  readonly q: number;

  constructor({ q = 0.5, ...options }: LossOptions & GeneralizedCrossEntropyOptions = {}) {
    super({ name: 'categorical_generalized_cross_entropy', ...options });
    checkExponent(q);
    this.q = q;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalGeneralizedCrossEntropy(yTrue, yPred, this);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), q: this.q };
  }
}
