/** @file Blocks of pixels to channels or to the batch, and back. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toTensor } from './convert.ts';
import { type DataFormat, withLayout } from './window.ts';
import { op } from '../symbolic/op.ts';

function toImages(x: TensorLike, blockSize: number, operation: string): Tensor {
  const images = toTensor(x, operation);
  if (images.rank !== 4)
    throw new ShapeError(`${operation}: expected images of rank 4, got shape ${formatShape(images.shape)}.`);
  if (!Number.isInteger(blockSize) || blockSize < 2)
    throw new ArgumentError(`${operation}: expected a blockSize of 2 or more, got ${blockSize}.`);
  return images;
}

/**
 * Each block of `blockSize` x `blockSize` pixels as the channels of one pixel.
 *
 * @param x Images; height and width are multiples of `blockSize`.
 * @returns `[batch, height / blockSize, width / blockSize, channels · blockSize²]` (in NHWC).
 * @example tf.spaceToDepth([[[[1], [2]], [[3], [4]]]], 2) // [[[[1, 2, 3, 4]]]]
 */
export const spaceToDepth = op(
  'spaceToDepth',
  function spaceToDepth(x: TensorLike, blockSize: number, dataFormat: DataFormat = 'NHWC'): Tensor {
    const images = toImages(x, blockSize, 'spaceToDepth');
    return withLayout(images, 2, dataFormat, 'spaceToDepth', (input) => {
      const [batch, height, width, channels] = input.shape;
      if (height % blockSize !== 0 || width % blockSize !== 0)
        throw new ShapeError(
          `spaceToDepth: height and width of shape ${formatShape(images.shape)} are not multiples of the blockSize ${blockSize}.`,
        );
      const [rows, columns] = [height / blockSize, width / blockSize];
      const split = p.reshape(input, [batch, rows, blockSize, columns, blockSize, channels]);
      return p.reshape(p.transpose(split, [0, 1, 3, 2, 4, 5]), [
        batch,
        rows,
        columns,
        blockSize * blockSize * channels,
      ]);
    });
  },
);

/**
 * The channels of each pixel as a block of `blockSize` x `blockSize` pixels: the inverse of {@link spaceToDepth}.
 *
 * @param x Images; the number of channels is a multiple of `blockSize²`.
 * @returns `[batch, height · blockSize, width · blockSize, channels / blockSize²]` (in NHWC).
 * @example `tf.depthToSpace([[[[1, 2, 3, 4]]]], 2)` is `[[[[1], [2]], [[3], [4]]]]`
 */
export const depthToSpace = op(
  'depthToSpace',
  function depthToSpace(x: TensorLike, blockSize: number, dataFormat: DataFormat = 'NHWC'): Tensor {
    const images = toImages(x, blockSize, 'depthToSpace');
    return withLayout(images, 2, dataFormat, 'depthToSpace', (input) => {
      const [batch, height, width, channels] = input.shape;
      const depth = channels / (blockSize * blockSize);
      if (!Number.isInteger(depth))
        throw new ShapeError(
          `depthToSpace: the ${channels} channels of shape ${formatShape(images.shape)} are not a multiple of the squared blockSize, ${blockSize * blockSize}.`,
        );
      const split = p.reshape(input, [batch, height, width, blockSize, blockSize, depth]);
      const joined = p.transpose(split, [0, 1, 3, 2, 4, 5]);
      return p.reshape(joined, [batch, height * blockSize, width * blockSize, depth]);
    });
  },
);

/** @throws ArgumentError, ShapeError unless there is a block size and a pair of numbers for each of the first axes */
function checkBlocks(
  x: Tensor,
  blockShape: readonly number[],
  pairs: readonly (readonly [number, number])[],
  name: string,
  operation: string,
): void {
  if (blockShape.length === 0 || blockShape.some((size) => !Number.isInteger(size) || size < 1))
    throw new ArgumentError(
      `${operation}: expected a blockShape of positive integers, got ${formatShape(blockShape)}.`,
    );
  if (pairs.length !== blockShape.length || pairs.flat().some((n) => !Number.isInteger(n) || n < 0))
    throw new ArgumentError(
      `${operation}: expected ${name} of ${blockShape.length} pairs of non-negative integers, got ${JSON.stringify(pairs)}.`,
    );
  if (x.rank < blockShape.length + 1)
    throw new ShapeError(
      `${operation}: a blockShape of ${blockShape.length} sizes needs a tensor of rank ${blockShape.length + 1} or more, got shape ${formatShape(x.shape)}.`,
    );
}

