/** @file Pooling: the largest or the mean of each window of a sequence, an image or a volume. */
import * as p from '../primitives/calls.ts';
import { isFloating } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat } from './convert.ts';
import { hostTensor } from './host-tensor.ts';
import { type WindowGrid, windowPatches } from './patches.ts';
import { type PoolingType, poolOver } from './pooling-axes.ts';
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

interface Request {
  readonly windowShape: SpatialSize;
  readonly strides: SpatialSize;
  readonly pad: Pad;
  readonly dataFormat: AnyDataFormat;
  readonly dilations?: SpatialSize;
  readonly rounding?: RoundingMode;
}

/** Where windows lie over an input of such spatial sizes. */
function gridOver(spatial: readonly number[], request: Request, operation: string): WindowGrid {
  const axes = spatial.length;
  const { pad, dataFormat, rounding } = request;
  const window = toSizes(request.windowShape, axes, 'filterSize', operation);
  const strides = toSizes(request.strides, axes, 'strides', operation);
  const dilations = toSizes(request.dilations ?? 1, axes, 'dilations', operation);
  const firstSpatial = isChannelsFirst(dataFormat, axes, operation) ? 2 : 1;
  const reach = extents(window, dilations);
  const padding = toPaddings({ pad, spatial, window: reach, strides, firstSpatial, rounding }, operation);
  spatial.forEach((size, axis) => {
    if (size + padding[axis][0] + padding[axis][1] < reach[axis])
      throw new ShapeError(
        `${operation}: windows of ${formatShape(window)} do not fit into spatial dimensions ${formatShape(spatial)}; ` +
          `use 'same' padding or smaller windows.`,
      );
  });
  return { window, strides, dilations, padding };
}

const pooling = (x: TensorLike, axes: number, type: PoolingType, operation: string, request: Request): Tensor =>
  withLayout(toFloat(x, operation), axes, request.dataFormat, operation, (input) =>
    poolOver(input, type, gridOver(input.shape.slice(1, -1), request, operation)),
  );

/** Pooling as `tf` has it for sequences and images. */
const poolingOf =
  <Format extends AnyDataFormat>(operation: string, axes: number, type: PoolingType, format: Format) =>
  (
    x: TensorLike,
    filterSize: SpatialSize,
    strides: SpatialSize = filterSize,
    pad: Pad = 'valid',
    dimRoundingMode?: RoundingMode,
    dataFormat: Format = format,
  ): Tensor => {
    const request = { windowShape: filterSize, strides, pad, dataFormat, rounding: dimRoundingMode };
    return pooling(x, axes, type, operation, request);
  };

/**
 * The largest element of each window of images; of equal ones the first gets the gradient.
 *
 * @param x Images `[batch, height, width, channels]`, or one without the batch.
 * @param filterSize Height and width of a window.
 * @param strides Pixels from window to window; the window's size by default.
 * @param pad `'same'`, `'valid'`, or pixels; see {@link Pad}.
 * @param dimRoundingMode How the number of windows is rounded where `pad` is in numbers.
 * @param dataFormat `'NHWC'` or `'NCHW'`.
 * @example `tf.maxPool([[[[1], [2]], [[3], [4]]]], 2).flatten()` is `[4]`
 */
export const maxPool = op('maxPool', poolingOf<DataFormat>('maxPool', 2, 'max', 'NHWC'));

/**
 * The mean of each window of images; padding is left out of it.
 *
 * @param x Images `[batch, height, width, channels]`, or one without the batch.
 * @param filterSize Height and width of a window.
 * @param strides Pixels from window to window; the window's size by default.
 * @param pad As in {@link maxPool}.
 * @param dimRoundingMode As in {@link maxPool}.
 * @param dataFormat As in {@link maxPool}.
 * @example `tf.avgPool([[[[1], [2]], [[3], [4]]]], 2).flatten()` is `[2.5]`
 */
export const avgPool = op('avgPool', poolingOf<DataFormat>('avgPool', 2, 'avg', 'NHWC'));

/**
 * The largest element of each window of sequences `[batch, width, channels]`; otherwise as {@link maxPool}.
 *
 * @example `tf.maxPool1d([[[1], [5], [2], [3]]], 2).flatten()` is `[5, 3]`
 */
export const maxPool1d = op('maxPool1d', poolingOf<DataFormat1D>('maxPool1d', 1, 'max', 'NWC'));

/**
 * The mean of each window of sequences `[batch, width, channels]`; otherwise as {@link avgPool}.
 *
 * @example `tf.avgPool1d([[[1], [5], [2], [4]]], 2).flatten()` is `[3, 3]`
 */
export const avgPool1d = op('avgPool1d', poolingOf<DataFormat1D>('avgPool1d', 1, 'avg', 'NWC'));

