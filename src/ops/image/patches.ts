/** @file The pixels under sliding windows, as channels. */
import type { Tensor } from '../../tensor/tensor.ts';
import * as p from '../../primitives/calls.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { windowPatches } from '../patches.ts';
import { type Size2D, extents, toPaddings, toSize } from '../window.ts';
import { op } from '../../symbolic/op.ts';

/** The two of TensorFlow's four numbers that say something. */
const inner = (value: Size2D): Size2D => (typeof value !== 'number' && value.length === 4 ? value.slice(1, 3) : value);

/**
 * The pixels under each window, one after another in the channels.
 *
 * @param images `[batch, height, width, channels]`
 * @param sizes Height and width of a window; also as TensorFlow writes them, `[1, height, width, 1]`.
 * @param strides Pixels from window to window.
 * @param rates Distance between the pixels of a window.
 * @returns `[batch, rows, columns, height · width · channels]`
 * @example `tf.image.extractPatches(tf.ones([1, 4, 4, 2]), 3).shape` is `[1, 2, 2, 18]`
 */
export const extractPatches = op(
  'image.extractPatches',
  function extractPatches(
    images: TensorLike,
    sizes: Size2D,
    strides: Size2D = 1,
    rates: Size2D = 1,
    padding: 'valid' | 'same' = 'valid',
  ): Tensor {
    const operation = 'image.extractPatches';
    const value = toTensor(images, operation);
    if (value.rank !== 4)
      throw new ShapeError(
        `${operation}: expected images of shape [batch, height, width, channels], got ${formatShape(value.shape)}.`,
      );
    const window = toSize(inner(sizes), 'sizes', operation);
    const steps = toSize(inner(strides), 'strides', operation);
    const dilations = toSize(inner(rates), 'rates', operation);
    const spatial = value.shape.slice(1, 3);
    const reach = extents(window, dilations);
    const paddings = toPaddings({ pad: padding, spatial, window: reach, strides: steps }, operation);
    if (spatial.some((size, axis) => size + paddings[axis][0] + paddings[axis][1] < reach[axis]))
      throw new ShapeError(
        `${operation}: windows that reach over ${formatShape(reach)} pixels do not fit into images of shape ${formatShape(value.shape)}.`,
      );
    const patches = windowPatches(value, { window, strides: steps, dilations, padding: paddings }, 0);
    return p.reshape(patches, [...patches.shape.slice(0, 3), window[0] * window[1] * value.shape[3]]);
  },
);
