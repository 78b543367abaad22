/** @file Edges and changes between neighbouring pixels. */
import * as p from '../../primitives/calls.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toTensor } from '../convert.ts';
import { hostTensor } from '../host-tensor.ts';
import { toBatch } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/** `size` elements of `axis` from `begin` on. */
const part = (x: Tensor, axis: number, begin: number, size: number): Tensor =>
  p.slice(x, x.shape.map((_, a) => (a === axis ? begin : 0)), x.shape.with(axis, size)); // prettier-ignore

/**
 * Sobel's gradients of images, with the border mirrored.
 *
 * @param image `[batch, height, width, channels]`, at least 2 x 2 pixels.
 * @returns `[batch, height, width, channels, 2]`: the change down and the change to the right.
 * @example `tf.image.sobelEdges(tf.ones([1, 3, 3, 1])).shape` is `[1, 3, 3, 1, 2]`
 */
export const sobelEdges = op('image.sobelEdges', function sobelEdges(image: TensorLike): Tensor {
  const x = toBatch(toFloat(image, 'image.sobelEdges'), 'image.sobelEdges');
  const [, height, width] = x.shape;
  if (height < 2 || width < 2)
    throw new ShapeError(
      `image.sobelEdges: expected images of 2 x 2 pixels or more, got shape ${formatShape(x.shape)}.`,
    );
  const mirrored = (size: number): Tensor => hostTensor([1, ...Array.from({ length: size }, (_, i) => i), size - 2]);
  const framed = p.gather(p.gather(x, mirrored(height), 1), mirrored(width), 2);
  const change = (y: Tensor, axis: number): Tensor => {
    const size = y.shape[axis] - 2;
    return p.sub(part(y, axis, 2, size), part(y, axis, 0, size));
  };
  const smooth = (y: Tensor, axis: number): Tensor => {
    const size = y.shape[axis] - 2;
    const middle = p.mul(part(y, axis, 1, size), scalarLike(2, y));
    return p.add(p.add(part(y, axis, 0, size), middle), part(y, axis, 2, size));
  };
  const edges = [smooth(change(framed, 1), 2), change(smooth(framed, 1), 2)];
  return p.concat(edges.map((edge) => p.reshape(edge, [...edge.shape, 1])), 4); // prettier-ignore
});

/**
 * The change from each pixel to the next: `[dy, dx]`, with zeros in the last row and column.
 *
 * @param image `[batch, height, width, channels]`
 * @example `tf.image.imageGradients([[[[1], [3]]]])[1].flatten()` is `[2, 0]`
 */
export const imageGradients = op('image.imageGradients', function imageGradients(image: TensorLike): [
  dy: Tensor,
  dx: Tensor,
] {
  const x = toBatch(toTensor(image, 'image.imageGradients'), 'image.imageGradients');
  const change = (axis: number): Tensor => {
    const size = Math.max(0, x.shape[axis] - 1);
    const changes = p.sub(part(x, axis, x.shape[axis] - size, size), part(x, axis, 0, size));
    return p.pad(changes, x.shape.map((_, a) => [0, a === axis ? x.shape[axis] - size : 0] as const)); // prettier-ignore
  };
  return [change(1), change(2)];
});

/**
 * The sum of the absolute differences of neighbouring pixels: how noisy an image is. One number for each image.
 *
 * @example `tf.image.totalVariation([[[1], [3]]])` is `2`
 */
export const totalVariation = op('image.totalVariation', function totalVariation(images: TensorLike): Tensor {
  const x = toTensor(images, 'image.totalVariation');
  if (x.rank !== 3 && x.rank !== 4)
    throw new ShapeError(
      `image.totalVariation: expected images of shape [batch, height, width, channels] or one without the batch, got ${formatShape(x.shape)}.`,
    );
  const axes = [x.rank - 3, x.rank - 2, x.rank - 1];
  const along = (axis: number): Tensor => {
    const size = Math.max(0, x.shape[axis] - 1);
    return p.sum(p.abs(p.sub(part(x, axis, x.shape[axis] - size, size), part(x, axis, 0, size))), axes);
  };
  return p.add(along(axes[0]), along(axes[1]));
});
