/** @file The losses of TensorFlow.js: of whole tensors, with weights, reduced to one number. */
import * as ops from '../ops/index.ts';
import { Reduction, computeWeightedLoss } from '../ops/losses/reduction.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

export { computeWeightedLoss } from '../ops/losses/reduction.ts';

type Weights = ops.TensorLike | null;

/** Two operands of one shape in one floating dtype. */
function pair(labels: ops.TensorLike, predictions: ops.TensorLike, operation: string): [Tensor, Tensor] {
  const prediction = ops.tensor(predictions);
  const floating = ['float16', 'float32', 'float64'].includes(prediction.dtype)
    ? prediction
    : ops.cast(prediction, 'float32');
  const target = ops.cast(labels, floating.dtype);
  if (!shapesEqual(target.shape, floating.shape))
    throw new ShapeError(
      `losses.${operation}: expected labels and predictions of one shape, got ${formatShape(target.shape)} and ${formatShape(floating.shape)}.`,
    );
  return [target, floating];
}

/** `|labels - predictions|`, weighted and reduced. */
export function absoluteDifference(
  labels: ops.TensorLike,
  predictions: ops.TensorLike,
  weights?: Weights,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(labels, predictions, 'absoluteDifference');
  return computeWeightedLoss(ops.abs(ops.sub(target, prediction)), weights, reduction);
}

/** `1 - Σ labels · predictions` along `axis`, of vectors that have length 1, weighted and reduced. */
export function cosineDistance(
  labels: ops.TensorLike,
  predictions: ops.TensorLike,
  axis: number,
  weights?: Weights,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(labels, predictions, 'cosineDistance');
  return computeWeightedLoss(ops.sub(1, ops.sum(ops.mul(target, prediction), axis, true)), weights, reduction);
}

/** `max(0, 1 - (2 labels - 1) · predictions)` of labels 0 and 1, weighted and reduced. */
export function hingeLoss(
  labels: ops.TensorLike,
  predictions: ops.TensorLike,
  weights?: Weights,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(labels, predictions, 'hingeLoss');
  const signs = ops.sub(ops.mul(target, 2), 1);
  return computeWeightedLoss(ops.relu(ops.sub(1, ops.mul(signs, prediction))), weights, reduction);
}

/** `e² / 2` up to `delta`, then `delta |e| - delta² / 2`, with e the difference, weighted and reduced. */
export function huberLoss(
  labels: ops.TensorLike,
  predictions: ops.TensorLike,
  weights?: Weights,
  delta = 1,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(labels, predictions, 'huberLoss');
  const size = ops.abs(ops.sub(prediction, target));
  const near = ops.minimum(size, delta);
  const loss = ops.add(ops.mul(0.5, ops.square(near)), ops.mul(delta, ops.sub(size, near)));
  return computeWeightedLoss(loss, weights, reduction);
}

/** `-labels log(p + ε) - (1 - labels) log(1 - p + ε)` of probabilities p, weighted and reduced. */
export function logLoss(
  labels: ops.TensorLike,
  predictions: ops.TensorLike,
  weights?: Weights,
  epsilon = 1e-7,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(labels, predictions, 'logLoss');
  const yes = ops.mul(target, ops.log(ops.add(prediction, epsilon)));
  const no = ops.mul(ops.sub(1, target), ops.log(ops.add(ops.sub(1, prediction), epsilon)));
  return computeWeightedLoss(ops.neg(ops.add(yes, no)), weights, reduction);
}

/** `(labels - predictions)²`, weighted and reduced. */
export function weightedSquaredError(
  labels: ops.TensorLike,
  predictions: ops.TensorLike,
  weights?: Weights,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(labels, predictions, 'meanSquaredError');
  return computeWeightedLoss(ops.squaredDifference(target, prediction), weights, reduction);
}

/**
 * The cross-entropy of labels in [0, 1] and logits, weighted and reduced.
 *
 * @param labelSmoothing The share of each label that goes to a half.
 */
export function sigmoidCrossEntropy(
  multiClassLabels: ops.TensorLike,
  logits: ops.TensorLike,
  weights?: Weights,
  labelSmoothing = 0,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(multiClassLabels, logits, 'sigmoidCrossEntropy');
  const smooth = labelSmoothing > 0 ? ops.add(ops.mul(target, 1 - labelSmoothing), 0.5 * labelSmoothing) : target;
  return computeWeightedLoss(ops.sigmoidCrossEntropyWithLogits(smooth, prediction), weights, reduction);
}

/**
 * The cross-entropy of one-hot labels `[batch, classes]` and logits, weighted and reduced.
 *
 * @param weights One for each example, or one for all.
 * @param labelSmoothing The share of each label that is spread over all classes.
 */
export function softmaxCrossEntropy(
  onehotLabels: ops.TensorLike,
  logits: ops.TensorLike,
  weights?: Weights,
  labelSmoothing = 0,
  reduction?: Reduction,
): Tensor {
  const [target, prediction] = pair(onehotLabels, logits, 'softmaxCrossEntropy');
  const classes = target.shape[target.rank - 1];
  const smooth = labelSmoothing > 0 ? ops.add(ops.mul(target, 1 - labelSmoothing), labelSmoothing / classes) : target;
  return computeWeightedLoss(ops.softmaxCrossEntropyWithLogits(smooth, prediction), weights, reduction);
}
