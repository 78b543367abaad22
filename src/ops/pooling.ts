/** @file Pooling: the largest or the mean of each window of an image. */
import * as p from '../primitives/calls.ts';
import type { Pool2DParams } from '../primitives/primitives.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toFloat } from './convert.ts';
import { type DataFormat, type Pad, type Size2D, toPadding, toSize, withImages } from './window.ts';

function pool(
  operation: 'maxPool' | 'avgPool',
  primitive: (images: Tensor, params: Pool2DParams) => Tensor,
  x: TensorLike,
  filterSize: Size2D,
  strides: Size2D,
  pad: Pad,
  dataFormat: DataFormat,
): Tensor {
  return withImages(toFloat(x, operation), dataFormat, operation, (images) => {
    const windowShape = toSize(filterSize, 'filterSize', operation);
    const step = toSize(strides, 'strides', operation);
    const padding = toPadding(pad, images.shape.slice(1, 3), windowShape, step, dataFormat, operation);
    return primitive(images, { windowShape, strides: step, padding });
  });
}

/**
 * The largest element of each window; of equal ones the first gets the gradient.
 *
 * @param x Images `[batch, height, width, channels]`, or one without the batch.
 * @param filterSize Height and width of a window.
 * @param strides Pixels from window to window; the window's size by default.
 */
export const maxPool = (
  x: TensorLike,
  filterSize: Size2D,
  strides: Size2D = filterSize,
  pad: Pad = 'valid',
  dataFormat: DataFormat = 'NHWC',
): Tensor => pool('maxPool', p.maxPool2d, x, filterSize, strides, pad, dataFormat);

/**
 * The mean of each window; padding is left out of it.
 *
 * @param x Images `[batch, height, width, channels]`, or one without the batch.
 * @param filterSize Height and width of a window.
 * @param strides Pixels from window to window; the window's size by default.
 */
export const avgPool = (
  x: TensorLike,
  filterSize: Size2D,
  strides: Size2D = filterSize,
  pad: Pad = 'valid',
  dataFormat: DataFormat = 'NHWC',
): Tensor => pool('avgPool', p.avgPool2d, x, filterSize, strides, pad, dataFormat);
