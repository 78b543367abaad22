/** @file Losses as functions: one value for each sample. */
import { logitsOf } from '../activations/logits.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { broadcastShapes, formatShape, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { matchRanks } from './loss.ts';
import { weightedSquaredError } from './weighted.ts';

/** Probabilities are kept this far from 0 and 1 before their logarithm is taken. */
const epsilon = 1e-7;

export interface CrossentropyOptions {
  /** Predictions are logits, not probabilities; default false. */
  fromLogits?: boolean;
  /** Takes this share of each target and spreads it over all classes; default 0. */
  labelSmoothing?: number;
}

/** Targets in the dtype and rank of the predictions. @throws ShapeError where the two do not broadcast */
function align(loss: string, yTrue: Tensor, yPred: Tensor): [Tensor, Tensor] {
  const aligned = matchRanks(ops.cast(yTrue, yPred.dtype), yPred);
  broadcastShapes(aligned[0].shape, aligned[1].shape, `${loss} of targets and predictions`);
  return aligned;
}

function alignSameShape(loss: string, yTrue: Tensor, yPred: Tensor): [Tensor, Tensor] {
  const aligned = matchRanks(ops.cast(yTrue, yPred.dtype), yPred);
  if (!shapesEqual(aligned[0].shape, aligned[1].shape))
    throw new ShapeError(
      `${loss}: expected targets of the predictions' shape ${formatShape(yPred.shape)}, got ${formatShape(yTrue.shape)}.`,
    );
  return aligned;
}

const clipProbabilities = (p: Tensor): Tensor => ops.clipByValue(p, epsilon, 1 - epsilon);

function checkSmoothing(labelSmoothing: number): void {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new ArgumentError(`Crossentropy: expected labelSmoothing between 0 and 1, got ${labelSmoothing}.`);
}

/**
 * mean((yPred - yTrue)^2) over the last axis. With weights or a reduction, as in TensorFlow.js: all squared differences,
 * weighted and reduced.
 */
export function meanSquaredError(
  yTrue: Tensor,
  yPred: Tensor,
  weights?: ops.TensorLike | null,
  reduction?: ops.Reduction,
): Tensor {
  if (weights != null || reduction !== undefined) return weightedSquaredError(yTrue, yPred, weights, reduction);
  const [target, prediction] = align('meanSquaredError', yTrue, yPred);
  return ops.mean(ops.square(ops.sub(prediction, target)), -1);
}

/** mean(|yPred - yTrue|) over the last axis. */
export function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  const [target, prediction] = align('meanAbsoluteError', yTrue, yPred);
  return ops.mean(ops.abs(ops.sub(prediction, target)), -1);
}

/** e^2 / 2 where |e| <= `delta`, else `delta` |e| - `delta`^2 / 2, with e = yPred - yTrue; mean over the last axis. */
export function huber(yTrue: Tensor, yPred: Tensor, delta = 1): Tensor {
  const [target, prediction] = align('huber', yTrue, yPred);
  const size = ops.abs(ops.sub(prediction, target));
  const near = ops.minimum(size, delta);
  // near (size - near / 2) is both branches in one: near is the size up to delta, and delta beyond it.
  return ops.mean(ops.mul(near, ops.sub(size, ops.mul(near, 0.5))), -1);
}

/**
 * -mean(t log(p) + (1 - t) log(1 - p)) over the last axis, t the targets in 0..1 and p the predicted probabilities.
 *
 * @param yTrue - [..., n]
 * @param yPred - Probabilities of the same shape, or logits with `fromLogits`.
 */
export function binaryCrossentropy(
  yTrue: Tensor,
  yPred: Tensor,
  { fromLogits = false, labelSmoothing = 0 }: CrossentropyOptions = {},
): Tensor {
  checkSmoothing(labelSmoothing);
  const logits = fromLogits ? yPred : logitsOf('sigmoid', yPred);
  const [hard, prediction] = alignSameShape('binaryCrossentropy', yTrue, logits ?? yPred);
  const target = labelSmoothing > 0 ? ops.add(ops.mul(hard, 1 - labelSmoothing), labelSmoothing / 2) : hard;
  if (logits) return ops.mean(ops.sub(ops.softplus(prediction), ops.mul(target, prediction)), -1);
  const p = clipProbabilities(prediction);
  const logLikelihood = ops.add(ops.mul(target, ops.log(p)), ops.mul(ops.sub(1, target), ops.log(ops.sub(1, p))));
  return ops.neg(ops.mean(logLikelihood, -1));
}

/** Log-probabilities over the last axis, by the most accurate way there is. Probabilities need not sum to 1. */
function logProbabilities(yPred: Tensor, fromLogits: boolean): Tensor {
  const logits = fromLogits ? yPred : logitsOf('softmax', yPred);
  if (logits) return ops.logSoftmax(logits, -1);
  return ops.log(clipProbabilities(ops.div(yPred, ops.sum(yPred, -1, true))));
}

/**
 * -sum(t log(p)) over the last axis, t a distribution over classes (one-hot) and p the predicted probabilities.
 *
 * @param yTrue - [..., classes]
 * @param yPred - Probabilities of the same shape, or logits with `fromLogits`.
 */
export function categoricalCrossentropy(
  yTrue: Tensor,
  yPred: Tensor,
  { fromLogits = false, labelSmoothing = 0 }: CrossentropyOptions = {},
): Tensor {
  checkSmoothing(labelSmoothing);
  const [hard] = alignSameShape('categoricalCrossentropy', yTrue, yPred);
  const classes = yPred.shape[yPred.rank - 1];
  const target = labelSmoothing > 0 ? ops.add(ops.mul(hard, 1 - labelSmoothing), labelSmoothing / classes) : hard;
  return ops.neg(ops.sum(ops.mul(target, logProbabilities(yPred, fromLogits)), -1));
}

/** Class numbers [...] from targets that may have a last axis of 1. */
export function classIndices(loss: string, yTrue: Tensor, yPred: Tensor): Tensor {
  const labels = yTrue.rank === yPred.rank && yTrue.shape.at(-1) === 1 ? ops.squeeze(yTrue, [-1]) : yTrue;
  if (!shapesEqual(labels.shape, yPred.shape.slice(0, -1)))
    throw new ShapeError(
      `${loss}: expected class numbers of shape ${formatShape(yPred.shape.slice(0, -1))} for predictions of shape ` +
        `${formatShape(yPred.shape)}, got ${formatShape(yTrue.shape)}; for one-hot targets use categoricalCrossentropy.`,
    );
  return ops.cast(labels, 'int32');
}

/**
 * -log(p[t]) with t the number of the true class and p the predicted probabilities.
 *
 * @param yTrue - Class numbers [...] or [..., 1], from 0 to classes - 1.
 * @param yPred - Probabilities [..., classes], or logits with `fromLogits`.
 */
export function sparseCategoricalCrossentropy(
  yTrue: Tensor,
  yPred: Tensor,
  { fromLogits = false }: Pick<CrossentropyOptions, 'fromLogits'> = {},
): Tensor {
  const labels = classIndices('sparseCategoricalCrossentropy', yTrue, yPred);
  const target = ops.oneHot(labels, yPred.shape[yPred.rank - 1]);
  return ops.neg(ops.sum(ops.mul(ops.cast(target, yPred.dtype), logProbabilities(yPred, fromLogits)), -1));
}
