/** @file Systems of linear equations, inverses, determinants. */
import { productOfOthers } from '../../autodiff/adjoints.ts';
import { customGrad } from '../../autodiff/custom-gradient.ts';
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { ComplexTensor } from '../../tensor/complex.ts';
import { embedded, unembedded } from '../../engine/complex-matrices.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloatPair } from '../convert.ts';
import { cond } from '../control/index.ts';
import { eye } from '../creation.ts';
import { bandPart, diagPart } from './parts.ts';
import { asColumns, batchOf, columnsOf, rowsOf, toMatrices, toSquare, toSystem, transposed } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/** Identity matrices like `x`, `[..., n, n]`. */
const identityLike = (x: Tensor): Tensor => eye(rowsOf(x), columnsOf(x), batchOf(x), x.dtype);

/** @throws ShapeError where the matrices of a system are not square */
function toSquareSystem(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const [left, right] = toSystem(a, b, operation);
  return [toSquare(left, operation), right];
}

/**
 * x with `a·x = b`, where `a` is triangular; the other half is not read.
 *
 * @param a `[..., n, n]`
 * @param b `[..., n, k]`; batches broadcast.
 * @param options `lower`: whether `a` is lower triangular, the default, or else upper; `transpose`: whether to solve `aᵀ·x = b`
 *   instead.
 * @example `tf.linalg.triangularSolve([[2, 0], [1, 1]], [[4], [5]])` is `[[2], [3]]`
 */
export const triangularSolve = op(
  'linalg.triangularSolve',
  function triangularSolve(
    a: TensorLike,
    b: TensorLike,
    options: { readonly lower?: boolean; readonly transpose?: boolean } = {},
  ): Tensor {
    const { lower = true, transpose = false } = options;
    const [left, right] = toSquareSystem(a, b, 'linalg.triangularSolve');
    return p.triangularSolve(left, right, { lower, transpose });
  },
);

/**
 * x with `a·x = b`, from the Cholesky factor L of `a = L·Lᵀ`.
 *
 * @example `tf.linalg.choleskySolve([[2, 0], [0, 3]], [[4], [9]])` is `[[1], [1]]`
 */
export const choleskySolve = op(
  'linalg.choleskySolve',
  function choleskySolve(factor: TensorLike, b: TensorLike): Tensor {
    const [l, right] = toSquareSystem(factor, b, 'linalg.choleskySolve');
    const half = p.triangularSolve(l, right, { lower: true, transpose: false });
    return p.triangularSolve(l, half, { lower: true, transpose: true });
  },
);

/** Rows of `x` in the order of `permutation`, int32 `[..., n]`. */
const permuteRows = (x: Tensor, permutation: Tensor): Tensor =>
  p.gatherAlong(x, p.broadcastTo(asColumns(permutation), x.shape), x.rank - 2);

/**
 * x with `a·x = b`.
 *
 * @param a Square matrices, `[..., n, n]`.
 * @param b `[..., n, k]`; batches broadcast.
 * @returns `[..., n, k]`; where `a` is singular, infinity or NaN. For more equations than unknowns see {@link lstsq}.
 * @example tf.linalg.solve([[3, 1], [1, 2]], [[9], [8]]) // [[2], [3]]
 */
export const solve = op('linalg.solve', function solve(a: TensorLike, b: TensorLike): Tensor {
  const [left, right] = toSquareSystem(a, b, 'linalg.solve');
  if (left instanceof ComplexTensor) return unembedded(solve(embedded(left), embedded(right as ComplexTensor)));
  const [factors, permutation] = p.lu(left);
  return solveFactored(factors, permutation, right);
});

/** @internal x with `a·x = b`, from the factors of `a` that `lu` gives. */
export function solveFactored(factors: Tensor, permutation: Tensor, right: Tensor): Tensor {
  const l = p.add(p.sub(bandPart(factors, -1, 0), bandPart(factors, 0, 0)), identityLike(factors));
  const y = p.triangularSolve(l, permuteRows(right, permutation), { lower: true, transpose: false });
  return p.triangularSolve(factors, y, { lower: false, transpose: false });
}

