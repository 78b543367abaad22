/** @file Layouts and windows that the layers for images share. */
import type { DataFormat } from '../ops/index.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { PartialShape } from './layer.ts';

export const imageFormats = ['channelsLast', 'channelsFirst'] as const;
/** Where the channels are: [batch, height, width, channels], or [batch, channels, height, width]. */
export type ImageFormat = (typeof imageFormats)[number];

export const windowPaddings = ['valid', 'same'] as const;
/** `valid`: windows lie inside the image; `same`: they may begin and end outside, and only strides shrink the output. */
export type WindowPadding = (typeof windowPaddings)[number];

export const channelAxis = (format: ImageFormat): number => (format === 'channelsLast' ? -1 : 1);
/** Axes of height and width. */
export const pixelAxes = (format: ImageFormat): [number, number] => (format === 'channelsLast' ? [1, 2] : [2, 3]);
export const opsFormat = (format: ImageFormat): DataFormat => (format === 'channelsLast' ? 'NHWC' : 'NCHW');

/** Shape of what a window slid over images gives, with `channels` channels (null: as many as come in). */
export function slidOutputShape(
  layer: string,
  inputShape: PartialShape,
  format: ImageFormat,
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: WindowPadding,
  channels: number | null,
  dilation: readonly [number, number] = [1, 1],
): PartialShape {
  const output = [...inputShape];
  pixelAxes(format).forEach((axis, i) => {
    const size = inputShape[axis];
    if (size === null) return;
    const span = (window[i] - 1) * dilation[i] + 1;
    const slid = padding === 'same' ? Math.ceil(size / strides[i]) : Math.floor((size - span) / strides[i]) + 1;
    if (slid < 1)
      throw new ShapeError(
        `Layer ${layer}: a window of ${span} pixels does not fit into axis ${axis} of an input of shape ${formatShape(inputShape)}; ` +
          `use a smaller window or padding 'same'.`,
      );
    output[axis] = slid;
  });
  if (channels !== null) output[format === 'channelsLast' ? 3 : 1] = channels;
  return output;
}
