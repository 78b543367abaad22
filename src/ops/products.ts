/** @file Products of vectors, matrices and tensors beside matMul. */
import * as p from '../primitives/calls.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toPair } from './convert.ts';
import { matMul } from './matrix.ts';
import { conj } from './complex.ts';
import { op } from '../symbolic/op.ts';

/**
 * Kronecker's product: each element of `a` times all of `b`.
 *
 * @param a `[..., m, n]`, or a vector. @param b `[..., p, q]`, or a vector; the one of lower rank gets axes of size 1 in front.
 * @returns Each axis as long as the product of both, as numpy's `kron`.
 * @example `tf.kron([1, 10], [1, 2])` is `[1, 2, 10, 20]`
 */
export const kron = op('kron', function kron(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toPair(a, b, 'kron');
  const rank = Math.max(x.rank, y.rank);
  const full = (value: Tensor): number[] => [...new Array<number>(rank - value.rank).fill(1), ...value.shape];
  const [left, right] = [full(x), full(y)];
  const product = p.mul(
    p.reshape(
      x,
      left.flatMap((d) => [d, 1]),
    ),
    p.reshape(
      y,
      right.flatMap((d) => [1, d]),
    ),
  );
  return p.reshape(
    product,
    left.map((d, axis) => d * right[axis]),
  );
});

/**
 * `a ⊗ b`: every element of `a` times every one of `b`; the axes of `a`, then those of `b`.
 *
 * @example `tf.outer([1, 2], [3, 4])` is `[[3, 4], [6, 8]]`
 */
export const outer = op('outer', function outer(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toPair(a, b, 'outer');
  return p.mul(p.reshape(x, [...x.shape, ...y.shape.map(() => 1)]), y);
});

/**
 * The sum of products along the last axes: `Σ a[..., i] · b[..., i]`, all other axes of `a`, then those of `b`, as numpy's `inner`.
 *
 * @example `tf.inner([1, 2], [3, 4])` is `11`
 */
export const inner = op('inner', function inner(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toPair(a, b, 'inner');
  if (x.rank === 0 || y.rank === 0) return p.mul(x, y);
  if (x.shape[x.rank - 1] !== y.shape[y.rank - 1])
    throw new ShapeError(
      `inner: expected last axes of one size, got shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}.`,
    );
  const size = x.shape[x.rank - 1];
  const [left, right] = [x.shape.slice(0, -1), y.shape.slice(0, -1)];
  const [m, n] = [left, right].map((shape) => shape.reduce((product, d) => product * d, 1));
  return p.reshape(p.matMul(p.reshape(x, [m, size]), p.reshape(y, [n, size]), false, true), [...left, ...right]);
});

/**
 * The product of all elements of two tensors of one size, summed; complex ones of `a` are conjugated.
 *
 * @example `tf.vdot([1, 2], [3, 4])` is `11`
 */
export const vdot = op('vdot', function vdot(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toPair(a, b, 'vdot');
  if (x.size !== y.size)
    throw new ShapeError(
      `vdot: expected as many elements, got shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}.`,
    );
  return p.sum(p.mul(conj(p.reshape(x, [x.size])), p.reshape(y, [y.size])));
});

/**
 * Matrices times vectors.
 *
 * @param a `[..., m, n]` @param b `[..., n]` @param transposeA Take `a` as `[..., n, m]`.
 * @returns `[..., m]`
 * @example `tf.matvec([[1, 2], [3, 4]], [1, 10])` is `[21, 43]`
 */
export const matvec = op('matvec', function matvec(a: TensorLike, b: TensorLike, transposeA = false): Tensor {
  const [x, y] = toPair(a, b, 'matvec');
  if (x.rank < 2 || y.rank < 1)
    throw new ShapeError(
      `matvec: expected matrices and vectors, got shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}.`,
    );
  const product = matMul(x, p.reshape(y, [...y.shape, 1]), transposeA);
  return p.reshape(product, product.shape.slice(0, -1));
});
