/** @file Arithmetic with sparse tensors: sums, reductions, products, lookups. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxes, reducedShape, shapesEqual, sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toPair, toTensor } from '../convert.ts';
import { hostNumbers } from '../data-dependent.ts';
import { hostTensor } from '../host-tensor.ts';
import type { Axis } from '../reduction.ts';
import { SparseTensor, flatPlaces, fromRows, indexRows, placesOf } from './sparse-tensor.ts';
import { op } from '../../symbolic/op.ts';

/** Column `axis` of indices, int32 [n]. */
const column = (x: SparseTensor, axis: number): Tensor => p.reshape(p.slice(x.indices, [0, axis], [x.nnz, 1]), [x.nnz]);

/** Two sparse tensors over the places of both: their values there, zeros where one has none. */
function united(a: SparseTensor, b: SparseTensor, operation: string) {
  if (!shapesEqual(a.denseShape, b.denseShape))
    throw new ShapeError(
      `${operation}: expected tensors of one shape, got ${formatShape(a.denseShape)} and ${formatShape(b.denseShape)}.`,
    );
  const [left, right] = toPair(a.values, b.values, operation);
  const rows = [...indexRows(a, operation), ...indexRows(b, operation)];
  const places = placesOf(rows, a.denseShape);
  const sorted = [...new Set(places)].sort((x, y) => x - y);
  const number = new Map(sorted.map((place, i) => [place, i]));
  const first = new Map(places.map((place, i) => [place, i] as const).reverse());
  const group = places.map((place) => number.get(place)!);
  const spread = (values: Tensor, ids: readonly number[]): Tensor =>
    p.scatterAdd(values, hostTensor(ids), 0, sorted.length);
  const indices = hostTensor(sorted.flatMap((place) => rows[first.get(place)!]), [sorted.length, a.rank]); // prettier-ignore
  return { indices, left: spread(left, group.slice(0, a.nnz)), right: spread(right, group.slice(a.nnz)) };
}

/**
 * The sum of two sparse tensors, sparse; or of a sparse and a dense one, dense.
 *
 * @example `tf.sparse.add(tf.sparse.fromDense([0, 2]), tf.sparse.fromDense([1, 3]))` is `[1, 5]`
 */
export function add(a: SparseTensor, b: SparseTensor): SparseTensor;
export function add(a: SparseTensor | TensorLike, b: SparseTensor | TensorLike): SparseTensor | Tensor;
export function add(a: SparseTensor | TensorLike, b: SparseTensor | TensorLike): SparseTensor | Tensor {
  if (a instanceof SparseTensor && b instanceof SparseTensor) {
    const { indices, left, right } = united(a, b, 'sparse.add');
    return new SparseTensor(indices, p.add(left, right), a.denseShape);
  }
  const dense = (x: SparseTensor | TensorLike): TensorLike => (x instanceof SparseTensor ? x.toDense() : x);
  return p.add(...toPair(dense(a), dense(b), 'sparse.add'));
}

/**
 * The larger element at each place of either; what has no place is 0.
 *
 * @example `tf.sparse.maximum(tf.sparse.fromDense([0, 2]), tf.sparse.fromDense([1, 1]))` is `[1, 2]`
 */
export const maximum = op('sparse.maximum', function maximum(a: SparseTensor, b: SparseTensor): SparseTensor {
  const { indices, left, right } = united(a, b, 'sparse.maximum');
  return new SparseTensor(indices, p.maximum(left, right), a.denseShape);
});

/**
 * The smaller element at each place of either; what has no place is 0.
 *
 * @example `tf.sparse.minimum(tf.sparse.fromDense([0, 2]), tf.sparse.fromDense([1, 1]))` is `[0, 1]`
 */
export const minimum = op('sparse.minimum', function minimum(a: SparseTensor, b: SparseTensor): SparseTensor {
  const { indices, left, right } = united(a, b, 'sparse.minimum');
  return new SparseTensor(indices, p.minimum(left, right), a.denseShape);
});

/**
 * Elements times those of a dense tensor, which broadcasts to the shape: sparse again.
 *
 * @example `tf.sparse.mul(tf.sparse.fromDense([0, 2]), [5, 3])` is `[0, 6]`
 */
export const mul = op('sparse.mul', function mul(x: SparseTensor, dense: TensorLike): SparseTensor {
  const [values, factor] = toPair(x.values, dense, 'sparse.mul');
  const whole = p.reshape(p.broadcastTo(factor, x.denseShape), [sizeOf(x.denseShape)]);
  return x.withValues(p.mul(values, p.gather(whole, flatPlaces(x.indices, x.denseShape), 0)));
});

