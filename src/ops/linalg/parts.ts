/** @file Parts of matrices: diagonals, triangles, bands. */
import * as p from '../../primitives/calls.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toPair, toTensor } from '../convert.ts';
import { range } from '../creation.ts';
import { asColumns, batchOf, columnsOf, rowsOf } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/** @throws ShapeError */
function withTwoAxes(x: TensorLike, operation: string): Tensor {
  const value = toTensor(x, operation);
  if (value.rank < 2)
    throw new ShapeError(
      `${operation}: expected matrices, [..., rows, columns], got shape ${formatShape(value.shape)}.`,
    );
  return value;
}

/** For each place of matrices like `x`, how far it lies right of the main diagonal, int32. */
function distances(x: Tensor): Tensor {
  const rows = asColumns(range(0, rowsOf(x), 1, 'int32'));
  return p.sub(range(0, columnsOf(x), 1, 'int32'), rows);
}

/**
 * Matrices with everything outside of a band around the diagonal set to 0.
 *
 * @param numLower How many diagonals below the main one stay; all for a negative number.
 * @param numUpper The same above.
 * @example tf.linalg.bandPart(x, -1, 0) // the lower triangle
 */
export const bandPart = op(
  'linalg.bandPart',
  function bandPart(x: TensorLike, numLower: number, numUpper: number): Tensor {
    const value = withTwoAxes(x, 'linalg.bandPart');
    const distance = distances(value);
    const [lower, upper] = [numLower < 0 ? rowsOf(value) : numLower, numUpper < 0 ? columnsOf(value) : numUpper];
    const inBand = p.logicalAnd(
      p.greaterEqual(distance, scalarLike(-lower, distance)),
      p.lessEqual(distance, scalarLike(upper, distance)),
    );
    return p.select(inBand, value, scalarLike(0, value));
  },
);

/**
 * The main diagonals of `[..., m, n]`: `[..., min(m, n)]`.
 *
 * @example `tf.linalg.diagPart([[1, 2], [3, 4]])` is `[1, 4]`
 */
export const diagPart = op('linalg.diagPart', function diagPart(x: TensorLike): Tensor {
  const value = withTwoAxes(x, 'linalg.diagPart');
  const [m, n] = [rowsOf(value), columnsOf(value)];
  const batch = batchOf(value);
  const rows = p.reshape(value, [...batch, m * n]);
  const begin = rows.shape.map(() => 0);
  return p.slice(rows, begin, [...batch, Math.min(m, n)], [...batch.map(() => 1), n + 1]);
});

/**
 * Square matrices with `x`, `[..., n]`, on their diagonals.
 *
 * @example `tf.linalg.diag([1, 2])` is `[[1, 0], [0, 2]]`
 */
export const diag = op('linalg.diag', function diag(x: TensorLike): Tensor {
  const value = toTensor(x, 'linalg.diag');
  if (value.rank === 0) throw new ShapeError('linalg.diag: expected vectors, [..., n], got a scalar.');
  const n = columnsOf(value);
  const places = p.reshape(range(0, n, 1, 'int32'), [n, 1]);
  const onDiagonal = p.equal(places, range(0, n, 1, 'int32'));
  return p.select(onDiagonal, asColumns(value), scalarLike(0, value));
});

/**
 * The matrices of `x` with `diagonal`, `[..., min(m, n)]`, in place of their main diagonals.
 *
 * @example `tf.linalg.setDiag([[1, 2], [3, 4]], [8, 9])` is `[[8, 2], [3, 9]]`
 */
export const setDiag = op('linalg.setDiag', function setDiag(x: TensorLike, diagonal: TensorLike): Tensor {
  const [value, replacement] = toPair(x, diagonal, 'linalg.setDiag');
  const [m, n] = [rowsOf(withTwoAxes(value, 'linalg.setDiag')), columnsOf(value)];
  const count = Math.min(m, n);
  if (replacement.rank === 0 || columnsOf(replacement) !== count)
    throw new ShapeError(
      `linalg.setDiag: the diagonals of shape ${formatShape(value.shape)} have ${count} elements, but came with shape ${formatShape(replacement.shape)}.`,
    );
  const distance = distances(value);
  const none = replacement.shape.slice(0, -1).map(() => [0, 0] as const);
  const tall = p.pad(asColumns(replacement), [...none, [0, m - count], [0, 0]]);
  return p.select(p.equal(distance, scalarLike(0, distance)), tall, value);
});

/** The sum of the main diagonal of each matrix. @example `tf.linalg.trace([[1, 2], [3, 4]])` is `5` */
export const trace = op('linalg.trace', (x: TensorLike): Tensor => p.sum(diagPart(x), -1));
