/** @file Elements in order, and places in an order. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toPair, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

/** Which comes first. */
export type Direction = 'ASCENDING' | 'DESCENDING';

/** Booleans are ordered as 0 and 1. */
function toNumeric(x: TensorLike, operation: string): Tensor {
  const value = toTensor(x, operation);
  return value.dtype === 'bool' ? p.cast(value, 'uint8') : value;
}

/** Runs `f` with `axis` as the last one. */
function withLastAxis(x: Tensor, axis: number, operation: string, f: (x: Tensor) => Tensor): Tensor {
  if (x.rank === 0) throw new ShapeError(`${operation}: expected a tensor of rank 1 or more, got a scalar.`);
  const at = normalizeAxis(axis, x.rank, operation);
  if (at === x.rank - 1) return f(x);
  const swap = x.shape.map((_, a) => (a === at ? x.rank - 1 : a === x.rank - 1 ? at : a));
  return p.transpose(f(p.transpose(x, swap)), swap);
}

function isDescending(direction: Direction, operation: string): boolean {
  if (direction !== 'ASCENDING' && direction !== 'DESCENDING')
    throw new ArgumentError(
      `${operation}: expected direction 'ASCENDING' or 'DESCENDING', got ${JSON.stringify(direction)}.`,
    );
  return direction === 'DESCENDING';
}

/**
 * The elements in order along `axis`. NaN counts as the greatest.
 *
 * @example `tf.sort([3, 1, 2])` is `[1, 2, 3]`
 */
export const sort = op('sort', function sort(x: TensorLike, axis = -1, direction: Direction = 'ASCENDING'): Tensor {
  const given = toTensor(x, 'sort');
  const descending = isDescending(direction, 'sort');
  const sorted = withLastAxis(toNumeric(given, 'sort'), axis, 'sort', (value) =>
    p.gatherAlong(value, p.argsort(value, descending), value.rank - 1),
  );
  return p.cast(sorted, given.dtype);
});

/**
 * The places of the elements in order along `axis`, int32: `tf.gatherAlong(x, tf.argsort(x))` is sorted. Equal elements keep their
 * order in either direction; NaN counts as the greatest.
 *
 * @example `tf.argsort([3, 1, 2])` is `[1, 2, 0]`
 */
export const argsort = op(
  'argsort',
  function argsort(x: TensorLike, axis = -1, direction: Direction = 'ASCENDING'): Tensor {
    const descending = isDescending(direction, 'argsort');
    return withLastAxis(toNumeric(x, 'argsort'), axis, 'argsort', (value) => p.argsort(value, descending));
  },
);

/**
 * For each value how many of a sorted sequence come before it: where it would be inserted.
 *
 * @param sortedSequence `[..., n]`, ascending along the last axis.
 * @param values `[..., m]`; for a sequence that is a vector, of any shape.
 * @param side `'left'`: before equal elements; `'right'`: after them.
 * @returns int32, of the shape of `values`
 * @example `tf.searchSorted([1, 3, 5], [3, 4])` is `[1, 2]`
 */
export const searchSorted = op(
  'searchSorted',
  function searchSorted(sortedSequence: TensorLike, values: TensorLike, side: 'left' | 'right' = 'left'): Tensor {
    if (side !== 'left' && side !== 'right')
      throw new ArgumentError(`searchSorted: expected side 'left' or 'right', got ${JSON.stringify(side)}.`);
    const [sorted, wanted] = toPair(sortedSequence, values, 'searchSorted');
    if (sorted.rank !== 1) return p.searchSorted(sorted, wanted, side === 'right');
    return p.reshape(p.searchSorted(sorted, p.reshape(wanted, [wanted.size]), side === 'right'), wanted.shape);
  },
);
/**
 * {@link searchSorted} from the left: the first place whose element is not less than the value.
 *
 * @example `tf.lowerBound([1, 3, 3, 5], [3])` is `[1]`
 */
export const lowerBound = op('lowerBound', (sortedSequence: TensorLike, values: TensorLike): Tensor =>
  searchSorted(sortedSequence, values, 'left'),
);
/**
 * {@link searchSorted} from the right: the first place whose element is greater than the value.
 *
 * @example `tf.upperBound([1, 3, 3, 5], [3])` is `[3]`
 */
export const upperBound = op('upperBound', (sortedSequence: TensorLike, values: TensorLike): Tensor =>
  searchSorted(sortedSequence, values, 'right'),
);

/**
 * The number of the bucket of each element, int32.
 *
 * @param boundaries Ascending; a value equal to one lies in the bucket after it.
 * @example `tf.bucketize([-5, 10, 150], [0, 10, 100])` is `[0, 2, 3]`
 */
