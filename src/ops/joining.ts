/** @file Several tensors into one. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, toOperands } from './convert.ts';
import { op } from '../symbolic/op.ts';

function toList(tensors: readonly TensorLike[], operation: string): Tensor[] {
  if (!Array.isArray(tensors) || tensors.length === 0)
    throw new ArgumentError(`${operation}: expected an array of at least one tensor.`);
  return toOperands(tensors, operation);
}

/** Tensors one after another along an axis they have. @example `tf.concat([[1, 2], [3]])` is `[1, 2, 3]` */
export const concat = op('concat', function concat(tensors: readonly TensorLike[], axis = 0): Tensor {
  const list = toList(tensors, 'concat');
  const at = normalizeAxis(axis, list[0].rank, 'concat');
  return list.length === 1 ? ownTensor(list[0], tensors[0]) : p.concat(list, at);
});

/** Tensors of one shape side by side along a new axis. @example `tf.stack([[1, 2], [3, 4]])` has shape `[2, 2]` */
export const stack = op('stack', function stack(tensors: readonly TensorLike[], axis = 0): Tensor {
  const list = toList(tensors, 'stack');
  const { shape, rank } = list[0];
  const other = list.find((x) => !shapesEqual(x.shape, shape));
  if (other)
    throw new ShapeError(
      `stack: expected tensors of one shape, got ${formatShape(shape)} and ${formatShape(other.shape)}.`,
    );
  const at = normalizeAxis(axis, rank + 1, 'stack');
  const widened = list.map((x) => p.reshape(x, shape.toSpliced(at, 0, 1)));
  return widened.length === 1 ? widened[0] : p.concat(widened, at);
});

/** The sum of tensors of one shape. @example `tf.addN([[1, 2], [3, 4], [5, 6]])` is `[9, 12]` */
export const addN = op('addN', (tensors: readonly TensorLike[]): Tensor =>
  ownTensor(
    toList(tensors, 'addN').reduce((a, b) => p.add(a, b)),
    tensors[0],
  ),
);
