/** @file Cross-entropies: of yes-or-no targets, of one-hot ones, and of class numbers. */
import { logitsOf } from '../activations/logits.ts';
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { toFloat, toTensor } from '../ops/convert.ts';
import { op } from '../symbolic/op.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Loss, type LossOptions } from './loss.ts';
import { alignSameShape, clipProbabilities } from './operands.ts';
import { withMask } from './value-mask.ts';

type TensorLike = ops.TensorLike;

export interface CrossentropyOptions {
  /** Predictions are logits, not probabilities; default false. */
  fromLogits?: boolean;
  /** Takes this share of each target and spreads it over all classes; default 0. */
  labelSmoothing?: number;
  /** The axis of classes; default the last. */
  axis?: number;
}

function checkSmoothing(labelSmoothing: number): void {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new ArgumentError(`Crossentropy: expected labelSmoothing between 0 and 1, got ${labelSmoothing}.`);
}

/** Targets of which `share` is spread evenly over `classes`. @throws ArgumentError unless it is a share */
export function smooth(target: Tensor, share: number, classes: number): Tensor {
  checkSmoothing(share);
  return share > 0 ? ops.add(ops.mul(target, 1 - share), share / classes) : target;
}

/** -t log(p) - (1 - t) log(1 - p), by the logits of the probabilities p where they are known. */
export function binaryCrossentropies(target: Tensor, probabilities: Tensor | null, logits: Tensor | null): Tensor {
  if (logits) return ops.sub(ops.softplus(logits), ops.mul(target, logits));
  const p = clipProbabilities(probabilities as Tensor);
  const logLikelihood = ops.add(ops.mul(target, ops.log(p)), ops.mul(ops.sub(1, target), ops.log(ops.sub(1, p))));
  return ops.neg(logLikelihood);
}

/**
 * -mean(t log(p) + (1 - t) log(1 - p)) over `axis`, t the targets in 0..1 and p the predicted probabilities.
 *
 * @param yTrue - [..., n]
 * @param yPred - Probabilities of the same shape, or logits with `fromLogits`.
 * @example `tf.losses.binaryCrossentropy([[0, 1]], [[0.4, 0.6]])` is `[0.511]`
 */
export const binaryCrossentropy = op(
  'losses.binaryCrossentropy',
  function binaryCrossentropy(
    yTrue: TensorLike,
    yPred: TensorLike,
    { fromLogits = false, labelSmoothing = 0, axis = -1 }: CrossentropyOptions = {},
  ): Tensor {
    const given = toFloat(yPred, 'binaryCrossentropy');
    const logits = fromLogits ? given : logitsOf('sigmoid', given);
    const [hard, prediction] = alignSameShape('binaryCrossentropy', yTrue, logits ?? given);
    const target = smooth(hard, labelSmoothing, 2);
    return ops.mean(binaryCrossentropies(target, prediction, logits && prediction), axis);
  },
);

/** The logits behind a distribution along `axis`, where they are known. */
const distributionLogits = (given: Tensor, fromLogits: boolean, axis: number): Tensor | null =>
  fromLogits ? given : axis === given.rank - 1 ? logitsOf('softmax', given) : null;

/**
 * -Σ t log(p) over `axis`, t a distribution over classes (one-hot) and p the predicted probabilities, which need not sum to 1.
 *
 * @param yTrue - [..., classes]
 * @param yPred - Probabilities of the same shape, or logits with `fromLogits`.
 * @example `tf.losses.categoricalCrossentropy([[0, 1, 0]], [[0.05, 0.95, 0]])` is `[0.0513]`
 */
export const categoricalCrossentropy = op(
  'losses.categoricalCrossentropy',
  function categoricalCrossentropy(
    yTrue: TensorLike,
    yPred: TensorLike,
    { fromLogits = false, labelSmoothing = 0, axis = -1 }: CrossentropyOptions = {},
  ): Tensor {
    const given = toFloat(yPred, 'categoricalCrossentropy');
    const [hard] = alignSameShape('categoricalCrossentropy', yTrue, given);
    const at = normalizeAxis(axis, given.rank, 'categoricalCrossentropy');
    const target = smooth(hard, labelSmoothing, given.shape[at]);
    const logits = distributionLogits(given, fromLogits, at);
    const logProbabilities = logits
      ? ops.logSoftmax(logits, at)
      : ops.log(clipProbabilities(ops.div(given, ops.sum(given, at, true))));
    return ops.neg(ops.sum(ops.mul(target, logProbabilities), at));
  },
);

export interface SparseCrossentropyOptions extends Omit<CrossentropyOptions, 'labelSmoothing'> {
  /** A class number whose samples do not count: their value is 0, and means are taken over the others. */
  ignoreClass?: number | null;
}

/** Class numbers [...] from targets that may have an axis of 1 where predictions have their classes. */
export function classIndices(loss: string, yTrue: TensorLike, yPred: Tensor, axis = yPred.rank - 1): Tensor {
  const given = toTensor(yTrue, loss, 'int32');
  const labels = given.rank === yPred.rank && given.shape[axis] === 1 ? ops.squeeze(given, [axis]) : given;
  const expected = yPred.shape.filter((_, a) => a !== axis);
  if (!shapesEqual(labels.shape, expected))
    throw new ShapeError(
      `${loss}: expected class numbers of shape ${formatShape(expected)} for predictions of shape ` +
        `${formatShape(yPred.shape)}, got ${formatShape(given.shape)}; for one-hot targets use categoricalCrossentropy.`,
    );
  return ops.cast(labels, 'int32');
}

