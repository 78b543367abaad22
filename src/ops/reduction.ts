/** @file Reductions over axes, running sums, and the soft maximum's relatives. */
import * as p from '../primitives/calls.ts';
import { exactIntegerRange, isInexact } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { normalizeAxes, normalizeAxis, reducedShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, scalarLike, toFloat, toTensor } from './convert.ts';
import { squaredModulus } from './modulus.ts';
import { op } from '../symbolic/op.ts';

/** Axes to reduce over, negative ones from the end; all of them by default. */
export type Axis = number | readonly number[] | null;

/** Booleans count as int32 in sums. */
function toNumeric(x: TensorLike, operation: string): Tensor {
  const value = toTensor(x, operation);
  return value.dtype === 'bool' ? p.cast(value, 'int32') : value;
}

/** float16 in float32: sums and squares leave its range long before the result does. */
function inWide(x: Tensor, compute: (wide: Tensor) => Tensor): Tensor {
  return x.dtype === 'float16' ? p.cast(compute(p.cast(x, 'float32')), 'float16') : compute(x);
}

/** The sum over `axis` (all axes by default). @example `tf.sum([[1, 2], [3, 4]], 0)` is `[4, 6]` */
export const sum = op('sum', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  p.sum(toNumeric(x, 'sum'), axis, keepDims),
);

/** The product over `axis`; that of integers wraps around. @example `tf.prod([[1, 2], [3, 4]], 1)` is `[2, 12]` */
export const prod = op('prod', function prod(x: TensorLike, axis: Axis = null, keepDims = false): Tensor {
  const value = toNumeric(x, 'prod');
  return isInexact(value.dtype) ? p.prod(value, axis, keepDims) : productOfIntegers(value, axis, keepDims);
});

/** By halves, element by element: a reduction of an engine counts in doubles, which lose digits beyond 2⁵³. */
function productOfIntegers(x: Tensor, axis: Axis, keepDims: boolean): Tensor {
  const axes = normalizeAxes(axis, x.rank, 'prod');
  const shape = reducedShape(x.shape, axes, keepDims);
  const count = sizeOf(axes.map((a) => x.shape[a]));
  if (count === 0) return p.broadcastTo(scalarLike(1, x), shape);
  const kept = x.shape.map((_, a) => a).filter((a) => !axes.includes(a));
  let left = p.reshape(p.transpose(x, [...axes, ...kept]), [count, sizeOf(shape)]);
  const rows = (from: number, to: number): Tensor => p.slice(left, [from, 0], [to - from, left.shape[1]]);
  while (left.shape[0] > 1) {
    const half = Math.floor(left.shape[0] / 2);
    const products = p.mul(rows(0, half), rows(half, 2 * half));
    left = 2 * half < left.shape[0] ? p.concat([products, rows(2 * half, left.shape[0])], 0) : products;
  }
  return p.reshape(left, shape);
}

/**
 * The largest element over `axis`; NaN where one is, and of none the least number of the dtype (-Infinity). Equal maxima share
 * the gradient.
 *
 * @example `tf.max([[1, 5], [7, 3]], 1)` is `[5, 7]`
 */
export const max = op('max', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  extremum(p.max, 'max', toNumeric(x, 'max'), axis, keepDims),
);

/**
 * The smallest element over `axis`; NaN where one is, and of none the greatest number of the dtype (Infinity). Equal minima
 * share the gradient.
 *
 * @example `tf.min([[1, 5], [7, 3]], 1)` is `[1, 3]`
 */
export const min = op('min', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  extremum(p.min, 'min', toNumeric(x, 'min'), axis, keepDims),
);

function extremum(of: typeof p.max, type: 'max' | 'min', x: Tensor, axis: Axis, keepDims: boolean): Tensor {
  const axes = normalizeAxes(axis, x.rank, type);
  const isOfNone = axes.some((a) => x.shape[a] === 0);
  return of(isOfNone ? withLast(type, x, axes) : x, axes, keepDims);
}