export const bucketize = op('bucketize', (x: TensorLike, boundaries: readonly number[]): Tensor =>
  searchSorted(boundaries.length > 0 ? boundaries : toTensor([], 'bucketize', 'float32'), x, 'right'),
);

/**
 * Whether each target is among the `k` largest predictions; ties with the last of them count.
 *
 * @param predictions `[..., classes]` @param targets `[...]`, class numbers
 * @returns bool, of the shape of `targets`; false for a class that is not there, and where a prediction is not finite
 * @example `tf.inTopK([[0.1, 0.7, 0.2]], [2], 2)` is `[true]`
 */
export const inTopK = op('inTopK', function inTopK(predictions: TensorLike, targets: TensorLike, k = 1): Tensor {
  const scores = toNumeric(predictions, 'inTopK');
  const classes = p.cast(toTensor(targets, 'inTopK', 'int32'), 'int32');
  const count = scores.shape[scores.rank - 1];
  if (scores.rank === 0) throw new ShapeError('inTopK: expected predictions of shape [..., classes], got a scalar.');
  if (!shapesEqual(classes.shape, scores.shape.slice(0, -1)))
    throw new ShapeError(
      `inTopK: predictions of shape ${formatShape(scores.shape)} need targets of shape ${formatShape(scores.shape.slice(0, -1))}, ` +
        `but they came with ${formatShape(classes.shape)}.`,
    );
  if (!Number.isInteger(k) || k < 1) throw new ArgumentError(`inTopK: expected k to be 1 or more, got ${k}.`);
  const zero = scalarLike(0, classes);
  const exists = p.logicalAnd(p.greaterEqual(classes, zero), p.less(classes, scalarLike(count, classes)));
  const places = p.reshape(p.select(exists, classes, zero), [...classes.shape, 1]);
  const own = p.gatherAlong(scores, places, scores.rank - 1);
  const better = p.sum(p.cast(p.greater(scores, own), 'int32'), -1);
  const known = p.less(p.abs(p.cast(scores, 'float64')), scalarLike(Infinity, p.cast(own, 'float64')));
  const unknown = p.sum(p.cast(p.logicalNot(known), 'int32'), -1);
  const isFinite = p.less(unknown, scalarLike(1, unknown));
  return p.logicalAnd(p.logicalAnd(exists, isFinite), p.less(better, scalarLike(k, better)));
});
/** {@link inTopK}, as TensorFlow.js has it. */
export async function inTopKAsync(predictions: TensorLike, targets: TensorLike, k = 1): Promise<Tensor> {
  return inTopK(predictions, targets, k);
}

/**
 * The permutation that undoes another one: `inverse[x[i]] = i`. @param x Each of 0, 1, ..., n - 1 once.
 *
 * @example `tf.invertPermutation([2, 0, 1])` is `[1, 2, 0]`
 */
export const invertPermutation = op('invertPermutation', function invertPermutation(x: TensorLike): Tensor {
  const value = toTensor(x, 'invertPermutation', 'int32');
  if (value.rank !== 1)
    throw new ShapeError(`invertPermutation: expected a vector, got shape ${formatShape(value.shape)}.`);
  return p.cast(p.argsort(value, false), value.dtype);
});

/** Whether every neighbour of the flattened tensor is in order, a bool scalar. */
function inOrder(x: TensorLike, operation: string, compare: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const value = toNumeric(x, operation);
  const flat = p.reshape(value, [value.size]);
  const pairs = Math.max(0, value.size - 1);
  const holds = compare(p.slice(flat, [0], [pairs]), p.slice(flat, [Math.min(1, value.size)], [pairs]));
  const wrong = p.sum(p.cast(p.logicalNot(holds), 'int32'));
  return p.equal(wrong, scalarLike(0, wrong));
}
/**
 * Whether no element, row by row, is less than the one before it.
 *
 * @example `tf.isNonDecreasing([1, 1, 2])` is `true`
 */
export const isNonDecreasing = op('isNonDecreasing', (x: TensorLike): Tensor =>
  inOrder(x, 'isNonDecreasing', p.lessEqual),
);
/**
 * Whether each element, row by row, is greater than the one before it.
 *
 * @example `tf.isStrictlyIncreasing([1, 1, 2])` is `false`
 */
export const isStrictlyIncreasing = op('isStrictlyIncreasing', (x: TensorLike): Tensor =>
  inOrder(x, 'isStrictlyIncreasing', p.less),
);
