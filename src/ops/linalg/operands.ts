/** @file Matrices as operations take them: along the last two axes, with batches before. */
import * as p from '../../primitives/calls.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { broadcastShapes, formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toFloat, toFloatPair } from '../convert.ts';

export const rowsOf = (x: Tensor): number => x.shape[x.rank - 2];
export const columnsOf = (x: Tensor): number => x.shape[x.rank - 1];
export const batchOf = (x: Tensor): number[] => x.shape.slice(0, -2);

export const transposed = (x: Tensor): Tensor =>
  p.transpose(x, [...x.shape.slice(0, -2).map((_, axis) => axis), x.rank - 1, x.rank - 2]);

/** Vectors along the last axis as matrices of one column. */
export const asColumns = (x: Tensor): Tensor => p.reshape(x, [...x.shape, 1]);

/** @throws ShapeError where `x` has no two axes */
export function toMatrices(x: TensorLike, operation: string): Tensor {
  const value = toFloat(x, operation);
  if (value.rank < 2)
    throw new ShapeError(
      `${operation}: expected a matrix or a batch of matrices, [..., rows, columns], got shape ${formatShape(value.shape)}.`,
    );
  return value;
}

/** @throws ShapeError where the matrices are not square */
export function toSquare(x: TensorLike, operation: string): Tensor {
  const value = toMatrices(x, operation);
  if (rowsOf(value) !== columnsOf(value))
    throw new ShapeError(`${operation}: expected square matrices, got shape ${formatShape(value.shape)}.`);
  return value;
}

/** Matrices and right-hand sides in one dtype, their batches broadcast. */
export function toSystem(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const operands = toFloatPair(a, b, operation);
  if (operands[1].rank === 1)
    throw new ShapeError(
      `${operation}: expected a right-hand side of matrices, [..., rows, columns], got a vector of shape ` +
        `${formatShape(operands[1].shape)}; as one column it is tf.expandDims(v, -1).`,
    );
  const pair = operands.map((x) => toMatrices(x, operation));
  const [left, right] = pair;
  if (rowsOf(left) !== rowsOf(right))
    throw new ShapeError(
      `${operation}: expected as many rows on both sides, got matrices of shape ${formatShape(left.shape)} and a right-hand ` +
        `side of shape ${formatShape(right.shape)}.`,
    );
  const batch = broadcastShapes(batchOf(left), batchOf(right), operation);
  const [x, y] = pair.map((value) => p.broadcastTo(value, [...batch, ...value.shape.slice(-2)]));
  return [x, y];
}