/**
 * The largest element of each window of volumes `[batch, depth, height, width, channels]`; otherwise as {@link maxPool}.
 *
 * @example `tf.maxPool3d(tf.ones([1, 4, 4, 4, 1]), 2).shape` is `[1, 2, 2, 2, 1]`
 */
export const maxPool3d = op(
  'maxPool3d',
  (
    x: TensorLike,
    filterSize: SpatialSize = [1, 1, 1],
    strides: SpatialSize = filterSize,
    pad: Pad = 'valid',
    dimRoundingMode?: RoundingMode,
    dataFormat: DataFormat3D = 'NDHWC',
  ): Tensor =>
    pooling(x, 3, 'max', 'maxPool3d', { windowShape: filterSize, strides, pad, dataFormat, rounding: dimRoundingMode }),
);

/**
 * The mean of each window of volumes `[batch, depth, height, width, channels]`; otherwise as {@link avgPool}.
 *
 * @example `tf.avgPool3d(tf.ones([1, 4, 4, 4, 1]), 2).shape` is `[1, 2, 2, 2, 1]`
 */
export const avgPool3d = op(
  'avgPool3d',
  (
    x: TensorLike,
    filterSize: SpatialSize = [1, 1, 1],
    strides: SpatialSize = filterSize,
    pad: Pad = 'valid',
    dimRoundingMode?: RoundingMode,
    dataFormat: DataFormat3D = 'NDHWC',
  ): Tensor =>
    pooling(x, 3, 'avg', 'avgPool3d', { windowShape: filterSize, strides, pad, dataFormat, rounding: dimRoundingMode }),
);

const layouts: Readonly<Record<number, AnyDataFormat>> = { 1: 'NWC', 2: 'NHWC', 3: 'NDHWC' };

/**
 * Pooling with windows that may have gaps. An input `[batch, ...spatial, channels]` has as many spatial axes as
 * `windowShape` (two, where that is one number).
 *
 * @param poolingType `'max'` or `'avg'`.
 * @param dilations Distance between the elements of a window.
 * @param strides Steps from window to window; not with dilations other than 1, as in TensorFlow.
 * @param dimRoundingMode How the number of windows is rounded where `pad` is in numbers.
 * @example `tf.pool([[[[1], [2]], [[3], [4]]]], 2, 'max').flatten()` is `[4]`
 */
export const pool = op(
  'pool',
  function pool(
    input: TensorLike,
    windowShape: SpatialSize,
    poolingType: PoolingType,
    pad: Pad = 'valid',
    dilations: SpatialSize = 1,
    strides: SpatialSize = 1,
    dimRoundingMode?: RoundingMode,
  ): Tensor {
    if (poolingType !== 'max' && poolingType !== 'avg')
      throw new ArgumentError(`pool: expected poolingType 'max' or 'avg', got ${JSON.stringify(poolingType)}.`);
    const axes = typeof windowShape === 'number' ? 2 : windowShape.length;
    const dataFormat = layouts[axes];
    if (!dataFormat)
      throw new ArgumentError(
        `pool: expected a windowShape of one to three numbers, got ${JSON.stringify(windowShape)}.`,
      );
    const isOne = (value: SpatialSize): boolean => [value].flat().every((n) => n === 1);
    if (!isOne(dilations) && !isOne(strides))
      throw new ArgumentError(
        `pool: either strides or dilations must be 1, got strides ${JSON.stringify(strides)} and dilations ${JSON.stringify(dilations)}.`,
      );
    const request = { windowShape, strides, pad, dataFormat, dilations, rounding: dimRoundingMode };
    return pooling(input, axes, poolingType, 'pool', request);
  },
);

/** The place of each window's first row or column in the images, with an axis for each of `rank`. */
const startsAlong = (count: number, stride: number, before: number, axis: number, rank: number): Tensor =>
  hostTensor(
    Array.from({ length: count }, (_, i) => i * stride - before),
    new Array<number>(rank).fill(1).with(axis, count),
  );

/**
 * The largest element of each window, and where it is.
 *
 * @param x Images `[batch, height, width, channels]`.
 * @param includeBatchInIndex Whether indices count through the whole batch, or begin anew with each image.
 * @returns `result`, and `indexes` (int32) of its elements: `(row · width + column) · channels + channel`.
 * @example `tf.maxPoolWithArgmax([[[[1], [2]], [[3], [4]]]], 2).indexes.flatten()` is `[3]`
 */
