/** @file How many predictions are right and wrong at thresholds: true and false positives and negatives. */
import { epsilon, inDType, matchRanks } from '../losses/operands.ts';
import { applyWeights } from '../losses/weighting.ts';
import { toTensor } from '../ops/convert.ts';
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Of weights, for each threshold: `[thresholds]`, or by label `[thresholds, labels]`. */
export interface ConfusionCounts {
  readonly truePositives: Tensor;
  readonly falsePositives: Tensor;
  readonly trueNegatives: Tensor;
  readonly falseNegatives: Tensor;
}

export interface CountingOptions {
  /** In messages. */
  readonly name: string;
  readonly dtype: DType;
  readonly thresholds: readonly number[];
  /** Only the k largest predictions of a sample can be positive. */
  readonly topK?: number | null;
  /** Only this class counts, the place along the last axis. */
  readonly classId?: number | null;
  /** Counts each label by itself. */
  readonly multiLabel?: boolean;
  /** Of each label, along the last axis. */
  readonly labelWeights?: readonly number[] | null;
}

/** What stands for a prediction that is not among the k largest; below every threshold. */
export const belowAll = -1e10;

/** Thresholds as a list. @throws ArgumentError unless all of them are within 0 and 1 */
export function toThresholds(
  name: string,
  thresholds: number | readonly number[] | null | undefined,
  byDefault: number,
): readonly number[] {
  if (thresholds === null || thresholds === undefined) return [byDefault];
  const list = typeof thresholds === 'number' ? [thresholds] : [...thresholds];
  if (list.length === 0 || list.some((threshold) => !(threshold >= 0 && threshold <= 1)))
    throw new ArgumentError(`${name}: expected thresholds between 0 and 1, got ${JSON.stringify(thresholds)}.`);
  return list;
}

/** `count` thresholds from 0 to 1, the first and the last moved by `beyond` out of the way of predictions that are 0 and 1. */
export const evenThresholds = (count: number, beyond = 0): readonly number[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? -beyond : i === count - 1 ? 1 + beyond : i / (count - 1)));

/** Whether thresholds lie evenly between 0 and 1, so that a prediction's place among them can be computed. */
const areEven = (thresholds: readonly number[]): boolean =>
  thresholds.length >= 3 &&
  thresholds.every((threshold, i) => {
    const even = i / (thresholds.length - 1);
    return Math.abs(threshold - even) <= epsilon * 1.001 + 1e-5 * even;
  });

/** Predictions with those that are not among the k largest of their sample out of the way. */
function keepLargest(prediction: Tensor, k: number): Tensor {
  const classes = prediction.shape[prediction.rank - 1];
  const { indices } = ops.topk(prediction, k);
  const chosen = ops.any(ops.cast(ops.oneHot(indices, classes), 'bool'), -2);
  return ops.where(chosen, prediction, belowAll);
}

/** One place along the last axis, which stays. */
function pick(name: string, x: Tensor, classId: number): Tensor {
  const classes = x.shape.at(-1) ?? 0;
  if (x.rank < 2 || classId >= classes)
    throw new ShapeError(
      `${name}: classId ${classId} needs targets and predictions of shape [samples, more than ${classId} classes], got ${formatShape(x.shape)}.`,
    );
  return ops.gather(x, [classId], x.rank - 1);
}

/**
 * Counts of one batch; each element counts, weighted. A prediction above a threshold is positive there, a target other than 0
 * is true.
 */
export function countConfusion(
  yTrue: ops.TensorLike,
  yPred: ops.TensorLike,
  sampleWeight: ops.TensorLike | null | undefined,
  { name, dtype, thresholds, topK, classId, multiLabel = false, labelWeights }: CountingOptions,
): ConfusionCounts {
  let [prediction, target] = matchRanks(
    inDType(toTensor(yPred, name, dtype), dtype),
    inDType(toTensor(yTrue, name, dtype), dtype),
  );
  if (topK != null) prediction = keepLargest(prediction, topK);
  if (classId != null) [prediction, target] = [prediction, target].map((x) => pick(name, x, classId));

  const isTrue = ops.cast(ops.notEqual(target, 0), dtype);
  const weighted = (x: Tensor): Tensor => {
    const each = labelWeights && !multiLabel ? ops.mul(x, ops.tensor([...labelWeights], null, dtype)) : x;
    return sampleWeight == null ? each : applyWeights(each, toTensor(sampleWeight, name, dtype));
  };
  const shape = multiLabel ? [thresholds.length, prediction.shape[1]] : [thresholds.length];
  // Samples along the last axis, where adding them up is quickest.
  const byLabel = (x: Tensor): Tensor => (multiLabel ? ops.transpose(x) : ops.reshape(x, [1, -1]));
  const scores = byLabel(prediction);
  const [positives, negatives] = [isTrue, ops.sub(1, isTrue)].map((x) => byLabel(weighted(x)));
  const count = areEven(thresholds) ? aboveEvenThresholds : aboveThresholds;
  const [truePositives, falsePositives] = [positives, negatives]
    .map(count(scores, thresholds))
    .map((above) => ops.reshape(above, shape));
  const total = (x: Tensor): Tensor => (multiLabel ? ops.sum(x, 1) : ops.sum(x));
  return {
    truePositives,
    falsePositives,
    trueNegatives: ops.sub(total(negatives), falsePositives),
    falseNegatives: ops.sub(total(positives), truePositives),
  };
}

/** For scores [labels, samples]: sums of such weights over the samples above each threshold, [thresholds, labels]. */
type CountAbove = (scores: Tensor, thresholds: readonly number[]) => (weights: Tensor) => Tensor;

/** Compares each prediction with each threshold. */
const aboveThresholds: CountAbove = (scores, thresholds) => {
  const limits = ops.tensor([...thresholds], [thresholds.length, 1, 1], scores.dtype);
  const isAbove = ops.greater(ops.expandDims(scores, 0), limits);
  return (weights) => ops.sum(ops.where(isAbove, weights, 0), 2);
};

/** Finds the last threshold below each prediction, adds up by it, and then from the last threshold down. */
const aboveEvenThresholds: CountAbove = (scores, thresholds) => {
  const [labels] = scores.shape;
  const count = thresholds.length;
  const place = ops.sub(ops.ceil(ops.mul(ops.clipByValue(scores, 0, 1), count - 1)), 1);
  // The first threshold may lie below 0, so that even a prediction of 0 is above it.
  const reached = thresholds[0] < 0 ? ops.relu(place) : place;
  // Of no threshold is a negative place; nor is that of NaN, which is above nothing.
  const isAbove = ops.logicalAnd(ops.greaterEqual(reached, 0), ops.greaterEqual(scores, belowAll));
  const column = ops.cast(ops.where(isAbove, reached, 0), 'int32');
  const first = ops.reshape(ops.range(0, labels * count, count, 'int32'), [labels, 1]);
  const segment = ops.reshape(ops.where(isAbove, ops.add(column, first), -1), [-1]);
  return (weights) => {
    const sums = ops.unsortedSegmentSum(ops.reshape(weights, [-1]), segment, labels * count);
    return ops.transpose(ops.cumsum(ops.reshape(sums, [labels, count]), 1, false, true));
  };
};
