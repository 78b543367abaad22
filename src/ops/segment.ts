/** @file Reductions of slices by the number of the segment each belongs to. */
import * as p from '../primitives/calls.ts';
import { exactIntegerRange, isFloating } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toTensor } from './convert.ts';
import { hostNumbers } from './data-dependent.ts';
import { op } from '../symbolic/op.ts';

/** Slices, the segment of each, and a segment more, where those go that belong to none: those of negative number. */
interface Segments {
  readonly rows: Tensor;
  readonly ids: Tensor;
  readonly count: number;
  readonly inner: Shape;
}

function toSegments(value: Tensor, segmentIds: TensorLike, numSegments: number, operation: string): Segments {
  const ids = p.cast(toTensor(segmentIds, operation, 'int32'), 'int32');
  if (!shapesEqual(value.shape.slice(0, ids.rank), ids.shape))
    throw new ShapeError(
      `${operation}: the shape of x, ${formatShape(value.shape)}, must begin with that of the segment ids, ${formatShape(ids.shape)}.`,
    );
  if (!Number.isInteger(numSegments) || numSegments < 0)
    throw new ArgumentError(
      `${operation}: expected numSegments to be a whole number of 0 or more, got ${numSegments}.`,
    );
  const inner = value.shape.slice(ids.rank);
  const flat = p.reshape(ids, [ids.size]);
  const dropped = p.less(flat, scalarLike(0, flat));
  return {
    rows: p.reshape(value, [ids.size, ...inner]),
    ids: p.select(dropped, scalarLike(numSegments, flat), flat),
    count: numSegments,
    inner,
  };
}

const withoutDropped = (x: Tensor, { count, inner }: Segments): Tensor =>
  p.slice(x, x.shape.map(() => 0), [count, ...inner]); // prettier-ignore

const summed = (segments: Segments): Tensor =>
  withoutDropped(p.scatterAdd(segments.rows, segments.ids, 0, segments.count + 1), segments);

/** How many slices each segment has, to divide by: 1 where it has none. */
function counts({ rows, ids, count, inner }: Segments): Tensor {
  const one = p.cast(scalarLike(1, rows), rows.dtype === 'complex64' ? 'float32' : rows.dtype);
  const counted = p.slice(p.scatterAdd(p.broadcastTo(one, ids.shape), ids, 0, count + 1), [0], [count]);
  const least = p.cast(p.maximum(counted, one), rows.dtype);
  return p.reshape(least, [count, ...inner.map(() => 1)]);
}

function joined(segments: Segments, reduction: 'mul' | 'min' | 'max', start: number | bigint): Tensor {
  const { rows, ids, count, inner } = segments;
  const base = p.broadcastTo(toTensor(start, reduction, rows.dtype), [count + 1, ...inner]);
  return withoutDropped(p.scatterReduce(base, ids, rows, reduction), segments);
}

/** The least and the greatest finite number of a dtype: what TensorFlow gives for segments without elements. */
function extremes({ dtype }: Tensor): readonly [number | bigint, number | bigint] {
  if (!isFloating(dtype)) return exactIntegerRange(dtype);
  const greatest = dtype === 'float16' ? 65504 : dtype === 'float32' ? 2 ** 127 * (2 - 2 ** -23) : Number.MAX_VALUE;
  return [-greatest, greatest];
}

type Reduce = (segments: Segments) => Tensor;
const sumOf: Reduce = summed;
const meanOf: Reduce = (segments) => p.div(summed(segments), counts(segments));
const sqrtNOf: Reduce = (segments) => p.div(summed(segments), p.sqrt(counts(segments)));
const prodOf: Reduce = (segments) => joined(segments, 'mul', 1);
const maxOf: Reduce = (segments) => joined(segments, 'max', extremes(segments.rows)[0]);
const minOf: Reduce = (segments) => joined(segments, 'min', extremes(segments.rows)[1]);

type Unsorted = (x: TensorLike, segmentIds: TensorLike, numSegments: number) => Tensor;
const toNumeric = (x: TensorLike, operation: string): Tensor => {
  const value = toTensor(x, operation);
  return value.dtype === 'bool' ? p.cast(value, 'int32') : value;
};
const unsorted =
  (operation: string, reduce: Reduce, convert = toNumeric): Unsorted =>
  (x, segmentIds, numSegments) =>
    reduce(toSegments(convert(x, operation), segmentIds, numSegments, operation));

/**
 * The sum of the slices of each segment.
 *
 * @param segmentIds The segment of each slice; their shape is what that of `x` begins with. Negative ones are left out.
 * @returns Shape `[numSegments] + x.shape[segmentIds.rank..]`; 0 for a segment without slices.
 * @example `tf.unsortedSegmentSum([1, 2, 3], [0, 1, 0], 2)` is `[4, 2]`
 */
export const unsortedSegmentSum: Unsorted = op('unsortedSegmentSum', unsorted('unsortedSegmentSum', sumOf));
/**
 * The mean of the slices of each segment, as {@link unsortedSegmentSum}; integers give float32.
 *
 * @example `tf.unsortedSegmentMean([1, 2, 3], [0, 1, 0], 2)` is `[2, 2]`
 */
