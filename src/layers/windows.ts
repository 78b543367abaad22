/** @file Windows slid over sequences, images and volumes: what convolution and pooling share on one, two or three axes. */
import * as ops from '../ops/index.ts';
import type { DataFormat, DataFormat1D, DataFormat3D, Pad } from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type ImageFormat, channelAxis } from './images.ts';
import type { PartialShape } from './layer.ts';
import { type SpatialRank, spatialAxes } from './spatial.ts';

export const windowPaddings = ['valid', 'same'] as const;
/** `valid`: windows lie inside the image; `same`: they may begin and end outside, and only strides shrink the output. */
export type WindowPadding = (typeof windowPaddings)[number];

export const sequencePaddings = [...windowPaddings, 'causal'] as const;
/** `causal`: zeros come before the sequence alone, so that no step sees a later one. */
export type SequencePadding = (typeof sequencePaddings)[number];

/** How windows lie: a number for each spatial axis. */
export interface Windows {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: SequencePadding;
  readonly format: ImageFormat;
  readonly dilation: readonly number[];
}

/** How far windows reach along each axis. */
export const windowSpans = (size: readonly number[], dilation: readonly number[]): number[] =>
  size.map((length, i) => (length - 1) * dilation[i] + 1);

/** @throws ArgumentError where windows would both have gaps and lie apart */
export function requireStridesOrDilation(
  layer: string,
  strides: readonly number[],
  dilationRate: readonly number[],
): void {
  if (Math.max(...strides) > 1 && Math.max(...dilationRate) > 1)
    throw new ArgumentError(
      `Layer ${layer}: expected strides or dilationRate to be 1, got ${JSON.stringify(strides)} and ${JSON.stringify(dilationRate)}.`,
    );
}

/**
 * Shape of what windows slid over an input give.
 *
 * @param channels - How many come out.
 * @throws ShapeError where a window does not fit
 */
export function slidOutputShape(
  layer: string,
  inputShape: PartialShape,
  windows: Windows,
  channels: number | null,
): PartialShape {
  const { size: window, strides, padding, format, dilation } = windows;
  const spans = windowSpans(window, dilation);
  const output = [...inputShape];
  spatialAxes(window.length as SpatialRank, format).forEach((axis, i) => {
    const size = inputShape[axis];
    if (size === null) return;
    const slid = Math.floor((padding === 'valid' ? size - spans[i] : size - 1) / strides[i]) + 1;
    if (slid < 1)
      throw new ShapeError(
        `Layer ${layer}: a window that reaches over ${spans[i]} does not fit into axis ${axis} of an input of shape ${formatShape(inputShape)}; ` +
          `use a smaller window or padding 'same'.`,
      );
    output[axis] = slid;
  });
  output[channelAxis(format) === 1 ? 1 : output.length - 1] = channels;
  return output;
}

type AnyFormat = DataFormat | DataFormat1D | DataFormat3D;
const formats = {
  channelsLast: ['NWC', 'NHWC', 'NDHWC'],
  channelsFirst: ['NCW', 'NCHW', 'NCDHW'],
} as const satisfies Record<ImageFormat, readonly AnyFormat[]>;

/** An operation that comes for one, two and three axes, with the same arguments. */
type ForEachRank<F> = readonly [ofSequences: F, ofImages: F, ofVolumes: F];
type Convolution = (
  x: Tensor,
  kernel: Tensor,
  strides: readonly number[],
  padding: Pad | 'causal',
  format: AnyFormat,
  dilation: readonly number[],
) => Tensor;
type TransposedConvolution = (
  x: Tensor,
  kernel: Tensor,
  outputShape: readonly number[],
  strides: readonly number[],
  padding: Pad,
  format: AnyFormat,
  dilation: readonly number[],
) => Tensor;
type Pool = (
  x: Tensor,
  window: readonly number[],
  strides: readonly number[],
  padding: Pad,
  rounding: undefined,
  format: AnyFormat,
) => Tensor;

const convolutions = [ops.conv1d, ops.conv2d, ops.conv3d] as ForEachRank<Convolution>;
const transposedConvolutions = [
  ops.conv1dTranspose,
  (x, kernel, outputShape, strides, padding, format, dilation) =>
    ops.conv2dTranspose(x, kernel, outputShape, strides, padding, undefined, format as DataFormat, dilation),
  ops.conv3dTranspose,
] as ForEachRank<TransposedConvolution>;
const pools = {
  max: [ops.maxPool1d, ops.maxPool, ops.maxPool3d] as ForEachRank<Pool>,
  average: [ops.avgPool1d, ops.avgPool, ops.avgPool3d] as ForEachRank<Pool>,
};

/** The convolution with a kernel [...window, channels / groups, filters]: there are as many groups as fit. */
export function convolve(x: Tensor, kernel: Tensor, windows: Windows): Tensor {
  const { size, strides, padding, format, dilation } = windows;
  const axes = size.length - 1;
  return convolutions[axes](x, kernel, strides, padding, formats[format][axes], dilation);
}

/** Such a convolution's adjoint, with a kernel [...window, filters, channels]. @param margins - What is cut off before and after each spatial axis. */
export function convolveTransposed(
  x: Tensor,
  kernel: Tensor,
  outputShape: readonly number[],
  margins: readonly (readonly [before: number, after: number])[],
  { strides, format, dilation }: Pick<Windows, 'strides' | 'format' | 'dilation'>,
): Tensor {
  const axes = strides.length - 1;
  const none = [0, 0] as const;
  const padding = format === 'channelsLast' ? [none, ...margins, none] : [none, none, ...margins];
  return transposedConvolutions[axes](x, kernel, outputShape, strides, padding, formats[format][axes], dilation);
}

export type PoolingMode = keyof typeof pools;

/** The largest or the mean element of each window; padding does not count. */
export function pool(x: Tensor, mode: PoolingMode, { size, strides, padding, format }: Windows): Tensor {
  const axes = size.length - 1;
  return pools[mode][axes](x, size, strides, padding as Pad, undefined, formats[format][axes]);
}
