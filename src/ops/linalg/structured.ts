/** @file Matrices of a form: products of given factors, diagonals of tensors, three diagonals. */
import * as p from '../../primitives/calls.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { conj } from '../complex.ts';
import { type TensorLike, toFloat, toFloatPair, toOperands, toTensor } from '../convert.ts';
import { eye } from '../creation.ts';
import { batchOf, columnsOf, rowsOf, toSquare } from './operands.ts';
import { bandPart, diag } from './parts.ts';
import { solve, solveFactored, triangularSolve } from './solvers.ts';
import { op } from '../../symbolic/op.ts';

const toPermutation = (permutation: TensorLike, operation: string): Tensor =>
  p.cast(toTensor(permutation, operation, 'int32'), 'int32');

/** x with `a·x = b`, from the factors of `a` that `tf.linalg.lu` gives. @param b `[..., n, k]` */
export const luSolve = op(
  'linalg.luSolve',
  function luSolve(lowerUpper: TensorLike, permutation: TensorLike, b: TensorLike): Tensor {
    const [factors, right] = toOperands([lowerUpper, b], 'linalg.luSolve');
    return solveFactored(toSquare(factors, 'linalg.luSolve'), toPermutation(permutation, 'linalg.luSolve'), right);
  },
);
/** The inverse of matrices from the factors that `tf.linalg.lu` gives. */
export const luMatrixInverse = op(
  'linalg.luMatrixInverse',
  function luMatrixInverse(lowerUpper: TensorLike, permutation: TensorLike): Tensor {
    const factors = toSquare(lowerUpper, 'linalg.luMatrixInverse');
    const identity = eye(rowsOf(factors), undefined, batchOf(factors), factors.dtype);
    return solveFactored(factors, toPermutation(permutation, 'linalg.luMatrixInverse'), identity);
  },
);
/** The matrices that have these factors: the inverse of `tf.linalg.lu`. */
export const luReconstruct = op(
  'linalg.luReconstruct',
  function luReconstruct(lowerUpper: TensorLike, permutation: TensorLike): Tensor {
    const factors = toSquare(lowerUpper, 'linalg.luReconstruct');
    const strict = p.sub(bandPart(factors, -1, 0), bandPart(factors, 0, 0));
    const lower = p.add(strict, eye(rowsOf(factors), undefined, batchOf(factors), factors.dtype));
    const product = p.matMul(lower, bandPart(factors, 0, -1));
    // Where each row went is where it comes from.
    const places = p.argsort(toPermutation(permutation, 'linalg.luReconstruct'), false);
    return p.gatherAlong(
      product,
      p.broadcastTo(p.reshape(places, [...places.shape, 1]), product.shape),
      product.rank - 2,
    );
  },
);

/**
 * A tensor of twice the rank with `x` where both halves of an index are equal, and 0 elsewhere.
 *
 * @example `tf.diag([1, 2])` is `[[1, 0], [0, 2]]`
 */
export const tensorDiag = op('diag', function tensorDiag(x: TensorLike): Tensor {
  const value = toTensor(x, 'linalg.tensorDiag');
  return p.reshape(diag(p.reshape(value, [value.size])), [...value.shape, ...value.shape]);
});
/**
 * The elements of a tensor of even rank where both halves of an index are equal: the inverse of {@link tensorDiag}.
 *
 * @example `tf.linalg.tensorDiagPart([[1, 2], [3, 4]])` is `[1, 4]`
 */
export const tensorDiagPart = op('linalg.tensorDiagPart', function tensorDiagPart(x: TensorLike): Tensor {
  const value = toTensor(x, 'linalg.tensorDiagPart');
  const half = value.shape.slice(0, value.rank / 2);
  if (value.rank === 0 || value.rank % 2 === 1 || !shapesEqual(half, value.shape.slice(value.rank / 2)))
    throw new ShapeError(
      `linalg.tensorDiagPart: expected a shape of two equal halves, such as [2, 3, 2, 3], got ${formatShape(value.shape)}.`,
    );
  const size = half.reduce((product, d) => product * d, 1);
  const flat = p.reshape(value, [size * size]);
  return p.reshape(p.slice(flat, [0], [size], [size + 1]), half);
});