export const unsortedSegmentMean: Unsorted = op(
  'unsortedSegmentMean',
  unsorted('unsortedSegmentMean', meanOf, toFloat),
);
/**
 * The sum of the slices of each segment over the root of their number, as {@link unsortedSegmentSum}.
 *
 * @example `tf.unsortedSegmentSqrtN([1, 2, 3], [0, 1, 0], 2)` is `[2.828, 2]`
 */
export const unsortedSegmentSqrtN: Unsorted = op(
  'unsortedSegmentSqrtN',
  unsorted('unsortedSegmentSqrtN', sqrtNOf, toFloat),
);
/**
 * The product of the slices of each segment, as {@link unsortedSegmentSum}; 1 for a segment without slices.
 *
 * @example `tf.unsortedSegmentProd([2, 4, 3], [0, 1, 0], 2)` is `[6, 4]`
 */
export const unsortedSegmentProd: Unsorted = op('unsortedSegmentProd', unsorted('unsortedSegmentProd', prodOf));
/**
 * The largest slices of each segment, as {@link unsortedSegmentSum}; the dtype's least number for a segment without.
 *
 * @example `tf.unsortedSegmentMax([1, 2, 3], [0, 1, 0], 2)` is `[3, 2]`
 */
export const unsortedSegmentMax: Unsorted = op('unsortedSegmentMax', unsorted('unsortedSegmentMax', maxOf));
/**
 * The smallest slices of each segment, as {@link unsortedSegmentSum}; the dtype's greatest number for a segment without.
 *
 * @example `tf.unsortedSegmentMin([1, 2, 3], [0, 1, 0], 2)` is `[1, 2]`
 */
export const unsortedSegmentMin: Unsorted = op('unsortedSegmentMin', unsorted('unsortedSegmentMin', minOf));

type Sorted = (x: TensorLike, segmentIds: TensorLike, numSegments?: number) => Tensor;

/** How many segments ascending ids name. @throws ArgumentError where they do not ascend */
function segmentsOf(ids: Tensor, operation: string): number {
  const numbers = hostNumbers(ids, operation);
  for (let i = 1; i < numbers.length; i++)
    if (!(numbers[i] >= numbers[i - 1]))
      throw new ArgumentError(
        `${operation}: expected ascending segment ids, but ${numbers[i]} follows ${numbers[i - 1]}; tf.unsorted${operation[0].toUpperCase()}${operation.slice(1)} takes any order.`,
      );
  return numbers.length === 0 ? 0 : numbers[numbers.length - 1] + 1;
}

/** Segments whose ids ascend: those without slices are 0, or 1 of products. */
const sorted =
  (operation: string, reduce: Reduce, convert = toNumeric): Sorted =>
  (x, segmentIds, numSegments) => {
    const ids = toTensor(segmentIds, operation, 'int32');
    if (ids.rank !== 1)
      throw new ShapeError(`${operation}: expected a vector of segment ids, got shape ${formatShape(ids.shape)}.`);
    const segments = toSegments(convert(x, operation), ids, numSegments ?? segmentsOf(ids, operation), operation);
    const result = reduce(segments);
    if (reduce !== maxOf && reduce !== minOf) return result;
    const ones = p.broadcastTo(scalarLike(1, segments.ids), segments.ids.shape);
    const counted = p.slice(p.scatterAdd(ones, segments.ids, 0, segments.count + 1), [0], [segments.count]);
    const isEmpty = p.reshape(p.equal(counted, scalarLike(0, counted)), [
      segments.count,
      ...segments.inner.map(() => 1),
    ]);
    return p.select(isEmpty, scalarLike(0, result), result);
  };

/**
 * The sum of the slices of each segment, of ascending numbers.
 *
 * @param segmentIds A vector with the segment of each slice along the first axis, ascending.
 * @param numSegments By default the last id plus 1, which is read from the tensor: in a traced function give it.
 * @returns Shape `[numSegments] + x.shape[1..]`; 0 for a segment without slices.
 * @example `tf.segmentSum([1, 2, 3], [0, 0, 1])` is `[3, 3]`
 */
export const segmentSum: Sorted = op('segmentSum', sorted('segmentSum', sumOf));
/**
 * The mean of the slices of each segment, as {@link segmentSum}; integers give float32.
 *
 * @example `tf.segmentMean([1, 2, 3], [0, 0, 1])` is `[1.5, 3]`
 */
export const segmentMean: Sorted = op('segmentMean', sorted('segmentMean', meanOf, toFloat));
/**
 * The product of the slices of each segment, as {@link segmentSum}; 1 for a segment without slices.
 *
 * @example `tf.segmentProd([2, 4, 3], [0, 0, 1])` is `[8, 3]`
 */
export const segmentProd: Sorted = op('segmentProd', sorted('segmentProd', prodOf));
/**
 * The largest slices of each segment, as {@link segmentSum}. Equal ones share the gradient.
 *
 * @example `tf.segmentMax([1, 2, 3], [0, 0, 1])` is `[2, 3]`
 */
export const segmentMax: Sorted = op('segmentMax', sorted('segmentMax', maxOf));
/**
 * The smallest slices of each segment, as {@link segmentSum}. Equal ones share the gradient.
 *
 * @example `tf.segmentMin([1, 2, 3], [0, 0, 1])` is `[1, 3]`
 */
export const segmentMin: Sorted = op('segmentMin', sorted('segmentMin', minOf));
