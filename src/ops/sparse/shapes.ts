/** @file Sparse tensors joined, cut, and in other shapes. Results are in row-major order. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { resolveShape } from '../../tensor/host.ts';
import { type Shape, formatShape, normalizeAxis, sizeOf, stridesOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toOperands, toTensor } from '../convert.ts';
import { hostNumbers } from '../data-dependent.ts';
import { hostTensor } from '../host-tensor.ts';
import { SparseTensor, fromRows, indexRows, placesOf } from './sparse-tensor.ts';
import { op } from '../../symbolic/op.ts';

/**
 * Sparse tensors one after another along `axis`.
 *
 * @example `tf.sparse.concat(0, [tf.sparse.fromDense([0, 2]), tf.sparse.fromDense([3])])` is `[0, 2, 3]`
 */
export const concat = op(
  'sparse.concat',
  function concat(axis: number, tensors: readonly SparseTensor[]): SparseTensor {
    if (tensors.length === 0) throw new ArgumentError('sparse.concat: expected one tensor or more, got none.');
    const [{ denseShape: shape }] = tensors;
    const at = normalizeAxis(axis, shape.length, 'sparse.concat');
    for (const { denseShape } of tensors)
      if (denseShape.length !== shape.length || denseShape.some((d, a) => a !== at && d !== shape[a]))
        throw new ShapeError(
          `sparse.concat: shapes ${tensors.map((x) => formatShape(x.denseShape)).join(' and ')} differ beside axis ${at}.`,
        );
    let offset = 0;
    const rows = tensors.flatMap((x) => {
      const moved = indexRows(x, 'sparse.concat').map((row) => row.with(at, row[at] + offset));
      offset += x.denseShape[at];
      return moved;
    });
    const values = toOperands(tensors.map((x) => x.values), 'sparse.concat'); // prettier-ignore
    return fromRows(rows, rows.map((_, i) => i), p.concat(values, 0), shape.with(at, offset)); // prettier-ignore
  },
);

/**
 * The block of `size` from `start`, cut at the end of the tensor.
 *
 * @example `tf.sparse.slice(tf.sparse.fromDense([0, 2, 3]), [1], [2])` is `[2, 3]`
 */
export const slice = op('sparse.slice', function slice(x: SparseTensor, start: Shape, size: Shape): SparseTensor {
  if (start.length !== x.rank || size.length !== x.rank)
    throw new ShapeError(
      `sparse.slice: expected start and size of ${x.rank} numbers for shape ${formatShape(x.denseShape)}, got ${formatShape(start)} and ${formatShape(size)}.`,
    );
  const sizes = x.denseShape.map((length, axis) => Math.max(0, Math.min(size[axis], length - start[axis])));
  const rows = indexRows(x, 'sparse.slice');
  const kept = rows.flatMap((row, i) =>
    row.every((index, axis) => index >= start[axis] && index < start[axis] + sizes[axis]) ? [i] : [],
  );
  return fromRows(kept.map((i) => rows[i].map((index, axis) => index - start[axis])), kept, x.values, sizes); // prettier-ignore
});

/**
 * Equal parts along `axis`, of which the first are one longer where the length does not divide.
 *
 * @example `tf.sparse.split(tf.sparse.fromDense([0, 2]), 2)` is `[[0], [2]]`
 */
export const split = op('sparse.split', function split(x: SparseTensor, numSplit: number, axis = 0): SparseTensor[] {
  const at = normalizeAxis(axis, x.rank, 'sparse.split');
  const length = x.denseShape[at];
  if (!Number.isInteger(numSplit) || numSplit < 1)
    throw new ArgumentError(`sparse.split: expected numSplit of 1 or more, got ${numSplit}.`);
  let begin = 0;
  return Array.from({ length: numSplit }, (_, i) => {
    const size = Math.floor(length / numSplit) + (i < length % numSplit ? 1 : 0);
    const part = slice(x, x.denseShape.map((__, a) => (a === at ? begin : 0)), x.denseShape.with(at, size)); // prettier-ignore
    begin += size;
    return part;
  });
});

const unflatten = (place: number, shape: Shape): number[] =>
  stridesOf(shape).map((stride, axis) => Math.floor(place / stride) % shape[axis]);

/**
 * The same elements in another shape; one dimension may be -1.
 *
 * @example `tf.sparse.reshape(tf.sparse.fromDense([0, 2, 3, 0]), [2, 2])` is `[[0, 2], [3, 0]]`
 */
export const reshape = op('sparse.reshape', function reshape(x: SparseTensor, shape: Shape): SparseTensor {
  const wanted = resolveShape(shape, sizeOf(x.denseShape), 'sparse.reshape');
  const rows = placesOf(indexRows(x, 'sparse.reshape'), x.denseShape).map((place) => unflatten(place, wanted));
  return fromRows(rows, rows.map((_, i) => i), x.values, wanted); // prettier-ignore
});

/** A new axis of size 1. @example `tf.sparse.expandDims(tf.sparse.fromDense([0, 2]), 0)` is `[[0, 2]]` */
export const expandDims = op('sparse.expandDims', function expandDims(x: SparseTensor, axis = -1): SparseTensor {
  const at = normalizeAxis(axis, x.rank + 1, 'sparse.expandDims');
  return reshape(x, x.denseShape.toSpliced(at, 0, 1));
});

/**
 * Axes in another order; reversed by default.
 *
 * @example `tf.sparse.transpose(tf.sparse.fromDense([[0, 2]]))` is `[[0], [2]]`
 */