/** For each value the place of its sum after a reduction, and how many sums there are. */
function reducedPlaces(x: SparseTensor, axes: readonly number[]): { places: Tensor; size: number } {
  const rest = x.denseShape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const shape = rest.map((axis) => x.denseShape[axis]);
  if (rest.length === 0) return { places: p.broadcastTo(hostTensor([0], []), [x.nnz]), size: 1 };
  return { places: flatPlaces(p.gather(x.indices, hostTensor(rest), 1), shape), size: sizeOf(shape) };
}

/**
 * The sum over `axis` (all by default), dense.
 *
 * @example `tf.sparse.reduceSum(tf.sparse.fromDense([[0, 2], [3, 4]]), 1)` is `[2, 7]`
 */
export const reduceSum = op(
  'sparse.reduceSum',
  function reduceSum(x: SparseTensor, axis: Axis = null, keepDims = false): Tensor {
    const axes = normalizeAxes(axis, x.rank, 'sparse.reduceSum');
    const { places, size } = reducedPlaces(x, axes);
    return p.reshape(p.scatterAdd(x.values, places, 0, size), reducedShape(x.denseShape, axes, keepDims));
  },
);

/** The largest of the values of each group, 0 for a group without any. */
function groupMaxima(values: Tensor, groups: ArrayLike<number>, count: number): Tensor {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < groups.length; i++) lists[groups[i]].push(i);
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 1);
  // Behind the values stands a 0 for empty groups; shorter groups repeat their first value.
  const none = values.shape[0];
  const places = lists.flatMap((list) => Array.from({ length: longest }, (_, i) => list[i] ?? list[0] ?? none));
  const padded = p.concat([values, p.reshape(scalarLike(0, values), [1])], 0);
  return p.max(p.gather(padded, hostTensor(places, [count, longest]), 0), [1]);
}

/**
 * The largest of the values that have a place, over `axis` (all by default), dense; 0 where there is none.
 *
 * @example `tf.sparse.reduceMax(tf.sparse.fromDense([[0, 2], [3, 4]]), 1)` is `[2, 4]`
 */
export const reduceMax = op(
  'sparse.reduceMax',
  function reduceMax(x: SparseTensor, axis: Axis = null, keepDims = false): Tensor {
    const axes = normalizeAxes(axis, x.rank, 'sparse.reduceMax');
    const { places, size } = reducedPlaces(x, axes);
    const maxima = groupMaxima(x.values, hostNumbers(places, 'sparse.reduceMax'), size);
    return p.reshape(maxima, reducedShape(x.denseShape, axes, keepDims));
  },
);

/**
 * The softmax of the values of each row along the last axis; what has no place stays without one.
 *
 * @example `tf.sparse.softmax(tf.sparse.fromDense([[0, 2], [3, 3]]))` is `[[0, 1], [0.5, 0.5]]`
 */
export const softmax = op('sparse.softmax', function softmax(x: SparseTensor): SparseTensor {
  if (x.rank < 2)
    throw new ShapeError(`sparse.softmax: expected a tensor of rank 2 or more, got ${formatShape(x.denseShape)}.`);
  const values = toFloat(x.values, 'sparse.softmax');
  const { places, size } = reducedPlaces(x, [x.rank - 1]);
  const maxima = p.stopGradient(groupMaxima(values, hostNumbers(places, 'sparse.softmax'), size));
  const powers = p.exp(p.sub(values, p.gather(maxima, places, 0)));
  return x.withValues(p.div(powers, p.gather(p.scatterAdd(powers, places, 0, size), places, 0)));
});

/**
 * The product of a sparse matrix and a dense one (or the other way round), dense, with gradients at both.
 *
 * @param a `[m, n]`
 * @param b `[n, k]`
 * @param adjointA Whether to transpose the first operand first.
 * @param adjointB Whether to transpose the second one first.
 * @example `tf.sparse.sparseDenseMatMul(tf.sparse.fromDense([[0, 2]]), [[3], [4]])` is `[[8]]`
 */