/**
 * The inverse of square matrices, `[..., n, n]`. To solve equations, {@link solve} is faster and more exact.
 *
 * @example `tf.linalg.inv([[1, 2], [3, 4]])` is `[[-2, 1], [1.5, -0.5]]`
 */
export const inv = op('linalg.inv', function inv(x: TensorLike): Tensor {
  const value = toSquare(x, 'linalg.inv');
  return solve(value, identityLike(value));
});

/** 1 or -1 for each permutation, `[..., n]`: whether it takes an even or odd number of exchanges. */
function signOfPermutation(permutation: Tensor, like: Tensor): Tensor {
  const n = columnsOf(permutation);
  const later = bandPart(p.broadcastTo(scalarLike(1, permutation), [n, n]), 0, -1);
  const rows = p.reshape(permutation, [...permutation.shape, 1]);
  const columns = p.reshape(permutation, [...permutation.shape.slice(0, -1), 1, n]);
  // Pairs that stand in the wrong order; of each row those right of the diagonal.
  const inverted = p.mul(p.cast(p.greater(rows, columns), 'int32'), later);
  const count = p.sum(inverted, [inverted.rank - 2, inverted.rank - 1]);
  const odd = p.mod(count, scalarLike(2, count));
  return p.sub(scalarLike(1, like), p.mul(scalarLike(2, like), p.cast(odd, like.dtype)));
}

/** The product of the pivots, with the sign of their order. */
function determinantOf(factors: Tensor, permutation: Tensor): Tensor {
  return p.mul(p.prod(diagPart(factors), -1), signOfPermutation(permutation, factors));
}

/**
 * Determinants of square matrices, `[...]`, with the gradient of singular ones too.
 *
 * @example `tf.linalg.det([[1, 2], [3, 4]])` is `-2`
 */
export const det = op('linalg.det', function det(x: TensorLike): Tensor {
  const value = toSquare(x, 'linalg.det');
  if (value.size === 0 || value.dtype === 'complex64') return determinantOf(...(p.lu(value) as [Tensor, Tensor]));
  return customGrad((a: Tensor, save: (tensors: Tensor[]) => void) => {
    const [factors, permutation] = p.lu(p.stopGradient(a));
    const determinant = determinantOf(factors, permutation);
    save([determinant, factors]);
    const gradFunc = (g: Tensor, [d, pivots]: Tensor[]): Tensor =>
      p.mul(asMatrices(g), cofactors(a, d, smallestPivot(pivots)));
    return { value: determinant, gradFunc };
  })(value);
});

const asMatrices = (numbers: Tensor): Tensor => p.reshape(numbers, [...numbers.shape, 1, 1]);

/** How small the smallest pivot of each matrix is beside the largest one. */
function smallestPivot(factors: Tensor): Tensor {
  const sizes = p.abs(diagPart(factors));
  const largest = p.max(sizes, -1);
  const isZero = p.equal(largest, scalarLike(0, largest));
  return p.div(p.min(sizes, -1), p.select(isZero, scalarLike(1, largest), largest));
}

/**
 * The cofactors of matrices, `d·a⁻ᵀ` with their determinants d: the derivative of these. Singular ones have no inverse, but with
 * `a = u·diag(s)·vᵀ` they are `|u|·|v|·u·diag(products of the other s)·vᵀ`.
 */
function cofactors(a: Tensor, d: Tensor, pivot: Tensor): Tensor {
  const isSingular = p.lessEqual(pivot, scalarLike(defaultTolerance(a), pivot));
  const regular = (): Tensor => {
    // Where a matrix is singular another one stands in, so that no NaN comes of it.
    const safe = p.select(asMatrices(isSingular), identityLike(a), a);
    return p.mul(asMatrices(d), transposed(inv(safe)));
  };
  const singular = (): Tensor => {
    const [s, u, v] = p.svd(a, true);
    const turns = [u, v].map((vectors) => {
      const [factors, permutation] = p.lu(p.stopGradient(vectors));
      return p.sign(determinantOf(factors, permutation));
    });
    const others = productOfOthers(s, [s.rank - 1]);
    const scaled = p.mul(u, p.reshape(others, [...s.shape.slice(0, -1), 1, columnsOf(s)]));
    return p.mul(asMatrices(p.mul(turns[0], turns[1])), p.matMul(scaled, v, false, true));
  };
  const count = p.sum(p.cast(isSingular, 'int32'));
  const any = p.greater(count, scalarLike(0, count));
  return cond(any, () => p.select(asMatrices(isSingular), singular(), regular()), regular);
}