export const transpose = op(
  'sparse.transpose',
  function transpose(x: SparseTensor, perm?: readonly number[]): SparseTensor {
    const order =
      perm?.map((axis) => normalizeAxis(axis, x.rank, 'sparse.transpose')) ??
      x.denseShape.map((_, i) => x.rank - 1 - i);
    if (order.length !== x.rank || new Set(order).size !== x.rank)
      throw new ArgumentError(`sparse.transpose: expected each of ${x.rank} axes once, got ${formatShape(order)}.`);
    const rows = indexRows(x, 'sparse.transpose').map((row) => order.map((axis) => row[axis]));
    return fromRows(rows, rows.map((_, i) => i), x.values, order.map((axis) => x.denseShape[axis])); // prettier-ignore
  },
);

/**
 * The same elements in a larger shape; by default the smallest one that holds them.
 *
 * @example `tf.sparse.resetShape(tf.sparse.fromDense([0, 2]), [4])` is `[0, 2, 0, 0]`
 */
export const resetShape = op('sparse.resetShape', function resetShape(x: SparseTensor, newShape?: Shape): SparseTensor {
  const rows = indexRows(x, 'sparse.resetShape');
  const least = x.denseShape.map((_, axis) => rows.reduce((most, row) => Math.max(most, row[axis] + 1), 0));
  const shape = newShape ?? least;
  if (shape.length !== x.rank || shape.some((d, axis) => d < least[axis]))
    throw new ShapeError(
      `sparse.resetShape: shape ${formatShape(shape)} does not hold elements that reach to ${formatShape(least)}.`,
    );
  return new SparseTensor(x.indices, x.values, shape);
});

export interface FilledRows {
  readonly output: SparseTensor;
  /** For each row, whether it was empty. */
  readonly emptyRowIndicator: Tensor;
  /** Where each value that was there before is now, int32. */
  readonly reverseIndexMap: Tensor;
}

/** Rows (of the first axis) without elements get one, `defaultValue` at their first place. */
export function fillEmptyRows(x: SparseTensor, defaultValue: TensorLike): FilledRows {
  const operation = 'sparse.fillEmptyRows';
  const rows = indexRows(x, operation);
  const outside = rows.find(([row]) => row < 0 || row >= x.denseShape[0]);
  if (x.rank === 0 || outside)
    throw new ArgumentError(
      `${operation}: ${outside ? `index [${outside.join(', ')}] lies outside of` : 'there are no rows in'} shape ${formatShape(x.denseShape)}.`,
    );
  const filled = new Set(rows.map(([row]) => row));
  const isEmpty = Array.from({ length: x.denseShape[0] }, (_, row) => !filled.has(row));
  const empty = isEmpty.flatMap((value, row) => (value ? [[row, ...new Array<number>(x.rank - 1).fill(0)]] : []));
  const all = [...rows, ...empty];
  // By rows; within a row in the order they came.
  const order = all.map((_, i) => i).sort((a, b) => all[a][0] - all[b][0] || a - b);
  const fallback = p.reshape(p.cast(toTensor(defaultValue, operation), x.dtype), [1]);
  const from = order.map((i) => Math.min(i, rows.length));
  const values = p.gather(p.concat([x.values, fallback], 0), hostTensor(from), 0);
  const indices = hostTensor(order.flatMap((i) => all[i]), [all.length, x.rank]); // prettier-ignore
  const reverse = new Array<number>(rows.length);
  order.forEach((i, place) => {
    if (i < rows.length) reverse[i] = place;
  });
  return {
    output: new SparseTensor(indices, values, x.denseShape),
    emptyRowIndicator: hostTensor(isEmpty.map(Number), [isEmpty.length], 'bool'),
    reverseIndexMap: hostTensor(reverse),
  };
}

/** {@link fillEmptyRows} of the parts of a sparse tensor, as TensorFlow.js has it. */
export const sparseFillEmptyRows = op(
  'sparse.sparseFillEmptyRows',
  function sparseFillEmptyRows(
    indices: TensorLike,
    values: TensorLike,
    denseShape: TensorLike,
    defaultValue: TensorLike,
  ): { outputIndices: Tensor; outputValues: Tensor; emptyRowIndicator: Tensor; reverseIndexMap: Tensor } {
    const shape = Array.from(hostNumbers(toTensor(denseShape, 'sparse.sparseFillEmptyRows', 'int32'), 'sparse.sparseFillEmptyRows')); // prettier-ignore
    const { output, emptyRowIndicator, reverseIndexMap } = fillEmptyRows(
      new SparseTensor(indices, values, shape),
      defaultValue,
    );
    return { outputIndices: output.indices, outputValues: output.values, emptyRowIndicator, reverseIndexMap };
  },
);

/** The indices of a sparse tensor in another shape, as TensorFlow.js has it. @param newShape One dimension may be -1. */
export const sparseReshape = op(
  'sparse.sparseReshape',
  function sparseReshape(
    inputIndices: TensorLike,
    inputShape: TensorLike,
    newShape: TensorLike,
  ): { outputIndices: Tensor; outputShape: Tensor } {
    const operation = 'sparse.sparseReshape';
    const [from, to] = [inputShape, newShape].map((x) =>
      Array.from(hostNumbers(toTensor(x, operation, 'int32'), operation)),
    );
    const indices = toTensor(inputIndices, operation, 'int32');
    const x = new SparseTensor(indices, p.broadcastTo(hostTensor([0], []), [indices.shape[0]]), from);
    const shape = resolveShape(to, sizeOf(from), operation);
    const rows = placesOf(indexRows(x, operation), from).map((place) => unflatten(place, shape));
    return {
      outputIndices: hostTensor(rows.flat(), [rows.length, shape.length]),
      outputShape: hostTensor(shape),
    };
  },
);
