/** @file Ragged tensors to and from sparse ones, and in other shapes. */
import { fromHost } from '../../engine/index.ts';
import * as p from '../../primitives/calls.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { TensorLike } from '../convert.ts';
import { expandDims as expandTensor } from '../manipulation.ts';
import { where as whereTensor } from '../selection.ts';
import { SparseTensor, indexRows } from '../sparse/sparse-tensor.ts';
import { type RaggedOperand, indicesOf, mapFlatValues } from './elementwise.ts';
import { concat } from './joining.ts';
import { op } from '../../symbolic/op.ts';

/**
 * The elements of a ragged tensor at their places in a sparse one as large as its longest rows.
 *
 * @example `tf.ragged.toSparse(tf.ragged.constant([[1, 2], [], [3]]))` is `[[1, 2], [0, 0], [3, 0]]`
 */
export const toSparse = op('ragged.toSparse', function toSparse(x: RaggedTensor): SparseTensor {
  const { flatValues } = x;
  const [count, ...inner] = flatValues.shape;
  const outer = indicesOf(x);
  const size = inner.reduce((product, d) => product * d, 1);
  const rows = Array.from({ length: count * size }, (_, i) => {
    let rest = i % size;
    const within = inner.toReversed().map((d) => {
      const place = rest % d;
      rest = Math.floor(rest / d);
      return place;
    });
    return [...outer.map((places) => places[Math.floor(i / size)]), ...within.toReversed()];
  });
  const shape = x.boundingShape();
  const indices = fromHost(Int32Array.from(rows.flat()), 'int32', [rows.length, shape.length]);
  return new SparseTensor(indices, p.reshape(flatValues, [count * size]), shape);
});

/**
 * The rows of a sparse matrix whose elements stand at the beginning of them, without gaps.
 *
 * @throws ArgumentError where a row has a gap, or elements are not in row-major order (`tf.sparse.reorder` brings them there)
 * @example `tf.ragged.fromSparse(tf.sparse.fromDense([[1, 2], [0, 0], [3, 0]]))` is `[[1, 2], [], [3]]`
 */
export const fromSparse = op('ragged.fromSparse', function fromSparse(x: SparseTensor): RaggedTensor {
  if (x.denseShape.length !== 2)
    throw new ShapeError(`ragged.fromSparse: expected a sparse matrix, got shape ${formatShape(x.denseShape)}.`);
  const lengths = new Array<number>(x.denseShape[0]).fill(0);
  let last = 0;
  for (const [row, column] of indexRows(x, 'ragged.fromSparse')) {
    if (row < last || column !== lengths[row])
      throw new ArgumentError(
        `ragged.fromSparse: the element at [${row}, ${column}] does not follow the one before it; expected rows in order, without gaps.`,
      );
    lengths[row]++;
    last = row;
  }
  return RaggedTensor.fromRowLengths(x.values, lengths);
});

/**
 * A ragged tensor with one more axis of length 1.
 *
 * @param axis Where it stands then; from the end where negative.
 * @example `tf.ragged.expandDims(tf.ragged.constant([[1, 2], [3]]), 1)` is `[[[1, 2]], [[3]]]`
 */
export const expandDims = op('ragged.expandDims', function expandDims(x: RaggedTensor, axis: number): RaggedTensor {
  return expanded(x, normalizeAxis(axis, x.rank + 1, 'ragged.expandDims'));
});
function expanded(x: RaggedTensor, axis: number): RaggedTensor {
  if (axis === 0) return RaggedTensor.fromRowLengths(x, [x.nrows()]);
  if (axis === 1) return RaggedTensor.fromUniformRowLength(x, 1, x.nrows());
  const { values } = x;
  return x.withValues(values instanceof Tensor ? expandTensor(values, axis - 1) : expanded(values, axis - 1));
}

/**
 * A ragged tensor repeated along each axis.
 *
 * @param multiples How often, for each axis.
 * @example `tf.ragged.tile(tf.ragged.constant([[1, 2], [3]]), [1, 2])` is `[[1, 2, 1, 2], [3, 3]]`
 */
export const tile = op('ragged.tile', function tile(x: RaggedTensor, multiples: readonly number[]): RaggedTensor {
  if (multiples.length !== x.rank || multiples.some((n) => !Number.isInteger(n) || n < 1))
    throw new ArgumentError(
      `ragged.tile: expected ${x.rank} whole numbers of 1 or more, one for each axis, got ${JSON.stringify(multiples)}.`,
    );
  return multiples.reduce(
    (tiled, times, axis) =>
      times === 1 ? tiled : (concat(new Array<RaggedTensor>(times).fill(tiled), axis) as RaggedTensor),
    x,
  );
});

/**
 * The elements of `x` where a ragged condition holds, those of `y` elsewhere. All three have the same rows, or are numbers.
 *
 * @example `tf.ragged.where(tf.ragged.constant([[true, false], [true]]), tf.ragged.constant([[1, 2], [3]]), 0)` is `[[1, 0], [3]]`
 */
export const where = op(
  'ragged.where',
  (condition: RaggedTensor, x: RaggedOperand, y: RaggedOperand): RaggedTensor =>
    mapFlatValues(
      (holds: TensorLike, whenTrue: TensorLike, whenFalse: TensorLike) => whereTensor(holds, whenTrue, whenFalse),
      condition,
      x,
      y,
    ) as RaggedTensor,
);
