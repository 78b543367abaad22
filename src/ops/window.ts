/** @file What convolution and pooling share: window arguments, layouts, the batch axis. */
import * as p from '../primitives/calls.ts';
import type { Padding2D } from '../primitives/primitives.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** One number for height and width, or one for each. */
export type Size2D = number | readonly number[];

/**
 * `'valid'`: none. `'same'`: so much that the output has size `ceil(input / stride)`, the odd pixel after. A number: on
 * every side. Four pairs: `[[0, 0], [top, bottom], [left, right], [0, 0]]` in the order of the layout.
 */
export type Pad = 'valid' | 'same' | number | readonly (readonly [number, number])[];

/** Layout of images: `'NHWC'` is [batch, height, width, channels], `'NCHW'` [batch, channels, height, width]. */
export type DataFormat = 'NHWC' | 'NCHW';

/** A pair from a number or a pair. @throws ArgumentError unless positive integers. */
export function toSize(value: Size2D, name: string, operation: string): readonly [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value.length === 1 ? [value[0], value[0]] : value;
  if (pair.length !== 2 || pair.some((n) => !Number.isInteger(n) || n < 1))
    throw new ArgumentError(
      `${operation}: expected ${name} to be a positive integer or a pair of them, got ${JSON.stringify(value)}.`,
    );
  return [pair[0], pair[1]];
}

/** Padding in pixels, from what the user wrote. `spatial` is the input's height and width. */
export function toPadding(
  pad: Pad,
  spatial: readonly number[],
  window: readonly [number, number],
  strides: readonly [number, number],
  dataFormat: DataFormat,
  operation: string,
): Padding2D {
  if (pad === 'valid')
    return [
      [0, 0],
      [0, 0],
    ];
  if (pad === 'same') {
    const onAxis = (axis: number): [number, number] => {
      const outputs = Math.ceil(spatial[axis] / strides[axis]);
      const total = Math.max(0, (outputs - 1) * strides[axis] + window[axis] - spatial[axis]);
      return [Math.floor(total / 2), total - Math.floor(total / 2)];
    };
    return [onAxis(0), onAxis(1)];
  }
  if (typeof pad === 'number' && Number.isInteger(pad) && pad >= 0)
    return [
      [pad, pad],
      [pad, pad],
    ];
  if (Array.isArray(pad) && pad.length === 4) {
    const [height, width] = dataFormat === 'NHWC' ? [1, 2] : [2, 3];
    return [
      [pad[height][0], pad[height][1]],
      [pad[width][0], pad[width][1]],
    ];
  }
  throw new ArgumentError(
    `${operation}: expected pad to be 'same', 'valid', a non-negative integer or four pairs, got ${JSON.stringify(pad)}.`,
  );
}

/**
 * Runs `compute` on images as [batch, height, width, channels] and gives its result in the layout and rank that came:
 * a single image of rank 3 is a batch of one.
 */
export function withImages(
  x: Tensor,
  dataFormat: DataFormat,
  operation: string,
  compute: (images: Tensor) => Tensor,
): Tensor {
  if (x.rank !== 3 && x.rank !== 4)
    throw new ShapeError(
      `${operation}: expected images of shape ${dataFormat === 'NHWC' ? '[batch, height, width, channels]' : '[batch, channels, height, width]'}` +
        ` or a single one without the batch, got shape ${formatShape(x.shape)}.`,
    );
  if (dataFormat !== 'NHWC' && dataFormat !== 'NCHW')
    throw new ArgumentError(`${operation}: expected dataFormat 'NHWC' or 'NCHW', got ${JSON.stringify(dataFormat)}.`);
  const batch = x.rank === 3 ? p.reshape(x, [1, ...x.shape]) : x;
  const images = dataFormat === 'NCHW' ? p.transpose(batch, [0, 2, 3, 1]) : batch;
  const result = compute(images);
  const laidOut = dataFormat === 'NCHW' ? p.transpose(result, [0, 3, 1, 2]) : result;
  return x.rank === 3 ? p.reshape(laidOut, laidOut.shape.slice(1)) : laidOut;
}
