/** @file Frequencies in order: the zero frequency to the middle of an axis, and back. */
import * as p from '../../primitives/calls.ts';
import { normalizeAxes } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, ownTensor, toTensor } from '../convert.ts';
import type { Axis } from '../reduction.ts';
import { op } from '../../symbolic/op.ts';

/** The elements from `from` on along an axis, then those before. */
function rotated(x: Tensor, axis: number, from: number): Tensor {
  const length = x.shape[axis];
  if (from <= 0 || from >= length) return x;
  const begin = x.shape.map(() => 0);
  return p.concat(
    [
      p.slice(x, begin.with(axis, from), x.shape.with(axis, length - from)),
      p.slice(x, begin, x.shape.with(axis, from)),
    ],
    axis,
  );
}

const shifted =
  (operation: string, from: (length: number) => number) =>
  (x: TensorLike, axes: Axis = null): Tensor => {
    const value = toTensor(x, operation);
    const list = normalizeAxes(axes, value.rank, operation);
    const moved = list.reduce((state, axis) => rotated(state, axis, from(state.shape[axis])), value);
    return ownTensor(moved, x);
  };

/**
 * The zero frequency of a transform moved to the middle of each of `axes` (all by default).
 *
 * @example tf.signal.fftshift([0, 1, 2, -2, -1]) // [-2, -1, 0, 1, 2]
 */
export const fftshift: (x: TensorLike, axes?: Axis) => Tensor = op(
  'signal.fftshift',
  shifted('fftshift', (length) => Math.ceil(length / 2)),
);
/** The inverse of {@link fftshift}. @example `tf.signal.ifftshift([1, 2, 3])` is `[2, 3, 1]` */
export const ifftshift: (x: TensorLike, axes?: Axis) => Tensor = op(
  'signal.ifftshift',
  shifted('ifftshift', (length) => Math.floor(length / 2)),
);
