/** @file Images in another size. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, ownTensor } from '../convert.ts';
import { hostTensor } from '../host-tensor.ts';
import { cropToBoundingBox, padToBoundingBox } from './geometry.ts';
import { toExtent, toSampled, withBatch } from './operands.ts';
import { type KernelMethod, type Taps, bilinearTaps, nearestPlaces, tapsOf } from './taps.ts';
import { op } from '../../symbolic/op.ts';

export type ResizeMethod = KernelMethod | 'nearest';
const methods: readonly ResizeMethod[] = [
  ...(['bilinear', 'nearest', 'bicubic', 'area'] as const),
  ...(['lanczos3', 'lanczos5', 'gaussian', 'mitchellcubic'] as const),
];

/** Kernels that weigh neighbours also where an image keeps its size. */
const smoothing: ReadonlySet<ResizeMethod> = new Set<ResizeMethod>(['gaussian', 'mitchellcubic']);

/** Weighted sums of pixels along an axis: one tap after another, so that no image of all taps is made. */
function combine(x: Tensor, axis: number, { count, places, weights }: Taps): Tensor {
  const outputs = places.length / count;
  const shape = new Array<number>(x.rank - axis).fill(1).with(0, outputs);
  const everyNth = (list: readonly number[], tap: number): number[] =>
    Array.from({ length: outputs }, (_, i) => list[i * count + tap]);
  const terms = Array.from({ length: count }, (_, tap) => {
    const taken = p.gather(x, hostTensor(everyNth(places, tap)), axis);
    return p.mul(taken, hostTensor(everyNth(weights, tap), shape, x.dtype));
  });
  return terms.reduce(p.add);
}
const pick = (x: Tensor, axis: number, places: readonly number[]): Tensor => p.gather(x, hostTensor(places), axis);

/**
 * Images resized as `tf.image.resize` of TensorFlow 2 does it, with pixels as areas (`halfPixelCenters`).
 *
 * @param images `[batch, height, width, channels]`, or one without the batch.
 * @param size The new height and width.
 * @param method `'bilinear'`, `'nearest'`, `'bicubic'`, `'area'`, `'lanczos3'`, `'lanczos5'`, `'gaussian'` or `'mitchellcubic'`.
 * @param preserveAspectRatio Whether to make the image as large as fits into `size` without changing its proportions.
 * @param antialias Whether to widen the kernel where the image shrinks, so that all pixels count. Not for `'nearest'`
 *   and `'area'`.
 * @returns float32 (float64 for float64); `'nearest'` keeps the dtype.
 * @example `tf.image.resize([[[0], [2]]], [1, 4]).flatten()` is `[0, 0.5, 1.5, 2]`
 */
export const resize = op(
  'image.resize',
  function resize(
    images: TensorLike,
    size: readonly number[],
    method: ResizeMethod = 'bilinear',
    preserveAspectRatio = false,
    antialias = false,
  ): Tensor {
    const operation = 'image.resize';
    if (!methods.includes(method))
      throw new ArgumentError(
        `${operation}: expected a method of ${methods.join(', ')}, got ${JSON.stringify(method)}.`,
      );
    const wanted = toExtent(size, operation);
    return withBatch(images, operation, (x) => {
      const [, height, width] = x.shape;
      const scale = Math.min(wanted[0] / height, wanted[1] / width);
      const [rows, columns] = preserveAspectRatio ? [height, width].map((n) => Math.round(n * scale)) : wanted;
      const isSame = rows === height && columns === width;
      if (isSame && !smoothing.has(method)) return ownTensor(method === 'nearest' ? x : toSampled(x), images);
      if (method === 'nearest')
        return pick(
          pick(x, 1, nearestPlaces(height, rows, false, true)),
          2,
          nearestPlaces(width, columns, false, true),
        );
      const along = (value: Tensor, axis: number, from: number, to: number): Tensor =>
        combine(value, axis, tapsOf(method, from, to, antialias));
      return along(along(toSampled(x), 1, height, rows), 2, width, columns);
    });
  },
);

/**
 * Images resized by weighing the two nearest pixels along each axis, with the conventions of TensorFlow.js.
 *
 * @param images `[batch, height, width, channels]`, or one without the batch.
 * @param alignCorners Whether the centres of the corner pixels stay corners.
 * @param halfPixelCenters Whether a pixel's place is its centre, as in {@link resize}.
 * @example `tf.image.resizeBilinear([[[0], [2]]], [1, 4]).flatten()` is `[0, 1, 2, 2]`
 */
