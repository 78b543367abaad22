/** @file Sparse tensors from dense ones and back, and their values looked at. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { type Shape, formatShape, stridesOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toTensor } from '../convert.ts';
import { hostNumbers } from '../data-dependent.ts';
import { hostTensor } from '../host-tensor.ts';
import { SparseTensor, flatPlaces, fromRows, indexRows, scatterDense } from './sparse-tensor.ts';
import { op } from '../../symbolic/op.ts';

/** The elements that are not 0. @example tf.sparse.fromDense([[0, 5], [7, 0]]).nnz // 2 */
export const fromDense = op('sparse.fromDense', function fromDense(tensor: TensorLike): SparseTensor {
  const x = toTensor(tensor, 'sparse.fromDense');
  const numbers = hostNumbers(x, 'sparse.fromDense');
  const places = Array.from(numbers, (_, i) => i).filter((i) => numbers[i] !== 0);
  const strides = stridesOf(x.shape);
  const rows = places.flatMap((place) => strides.map((stride, axis) => Math.floor(place / stride) % x.shape[axis]));
  const values = p.gather(p.reshape(x, [x.size]), hostTensor(places), 0);
  return new SparseTensor(hostTensor(rows, [places.length, x.rank]), values, x.shape);
});

/**
 * The whole tensor. @param defaultValue What stands where there is no value.
 *
 * @example `tf.sparse.toDense(tf.sparse.fromDense([0, 2]), 7)` is `[7, 2]`
 */
export const toDense = op('sparse.toDense', (x: SparseTensor, defaultValue: number | boolean = 0): Tensor =>
  x.toDense(defaultValue),
);

/**
 * A tensor with values at places and a default elsewhere.
 *
 * @param sparseIndices A number, `[n]` or `[n, rank]`, each place once.
 * @param sparseValues One for all places, or one for each.
 * @param outputShape Shape of the result.
 * @example tf.sparseToDense([4, 5, 6], [10, 11, 12], [8]) // [0, 0, 0, 0, 10, 11, 12, 0]
 */
export const sparseToDense = op(
  'sparseToDense',
  function sparseToDense(
    sparseIndices: TensorLike,
    sparseValues: TensorLike,
    outputShape: Shape,
    defaultValue: TensorLike = 0,
  ): Tensor {
    const given = p.cast(toTensor(sparseIndices, 'sparseToDense', 'int32'), 'int32');
    const values = toTensor(sparseValues, 'sparseToDense');
    if (given.rank > 2 || (given.rank === 2 ? given.shape[1] : 1) !== outputShape.length)
      throw new ShapeError(
        `sparseToDense: expected sparseIndices [n, ${outputShape.length}] for outputShape ${formatShape(outputShape)}, got ${formatShape(given.shape)}.`,
      );
    const count = given.rank === 0 ? 1 : given.shape[0];
    if (values.rank > 1 || (values.rank === 1 && values.shape[0] !== count))
      throw new ShapeError(
        `sparseToDense: expected one value or ${count} of them, got shape ${formatShape(values.shape)}.`,
      );
    const fallback = p.cast(toTensor(defaultValue, 'sparseToDense'), values.dtype);
    if (fallback.rank !== 0)
      throw new ShapeError(`sparseToDense: expected defaultValue to be a scalar, got ${formatShape(fallback.shape)}.`);
    const indices = p.reshape(given, [count, outputShape.length]);
    const filled = scatterDense(indices, p.broadcastTo(values, [count]), outputShape, 0);
    const isThere = scatterDense(indices, p.broadcastTo(hostTensor([1], [], 'bool'), [count]), outputShape, 0);
    return p.select(isThere, filled, fallback);
  },
);

/** The same elements in row-major order of their places. */
export const reorder = op('sparse.reorder', function reorder(x: SparseTensor): SparseTensor {
  const rows = indexRows(x, 'sparse.reorder');
  return fromRows(rows, rows.map((_, i) => i), x.values, x.denseShape); // prettier-ignore
});

/**
 * Only the elements for which `toRetain`, one boolean for each value, is true.
 *
 * @example `tf.sparse.retain(tf.sparse.fromDense([1, 2]), [true, false])` is `[1, 0]`
 */
export const retain = op('sparse.retain', function retain(x: SparseTensor, toRetain: TensorLike): SparseTensor {
  const kept = toTensor(toRetain, 'sparse.retain', 'bool');
  if (kept.rank !== 1 || kept.size !== x.nnz)
    throw new ShapeError(`sparse.retain: expected ${x.nnz} booleans, got shape ${formatShape(kept.shape)}.`);
  const flags = hostNumbers(kept, 'sparse.retain');
  const places = hostTensor(Array.from(flags, (_, i) => i).filter((i) => flags[i] !== 0)); // prettier-ignore
  return new SparseTensor(p.gather(x.indices, places, 0), p.gather(x.values, places, 0), x.denseShape);
});

/** Without the rows (of the first axis) that `maskIndices` numbers; the shape stays. */
export const mask = op('sparse.mask', function mask(x: SparseTensor, maskIndices: TensorLike): SparseTensor {
  const masked = new Set(Array.from(hostNumbers(toTensor(maskIndices, 'sparse.mask', 'int32'), 'sparse.mask')));
  return retain(x, indexRows(x, 'sparse.mask').map(([row]) => !masked.has(row))); // prettier-ignore
});

/** A function of the values, at the same places. @example tf.sparse.mapValues(tf.relu, x) */
export const mapValues = op('sparse.mapValues', (fn: (values: Tensor) => Tensor, x: SparseTensor): SparseTensor =>
  x.withValues(fn(x.values)),
);

/** Ones on the diagonal. @example `tf.sparse.eye(2)` is `[[1, 0], [0, 1]]` */
export function eye(
  rows: number,
  columns: number = rows,
  dtype: 'float32' | 'float64' | 'int32' = 'float32',
): SparseTensor {
  const count = Math.min(rows, columns);
  const places = Array.from({ length: count }, (_, i) => [i, i]).flat();
  const values = p.broadcastTo(hostTensor([1], [], dtype), [count]);
  return new SparseTensor(hostTensor(places, [count, 2]), values, [rows, columns]);
}

/**
 * For values that are numbers from 0 to `vocabSize - 1`, which of them stand in each row: bool `[..., vocabSize]`, where the
 * last axis was.
 */
export const toIndicator = op('sparse.toIndicator', function toIndicator(x: SparseTensor, vocabSize: number): Tensor {
  if (x.rank === 0) throw new ArgumentError('sparse.toIndicator: expected a tensor of rank 1 or more, got a scalar.');
  const lead = x.denseShape.slice(0, -1);
  const rows = p.slice(x.indices, [0, 0], [x.nnz, lead.length]);
  const base = p.mul(flatPlaces(rows, lead), hostTensor([vocabSize], []));
  const places = p.add(base, p.cast(x.values, 'int32'));
  const size = lead.reduce((a, b) => a * b, vocabSize);
  const counts = p.scatterAdd(p.broadcastTo(scalarLike(1, places), places.shape), places, 0, size);
  return p.reshape(p.cast(counts, 'bool'), [...lead, vocabSize]);
});
