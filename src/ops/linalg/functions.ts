/** @file Functions of square matrices. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { conj } from '../complex.ts';
import { type TensorLike, ownTensor } from '../convert.ts';
import { eye } from '../creation.ts';
import { batchOf, rowsOf, toMatrices, toSquare, transposed } from './operands.ts';
import { inv } from './solvers.ts';
import { op } from '../../symbolic/op.ts';

/**
 * The exponential `I + x + x²/2! + x³/3! + ...` of square matrices, by Padé's approximation with scaling and squaring (Higham, 2005).
 *
 * @param x `[..., n, n]`
 * @example tf.linalg.expm([[0, 1], [0, 0]]) // [[1, 1], [0, 1]]
 */
export const expm = op('linalg.expm', (x: TensorLike): Tensor => p.matrixFunction(toSquare(x, 'linalg.expm'), 'exp'));

/**
 * The principal logarithm of square matrices without eigenvalues at 0 and below: `expm(logm(x)) = x`. NaN of others.
 *
 * @example `tf.linalg.logm([[1, 0], [0, Math.E]])` is `[[0, 0], [0, 1]]`
 */
export const logm = op('linalg.logm', (x: TensorLike): Tensor => p.matrixFunction(toSquare(x, 'linalg.logm'), 'log'));

/**
 * The principal square root of square matrices without eigenvalues at 0 and below: `sqrtm(x)·sqrtm(x) = x`. NaN of others.
 *
 * @example `tf.linalg.sqrtm([[4, 0], [0, 9]])` is `[[2, 0], [0, 3]]`
 */
export const sqrtm = op('linalg.sqrtm', (x: TensorLike): Tensor =>
  p.matrixFunction(toSquare(x, 'linalg.sqrtm'), 'sqrt'),
);

/**
 * Square matrices multiplied by themselves, by squaring.
 *
 * @param n A whole number; of negative ones the inverse is taken.
 * @example `tf.linalg.matrixPower([[1, 1], [0, 1]], 3)` is `[[1, 3], [0, 1]]`
 */
export const matrixPower = op('linalg.matrixPower', function matrixPower(x: TensorLike, n: number): Tensor {
  if (!Number.isInteger(n)) throw new ArgumentError(`linalg.matrixPower: expected a whole number, got ${n}.`);
  const value = toSquare(x, 'linalg.matrixPower');
  let square = n < 0 ? inv(value) : value;
  let power: Tensor | null = null;
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = power === null ? square : p.matMul(power, square);
    if (rest > 1) square = p.matMul(square, square);
  }
  return power === null ? eye(rowsOf(value), undefined, batchOf(value), value.dtype) : ownTensor(power, x);
});

/**
 * Matrices with rows and columns in each other's place, and conjugates of complex numbers: `xᴴ`.
 *
 * @example `tf.linalg.adjoint([[1, 2], [3, 4]])` is `[[1, 3], [2, 4]]`
 */
export const adjoint = op('linalg.adjoint', (x: TensorLike): Tensor =>
  conj(transposed(toMatrices(x, 'linalg.adjoint'))),
);

/**
 * Matrices with rows and columns in each other's place.
 *
 * @example `tf.linalg.matrixTranspose([[1, 2], [3, 4]])` is `[[1, 3], [2, 4]]`
 */
export const matrixTranspose = op('linalg.matrixTranspose', (x: TensorLike): Tensor =>
  transposed(toMatrices(x, 'linalg.matrixTranspose')),
);