export const sparseDenseMatMul = op(
  'sparse.sparseDenseMatMul',
  function sparseDenseMatMul(
    a: SparseTensor | TensorLike,
    b: SparseTensor | TensorLike,
    adjointA = false,
    adjointB = false,
  ): Tensor {
    const operation = 'sparse.sparseDenseMatMul';
    if (!(a instanceof SparseTensor)) {
      if (!(b instanceof SparseTensor))
        throw new ArgumentError(`${operation}: expected a SparseTensor as one of the operands, got two dense ones.`);
      // a·b = (bᵀ·aᵀ)ᵀ
      return p.transpose(sparseDenseMatMul(b, a, !adjointB, !adjointA), [1, 0]);
    }
    if (b instanceof SparseTensor)
      throw new ArgumentError(`${operation}: expected a dense tensor beside the sparse one; use tf.sparse.toDense().`);
    const [values, given] = toPair(a.values, b, operation);
    const dense = adjointB && given.rank === 2 ? p.transpose(given, [1, 0]) : given;
    const [rowAxis, columnAxis] = adjointA ? [1, 0] : [0, 1];
    if (a.rank !== 2 || dense.rank !== 2 || dense.shape[0] !== a.denseShape[columnAxis])
      throw new ShapeError(
        `${operation}: matrices of shape ${formatShape(a.denseShape)}${adjointA ? ' (transposed)' : ''} and ${formatShape(given.shape)}${adjointB ? ' (transposed)' : ''} do not fit.`,
      );
    const rows = p.gather(dense, column(a, columnAxis), 0);
    const products = p.mul(rows, p.reshape(values, [a.nnz, 1]));
    return p.scatterAdd(products, column(a, rowAxis), 0, a.denseShape[rowAxis]);
  },
);

/**
 * The product of two sparse matrices, sparse: only places that get a product have a value.
 *
 * @example `tf.sparse.sparseMatMul(tf.sparse.fromDense([[0, 2]]), tf.sparse.fromDense([[3], [4]]))` is `[[8]]`
 */
export const sparseMatMul = op(
  'sparse.sparseMatMul',
  function sparseMatMul(a: SparseTensor, b: SparseTensor): SparseTensor {
    const operation = 'sparse.sparseMatMul';
    if (a.rank !== 2 || b.rank !== 2 || a.denseShape[1] !== b.denseShape[0])
      throw new ShapeError(
        `${operation}: matrices of shape ${formatShape(a.denseShape)} and ${formatShape(b.denseShape)} do not fit.`,
      );
    const [left, right] = toPair(a.values, b.values, operation);
    const rowsOfB = new Map<number, { column: number; place: number }[]>();
    indexRows(b, operation).forEach(([row, at], place) => rowsOfB.set(row, [...(rowsOfB.get(row) ?? []), { column: at, place }])); // prettier-ignore
    const pairs = indexRows(a, operation).flatMap(([row, inner], place) =>
      (rowsOfB.get(inner) ?? []).map((other) => ({ row: [row, other.column], left: place, right: other.place })),
    );
    const shape = [a.denseShape[0], b.denseShape[1]];
    const pick = (values: Tensor, places: readonly number[]): Tensor => p.gather(values, hostTensor(places), 0);
    const products = p.mul(pick(left, pairs.map((pair) => pair.left)), pick(right, pairs.map((pair) => pair.right))); // prettier-ignore
    const places = placesOf(pairs.map(({ row }) => row), shape); // prettier-ignore
    const distinct = [...new Set(places)];
    const number = new Map(distinct.map((place, i) => [place, i]));
    const sums = p.scatterAdd(products, hostTensor(places.map((place) => number.get(place)!)), 0, distinct.length);
    const rows = distinct.map((place) => [Math.floor(place / shape[1]), place % shape[1]]);
    return fromRows(rows, rows.map((_, i) => i), sums, shape); // prettier-ignore
  },
);

type Combiner = 'sum' | 'mean' | 'sqrtn';

/** Rows of `data` at `indices`, combined by segments. */
function combineSegments(
  data: TensorLike,
  indices: TensorLike,
  segmentIds: TensorLike,
  numSegments: number | undefined,
  combiner: Combiner,
  operation: string,
): Tensor {
  const table = combiner === 'sum' ? toTensor(data, operation) : toFloat(data, operation);
  const [places, segments] = [indices, segmentIds].map((x) => p.cast(toTensor(x, operation, 'int32'), 'int32'));
  if (table.rank === 0 || places.rank !== 1 || !shapesEqual(places.shape, segments.shape))
    throw new ShapeError(
      `${operation}: expected data of rank 1 or more, and as many indices as segmentIds, got ${formatShape(table.shape)}, ${formatShape(places.shape)} and ${formatShape(segments.shape)}.`,
    );
  const count =
    numSegments ?? Array.from(hostNumbers(segments, operation)).reduce((most, id) => Math.max(most, id), -1) + 1;
  const sums = p.scatterAdd(p.gather(table, places, 0), segments, 0, count);
  if (combiner === 'sum') return sums;
  const ones = p.broadcastTo(scalarLike(1, table), segments.shape);
  const sizes = p.maximum(p.scatterAdd(ones, segments, 0, count), scalarLike(1, table));
  const divisor = combiner === 'mean' ? sizes : p.sqrt(sizes);
  return p.div(sums, p.reshape(divisor, [count, ...new Array<number>(table.rank - 1).fill(1)]));
}

/**
 * The sum of the rows of `data` at `indices`, by segments.
 *
 * @param segmentIds For each index the number of its segment.
 * @param numSegments How many; one more than the largest number by default. Segments without rows are 0.
 * @example `tf.sparse.segmentSum([[1], [2], [3]], [0, 2], [0, 0])` is `[[4]]`
 */
