/** @file Metrics that TensorFlow.js has as functions of all values at once. */
import { align } from '../losses/operands.ts';
import { cosineSimilarity } from '../losses/regression.ts';
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { share } from './confusion-curve.ts';

type TensorLike = ops.TensorLike;

/** How many are 1 here and `value` there. */
const countOf = (ones: TensorLike, others: TensorLike, value: 0 | 1): Tensor =>
  ops.sum(ops.cast(ops.logicalAnd(ops.equal(ones, 1), ops.equal(others, value)), 'float32'));

/**
 * Of predictions that are 1 the share that is right, of targets and predictions that are 0 or 1 throughout; 0 without any.
 *
 * @returns A scalar.
 * @example `tf.metrics.precision([[0, 1, 1]], [[1, 1, 1]])` is 0.667
 */
export const precision = op('metrics.precision', function precision(yTrue: TensorLike, yPred: TensorLike): Tensor {
  return share(countOf(yPred, yTrue, 1), countOf(yPred, yTrue, 0));
});

/**
 * Of targets that are 1 the share that is predicted, of targets and predictions that are 0 or 1 throughout; 0 without any.
 *
 * @returns A scalar.
 * @example `tf.metrics.recall([[0, 1, 1]], [[1, 0, 1]])` is 0.5
 */
export const recall = op('metrics.recall', function recall(yTrue: TensorLike, yPred: TensorLike): Tensor {
  return share(countOf(yTrue, yPred, 1), countOf(yTrue, yPred, 0));
});

/**
 * 1 - Σ (yTrue - yPred)² / Σ (yTrue - mean)² over all values.
 *
 * @returns A scalar.
 * @example `tf.metrics.r2Score([1, 4, 3], [2, 4, 4])` is 0.571
 */
export const r2Score = op('metrics.r2Score', function r2Score(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [target, prediction] = align('r2Score', yTrue, yPred);
  const spread = ops.sum(ops.square(ops.sub(target, ops.mean(target))));
  return ops.sub(1, ops.div(ops.sum(ops.square(ops.sub(target, prediction))), spread));
});

/** Minus the cosine of the angle between targets and predictions: the loss {@link cosineSimilarity}. */
export const cosineProximity = cosineSimilarity;
