/** @file Images cut, framed, mirrored and turned by right angles. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, ownTensor } from '../convert.ts';
import { withBatch } from './operands.ts';
import { op } from '../../symbolic/op.ts';

function checkWhole(operation: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!Number.isInteger(value) || value < 0)
      throw new ArgumentError(`${operation}: expected ${name} to be an integer of 0 or more, got ${value}.`);
}

/**
 * The part of images that begins at an offset and has a size.
 *
 * @example `tf.image.cropToBoundingBox([[[1], [2]], [[3], [4]]], 0, 1, 2, 1)` is `[[[2]], [[4]]]`
 */
export const cropToBoundingBox = op(
  'image.cropToBoundingBox',
  function cropToBoundingBox(
    image: TensorLike,
    offsetHeight: number,
    offsetWidth: number,
    targetHeight: number,
    targetWidth: number,
  ): Tensor {
    const operation = 'image.cropToBoundingBox';
    checkWhole(operation, { offsetHeight, offsetWidth, targetHeight, targetWidth });
    return withBatch(image, operation, (x) => {
      const [batch, height, width, channels] = x.shape;
      if (offsetHeight + targetHeight > height || offsetWidth + targetWidth > width)
        throw new ShapeError(
          `${operation}: ${targetHeight} x ${targetWidth} pixels from [${offsetHeight}, ${offsetWidth}] do not lie within images of shape ${formatShape(x.shape)}.`,
        );
      return p.slice(x, [0, offsetHeight, offsetWidth, 0], [batch, targetHeight, targetWidth, channels]);
    });
  },
);

/**
 * Images in a larger frame of zeros, at an offset.
 *
 * @example `tf.image.padToBoundingBox([[[5]]], 0, 1, 1, 3)` is `[[[0], [5], [0]]]`
 */
export const padToBoundingBox = op(
  'image.padToBoundingBox',
  function padToBoundingBox(
    image: TensorLike,
    offsetHeight: number,
    offsetWidth: number,
    targetHeight: number,
    targetWidth: number,
  ): Tensor {
    const operation = 'image.padToBoundingBox';
    checkWhole(operation, { offsetHeight, offsetWidth, targetHeight, targetWidth });
    return withBatch(image, operation, (x) => {
      const after = [targetHeight - offsetHeight - x.shape[1], targetWidth - offsetWidth - x.shape[2]];
      if (after.some((n) => n < 0))
        throw new ShapeError(
          `${operation}: images of shape ${formatShape(x.shape)} at [${offsetHeight}, ${offsetWidth}] do not lie within ${targetHeight} x ${targetWidth} pixels.`,
        );
      return p.pad(x, [
        [0, 0],
        [offsetHeight, after[0]],
        [offsetWidth, after[1]],
        [0, 0],
      ]);
    });
  },
);

/**
 * The middle of images: `centralFraction` (above 0, up to 1) of their height and width.
 *
 * @example `tf.image.centralCrop(tf.ones([4, 4, 1]), 0.5).shape` is `[2, 2, 1]`
 */
export const centralCrop = op(
  'image.centralCrop',
  function centralCrop(image: TensorLike, centralFraction: number): Tensor {
    if (!(centralFraction > 0 && centralFraction <= 1))
      throw new ArgumentError(
        `image.centralCrop: expected a centralFraction above 0 and up to 1, got ${centralFraction}.`,
      );
    return withBatch(image, 'image.centralCrop', (x) => {
      const [top, left] = x.shape.slice(1, 3).map((size) => Math.trunc((size - size * centralFraction) / 2));
      return cropToBoundingBox(x, top, left, x.shape[1] - 2 * top, x.shape[2] - 2 * left);
    });
  },
);

/**
 * Mirror images: left and right change places.
 *
 * @example `tf.image.flipLeftRight([[[1], [2]]])` is `[[[2], [1]]]`
 */
export const flipLeftRight = op('image.flipLeftRight', (image: TensorLike): Tensor =>
  withBatch(image, 'image.flipLeftRight', (x) => p.reverse(x, [2])),
);

/**
 * Mirror images: top and bottom change places.
 *
 * @example `tf.image.flipUpDown([[[1]], [[2]]])` is `[[[2]], [[1]]]`
 */
export const flipUpDown = op('image.flipUpDown', (image: TensorLike): Tensor =>
  withBatch(image, 'image.flipUpDown', (x) => p.reverse(x, [1])),
);

/** Rows and columns change places. @example `tf.image.transpose([[[1], [2]]])` is `[[[1]], [[2]]]` */
export const transpose = op('image.transpose', (image: TensorLike): Tensor =>
  withBatch(image, 'image.transpose', (x) => p.transpose(x, [0, 2, 1, 3])),
);

/**
 * Images turned `k` times by a right angle, against the clock.
 *
 * @example `tf.image.rot90([[[1], [2]], [[3], [4]]]).squeeze()` is `[[2, 4], [1, 3]]`
 */
export const rot90 = op('image.rot90', function rot90(image: TensorLike, k = 1): Tensor {
  if (!Number.isInteger(k)) throw new ArgumentError(`image.rot90: expected a whole number of turns, got ${k}.`);
  return withBatch(image, 'image.rot90', (x) => {
    const swap = (value: Tensor): Tensor => p.transpose(value, [0, 2, 1, 3]);
    const turns = ((k % 4) + 4) % 4;
    if (turns === 0) return ownTensor(x, image);
    if (turns === 1) return p.reverse(swap(x), [1]);
    return turns === 2 ? p.reverse(x, [1, 2]) : p.reverse(swap(x), [2]);
  });
});