/**
 * -log(p[t]) with t the number of the true class and p the predicted probabilities along `axis`.
 *
 * @param yTrue - Class numbers [...] or [..., 1], from 0 to classes - 1, or `ignoreClass`; others make NaN.
 * @param yPred - Probabilities [..., classes], or logits with `fromLogits`.
 * @example `tf.losses.sparseCategoricalCrossentropy([1], [[0.05, 0.95, 0]])` is `[0.0513]`
 */
export const sparseCategoricalCrossentropy = op(
  'losses.sparseCategoricalCrossentropy',
  function sparseCategoricalCrossentropy(
    yTrue: TensorLike,
    yPred: TensorLike,
    { fromLogits = false, ignoreClass = null, axis = -1 }: SparseCrossentropyOptions = {},
  ): Tensor {
    const operation = 'sparseCategoricalCrossentropy';
    const given = toFloat(yPred, operation);
    const at = normalizeAxis(axis, given.rank, operation);
    const labels = classIndices(operation, yTrue, given, at);
    const logits = distributionLogits(given, fromLogits, at) ?? ops.log(clipProbabilities(given));
    const valid = ignoreClass === null ? null : ops.notEqual(labels, ignoreClass);
    // What is not there must not make NaN of gradients: neither its class nor its prediction goes in.
    const scores = valid ? ops.where(ops.expandDims(valid, at), logits, 0) : logits;
    const logProbabilities = ops.logSoftmax(at === given.rank - 1 ? scores : lastAxis(scores, at), -1);
    const classes = given.shape[at];
    const known = valid ? ops.where(valid, labels, 0) : labels;
    const target = ops.oneHot(known, classes, 1, 0, given.dtype);
    const likelihoods = ops.sum(ops.mul(target, logProbabilities), -1);
    const exists = ops.logicalAnd(ops.greaterEqual(known, 0), ops.less(known, classes));
    const values = ops.where(exists, ops.neg(likelihoods), NaN);
    return valid ? withMask(ops.where(valid, values, 0), valid) : values;
  },
);

/** The tensor with one of its axes moved behind all others. */
function lastAxis(x: Tensor, axis: number): Tensor {
  const others = x.shape.map((_, a) => a).filter((a) => a !== axis);
  return ops.transpose(x, [...others, axis]);
}

/** What the cross-entropies of target distributions share: their options. */
abstract class SmoothedCrossentropy extends Loss {
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;

  constructor({ fromLogits = false, labelSmoothing = 0, axis = -1, ...options }: LossOptions & CrossentropyOptions) {
    super(options);
    checkSmoothing(labelSmoothing);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
  }

  override getConfig(): Config {
    const { fromLogits, labelSmoothing, axis } = this;
    return { ...super.getConfig(), fromLogits, labelSmoothing, axis };
  }
}

/** See {@link binaryCrossentropy}. @example `new tf.losses.BinaryCrossentropy({ fromLogits: true })` */
export class BinaryCrossentropy extends SmoothedCrossentropy {
  constructor(options: LossOptions & CrossentropyOptions = {}) {
    super({ name: 'binary_crossentropy', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return binaryCrossentropy(yTrue, yPred, this);
  }
}

/** See {@link categoricalCrossentropy}. @example `new tf.losses.CategoricalCrossentropy({ labelSmoothing: 0.1 })` */
export class CategoricalCrossentropy extends SmoothedCrossentropy {
  constructor(options: LossOptions & CrossentropyOptions = {}) {
    super({ name: 'categorical_crossentropy', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalCrossentropy(yTrue, yPred, this);
  }
}

/** See {@link sparseCategoricalCrossentropy}. @example `new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: 0 })` */
export class SparseCategoricalCrossentropy extends Loss {
  readonly fromLogits: boolean;
  readonly ignoreClass: number | null;
  readonly axis: number;

  constructor({
    fromLogits = false,
    ignoreClass = null,
    axis = -1,
    ...options
  }: LossOptions & SparseCrossentropyOptions = {}) {
    super({ name: 'sparse_categorical_crossentropy', ...options });
    this.fromLogits = fromLogits;
    this.ignoreClass = ignoreClass;
    this.axis = axis;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return sparseCategoricalCrossentropy(yTrue, yPred, this);
  }

  override getConfig(): Config {
    const { fromLogits, ignoreClass, axis } = this;
    // Versions of Keras before the axis came refuse the key.
    return { ...super.getConfig(), fromLogits, ignoreClass, ...(axis !== -1 && { axis }) };
  }

  override checkTargets(yTrue: Tensor, outputShape: readonly (number | null)[]): void {
    const classes = outputShape.at(this.axis);
    if (typeof classes !== 'number') return;
    const labels = yTrue.dataSync();
    const position = labels.findIndex(
      (label: number | bigint) => !(label >= 0 && label < classes) && Number(label) !== this.ignoreClass,
    );
    if (position >= 0)
      throw new ArgumentError(
        `${this.name}: label ${labels[position]} at position ${position} is out of range; the model's output ` +
          `${formatShape(outputShape)} has ${classes} classes, so labels go from 0 to ${classes - 1}.`,
      );
  }
}