export const maxPoolWithArgmax = op(
  'maxPoolWithArgmax',
  function maxPoolWithArgmax(
    x: TensorLike,
    filterSize: Size2D,
    strides: Size2D = filterSize,
    pad: Pad = 'valid',
    includeBatchInIndex = false,
  ): { result: Tensor; indexes: Tensor } {
    const images = toFloat(x, 'maxPoolWithArgmax');
    if (images.rank !== 4)
      throw new ShapeError(
        `maxPoolWithArgmax: expected images of shape [batch, height, width, channels], got ${formatShape(images.shape)}.`,
      );
    const [batch, height, width, channels] = images.shape;
    const request = { windowShape: filterSize, strides, pad, dataFormat: 'NHWC' } as const;
    const grid = gridOver([height, width], request, 'maxPoolWithArgmax');
    const tap = p.argMax(windowPatches(images, grid, -Infinity), 3);
    const [, rows, columns] = tap.shape;
    const int = (value: number): Tensor => scalarLike(value, tap);
    const across = int(grid.window[1]);
    // Where all is -Infinity the padding came first: the image's own pixel next to it is as large.
    const within = (place: Tensor, size: number): Tensor => p.minimum(p.maximum(place, int(0)), int(size - 1));
    const row = p.add(p.floorDiv(tap, across), startsAlong(rows, grid.strides[0], grid.padding[0][0], 1, 4));
    const column = p.add(p.mod(tap, across), startsAlong(columns, grid.strides[1], grid.padding[1][0], 2, 4));
    const pixel = p.add(p.mul(within(row, height), int(width)), within(column, width));
    const inImage = p.add(p.mul(pixel, int(channels)), startsAlong(channels, 1, 0, 3, 4));
    const indexes = includeBatchInIndex
      ? p.add(inImage, startsAlong(batch, height * width * channels, 0, 0, 4))
      : inImage;
    return { result: poolOver(images, 'max', grid), indexes };
  },
);

/**
 * Grey dilation of images by a filter: `y[b, i, j, c] = max x[b, i·stride + m·dilation, j·stride + n·dilation, c] + filter[m, n, c]`.
 *
 * @param x Images `[batch, height, width, channels]`, or one without the batch.
 * @param filter `[height, width, channels]`
 * @example `tf.dilation2d([[[[1], [2]], [[3], [4]]]], [[[0], [1]], [[0], [1]]]).flatten()` is `[5]`
 */
export const dilation2d = op(
  'dilation2d',
  function dilation2d(
    x: TensorLike,
    filter: TensorLike,
    strides: Size2D = 1,
    pad: 'same' | 'valid' = 'valid',
    dilations: Size2D = 1,
    dataFormat: 'NHWC' = 'NHWC',
  ): Tensor {
    const images = toFloat(x, 'dilation2d');
    const weights = p.cast(toFloat(filter, 'dilation2d'), images.dtype);
    const channels = images.shape[images.rank - 1];
    if (weights.rank !== 3 || weights.shape[2] !== channels)
      throw new ShapeError(
        `dilation2d: expected a filter of shape [height, width, ${channels}], got ${formatShape(weights.shape)}.`,
      );
    if (!isFloating(images.dtype)) throw new DTypeError(`dilation2d: expected real numbers, got ${images.dtype}.`);
    return withLayout(images, 2, dataFormat, 'dilation2d', (input) => {
      const request = { windowShape: weights.shape.slice(0, 2), strides, pad, dataFormat, dilations };
      const patches = windowPatches(input, gridOver(input.shape.slice(1, 3), request, 'dilation2d'), -Infinity);
      return p.max(p.add(patches, p.reshape(weights, [weights.shape[0] * weights.shape[1], channels])), [3]);
    });
  },
);

/**
 * Grey erosion of images by a filter: `y[b, i, j, c] = min x[b, i·stride + m·dilation, ...] - filter[height - 1 - m, ...]`,
 * the negated dilation of the negated images by the reversed filter.
 *
 * @param x Images `[batch, height, width, channels]`, or one without the batch.
 * @param filter `[height, width, channels]`
 * @example `tf.erosion2d([[[[1], [2]], [[3], [4]]]], [[[0], [1]], [[0], [1]]]).flatten()` is `[0]`
 */
export const erosion2d = op(
  'erosion2d',
  function erosion2d(
    x: TensorLike,
    filter: TensorLike,
    strides: Size2D = 1,
    pad: 'same' | 'valid' = 'valid',
    dilations: Size2D = 1,
    dataFormat: 'NHWC' = 'NHWC',
  ): Tensor {
    const weights = toFloat(filter, 'erosion2d');
    if (weights.rank !== 3)
      throw new ShapeError(
        `erosion2d: expected a filter of shape [height, width, channels], got ${formatShape(weights.shape)}.`,
      );
    const negated = p.neg(toFloat(x, 'erosion2d'));
    return p.neg(dilation2d(negated, p.reverse(weights, [0, 1]), strides, pad, dilations, dataFormat));
  },
);
