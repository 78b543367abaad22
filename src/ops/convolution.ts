/** @file Convolutions of sequences, images and volumes. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toFloatPair, toOperands } from './convert.ts';
import { convolve, convolveTransposed } from './convolution-axes.ts';
import {
  type AnyDataFormat,
  type DataFormat,
  type DataFormat1D,
  type DataFormat3D,
  type Pad,
  type RoundingMode,
  type Size2D,
  type SpatialSize,
  extents,
  isChannelsFirst,
  toPaddings,
  toSizes,
  withLayout,
} from './window.ts';
import { op } from '../symbolic/op.ts';

const axisNames = ['depth', 'height', 'width'];
const filterWords = (axes: number): string =>
  `[${[...axisNames.slice(3 - axes), 'inChannels', 'outChannels'].join(', ')}]`;

interface Request {
  readonly strides: SpatialSize;
  readonly pad: Pad;
  readonly dataFormat: AnyDataFormat;
  readonly dilations: SpatialSize;
  readonly rounding?: RoundingMode;
}

/** Convolution on as many spatial axes as the filter has; the number of groups follows from the channels. */
function convolution(operation: string, x: TensorLike, filter: TensorLike, axes: number, request: Request): Tensor {
  const { pad, dataFormat, rounding } = request;
  const [value, weights] = toFloatPair(x, filter, operation);
  return withLayout(value, axes, dataFormat, operation, (input) => {
    if (weights.rank !== axes + 2)
      throw new ShapeError(
        `${operation}: expected a filter of shape ${filterWords(axes)}, got ${formatShape(weights.shape)}.`,
      );
    const [depth, outputs] = weights.shape.slice(axes);
    const channels = input.shape[axes + 1];
    const groups = channels / depth;
    if (!Number.isInteger(groups) || groups < 1 || outputs % groups !== 0)
      throw new ShapeError(
        `${operation}: an input with ${channels} channels does not fit a filter of shape ${formatShape(weights.shape)}: ` +
          `its dimension ${axes} must be ${channels}, or divide it into groups that divide the ${outputs} outputs.`,
      );
    const strides = toSizes(request.strides, axes, 'strides', operation);
    const dilations = toSizes(request.dilations, axes, 'dilations', operation);
    const window = extents(weights.shape.slice(0, axes), dilations);
    const firstSpatial = isChannelsFirst(dataFormat, axes, operation) ? 2 : 1;
    const spatial = input.shape.slice(1, -1);
    const padding = toPaddings({ pad, spatial, window, strides, firstSpatial, rounding }, operation);
    spatial.forEach((size, axis) => {
      const padded = size + padding[axis][0] + padding[axis][1];
      if (padded < window[axis])
        throw new ShapeError(
          `${operation}: a filter that reaches over ${window[axis]} elements does not fit into the ${padded} of the ` +
            `${axisNames[3 - axes + axis]} of an input of shape ${formatShape(value.shape)}, padding included; use 'same' padding or a smaller filter.`,
        );
    });
    return convolve(input, weights, { strides, padding, dilations, groups });
  });
}

/**
 * Convolution (cross-correlation) of sequences with filters.
 *
 * @param x Sequences `[batch, width, inChannels]`, or one without the batch.
 * @param filter `[width, inChannels / groups, outChannels]`; the number of groups follows from it.
 * @param stride Steps from window to window.
 * @param pad As {@link Pad}; `'causal'` pads in front only, so that no output sees what comes after it.
 * @param dataFormat `'NWC'` or `'NCW'`, the layout of `x` and of the result.
 * @param dilation Distance between the steps of a window.
 * @param dimRoundingMode How the number of windows is rounded where `pad` is in numbers.
 * @example tf.conv1d([[[1], [2], [3]]], [[[1]], [[10]]], 1, 'valid') // [[[21], [32]]]
 */