export const segmentSum = op(
  'sparse.segmentSum',
  (data: TensorLike, indices: TensorLike, segmentIds: TensorLike, numSegments?: number): Tensor =>
    combineSegments(data, indices, segmentIds, numSegments, 'sum', 'sparse.segmentSum'),
);
/**
 * The mean instead of the sum; see {@link segmentSum}.
 *
 * @example `tf.sparse.segmentMean([[1], [2], [3]], [0, 2], [0, 0])` is `[[2]]`
 */
export const segmentMean = op(
  'sparse.segmentMean',
  (data: TensorLike, indices: TensorLike, segmentIds: TensorLike, numSegments?: number): Tensor =>
    combineSegments(data, indices, segmentIds, numSegments, 'mean', 'sparse.segmentMean'),
);
/**
 * The sum by the root of the number of rows; see {@link segmentSum}.
 *
 * @example `tf.sparse.segmentSqrtN([[1], [2], [3]], [0, 2], [0, 0])` is `[[2.828]]`
 */
export const segmentSqrtN = op(
  'sparse.segmentSqrtN',
  (data: TensorLike, indices: TensorLike, segmentIds: TensorLike, numSegments?: number): Tensor =>
    combineSegments(data, indices, segmentIds, numSegments, 'sqrtn', 'sparse.segmentSqrtN'),
);

/**
 * {@link segmentSum}, by TensorFlow.js's name.
 *
 * @example `tf.sparse.sparseSegmentSum([[1], [2], [3]], [0, 2], [0, 0])` is `[[4]]`
 */
export const sparseSegmentSum = op(
  'sparse.sparseSegmentSum',
  (data: TensorLike, indices: TensorLike, segmentIds: TensorLike): Tensor =>
    combineSegments(data, indices, segmentIds, undefined, 'sum', 'sparse.sparseSegmentSum'),
);
/**
 * {@link segmentMean}, by TensorFlow.js's name.
 *
 * @example `tf.sparse.sparseSegmentMean([[1], [2], [3]], [0, 2], [0, 0])` is `[[2]]`
 */
export const sparseSegmentMean = op(
  'sparse.sparseSegmentMean',
  (data: TensorLike, indices: TensorLike, segmentIds: TensorLike): Tensor =>
    combineSegments(data, indices, segmentIds, undefined, 'mean', 'sparse.sparseSegmentMean'),
);

/**
 * Embeddings of several ids a row, combined to one.
 *
 * @param params The table, `[vocabulary, ...]`.
 * @param spIds `[batch, n]`: the ids of each row.
 * @param spWeights A weight for each id, at the same places; 1 by default.
 * @param combiner `'mean'` divides by the sum of the weights, `'sqrtn'` by the root of the sum of their squares.
 * @returns `[batch, ...]`, 0 for rows without ids.
 */
export const embeddingLookupSparse = op(
  'sparse.embeddingLookupSparse',
  function embeddingLookupSparse(
    params: TensorLike,
    spIds: SparseTensor,
    spWeights: SparseTensor | null = null,
    combiner: Combiner = 'mean',
  ): Tensor {
    const operation = 'sparse.embeddingLookupSparse';
    const table = toFloat(params, operation);
    if (!['sum', 'mean', 'sqrtn'].includes(combiner))
      throw new ArgumentError(
        `${operation}: expected combiner 'sum', 'mean' or 'sqrtn', got ${JSON.stringify(combiner)}.`,
      );
    if (spWeights && spWeights.nnz !== spIds.nnz)
      throw new ShapeError(`${operation}: ${spIds.nnz} ids have ${spWeights.nnz} weights; expected one for each.`);
    const rows = column(spIds, 0);
    const size = spIds.denseShape[0];
    const weights = spWeights
      ? p.cast(spWeights.values, table.dtype)
      : p.broadcastTo(scalarLike(1, table), [spIds.nnz]);
    const inner = new Array<number>(table.rank - 1).fill(1);
    const embeddings = p.gather(table, p.cast(spIds.values, 'int32'), 0);
    const sums = p.scatterAdd(p.mul(embeddings, p.reshape(weights, [spIds.nnz, ...inner])), rows, 0, size);
    if (combiner === 'sum') return sums;
    const total = p.scatterAdd(combiner === 'mean' ? weights : p.square(weights), rows, 0, size);
    const isEmpty = p.equal(total, scalarLike(0, total));
    const safe = p.select(isEmpty, scalarLike(1, total), total);
    return p.div(sums, p.reshape(combiner === 'mean' ? safe : p.sqrt(safe), [size, ...inner]));
  },
);
