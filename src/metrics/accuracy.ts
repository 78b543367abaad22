/** @file Whether predictions are right: 1 or 0 for each. */
import { classIndices } from '../losses/crossentropy.ts';
import { inDType, matchRanks } from '../losses/operands.ts';
import { toTensor } from '../ops/convert.ts';
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';

type TensorLike = ops.TensorLike;

const oneWhere = (condition: Tensor): Tensor => ops.cast(condition, 'float32');

/** 1 where the prediction equals the target, else 0. @example `tf.metrics.accuracy([1, 2], [1, 3])` is `[1, 0]` */
export const accuracy = op('metrics.accuracy', function accuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const given = toTensor(yPred, 'accuracy');
  const [target, prediction] = matchRanks(inDType(toTensor(yTrue, 'accuracy', given.dtype), given.dtype), given);
  return oneWhere(ops.equal(target, prediction));
});

export interface ThresholdOptions {
  /** Above it a prediction means 1; default 0.5. */
  threshold?: number;
}

/**
 * 1 where `yPred > threshold` agrees with a target of 1, and where not, with 0.
 *
 * @example `tf.metrics.binaryAccuracy([[1], [0]], [[0.7], [0.6]])` is `[[1], [0]]`
 */
export const binaryAccuracy = op(
  'metrics.binaryAccuracy',
  function binaryAccuracy(yTrue: TensorLike, yPred: TensorLike, { threshold = 0.5 }: ThresholdOptions = {}): Tensor {
    const [target, prediction] = matchRanks(toTensor(yTrue, 'binaryAccuracy'), toTensor(yPred, 'binaryAccuracy'));
    return oneWhere(ops.equal(target, ops.cast(ops.greater(prediction, threshold), target.dtype)));
  },
);

/**
 * 1 where the largest prediction is at the largest target (one-hot), else 0.
 *
 * @example `tf.metrics.categoricalAccuracy([[0, 1]], [[0.2, 0.8]])` is `[1]`
 */
export const categoricalAccuracy = op(
  'metrics.categoricalAccuracy',
  function categoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
    return oneWhere(ops.equal(ops.argMax(yTrue, -1), ops.argMax(yPred, -1)));
  },
);

/** Without a last axis of 1 behind others. */
const squeezed = (x: Tensor): Tensor => (x.rank > 1 && x.shape.at(-1) === 1 ? ops.squeeze(x, [-1]) : x);

/**
 * 1 where the largest prediction is at the class number that is the target, else 0.
 *
 * @param yTrue - Class numbers, [...] or [..., 1].
 * @param yPred - [..., classes]
 * @example `tf.metrics.sparseCategoricalAccuracy([1], [[0.2, 0.8]])` is `[1]`
 */
export const sparseCategoricalAccuracy = op(
  'metrics.sparseCategoricalAccuracy',
  function sparseCategoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
    const prediction = toTensor(yPred, 'sparseCategoricalAccuracy');
    const labels = classIndices('sparseCategoricalAccuracy', yTrue, prediction);
    return squeezed(oneWhere(ops.equal(labels, ops.argMax(prediction, -1))));
  },
);

export interface TopKOptions {
  /** Among how many of the largest predictions the class may be; default 5. */
  k?: number;
}

/**
 * 1 where the class of the largest target (one-hot) is among the `k` largest predictions, else 0.
 *
 * @example `tf.metrics.topKCategoricalAccuracy([[0, 0, 1]], [[0.1, 0.6, 0.3]], { k: 2 })` is `[1]`
 */
export const topKCategoricalAccuracy = op(
  'metrics.topKCategoricalAccuracy',
  function topKCategoricalAccuracy(yTrue: TensorLike, yPred: TensorLike, { k = 5 }: TopKOptions = {}): Tensor {
    return oneWhere(ops.inTopK(yPred, ops.argMax(yTrue, -1), k));
  },
);

export interface SparseTopKOptions extends TopKOptions {
  /** Predictions are not scores but class numbers, the likeliest first; default false. */
  fromSortedIds?: boolean;
}

/**
 * 1 where the class number that is the target is among the `k` largest predictions, else 0.
 *
 * @param yTrue - Class numbers, [...]
 * @param yPred - [..., classes], or with `fromSortedIds` class numbers, [..., at least k].
 * @example `tf.metrics.sparseTopKCategoricalAccuracy([2], [[0.1, 0.6, 0.3]], { k: 2 })` is `[1]`
 */
export const sparseTopKCategoricalAccuracy = op(
  'metrics.sparseTopKCategoricalAccuracy',
  function sparseTopKCategoricalAccuracy(
    yTrue: TensorLike,
    yPred: TensorLike,
    { k = 5, fromSortedIds = false }: SparseTopKOptions = {},
  ): Tensor {
    const prediction = toTensor(yPred, 'sparseTopKCategoricalAccuracy');
    const labels = classIndices('sparseTopKCategoricalAccuracy', yTrue, prediction);
    if (!fromSortedIds) return oneWhere(ops.inTopK(prediction, labels, k));
    const likeliest = ops.slice(prediction, prediction.shape.map(() => 0), [...prediction.shape.slice(0, -1), Math.min(k, prediction.shape[prediction.rank - 1])]); // prettier-ignore
    return oneWhere(ops.any(ops.equal(inDType(ops.expandDims(labels, -1), prediction.dtype), likeliest), -1));
  },
);