/**
 * Sign and natural logarithm of the absolute determinant, which neither overflows nor underflows for large matrices.
 *
 * @returns `[sign, logAbsDet]`, both `[...]`; `[0, -Infinity]` where a matrix is singular
 * @example `tf.linalg.slogdet([[1, 2], [3, 4]])` is `[-1, 0.6931]`
 */
export const slogdet = op('linalg.slogdet', function slogdet(x: TensorLike): [Tensor, Tensor] {
  const [factors, permutation] = p.lu(toSquare(x, 'linalg.slogdet'));
  const diagonal = diagPart(factors);
  const sign = p.mul(p.prod(p.sign(diagonal), -1), signOfPermutation(permutation, factors));
  return [sign, p.sum(p.log(p.abs(diagonal)), -1)];
});

/**
 * The logarithm of the determinant of symmetric positive definite matrices, by {@link cholesky}.
 *
 * @example `tf.linalg.logdet([[2, 0], [0, 3]])` is `1.792`
 */
export const logdet = op('linalg.logdet', function logdet(x: TensorLike): Tensor {
  const factor = p.cholesky(toSquare(x, 'linalg.logdet'));
  const logarithms = p.sum(p.log(diagPart(factor)), -1);
  return p.mul(logarithms, scalarLike(2, logarithms));
});

/**
 * Least squares: x with the smallest `‖a·x - b‖² + l2Regularizer·‖x‖²`; of several the one with the smallest norm.
 *
 * @param a `[..., m, n]`
 * @param b `[..., m, k]`
 * @example `tf.linalg.lstsq([[1, 0], [1, 1], [1, 2]], [[1], [3], [5]])` is `[[1], [2]]`
 */
export const lstsq = op(
  'linalg.lstsq',
  function lstsq(
    a: TensorLike,
    b: TensorLike,
    { l2Regularizer = 0 }: { readonly l2Regularizer?: number } = {},
  ): Tensor {
    if (!(l2Regularizer >= 0))
      throw new ArgumentError(`linalg.lstsq: expected an l2Regularizer of at least 0, got ${l2Regularizer}.`);
    const [left, right] = toSystem(a, b, 'linalg.lstsq');
    if (left instanceof ComplexTensor)
      return unembedded(lstsq(embedded(left), embedded(right as ComplexTensor), { l2Regularizer }));
    if (l2Regularizer === 0) return p.matMul(pinv(left), right);
    const normal = p.matMul(left, left, true, false);
    const regularized = p.add(normal, p.mul(identityLike(normal), scalarLike(l2Regularizer, normal)));
    return choleskySolve(p.cholesky(regularized), p.matMul(left, right, true, false));
  },
);

/** Singular values below this part of the largest one count as 0: what rounding leaves of them. */
const defaultTolerance = (x: Tensor): number =>
  Math.max(rowsOf(x), columnsOf(x)) * { float16: 2 ** -10, float32: 2 ** -23, float64: 2 ** -52 }[x.dtype as 'float32'];

/** True for singular values above `tolerance` times the largest. */
function counting(s: Tensor, tolerance: number): Tensor {
  const largest = p.max(s, -1, true);
  return p.greater(s, p.mul(largest, scalarLike(tolerance, s)));
}

/**
 * The pseudo-inverse of Moore and Penrose, `[..., n, m]` for `[..., m, n]`.
 *
 * Its gradient (Golub & Pereyra, 1973) takes the rank to be the same near `x`; singular values may be equal.
 *
 * @param tolerance Singular values up to this part of the largest one are taken as 0; 10·max(m, n)·epsilon where left out.
 * @example `tf.linalg.pinv([[1], [1]])` is `[[0.5, 0.5]]`
 */
export const pinv = op('linalg.pinv', function pinv(x: TensorLike, tolerance?: number): Tensor {
  // Through the singular vectors there is no gradient where singular values are equal, as those of an identity are.
  const value = toMatrices(x, 'linalg.pinv');
  if (value instanceof ComplexTensor) return unembedded(differentiablePinv(embedded(value), tolerance));
  return differentiablePinv(value, tolerance);
});

