/** @file Decompositions of matrices. They run on the host, in float64; gradients of first and higher order pass through. */
import * as p from '../../primitives/calls.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { TensorLike } from '../convert.ts';
import { toMatrices, toSquare } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/**
 * The Cholesky factor: L, lower triangular, with `L·Lᵀ = x`.
 *
 * @param x Symmetric positive definite matrices, `[..., n, n]`; only the lower half is read.
 * @throws ArgumentError where a matrix is not positive definite
 * @example tf.linalg.cholesky([[4, 2], [2, 3]]) // [[2, 0], [1, 1.414]]
 */
export const cholesky = op('linalg.cholesky', (x: TensorLike): Tensor => p.cholesky(toSquare(x, 'linalg.cholesky')));

/**
 * The factors of `x = q·r`: q has orthonormal columns, r is upper triangular.
 *
 * @param x `[..., m, n]`
 * @param fullMatrices Whether q is square, `[..., m, m]`, rather than `[..., m, min(m, n)]`.
 * @returns `[q, r]`
 * @example `tf.linalg.qr(tf.ones([3, 2]))[0].shape` is `[3, 2]`
 */
export const qr = op('linalg.qr', function qr(x: TensorLike, fullMatrices = false): [Tensor, Tensor] {
  const [q, r] = p.qr(toMatrices(x, 'linalg.qr'), fullMatrices);
  return [q, r];
});

/**
 * The factors of `x[permutation] = L·U`, by elimination with the largest pivot of each column.
 *
 * @param x `[..., n, n]`
 * @returns `[lu, permutation]`: L below the diagonal (its own is 1) and U in one matrix; rows, int32 `[..., n]`
 * @example `tf.linalg.lu([[1, 2], [3, 4]])[1]` is `[1, 0]`
 */
export const lu = op('linalg.lu', function lu(x: TensorLike): [Tensor, Tensor] {
  const [factors, permutation] = p.lu(toSquare(x, 'linalg.lu'));
  return [factors, permutation];
});

/**
 * Eigenvalues, in ascending order, and eigenvectors of symmetric matrices.
 *
 * @param x `[..., n, n]`; only the lower half is read.
 * @returns `[values, vectors]` of shape `[..., n]` and `[..., n, n]`; vectors are columns of length 1, of which the
 *   largest element is positive. Gradients through the vectors take the eigenvalues to be distinct.
 * @example const [values, vectors] = tf.linalg.eigh([[2, 1], [1, 2]]); // values: [1, 3]
 */
export const eigh = op('linalg.eigh', function eigh(x: TensorLike): [Tensor, Tensor] {
  const [values, vectors] = p.eigh(toSquare(x, 'linalg.eigh'));
  return [values, vectors];
});

/**
 * Eigenvalues of symmetric matrices, in ascending order; see {@link eigh}.
 *
 * @example `tf.linalg.eigvalsh([[2, 1], [1, 2]])` is `[1, 3]`
 */
export const eigvalsh = op('linalg.eigvalsh', (x: TensorLike): Tensor => p.eigh(toSquare(x, 'linalg.eigvalsh'))[0]);

/**
 * Singular values and vectors: `x = u·diag(s)·vᵀ`.
 *
 * @param x `[..., m, n]`
 * @param fullMatrices Whether u and v are square, rather than with one column for each of the min(m, n) values.
 * @returns `[s, u, v]`, s in descending order, as TensorFlow orders them; of each column of u the largest element is
 *   positive. Gradients through u and v take the singular values to be distinct.
 * @example `tf.linalg.svd([[3, 0], [0, 4]])[0]` is `[4, 3]`
 */
export const svd = op('linalg.svd', function svd(x: TensorLike, fullMatrices = false): [Tensor, Tensor, Tensor] {
  const [s, u, v] = p.svd(toMatrices(x, 'linalg.svd'), fullMatrices);
  return [s, u, v];
});
