/** @file Convolutions of images. */
import * as p from '../primitives/calls.ts';
import { ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toFloatPair } from './convert.ts';
import { type DataFormat, type Pad, type Size2D, toPadding, toSize, withImages } from './window.ts';

const dilated = (size: number, dilation: number): number => (size - 1) * dilation + 1;

/**
 * Convolution (cross-correlation) of images with filters.
 *
 * `y[b, i, j, o] = Σ x[b, i·stride + m·dilation, j·stride + n·dilation, c] · filter[m, n, c, o]`
 *
 * @param x Images `[batch, height, width, inChannels]`, or one without the batch.
 * @param filter `[height, width, inChannels / groups, outChannels]`; the number of groups follows from it.
 * @param strides Pixels from window to window.
 * @param pad `'same'`, `'valid'`, or pixels; see {@link Pad}.
 * @param dataFormat `'NHWC'` or `'NCHW'`, the layout of `x` and of the result (not of the filter).
 * @param dilations Distance between the pixels of a window.
 * @throws ShapeError where channels or sizes do not fit.
 */
export function conv2d(
  x: TensorLike,
  filter: TensorLike,
  strides: Size2D = 1,
  pad: Pad = 'valid',
  dataFormat: DataFormat = 'NHWC',
  dilations: Size2D = 1,
): Tensor {
  const [images, weights] = toFloatPair(x, filter, 'conv2d');
  return withImages(images, dataFormat, 'conv2d', (input) => {
    if (weights.rank !== 4)
      throw new ShapeError(
        `conv2d: expected a filter of shape [height, width, inChannels, outChannels], got ${formatShape(weights.shape)}.`,
      );
    const [height, width, depth, outputs] = weights.shape;
    const groups = input.shape[3] / depth;
    if (!Number.isInteger(groups) || groups < 1 || outputs % groups !== 0)
      throw new ShapeError(
        `conv2d: images with ${input.shape[3]} channels do not fit a filter of shape ${formatShape(weights.shape)}: ` +
          `its third dimension must be ${input.shape[3]}, or divide it into groups that divide the ${outputs} outputs.`,
      );
    const step = toSize(strides, 'strides', 'conv2d');
    const dilation = toSize(dilations, 'dilations', 'conv2d');
    const window = [dilated(height, dilation[0]), dilated(width, dilation[1])] as const;
    const padding = toPadding(pad, input.shape.slice(1, 3), window, step, dataFormat, 'conv2d');
    return p.conv2d(input, weights, { strides: step, padding, dilations: dilation, groups });
  });
}

/**
 * A convolution of each channel by itself with `channelMultiplier` filters.
 *
 * @param filter `[height, width, inChannels, channelMultiplier]`
 * @returns Images with `inChannels · channelMultiplier` channels.
 */
export function depthwiseConv2d(
  x: TensorLike,
  filter: TensorLike,
  strides: Size2D = 1,
  pad: Pad = 'valid',
  dataFormat: DataFormat = 'NHWC',
  dilations: Size2D = 1,
): Tensor {
  const [images, weights] = toFloatPair(x, filter, 'depthwiseConv2d');
  const channels = images.shape[dataFormat === 'NHWC' ? images.rank - 1 : images.rank - 3];
  if (weights.rank !== 4 || weights.shape[2] !== channels)
    throw new ShapeError(
      `depthwiseConv2d: expected a filter of shape [height, width, ${channels}, channelMultiplier], got ${formatShape(weights.shape)}.`,
    );
  const [height, width, depth, multiplier] = weights.shape;
  const grouped = p.reshape(weights, [height, width, 1, depth * multiplier]);
  return conv2d(images, grouped, strides, pad, dataFormat, dilations);
}

/**
 * The transposed convolution: the gradient of a convolution at its images, used to enlarge them.
 *
 * @param x `[batch, height, width, inChannels]`, or one without the batch.
 * @param filter `[height, width, outChannels, inChannels]`
 * @param outputShape Shape of the result, `[batch, height, width, outChannels]` (in NHWC); where several sizes are
 *   possible it decides.
 */
export function conv2dTranspose(
  x: TensorLike,
  filter: TensorLike,
  outputShape: Shape,
  strides: Size2D = 1,
  pad: Pad = 'valid',
): Tensor {
  const [images, weights] = toFloatPair(x, filter, 'conv2dTranspose');
  return withImages(images, 'NHWC', 'conv2dTranspose', (input) => {
    if (weights.rank !== 4 || weights.shape[3] !== input.shape[3])
      throw new ShapeError(
        `conv2dTranspose: expected a filter of shape [height, width, outChannels, ${input.shape[3]}], got ${formatShape(weights.shape)}.`,
      );
    const inputShape = outputShape.length === 3 ? [1, ...outputShape] : [...outputShape];
    const step = toSize(strides, 'strides', 'conv2dTranspose');
    const window = [weights.shape[0], weights.shape[1]] as const;
    const padding = toPadding(pad, inputShape.slice(1, 3), window, step, 'NHWC', 'conv2dTranspose');
    const expected = [0, 1].map((axis) =>
      Math.floor((inputShape[axis + 1] + padding[axis][0] + padding[axis][1] - window[axis]) / step[axis] + 1),
    );
    if (expected[0] !== input.shape[1] || expected[1] !== input.shape[2] || inputShape[3] !== weights.shape[2])
      throw new ShapeError(
        `conv2dTranspose: an output of shape ${formatShape(outputShape)} comes from images of height and width ${formatShape(expected)} ` +
          `and a filter with ${inputShape[3]} output channels; got images ${formatShape(images.shape)} and filter ${formatShape(weights.shape)}.`,
      );
    return p.conv2dInputGradient(input, weights, {
      strides: step,
      padding,
      dilations: [1, 1],
      groups: 1,
      inputShape,
    });
  });
}