const differentiablePinv = (x: Tensor, tolerance: number | undefined): Tensor =>
  customGrad((a: Tensor, save: (tensors: Tensor[]) => void) => {
    const value = pseudoInverse(a, tolerance);
    save([value]);
    const gradFunc = (g: Tensor, [result]: Tensor[]): Tensor => {
      const projected = p.matMul(result, g, true, false);
      const direct = p.neg(p.matMul(projected, result, false, true));
      // What lies outside of the columns, and outside of the rows, of a.
      const turned = transposed(g);
      const left = p.sub(turned, p.matMul(p.matMul(a, result), turned));
      const right = p.sub(turned, p.matMul(turned, p.matMul(result, a)));
      return p.add(
        direct,
        p.add(
          p.matMul(left, p.matMul(result, result, false, true)),
          p.matMul(p.matMul(result, result, true, false), right),
        ),
      );
    };
    return { value, gradFunc };
  })(x);

function pseudoInverse(value: Tensor, tolerance: number | undefined): Tensor {
  const [s, u, v] = p.svd(value, false);
  const counts = counting(s, tolerance ?? 10 * defaultTolerance(value));
  const inverse = p.select(counts, p.reciprocal(p.select(counts, s, scalarLike(1, s))), scalarLike(0, s));
  const scaled = p.mul(v, p.reshape(inverse, [...s.shape.slice(0, -1), 1, columnsOf(s)]));
  return p.matMul(scaled, u, false, true);
}

/**
 * How many singular values of each matrix count, int32 `[...]`.
 *
 * @param tolerance Those up to this part of the largest one do not; max(m, n)·epsilon where left out, as numpy has it.
 * @example `tf.linalg.matrixRank([[1, 2], [2, 4]])` is `1`
 */
export const matrixRank = op('linalg.matrixRank', function matrixRank(x: TensorLike, tolerance?: number): Tensor {
  const value = toMatrices(x, 'linalg.matrixRank');
  const [s] = p.svd(value, false);
  return p.sum(p.cast(counting(s, tolerance ?? defaultTolerance(value)), 'int32'), -1);
});

/**
 * Vectors, `[..., n]`, made orthonormal one after another.
 *
 * @param vectors `[count, n]`, or a list of vectors
 * @example `tf.linalg.gramSchmidt([[3, 0], [1, 1]])` is `[[1, 0], [0, 1]]`
 */
export const gramSchmidt = op('linalg.gramSchmidt', function gramSchmidt(vectors: TensorLike): Tensor {
  const value = toMatrices(vectors, 'linalg.gramSchmidt');
  if (rowsOf(value) > columnsOf(value))
    throw new ShapeError(
      `linalg.gramSchmidt: ${rowsOf(value)} vectors of length ${columnsOf(value)} cannot be orthogonal; got shape ${formatShape(value.shape)}.`,
    );
  const [q, r] = p.qr(transposed(value), false);
  // Each vector keeps the direction it came with.
  const signs = p.sign(diagPart(r));
  return transposed(p.mul(q, p.reshape(signs, [...signs.shape.slice(0, -1), 1, columnsOf(signs)])));
});

/**
 * The cross product of vectors of length 3 along the last axis.
 *
 * @example `tf.linalg.cross([1, 0, 0], [0, 1, 0])` is `[0, 0, 1]`
 */
export const cross = op('linalg.cross', function cross(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toFloatPair(a, b, 'linalg.cross');
  if (columnsOf(x) !== 3 || columnsOf(y) !== 3)
    throw new ShapeError(
      `linalg.cross: expected vectors of length 3 along the last axis, got shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}.`,
    );
  const turned = (value: Tensor, by: number): Tensor => {
    const first = value.shape.map(() => 0);
    const size = value.shape.with(-1, 3 - by);
    const rest = value.shape.with(-1, by);
    return p.concat([p.slice(value, first.with(-1, by), size), p.slice(value, first, rest)], value.rank - 1);
  };
  return p.sub(p.mul(turned(x, 1), turned(y, 2)), p.mul(turned(x, 2), turned(y, 1)));
});