/** On each empty axis one element that every other number comes before. */
function withLast(type: 'max' | 'min', x: Tensor, axes: readonly number[]): Tensor {
  const shape = x.shape.map((d, a) => (d === 0 && axes.includes(a) ? 1 : d));
  const isMax = type === 'max';
  if (isInexact(x.dtype)) {
    // Padding hands gradients on.
    const paddings = shape.map((d, a): [number, number] => [0, d - x.shape[a]]);
    return p.pad(x, paddings, isMax ? -Infinity : Infinity);
  }
  return p.broadcastTo(toTensor(exactIntegerRange(x.dtype)[isMax ? 0 : 1], type, x.dtype), shape);
}

/** The mean over `axis`; integers give float32. @example `tf.mean([[1, 2], [3, 4]], 0)` is `[2, 3]` */
export const mean = op('mean', function mean(x: TensorLike, axis: Axis = null, keepDims = false): Tensor {
  const value = toFloat(x, 'mean');
  const axes = normalizeAxes(axis, value.rank, 'mean');
  const count = sizeOf(axes.map((a) => value.shape[a]));
  // Dividing, not multiplying by 1/count: an empty mean is NaN, and a mean of equal numbers is that number.
  return inWide(value, (wide) => {
    const total = p.sum(wide, axes, keepDims);
    return p.div(total, scalarLike(count, total));
  });
});

/**
 * Whether any element over `axis` is true (not 0); of none, false.
 *
 * @example `tf.any([false, true])` is `true`
 */
export const any = op('any', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  p.cast(countTrue(toBool(x, 'any'), axis, keepDims), 'bool'),
);
/**
 * Whether all elements over `axis` are true (not 0); of none, true.
 *
 * @example `tf.all([false, true])` is `false`
 */
export const all = op('all', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  p.logicalNot(p.cast(countTrue(p.logicalNot(toBool(x, 'all')), axis, keepDims), 'bool')),
);
const toBool = (x: TensorLike, operation: string): Tensor => p.cast(toTensor(x, operation), 'bool');
// Counting, unlike a maximum, has a result for an empty axis as well.
const countTrue = (x: Tensor, axis: Axis, keepDims: boolean): Tensor => p.sum(p.cast(x, 'int32'), axis, keepDims);

/**
 * The index of the largest element along `axis` (of equal ones the first), as int32.
 *
 * @example `tf.argMax([3, 9, 2])` is `1`
 */
export const argMax = op('argMax', (x: TensorLike, axis = 0): Tensor => p.argMax(toNumeric(x, 'argMax'), axis));
/**
 * The index of the smallest element along `axis` (of equal ones the first), as int32.
 *
 * @example `tf.argMin([3, 9, 2])` is `2`
 */
export const argMin = op('argMin', (x: TensorLike, axis = 0): Tensor => p.argMin(toNumeric(x, 'argMin'), axis));

/** `ln Σ eˣ` over `axis`, without overflow. @example `tf.logSumExp([0, 0])` is `0.6931` */
export const logSumExp = op(
  'logSumExp',
  function logSumExp(x: TensorLike, axis: Axis = null, keepDims = false): Tensor {
    const value = toFloat(x, 'logSumExp');
    const axes = normalizeAxes(axis, value.rank, 'logSumExp');
    if (axes.length === 0) return ownTensor(value, x);
    return inWide(value, (wide) => logSumExpOver(wide, axes, keepDims));
  },
);

function logSumExpOver(value: Tensor, axes: readonly number[], keepDims: boolean): Tensor {
  // Of nothing there is no maximum: the logarithm of 0.
  if (axes.some((axis) => value.shape[axis] === 0)) return p.log(p.sum(p.exp(value), axes, keepDims));
  const largest = p.max(value, axes, true);
  // Where everything is infinite, subtracting the maximum would make NaN of a result that is known.
  const finite = p.less(p.abs(largest), scalarLike(Infinity, value));
  // An alias is unknown to tapes: the shift cancels out, so no gradient is owed to it.
  const shift = p.select(finite, largest, scalarLike(0, value)).alias();
  const result = p.add(p.log(p.sum(p.exp(p.sub(value, shift)), axes, true)), shift);
  return keepDims
    ? result
    : p.reshape(
        result,
        value.shape.filter((_, a) => !axes.includes(a)),
      );
}

