/** @file Running results along an axis, and differences and areas between neighbours. */
import * as p from '../primitives/calls.ts';
import { integerRange, isFloating } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { logAddExp } from './arithmetic.ts';
import { type TensorLike, ownTensor, scalarLike, toFloat, toFloatPair, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

/** Booleans count as 0 and 1. */
function toNumeric(x: TensorLike, operation: string): Tensor {
  const value = toTensor(x, operation);
  return value.dtype === 'bool' ? p.cast(value, 'int32') : value;
}

/** `length` elements from `begin` along one axis. */
const part = (x: Tensor, axis: number, begin: number, length: number): Tensor =>
  p.slice(x, x.shape.map((_, a) => (a === axis ? begin : 0)), x.shape.with(axis, length)); // prettier-ignore

/** Elements `by` places later, `identity` before them. */
const shifted = (x: Tensor, axis: number, by: number, identity: number): Tensor =>
  p.pad(
    part(x, axis, 0, x.shape[axis] - by),
    x.shape.map((_, a) => [a === axis ? by : 0, 0] as const),
    identity,
  );

/** Running results of an associative operation, by doubling: after step k each spans 2ᵏ elements. */
function cumulate(
  x: Tensor,
  axis: number,
  identity: number,
  combine: (earlier: Tensor, later: Tensor) => Tensor,
  exclusive: boolean,
  reverse: boolean,
): Tensor {
  const length = x.shape[axis];
  if (x.size === 0) return p.reshape(x, x.shape);
  const forward = reverse ? p.reverse(x, [axis]) : x;
  let result = exclusive ? shifted(forward, axis, 1, identity) : forward;
  for (let span = 1; span < length; span *= 2) result = combine(shifted(result, axis, span, identity), result);
  return reverse ? p.reverse(result, [axis]) : result;
}

/** The axis of a tensor that has one. */
function toAxis(value: Tensor, axis: number, operation: string): number {
  if (value.rank === 0) throw new ShapeError(`${operation}: expected a tensor of rank 1 or more, got a scalar.`);
  return normalizeAxis(axis, value.rank, operation);
}

/**
 * Running products along `axis`.
 *
 * @param exclusive Leave each element out of its own product.
 * @param reverse Multiply from the end.
 * @example `tf.cumprod([2, 3, 4])` is `[2, 6, 24]`
 */
export const cumprod = op(
  'cumprod',
  function cumprod(x: TensorLike, axis = 0, exclusive = false, reverse = false): Tensor {
    const value = toNumeric(x, 'cumprod');
    return ownTensor(cumulate(value, toAxis(value, axis, 'cumprod'), 1, p.mul, exclusive, reverse), x);
  },
);

/**
 * The largest element so far along `axis`. Of equal ones the first gets the gradient.
 *
 * @example `tf.cummax([1, 3, 2])` is `[1, 3, 3]`
 */
export const cummax = op('cummax', function cummax(x: TensorLike, axis = 0, reverse = false): Tensor {
  const value = toNumeric(x, 'cummax');
  const least = isFloating(value.dtype) ? -Infinity : integerRange(value.dtype)[0];
  return ownTensor(cumulate(value, toAxis(value, axis, 'cummax'), least, p.maximum, false, reverse), x);
});

/**
 * The smallest element so far along `axis`. Of equal ones the first gets the gradient.
 *
 * @example `tf.cummin([3, 1, 2])` is `[3, 1, 1]`
 */
export const cummin = op('cummin', function cummin(x: TensorLike, axis = 0, reverse = false): Tensor {
  const value = toNumeric(x, 'cummin');
  const greatest = isFloating(value.dtype) ? Infinity : integerRange(value.dtype)[1];
  return ownTensor(cumulate(value, toAxis(value, axis, 'cummin'), greatest, p.minimum, false, reverse), x);
});

/**
 * `ln Σ eˣ` of the elements so far along `axis`, without overflow; of none of them (`exclusive`), `-Infinity`.
 *
 * @param exclusive Leave each element out of its own sum.
 * @param reverse Sum from the end.
 * @example `tf.cumulativeLogsumexp([0, 0, 0])` is `[0, 0.6931, 1.099]`
 */
export const cumulativeLogsumexp = op(
  'cumulativeLogsumexp',
  function cumulativeLogsumexp(x: TensorLike, axis = 0, exclusive = false, reverse = false): Tensor {
    const value = toFloat(x, 'cumulativeLogsumexp');
    const at = toAxis(value, axis, 'cumulativeLogsumexp');
    return ownTensor(cumulate(value, at, -Infinity, logAddExp, exclusive, reverse), x);
  },
);

/**
 * Differences of neighbours along `axis`, `x[i + 1] - x[i]`, as numpy's `diff`.
 *
 * @param n How many times differences are taken.
 * @example `tf.diff([1, 4, 9])` is `[3, 5]`
 */
export const diff = op('diff', function diff(x: TensorLike, n = 1, axis = -1): Tensor {
  if (!Number.isInteger(n) || n < 0) throw new ArgumentError(`diff: expected n to be 0 or more, got ${n}.`);
  const value = toNumeric(x, 'diff');
  const at = toAxis(value, axis, 'diff');
  let result = value;
  for (let turn = 0; turn < n; turn++) {
    const length = Math.max(0, result.shape[at] - 1);
    const offset = Math.min(1, result.shape[at]);
    result = p.sub(part(result, at, offset, length), part(result, at, 0, length));
  }
  return ownTensor(result, x);
});

/**
 * The area under points along `axis` by the trapezoidal rule.
 *
 * @param y Heights.
 * @param x Where they stand: a vector, or a tensor of the shape of `y`; by default `dx` apart.
 * @example `tf.trapz([1, 2, 3])` is `4`
 */
export const trapz = op('trapz', function trapz(y: TensorLike, x: TensorLike | null = null, dx = 1, axis = -1): Tensor {
  const heights = toFloat(y, 'trapz');
  const at = toAxis(heights, axis, 'trapz');
  const [value, places] = x === null ? [heights, null] : toFloatPair(heights, x, 'trapz');
  const length = Math.max(0, value.shape[at] - 1);
  const offset = Math.min(1, value.shape[at]);
  const means = p.mul(p.add(part(value, at, offset, length), part(value, at, 0, length)), scalarLike(0.5, value));
  if (places === null) return p.mul(p.sum(means, at), scalarLike(dx, means));
  const along = places.rank === 1 ? 0 : at;
  if (places.rank > value.rank || places.shape[along] !== value.shape[at])
    throw new ShapeError(
      `trapz: places of shape ${formatShape(places.shape)} do not fit heights of shape ${formatShape(value.shape)} on axis ${at}.`,
    );
  const steps = p.sub(part(places, along, offset, length), part(places, along, 0, length));
  const shaped = places.rank === 1 ? p.reshape(steps, value.shape.map((_, a) => (a === at ? length : 1))) : steps; // prettier-ignore
  return p.sum(p.mul(means, shaped), at);
});
