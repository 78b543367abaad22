/**
 * @file Convolution over one, two or three spatial axes, of the one primitive for two: a sequence is an image of height 1,
 * and the depth of a window over a volume becomes channels. So every engine, dtype and order of gradient has all of them.
 */
import { stretch } from '../autodiff/adjoints.ts';
import * as p from '../primitives/calls.ts';
import type { Conv2DParams, Padding2D } from '../primitives/primitives.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Paddings } from './window.ts';

export interface Convolution {
  readonly strides: readonly number[];
  readonly padding: Paddings;
  readonly dilations: readonly number[];
  readonly groups: number;
}

const pairOf = (values: readonly number[]): readonly [number, number] => [values[0], values[1]];
const planar = ({ strides, padding, dilations, groups }: Convolution): Conv2DParams => ({
  strides: pairOf(strides),
  padding: [padding[0], padding[1]] satisfies Padding2D,
  dilations: pairOf(dilations),
  groups,
});
/** With an axis of size 1 before the only one. */
const flat = ({ strides, padding, dilations, groups }: Convolution): Convolution => ({
  strides: [1, ...strides],
  padding: [[0, 0], ...padding],
  dilations: [1, ...dilations],
  groups,
});
const withHeight = (shape: Shape): number[] => [shape[0], 1, ...shape.slice(1)];
/** The last two of three axes. */
const inPlane = ({ strides, padding, dilations, groups }: Convolution): Conv2DParams =>
  planar({ strides: strides.slice(1), padding: padding.slice(1), dilations: dilations.slice(1), groups });

/** How many windows of `depth` slices fit along the first axis. */
const windowsAlongDepth = (size: number, depth: number, { strides, padding, dilations }: Convolution): number =>
  Math.floor((size + padding[0][0] + padding[0][1] - (depth - 1) * dilations[0] - 1) / strides[0]) + 1;

/** Filters [depth, height, width, in, out] as [height, width, depth * in, out]. */
function flattenDepth(filter: Tensor): Tensor {
  const [depth, height, width, inChannels, outChannels] = filter.shape;
  return p.reshape(p.transpose(filter, [1, 2, 0, 3, 4]), [height, width, depth * inChannels, outChannels]);
}

/** For each window along the depth its slices, as channels of one image: [batch * windows, height, width, depth * in]. */
function depthAsChannels(x: Tensor, depth: number, windows: number, call: Convolution): Tensor {
  const { strides, padding, dilations, groups } = call;
  const [batch, , height, width, channels] = x.shape;
  const none = [0, 0] as const;
  const padded = padding[0].some((n) => n > 0) ? p.pad(x, [none, padding[0], none, none, none]) : x;
  const slices = Array.from({ length: depth }, (_, tap) => {
    const begin = [0, tap * dilations[0], 0, 0, 0];
    const slice = p.slice(padded, begin, [batch, windows, height, width, channels], [1, strides[0], 1, 1, 1]);
    // The channels of one group must stay together.
    return p.reshape(slice, [batch * windows, height, width, groups, channels / groups]);
  });
  return p.reshape(p.concat(slices, 4), [batch * windows, height, width, depth * channels]);
}

/** Convolution of [batch, ...spatial, in] with filters [...window, in / groups, out]. */
export function convolve(x: Tensor, filter: Tensor, call: Convolution): Tensor {
  const axes = x.rank - 2;
  if (axes === 2) return p.conv2d(x, filter, planar(call));
  if (axes === 1) {
    const y = convolve(p.reshape(x, withHeight(x.shape)), p.reshape(filter, [1, ...filter.shape]), flat(call));
    return p.reshape(y, y.shape.toSpliced(1, 1));
  }
  const windows = windowsAlongDepth(x.shape[1], filter.shape[0], call);
  const y = p.conv2d(depthAsChannels(x, filter.shape[0], windows, call), flattenDepth(filter), inPlane(call));
  return p.reshape(y, [x.shape[0], windows, ...y.shape.slice(1)]);
}

/** The adjoint of `convolve` in its images, of shape `inputShape`; without groups. */
export function convolveTransposed(dy: Tensor, filter: Tensor, call: Convolution, inputShape: Shape): Tensor {
  const axes = dy.rank - 2;
  if (axes === 2) return p.conv2dInputGradient(dy, filter, { ...planar(call), inputShape });
  if (axes === 1) {
    const [images, filters] = [p.reshape(dy, withHeight(dy.shape)), p.reshape(filter, [1, ...filter.shape])];
    return p.reshape(convolveTransposed(images, filters, flat(call), withHeight(inputShape)), inputShape);
  }
  const [depth, , , inChannels] = filter.shape;
  const [batch, size, height, width] = inputShape;
  const windows = dy.shape[1];
  const images = p.conv2dInputGradient(p.reshape(dy, [batch * windows, ...dy.shape.slice(2)]), flattenDepth(filter), {
    ...inPlane(call),
    inputShape: [batch * windows, height, width, depth * inChannels],
  });
  const taps = p.reshape(images, [batch, windows, height, width, depth, inChannels]);
  const [stride, dilation, [before, after]] = [call.strides[0], call.dilations[0], call.padding[0]];
  const padded = size + before + after;
  const none = [0, 0] as const;
  // Each slice back to the depths it was taken from.
  const parts = Array.from({ length: depth }, (_, tap) => {
    const slice = p.slice(taps, [0, 0, 0, 0, tap, 0], [batch, windows, height, width, 1, inChannels]);
    const spread = stretch(p.reshape(slice, [batch, windows, height, width, inChannels]), [1, stride, 1, 1, 1]);
    const behind = padded - tap * dilation - spread.shape[1];
    return p.pad(spread, [none, [tap * dilation, behind], none, none, none]);
  });
  return p.slice(parts.reduce(p.add), [0, before, 0, 0, 0], inputShape);
}