/**
 * Blocks of the axes after the first one moved to the batch: `[batch, ...spatial, ...rest]` becomes
 * `[batch · Π block, ...spatial / block, ...rest]`.
 *
 * @param blockShape Size of a block on each of those axes.
 * @param paddings Zeros [before, after] on each of them, so that blocks fit.
 * @example `tf.spaceToBatchND([[[[1], [2]], [[3], [4]]]], [2, 2], [[0, 0], [0, 0]]).shape` is `[4, 1, 1, 1]`
 */
export const spaceToBatchND = op(
  'spaceToBatchND',
  function spaceToBatchND(
    x: TensorLike,
    blockShape: readonly number[],
    paddings: readonly (readonly [number, number])[],
  ): Tensor {
    const value = toTensor(x, 'spaceToBatchND');
    checkBlocks(value, blockShape, paddings, 'paddings', 'spaceToBatchND');
    const axes = blockShape.length;
    const none = [0, 0] as const;
    const padded = p.pad(value, [none, ...paddings, ...value.shape.slice(axes + 1).map(() => none)]);
    const counts = blockShape.map((block, axis) => padded.shape[axis + 1] / block);
    if (counts.some((count) => !Number.isInteger(count)))
      throw new ShapeError(
        `spaceToBatchND: blocks of ${formatShape(blockShape)} do not divide shape ${formatShape(padded.shape)}, padding included.`,
      );
    const [batch, rest] = [value.shape[0], value.shape.slice(axes + 1)];
    const split = p.reshape(padded, [batch, ...blockShape.flatMap((block, axis) => [counts[axis], block]), ...rest]);
    const [within, across] = [blockShape.map((_, axis) => 2 * axis + 2), blockShape.map((_, axis) => 2 * axis + 1)];
    const behind = rest.map((_, axis) => 2 * axes + 1 + axis);
    const moved = p.transpose(split, [...within, 0, ...across, ...behind]);
    return p.reshape(moved, [blockShape.reduce((a, b) => a * b, batch), ...counts, ...rest]);
  },
);

/**
 * The inverse of {@link spaceToBatchND}: the batch back into blocks of the axes after it.
 *
 * @param crops Elements [before, after] to leave out on each of those axes at the end.
 * @example `tf.batchToSpaceND([[[[1]]], [[[2]]], [[[3]]], [[[4]]]], [2, 2], [[0, 0], [0, 0]])` is `[[[[1], [2]], [[3], [4]]]]`
 */
export const batchToSpaceND = op(
  'batchToSpaceND',
  function batchToSpaceND(
    x: TensorLike,
    blockShape: readonly number[],
    crops: readonly (readonly [number, number])[],
  ): Tensor {
    const value = toTensor(x, 'batchToSpaceND');
    checkBlocks(value, blockShape, crops, 'crops', 'batchToSpaceND');
    const axes = blockShape.length;
    const batch = value.shape[0] / blockShape.reduce((a, b) => a * b, 1);
    if (!Number.isInteger(batch))
      throw new ShapeError(
        `batchToSpaceND: blocks of ${formatShape(blockShape)} do not divide the batch of shape ${formatShape(value.shape)}.`,
      );
    const [counts, rest] = [value.shape.slice(1, axes + 1), value.shape.slice(axes + 1)];
    const split = p.reshape(value, [...blockShape, batch, ...counts, ...rest]);
    const interleaved = blockShape.flatMap((_, axis) => [axes + 1 + axis, axis]);
    const moved = p.transpose(split, [axes, ...interleaved, ...rest.map((_, axis) => 2 * axes + 1 + axis)]);
    const joined = p.reshape(moved, [batch, ...counts.map((count, axis) => count * blockShape[axis]), ...rest]);
    const size = joined.shape.map((length, axis) => {
      const [before, after] = crops[axis - 1] ?? [0, 0];
      return length - before - after;
    });
    if (size.some((length) => length < 0))
      throw new ShapeError(
        `batchToSpaceND: crops ${JSON.stringify(crops)} are more than shape ${formatShape(joined.shape)} has.`,
      );
    return p.slice(joined, [0, ...crops.map(([before]) => before), ...rest.map(() => 0)], size);
  },
);