export const resizeBilinear = op(
  'image.resizeBilinear',
  function resizeBilinear(
    images: TensorLike,
    size: readonly number[],
    alignCorners = false,
    halfPixelCenters = false,
  ): Tensor {
    const [rows, columns] = checkedSize(size, alignCorners, halfPixelCenters, 'image.resizeBilinear');
    return withBatch(images, 'image.resizeBilinear', (x) => {
      const [, height, width] = x.shape;
      const taps = (from: number, to: number): Taps => bilinearTaps(from, to, alignCorners, halfPixelCenters);
      return combine(combine(toSampled(x), 1, taps(height, rows)), 2, taps(width, columns));
    });
  },
);

/**
 * Images resized by taking the nearest pixel; arguments as in {@link resizeBilinear}. The dtype stays.
 *
 * @example `tf.image.resizeNearestNeighbor([[[0], [2]]], [1, 4]).flatten()` is `[0, 0, 2, 2]`
 */
export const resizeNearestNeighbor = op(
  'image.resizeNearestNeighbor',
  function resizeNearestNeighbor(
    images: TensorLike,
    size: readonly number[],
    alignCorners = false,
    halfPixelCenters = false,
  ): Tensor {
    const [rows, columns] = checkedSize(size, alignCorners, halfPixelCenters, 'image.resizeNearestNeighbor');
    return withBatch(images, 'image.resizeNearestNeighbor', (x) => {
      const [, height, width] = x.shape;
      const places = (from: number, to: number): number[] => nearestPlaces(from, to, alignCorners, halfPixelCenters);
      return pick(pick(x, 1, places(height, rows)), 2, places(width, columns));
    });
  },
);

function checkedSize(
  size: readonly number[],
  alignCorners: boolean,
  halfPixelCenters: boolean,
  operation: string,
): [number, number] {
  if (alignCorners && halfPixelCenters)
    throw new ArgumentError(`${operation}: alignCorners and halfPixelCenters exclude each other; set one of them.`);
  return toExtent(size, operation);
}

/**
 * Images resized without changing their proportions, with zeros around them up to the size wanted.
 *
 * @param image `[batch, height, width, channels]`, or one without the batch.
 * @example `tf.image.resizeWithPad(tf.ones([2, 4, 3]), 8, 8).shape` is `[8, 8, 3]`
 */
export const resizeWithPad = op(
  'image.resizeWithPad',
  function resizeWithPad(
    image: TensorLike,
    targetHeight: number,
    targetWidth: number,
    method: ResizeMethod = 'bilinear',
    antialias = false,
  ): Tensor {
    const target = toExtent([targetHeight, targetWidth], 'image.resizeWithPad', 'the target');
    return withBatch(image, 'image.resizeWithPad', (x) => {
      const [, height, width] = x.shape;
      const ratio = Math.max(width / target[1], height / target[0]);
      const [rows, columns] = [Math.floor(height / ratio), Math.floor(width / ratio)];
      const resized = resize(x, [rows, columns], method, false, antialias);
      const [top, left] = [Math.floor((target[0] - rows) / 2), Math.floor((target[1] - columns) / 2)];
      return padToBoundingBox(resized, Math.max(0, top), Math.max(0, left), target[0], target[1]);
    });
  },
);

/**
 * Images cut around their middle, or with zeros around them, on each axis as the size wanted asks for.
 *
 * @example `tf.image.resizeWithCropOrPad([[[1], [2], [3]]], 1, 1)` is `[[[2]]]`
 */
export const resizeWithCropOrPad = op(
  'image.resizeWithCropOrPad',
  function resizeWithCropOrPad(image: TensorLike, targetHeight: number, targetWidth: number): Tensor {
    const target = toExtent([targetHeight, targetWidth], 'image.resizeWithCropOrPad', 'the target');
    return withBatch(image, 'image.resizeWithCropOrPad', (x) => {
      const sizes = x.shape.slice(1, 3);
      const [cropTop, cropLeft] = sizes.map((size, axis) => Math.max(0, Math.floor((size - target[axis]) / 2)));
      const [rows, columns] = sizes.map((size, axis) => Math.min(size, target[axis]));
      const cropped = cropToBoundingBox(x, cropTop, cropLeft, rows, columns);
      const [top, left] = sizes.map((size, axis) => Math.max(0, Math.floor((target[axis] - size) / 2)));
      return padToBoundingBox(cropped, top, left, target[0], target[1]);
    });
  },
);
