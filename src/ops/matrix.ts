/** @file Products of vectors and matrices. */
import * as p from '../primitives/calls.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toPair } from './convert.ts';
import { op } from '../symbolic/op.ts';

/**
 * The product of matrices; leading axes are batches and broadcast.
 *
 * @param a `[..., m, k]`
 * @param b `[..., k, n]`
 * @param transposeA Take `a` as `[..., k, m]`.
 * @param transposeB Take `b` as `[..., n, k]`.
 * @returns `[..., m, n]`
 * @example `tf.matMul([[1, 2]], [[3], [4]])` is `[[11]]`
 */
export const matMul = op(
  'matMul',
  function matMul(a: TensorLike, b: TensorLike, transposeA = false, transposeB = false): Tensor {
    const [x, y] = toPair(a, b, 'matMul');
    if (x.rank < 2 || y.rank < 2)
      throw new ShapeError(
        `matMul: expected operands of rank 2 or more, got shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}; use tf.dot for vectors.`,
      );
    return p.matMul(x, y, transposeA, transposeB);
  },
);

/**
 * The product of vectors or matrices, in any pairing; two vectors give a scalar.
 *
 * @example `tf.dot([1, 2], [3, 4])` is `11`
 */
export const dot = op('dot', function dot(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toPair(a, b, 'dot');
  const fits = [1, 2].includes(x.rank) && [1, 2].includes(y.rank) && x.shape[x.rank - 1] === y.shape[0];
  if (!fits)
    throw new ShapeError(
      `dot: expected vectors or matrices whose inner dimensions are equal, got shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}.`,
    );
  const left = x.rank === 1 ? p.reshape(x, [1, x.size]) : x;
  const right = y.rank === 1 ? p.reshape(y, [y.size, 1]) : y;
  return p.reshape(p.matMul(left, right), [...x.shape.slice(0, -1), ...y.shape.slice(1)]);
});

/** `aᵢ · bⱼ` for all i and j of two vectors. @example `tf.outerProduct([1, 2], [3, 4])` is `[[3, 4], [6, 8]]` */
export const outerProduct = op('outerProduct', function outerProduct(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toPair(a, b, 'outerProduct');
  if (x.rank !== 1 || y.rank !== 1)
    throw new ShapeError(
      `outerProduct: expected two vectors, got shapes ${formatShape(x.shape)} and ${formatShape(y.shape)}.`,
    );
  return p.mul(p.reshape(x, [x.size, 1]), p.reshape(y, [1, y.size]));
});

/**
 * The sum of products over pairs of axes.
 *
 * @param axes A number n pairs the last n axes of `a` with the first n of `b`; two lists pair their axes one by one.
 * @returns The axes of `a` that are left, then those of `b`.
 * @example `tf.tensordot([[1, 2], [3, 4]], [1, 10], 1)` is `[21, 43]`
 */
export const tensordot = op(
  'tensordot',
  function tensordot(
    a: TensorLike,
    b: TensorLike,
    axes: number | readonly [readonly number[], readonly number[]] = 2,
  ): Tensor {
    const [x, y] = toPair(a, b, 'tensordot');
    const [axesA, axesB] =
      typeof axes === 'number'
        ? [
            Array.from({ length: axes }, (_, i) => x.rank - axes + i),
            Array.from({ length: axes }, (_, i) => normalizeAxis(i, y.rank, 'tensordot')),
          ]
        : [
            axes[0].map((axis) => normalizeAxis(axis, x.rank, 'tensordot')),
            axes[1].map((axis) => normalizeAxis(axis, y.rank, 'tensordot')),
          ];
    if (axesA.length !== axesB.length || axesA.some((axis, i) => x.shape[axis] !== y.shape[axesB[i]]))
      throw new ShapeError(
        `tensordot: axes ${formatShape(axesA)} of shape ${formatShape(x.shape)} do not pair with axes ${formatShape(axesB)} of shape ${formatShape(y.shape)}.`,
      );
    const restA = x.shape.map((_, axis) => axis).filter((axis) => !axesA.includes(axis));
    const restB = y.shape.map((_, axis) => axis).filter((axis) => !axesB.includes(axis));
    const inner = sizeOf(axesA.map((axis) => x.shape[axis]));
    const shapeA = restA.map((axis) => x.shape[axis]);
    const shapeB = restB.map((axis) => y.shape[axis]);
    const left = p.reshape(p.transpose(x, [...restA, ...axesA]), [sizeOf(shapeA), inner]);
    const right = p.reshape(p.transpose(y, [...axesB, ...restB]), [inner, sizeOf(shapeB)]);
    return p.reshape(p.matMul(left, right), [...shapeA, ...shapeB]);
  },
);