export const conv1d = op(
  'conv1d',
  function conv1d(
    x: TensorLike,
    filter: TensorLike,
    stride: SpatialSize = 1,
    pad: Pad | 'causal' = 'valid',
    dataFormat: DataFormat1D = 'NWC',
    dilation: SpatialSize = 1,
    dimRoundingMode?: RoundingMode,
  ): Tensor {
    const [value, weights] = toFloatPair(x, filter, 'conv1d');
    const common = { strides: stride, dataFormat, dilations: dilation, rounding: dimRoundingMode };
    if (pad !== 'causal') return convolution('conv1d', value, weights, 1, { ...common, pad });
    const [before] = extents(weights.shape.slice(0, 1), toSizes(dilation, 1, 'dilation', 'conv1d'));
    const pairs = [[0, 0], [0, 0], [0, 0]].with(dataFormat === 'NWC' ? 1 : 2, [Math.max(0, before - 1), 0]); // prettier-ignore
    return convolution('conv1d', value, weights, 1, { ...common, pad: pairs as [number, number][] });
  },
);

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
 * @param dimRoundingMode How the number of windows is rounded where `pad` is in numbers.
 * @throws ShapeError where channels or sizes do not fit.
 * @example `tf.conv2d(tf.ones([1, 3, 3, 1]), tf.ones([2, 2, 1, 1])).squeeze()` is `[[4, 4], [4, 4]]`
 */
export const conv2d = op(
  'conv2d',
  (
    x: TensorLike,
    filter: TensorLike,
    strides: Size2D = 1,
    pad: Pad = 'valid',
    dataFormat: DataFormat = 'NHWC',
    dilations: Size2D = 1,
    dimRoundingMode?: RoundingMode,
  ): Tensor => convolution('conv2d', x, filter, 2, { strides, pad, dataFormat, dilations, rounding: dimRoundingMode }),
);

/**
 * Convolution (cross-correlation) of volumes with filters.
 *
 * @param x Volumes `[batch, depth, height, width, inChannels]`, or one without the batch.
 * @param filter `[depth, height, width, inChannels / groups, outChannels]`; the number of groups follows from it.
 * @param strides Steps from window to window.
 * @param dataFormat `'NDHWC'` or `'NCDHW'`, the layout of `x` and of the result.
 * @param dilations Distance between the elements of a window.
 * @example `tf.conv3d(tf.ones([1, 4, 4, 4, 2]), tf.ones([2, 2, 2, 2, 5])).shape` is `[1, 3, 3, 3, 5]`
 */
export const conv3d = op(
  'conv3d',
  (
    x: TensorLike,
    filter: TensorLike,
    strides: SpatialSize = 1,
    pad: Pad = 'valid',
    dataFormat: DataFormat3D = 'NDHWC',
    dilations: SpatialSize = 1,
  ): Tensor => convolution('conv3d', x, filter, 3, { strides, pad, dataFormat, dilations }),
);

/**
 * A convolution of each channel by itself with `channelMultiplier` filters.
 *
 * @param filter `[height, width, inChannels, channelMultiplier]`
 * @returns Images with `inChannels · channelMultiplier` channels.
 * @example `tf.depthwiseConv2d(tf.ones([1, 3, 3, 2]), tf.ones([2, 2, 2, 3])).shape` is `[1, 2, 2, 6]`
 */
export const depthwiseConv2d = op(
  'depthwiseConv2d',
  function depthwiseConv2d(
    x: TensorLike,
    filter: TensorLike,
    strides: Size2D = 1,
    pad: Pad = 'valid',
    dataFormat: DataFormat = 'NHWC',
    dilations: Size2D = 1,
    dimRoundingMode?: RoundingMode,
  ): Tensor {
    const [images, weights] = toFloatPair(x, filter, 'depthwiseConv2d');
    const channels = images.shape[dataFormat === 'NCHW' ? images.rank - 3 : images.rank - 1];
    if (weights.rank !== 4 || weights.shape[2] !== channels)
      throw new ShapeError(
        `depthwiseConv2d: expected a filter of shape [height, width, ${channels}, channelMultiplier], got ${formatShape(weights.shape)}.`,
      );
    const [height, width, depth, multiplier] = weights.shape;
    const grouped = p.reshape(weights, [height, width, 1, depth * multiplier]);
    const request = { strides, pad, dataFormat, dilations, rounding: dimRoundingMode };
    return convolution('depthwiseConv2d', images, grouped, 2, request);
  },
);