/**
 * Mean and variance (the mean of the squared deviations) over `axis`.
 *
 * @example `tf.moments([1, 3])` is `{ mean: 2, variance: 1 }`
 */
export const moments = op('moments', function moments(x: TensorLike, axis: Axis = null, keepDims = false): {
  mean: Tensor;
  variance: Tensor;
} {
  const value = toFloat(x, 'moments');
  const axes = normalizeAxes(axis, value.rank, 'moments');
  const shape = reducedShape(value.shape, axes, keepDims);
  // One mean for both.
  let centre = value;
  const variance = inWide(value, (wide) => {
    centre = mean(wide, axes, true);
    return squaredDeviations(wide, centre, axes, keepDims);
  });
  return { mean: p.cast(p.reshape(centre, shape), value.dtype), variance };
});

const squaredDeviations = (x: Tensor, centre: Tensor, axes: readonly number[], keepDims: boolean): Tensor =>
  mean(squaredModulus(p.sub(x, centre)), axes, keepDims);

/** What `variance` and `std` have in common. */
function varianceOf(x: Tensor, axis: Axis, keepDims: boolean, operation: string): Tensor {
  const axes = normalizeAxes(axis, x.rank, operation);
  return squaredDeviations(x, mean(x, axes, true), axes, keepDims);
}

/**
 * The variance over `axis`: the mean of the squared deviations from the mean.
 *
 * @example `tf.variance([1, 3])` is `1`
 */
export const variance = op('variance', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  inWide(toFloat(x, 'variance'), (wide) => varianceOf(wide, axis, keepDims, 'variance')),
);

/** The standard deviation over `axis`: the root of the variance. @example `tf.std([1, 5])` is `2` */
export const std = op('std', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  inWide(toFloat(x, 'std'), (wide) => p.sqrt(varianceOf(wide, axis, keepDims, 'std'))),
);

/**
 * Running sums along `axis`.
 *
 * @param exclusive Leave each element out of its own sum.
 * @param reverse Sum from the end.
 * @example `tf.cumsum([1, 2, 3])` is `[1, 3, 6]`
 */
export const cumsum = op('cumsum', (x: TensorLike, axis = 0, exclusive = false, reverse = false): Tensor =>
  p.cumsum(toNumeric(x, 'cumsum'), axis, exclusive, reverse),
);

/**
 * `eˣ / Σ eˣ` along `axis` (the last by default): positive numbers that sum to 1.
 *
 * @example `tf.softmax([0, 0])` is `[0.5, 0.5]`
 */
export const softmax = op('softmax', (logits: TensorLike, axis = -1): Tensor =>
  p.softmax(toFloat(logits, 'softmax'), axis),
);
/**
 * `x - ln Σ eˣ` along `axis` (the last by default): the logarithm of `softmax`, without underflow.
 *
 * @example `tf.logSoftmax([0, 0])` is `[-0.6931, -0.6931]`
 */
export const logSoftmax = op('logSoftmax', (logits: TensorLike, axis = -1): Tensor =>
  p.logSoftmax(toFloat(logits, 'logSoftmax'), axis),
);

/**
 * The `k` largest elements along the last axis with their indices, largest first.
 *
 * @param _sorted TensorFlow.js's: whether they must be in order. They always are.
 * @returns `values`, and `indices` as int32, both of shape `[..., k]`.
 * @example `tf.topk([3, 9, 5], 2)` is `{ values: [9, 5], indices: [1, 2] }`
 */
export const topk = op('topk', function topk(x: TensorLike, k = 1, _sorted = true): {
  values: Tensor;
  indices: Tensor;
} {
  const value = toNumeric(x, 'topk');
  const length = value.shape[normalizeAxis(-1, value.rank, 'topk')];
  if (!Number.isInteger(k) || k < 0 || k > length)
    throw new ArgumentError(`topk: expected k to be an integer from 0 to ${length}, the last dimension; got ${k}.`);
  const [values, indices] = p.topK(value, k);
  return { values, indices };
});