/** Matrices of three diagonals, `[..., 3, n]`: the upper one (its last element is not read), the main one, the lower (its first). */
function fromDiagonals(diagonals: TensorLike, operation: string): Tensor {
  const value = toFloat(diagonals, operation);
  if (value.rank < 2 || rowsOf(value) !== 3)
    throw new ShapeError(`${operation}: expected diagonals [..., 3, n], got shape ${formatShape(value.shape)}.`);
  const [batch, n] = [batchOf(value), columnsOf(value)];
  const begin = batch.map(() => 0);
  const none = batch.map(() => [0, 0] as const);
  const row = (i: number, from: number, length: number): Tensor =>
    p.reshape(p.slice(value, [...begin, i, from], [...batch, 1, length]), [...batch, length]);
  const main = diag(row(1, 0, n));
  if (n < 2) return main;
  const upper = p.pad(diag(row(0, 0, n - 1)), [...none, [0, 1], [1, 0]]);
  const lower = p.pad(diag(row(2, 1, n - 1)), [...none, [1, 0], [0, 1]]);
  return p.add(p.add(upper, main), lower);
}
/**
 * Matrices of three diagonals times others.
 *
 * @param diagonals `[..., 3, n]`: above the main one (the last element is not read), the main one, below it (the first is not read)
 * @param b `[..., n, k]`
 * @example `tf.linalg.tridiagonalMatmul([[1, 0], [2, 2], [0, 1]], [[1], [1]])` is `[[3], [3]]`
 */
export const tridiagonalMatmul = op(
  'linalg.tridiagonalMatmul',
  function tridiagonalMatmul(diagonals: TensorLike, b: TensorLike): Tensor {
    const [left, right] = toOperands([diagonals, b], 'linalg.tridiagonalMatmul');
    return p.matMul(fromDiagonals(left, 'linalg.tridiagonalMatmul'), right);
  },
);
/**
 * x with `a·x = b` for matrices of three diagonals, as {@link tridiagonalMatmul} takes them.
 *
 * @example `tf.linalg.tridiagonalSolve([[1, 0], [2, 2], [0, 1]], [[3], [3]])` is `[[1], [1]]`
 */
export const tridiagonalSolve = op(
  'linalg.tridiagonalSolve',
  function tridiagonalSolve(diagonals: TensorLike, b: TensorLike): Tensor {
    const [left, right] = toOperands([diagonals, b], 'linalg.tridiagonalSolve');
    return solve(fromDiagonals(left, 'linalg.tridiagonalSolve'), right);
  },
);

/** Triangular matrices of bands `[..., k, n]`, each number in the row that its place says; the main diagonal is the first band of lower ones. */
function fromBands(bands: Tensor, lower: boolean): Tensor {
  const [batch, count, n] = [batchOf(bands), rowsOf(bands), columnsOf(bands)];
  const begin = batch.map(() => 0);
  const none = batch.map(() => [0, 0] as const);
  const matrices = Array.from({ length: Math.min(count, n) }, (_, away) => {
    const band = lower ? away : count - 1 - away;
    const from = [...begin, band, lower ? away : 0];
    const numbers = p.reshape(p.slice(bands, from, [...batch, 1, n - away]), [...batch, n - away]);
    const sides = [[away, 0] as const, [0, away] as const];
    return p.pad(diag(numbers), [...none, ...(lower ? sides : sides.reverse())]);
  });
  return matrices.reduce(p.add);
}

/**
 * x with `a·x = b` for triangular matrices of few diagonals.
 *
 * @param bands `[..., k, n]`. Of lower matrices the main diagonal and those below it, downwards, each with as many numbers in front that are
 *   not read as it lies below; of upper ones from the farthest above down to the main diagonal, with those numbers at the end.
 * @param b `[..., n, m]`
 * @param options `lower`, by default true; `adjoint`: whether to solve `aᴴ·x = b` instead.
 * @example `tf.linalg.bandedTriangularSolve([[2, 4], [0, 1]], [[2], [9]])` is `[[1], [2]]`
 */
export const bandedTriangularSolve = op(
  'linalg.bandedTriangularSolve',
  function bandedTriangularSolve(
    bands: TensorLike,
    b: TensorLike,
    options: { readonly lower?: boolean; readonly adjoint?: boolean } = {},
  ): Tensor {
    const operation = 'linalg.bandedTriangularSolve';
    const { lower = true, adjoint = false } = options;
    const [given, right] = toFloatPair(bands, b, operation);
    if (given.rank < 2 || rowsOf(given) === 0)
      throw new ShapeError(`${operation}: expected bands of shape [..., k, n], got ${formatShape(given.shape)}.`);
    const matrices = fromBands(given, lower);
    return triangularSolve(adjoint ? conj(matrices) : matrices, right, { lower, transpose: adjoint });
  },
);