/**
 * A convolution of each channel by itself, then a mixture of the channels at each pixel.
 *
 * @param depthwiseFilter `[height, width, inChannels, channelMultiplier]`
 * @param pointwiseFilter `[1, 1, inChannels · channelMultiplier, outChannels]`
 * @param strides Of the first of the two.
 * @param pad Of the first of the two.
 * @param dilation Of the first of the two.
 * @example `tf.separableConv2d(tf.ones([1, 3, 3, 2]), tf.ones([2, 2, 2, 1]), tf.ones([1, 1, 2, 4])).shape` is `[1, 2, 2, 4]`
 */
export const separableConv2d = op(
  'separableConv2d',
  function separableConv2d(
    x: TensorLike,
    depthwiseFilter: TensorLike,
    pointwiseFilter: TensorLike,
    strides: Size2D = 1,
    pad: Pad = 'valid',
    dilation: Size2D = 1,
    dataFormat: DataFormat = 'NHWC',
  ): Tensor {
    const operands = [x, depthwiseFilter, pointwiseFilter];
    const [images, depthwise, pointwise] = toOperands(operands, 'separableConv2d');
    const mixed = depthwise.rank === 4 ? depthwise.shape[2] * depthwise.shape[3] : null;
    if (pointwise.rank !== 4 || pointwise.shape[0] !== 1 || pointwise.shape[1] !== 1 || pointwise.shape[2] !== mixed)
      throw new ShapeError(
        `separableConv2d: expected a pointwise filter of shape [1, 1, ${mixed ?? 'inChannels · channelMultiplier'}, outChannels], ` +
          `got ${formatShape(pointwise.shape)} beside a depthwise one of ${formatShape(depthwise.shape)}.`,
      );
    const filtered = depthwiseConv2d(images, depthwise, strides, pad, dataFormat, dilation);
    return conv2d(filtered, pointwise, 1, 'valid', dataFormat);
  },
);

function transposedConvolution(
  operation: string,
  x: TensorLike,
  filter: TensorLike,
  axes: number,
  outputShape: Shape,
  request: Request,
): Tensor {
  const { dataFormat, pad, rounding } = request;
  const [value, weights] = toFloatPair(x, filter, operation);
  const channelsFirst = isChannelsFirst(dataFormat, axes, operation);
  if (outputShape.length !== value.rank || outputShape.some((size) => !Number.isInteger(size) || size < 0))
    throw new ArgumentError(
      `${operation}: expected an outputShape of ${value.rank} sizes, as the input ${formatShape(value.shape)} has, got ${JSON.stringify(outputShape)}.`,
    );
  return withLayout(value, axes, dataFormat, operation, (input) => {
    const channels = input.shape[axes + 1];
    if (weights.rank !== axes + 2 || weights.shape[axes + 1] !== channels)
      throw new ShapeError(
        `${operation}: expected a filter of shape [${axisNames.slice(3 - axes).join(', ')}, outChannels, ${channels}], got ${formatShape(weights.shape)}.`,
      );
    const sizes = value.rank === axes + 1 ? [1, ...outputShape] : [...outputShape];
    const wanted = channelsFirst ? [sizes[0], ...sizes.slice(2), sizes[1]] : sizes;
    const strides = toSizes(request.strides, axes, 'strides', operation);
    const dilations = toSizes(request.dilations, axes, 'dilations', operation);
    const window = extents(weights.shape.slice(0, axes), dilations);
    const spatial = wanted.slice(1, -1);
    const firstSpatial = channelsFirst ? 2 : 1;
    const padding = toPaddings({ pad, spatial, window, strides, firstSpatial, rounding }, operation);
    const expected = spatial.map(
      (size, axis) => Math.floor((size + padding[axis][0] + padding[axis][1] - window[axis]) / strides[axis]) + 1,
    );
    const fits = expected.every((size, axis) => size === input.shape[axis + 1]);
    if (!fits || wanted[0] !== input.shape[0] || wanted[axes + 1] !== weights.shape[axes])
      throw new ShapeError(
        `${operation}: an output of shape ${formatShape(outputShape)} comes from ${wanted[0]} inputs of spatial shape ${formatShape(expected)} ` +
          `and a filter with ${wanted[axes + 1]} output channels; got an input ${formatShape(value.shape)} and a filter ${formatShape(weights.shape)}.`,
      );
    return convolveTransposed(input, weights, { strides, padding, dilations, groups: 1 }, wanted);
  });
}

