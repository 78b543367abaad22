/** @file What convolution and pooling share: arguments of windows, layouts, the batch axis; on one, two or three spatial axes. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** One number for each spatial axis alike, or one for each. */
export type SpatialSize = number | readonly number[];
/** One number for height and width, or one for each. */
export type Size2D = SpatialSize;

type Pair = readonly [number, number];
/** Elements added [before, after] on each spatial axis. */
export type Paddings = readonly Pair[];

/**
 * `'valid'`: none. `'same'`: so much that the output has size `ceil(input / stride)`, the odd pixel after. A number: on
 * every side. Pairs, one for each axis in the order of the layout: `[[0, 0], [top, bottom], [left, right], [0, 0]]`.
 */
export type Pad = 'valid' | 'same' | number | readonly Pair[];

/** How a number of windows that is not whole is rounded, for padding in numbers; `'floor'` by default. */
export type RoundingMode = 'floor' | 'round' | 'ceil';

/** Layout of images: `'NHWC'` is [batch, height, width, channels], `'NCHW'` [batch, channels, height, width]. */
export type DataFormat = 'NHWC' | 'NCHW';
/** Layout of sequences: `'NWC'` is [batch, width, channels], `'NCW'` [batch, channels, width]. */
export type DataFormat1D = 'NWC' | 'NCW';
/** Layout of volumes: `'NDHWC'` is [batch, depth, height, width, channels], `'NCDHW'` has the channels second. */
export type DataFormat3D = 'NDHWC' | 'NCDHW';
export type AnyDataFormat = DataFormat | DataFormat1D | DataFormat3D;

const formats: Readonly<Record<number, readonly [channelsLast: AnyDataFormat, channelsFirst: AnyDataFormat]>> = {
  1: ['NWC', 'NCW'],
  2: ['NHWC', 'NCHW'],
  3: ['NDHWC', 'NCDHW'],
};
const spelled: Readonly<Record<string, string>> = {
  N: 'batch',
  D: 'depth',
  H: 'height',
  W: 'width',
  C: 'channels',
};

/** Positive integers for `axes` axes, from one for all or one for each. @throws ArgumentError */
export function toSizes(value: SpatialSize, axes: number, name: string, operation: string): number[] {
  const given = typeof value === 'number' ? [value] : value;
  const sizes = given.length === 1 ? new Array<number>(axes).fill(given[0]) : [...given];
  if (sizes.length !== axes || sizes.some((n) => !Number.isInteger(n) || n < 1))
    throw new ArgumentError(
      `${operation}: expected ${name} to be a positive integer${axes > 1 ? ` or ${axes} of them` : ''}, got ${JSON.stringify(value)}.`,
    );
  return sizes;
}

/** `toSizes` of two axes. */
export const toSize = (value: Size2D, name: string, operation: string): readonly [number, number] =>
  toSizes(value, 2, name, operation) as [number, number];

/** How far a window reaches. */
export const extents = (window: readonly number[], dilations: readonly number[]): number[] =>
  window.map((size, axis) => (size - 1) * dilations[axis] + 1);

export interface PaddingRequest {
  readonly pad: Pad;
  /** Sizes of the input, and reach of the windows, on the spatial axes. */
  readonly spatial: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  /** Where the spatial axes begin among the pairs of explicit padding: 1, or 2 where channels come before. */
  readonly firstSpatial?: number;
  readonly rounding?: RoundingMode;
}

/** Padding in elements, from what the user wrote. @throws ArgumentError */
export function toPaddings(request: PaddingRequest, operation: string): Paddings {
  const { pad, spatial, window, strides, firstSpatial = 1, rounding } = request;
  const paddings = namedPaddings(pad, spatial, window, strides, firstSpatial, operation);
  if (rounding === undefined) return paddings;
  if (pad === 'same' || pad === 'valid')
    throw new ArgumentError(
      `${operation}: dimRoundingMode '${rounding}' is for padding in numbers, but pad is '${pad}'; leave one of them out.`,
    );
  const round: ((x: number) => number) | undefined = { floor: Math.floor, round: Math.round, ceil: Math.ceil }[
    rounding
  ];
  if (!round)
    throw new ArgumentError(
      `${operation}: expected dimRoundingMode 'floor', 'round' or 'ceil', got ${JSON.stringify(rounding)}.`,
    );
  return paddings.map(([before, after], axis) => {
    const room = spatial[axis] + before + after - window[axis];
    // One window more than fits reaches beyond the end: that much more padding.
    return [before, after + Math.max(0, round(room / strides[axis]) * strides[axis] - room)];
  });
}

function namedPaddings(
  pad: Pad,
  spatial: readonly number[],
  window: readonly number[],
  strides: readonly number[],
  firstSpatial: number,
  operation: string,
): Paddings {
  if (pad === 'valid') return spatial.map(() => [0, 0]);
  if (pad === 'same')
    return spatial.map((size, axis) => {
      const outputs = Math.ceil(size / strides[axis]);
      const total = Math.max(0, (outputs - 1) * strides[axis] + window[axis] - size);
      return [Math.floor(total / 2), total - Math.floor(total / 2)];
    });
  const isCount = (n: unknown): boolean => Number.isInteger(n) && (n as number) >= 0;
  if (typeof pad === 'number' && isCount(pad)) return spatial.map(() => [pad, pad]);
  if (Array.isArray(pad) && pad.length === spatial.length + 2) {
    const pairs = pad as readonly Pair[];
    const chosen = spatial.map((_, axis) => pairs[firstSpatial + axis]);
    if (chosen.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isCount))) return chosen;
  }
  throw new ArgumentError(
    `${operation}: expected pad to be 'same', 'valid', a non-negative integer or ${spatial.length + 2} pairs of them, got ${JSON.stringify(pad)}.`,
  );
}

/** Whether channels come before the spatial axes. @throws ArgumentError for a layout that `axes` spatial axes have not */
export function isChannelsFirst(dataFormat: AnyDataFormat, axes: number, operation: string): boolean {
  const [last, first] = formats[axes];
  if (dataFormat !== last && dataFormat !== first)
    throw new ArgumentError(
      `${operation}: expected dataFormat '${last}' or '${first}', got ${JSON.stringify(dataFormat)}.`,
    );
  return dataFormat === first;
}

/**
 * Runs `compute` on a tensor laid out as [batch, ...spatial, channels] and gives its result in the layout and rank that
 * came: a single image, without the batch, is a batch of one.
 */
export function withLayout(
  x: Tensor,
  axes: number,
  dataFormat: AnyDataFormat,
  operation: string,
  compute: (images: Tensor) => Tensor,
): Tensor {
  const channelsFirst = isChannelsFirst(dataFormat, axes, operation);
  if (x.rank !== axes + 1 && x.rank !== axes + 2)
    throw new ShapeError(
      `${operation}: expected a tensor of shape [${[...dataFormat].map((letter) => spelled[letter]).join(', ')}]` +
        ` or a single one without the batch, got shape ${formatShape(x.shape)}.`,
    );
  const single = x.rank === axes + 1;
  const batch = single ? p.reshape(x, [1, ...x.shape]) : x;
  const spatial = Array.from({ length: axes }, (_, axis) => axis);
  const toLast = [0, ...spatial.map((axis) => axis + 2), 1];
  const toFirst = [0, axes + 1, ...spatial.map((axis) => axis + 1)];
  const result = compute(channelsFirst ? p.transpose(batch, toLast) : batch);
  const laidOut = channelsFirst ? p.transpose(result, toFirst) : result;
  return single ? p.reshape(laidOut, laidOut.shape.slice(1)) : laidOut;
}