/** Transposed convolution as `tf` has it for sequences and volumes. */
const transposedOf =
  <Format extends AnyDataFormat>(operation: string, axes: number, format: Format) =>
  (
    x: TensorLike,
    filter: TensorLike,
    outputShape: Shape,
    strides: SpatialSize = 1,
    pad: Pad = 'valid',
    dataFormat: Format = format,
    dilations: SpatialSize = 1,
  ): Tensor =>
    transposedConvolution(operation, x, filter, axes, outputShape, { strides, pad, dataFormat, dilations });

/**
 * The transposed convolution of sequences: the gradient of {@link conv1d} at its input.
 *
 * @param x `[batch, width, inChannels]`, or one without the batch.
 * @param filter `[width, outChannels, inChannels]`
 * @param outputShape Shape of the result, `[batch, width, outChannels]`.
 * @example `tf.conv1dTranspose([[[1], [2]]], [[[1]], [[10]]], [1, 4, 1], 2).flatten()` is `[1, 10, 2, 20]`
 */
export const conv1dTranspose = op('conv1dTranspose', transposedOf<DataFormat1D>('conv1dTranspose', 1, 'NWC'));

/**
 * The transposed convolution: the gradient of a convolution at its images, used to enlarge them.
 *
 * @param x `[batch, height, width, inChannels]`, or one without the batch.
 * @param filter `[height, width, outChannels, inChannels]`
 * @param outputShape Shape of the result, `[batch, height, width, outChannels]` in the layout of `x`; where several sizes
 *   are possible it decides.
 * @param dimRoundingMode How the number of windows is rounded where `pad` is in numbers.
 * @example `tf.conv2dTranspose(tf.ones([1, 2, 2, 1]), tf.ones([2, 2, 1, 1]), [1, 4, 4, 1], 2).shape` is `[1, 4, 4, 1]`
 */
export const conv2dTranspose = op(
  'conv2dTranspose',
  (
    x: TensorLike,
    filter: TensorLike,
    outputShape: Shape,
    strides: Size2D = 1,
    pad: Pad = 'valid',
    dimRoundingMode?: RoundingMode,
    dataFormat: DataFormat = 'NHWC',
    dilations: Size2D = 1,
  ): Tensor => {
    const request = { strides, pad, dataFormat, dilations, rounding: dimRoundingMode };
    return transposedConvolution('conv2dTranspose', x, filter, 2, outputShape, request);
  },
);

/**
 * The transposed convolution of volumes: the gradient of {@link conv3d} at its volumes.
 *
 * @param x `[batch, depth, height, width, inChannels]`, or one without the batch.
 * @param filter `[depth, height, width, outChannels, inChannels]`
 * @param outputShape Shape of the result, `[batch, depth, height, width, outChannels]` in the layout of `x`.
 * @example `tf.conv3dTranspose(tf.ones([1, 2, 2, 2, 1]), tf.ones([2, 2, 2, 3, 1]), [1, 4, 4, 4, 3], 2).shape` is `[1, 4, 4, 4, 3]`
 */
export const conv3dTranspose = op('conv3dTranspose', transposedOf<DataFormat3D>('conv3dTranspose', 3, 'NDHWC'));
