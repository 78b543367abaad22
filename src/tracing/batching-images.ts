/** @file Batching rules of convolutions and pooling: elements become more images, or more channels. */
import { bind } from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import type { Conv2DParams } from '../primitives/primitives.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type BatchingRule, type BatchingRules, front } from './batching-rules.ts';

/** [size, batch, ...] -> [size · batch, ...] */
const asImages = (whole: Tensor): Tensor => {
  const [size, batch, ...rest] = whole.shape;
  return p.reshape(whole, [size * batch, ...rest]);
};
const moreImages = ([batch, ...rest]: Shape, size: number): number[] => [size * batch, ...rest];

/** [size, ..., channels] -> [..., size · channels]: each element's channels make groups of their own. */
function asChannels(whole: Tensor): Tensor {
  const [size, ...shape] = whole.shape;
  const last = shape.length - 1;
  const moved = p.transpose(whole, [...shape.slice(0, -1).map((_, axis) => axis + 1), 0, whole.rank - 1]);
  return p.reshape(moved, shape.with(last, size * shape[last]));
}
/** [..., size · channels] -> [size, ..., channels] */
function fromChannels(x: Tensor, size: number): Tensor {
  const last = x.rank - 1;
  const split = p.reshape(x, [...x.shape.slice(0, -1), size, x.shape[last] / size]);
  return p.transpose(split, [last, ...x.shape.slice(0, -1).map((_, axis) => axis), last + 1]);
}

/** [size, ..., groups · channels] -> [..., groups · size · channels]: every group is that of all elements. */
function withinGroups(whole: Tensor, groups: number): Tensor {
  const [size, ...shape] = whole.shape;
  const [last, channels] = [shape.length - 1, shape[shape.length - 1] / groups];
  const split = p.reshape(whole, [size, ...shape.slice(0, -1), groups, channels]);
  const moved = p.transpose(split, [...shape.map((_, axis) => axis + 1), 0, split.rank - 1]);
  return p.reshape(moved, shape.with(last, size * shape[last]));
}
function fromGroups(x: Tensor, size: number, groups: number): Tensor {
  const last = x.rank - 1;
  const shape = x.shape.with(last, x.shape[last] / size);
  const split = p.reshape(x, [...shape.slice(0, -1), groups, size, shape[last] / groups]);
  const axes = shape.slice(0, -1).map((_, axis) => axis);
  return p.reshape(p.transpose(split, [last + 1, ...axes, last, last + 2]), [size, ...shape]);
}

const windowOf = ({ strides, padding, dilations, groups }: Conv2DParams): Conv2DParams => ({
  strides,
  padding,
  dilations,
  groups,
});
const grouped = (params: Conv2DParams, size: number): Conv2DParams => ({
  ...windowOf(params),
  groups: params.groups * size,
});

/** Channels are never mixed, so elements may stand among the images. */
const pooling =
  <P extends 'maxPool2d' | 'maxPool2dGradient' | 'maxPool2dTangent' | 'avgPool2d'>(primitive: P): BatchingRule<P> =>
  ({ operands, params, size, outputs }) => {
    const images = operands.map((operand) => asImages(front(operand, size)));
    return [p.reshape(bind(primitive, images, params)[0], [size, ...outputs[0].shape])];
  };

export const imageBatching = {
  conv2d: ({ operands: [x, filter], params, size, outputs }) => {
    if (!filter.isBatched)
      return [p.reshape(p.conv2d(asImages(x.value), filter.value, params), [size, ...outputs[0].shape])];
    if (!x.isBatched) {
      const { groups } = params;
      return [fromGroups(p.conv2d(x.value, withinGroups(filter.value, groups), params), size, groups)];
    }
    const made = p.conv2d(asChannels(x.value), asChannels(filter.value), grouped(params, size));
    return [fromChannels(made, size)];
  },
  conv2dInputGradient: ({ operands: [dy, filter], params, size, outputs }) => {
    const { inputShape } = params;
    if (!filter.isBatched) {
      const images = { ...params, inputShape: moreImages(inputShape, size) };
      const made = p.conv2dInputGradient(asImages(dy.value), filter.value, images);
      return [p.reshape(made, [size, ...outputs[0].shape])];
    }
    const made = p.conv2dInputGradient(asChannels(front(dy, size)), asChannels(filter.value), {
      ...grouped(params, size),
      inputShape: inputShape.with(3, inputShape[3] * size),
    });
    return [fromChannels(made, size)];
  },
  conv2dFilterGradient: ({ operands: [x, dy], params, size }) => {
    const filterShape = params.filterShape.with(3, params.filterShape[3] * size);
    if (!x.isBatched) {
      const { groups } = params;
      const made = p.conv2dFilterGradient(x.value, withinGroups(dy.value, groups), {
        ...windowOf(params),
        filterShape,
      });
      return [fromGroups(made, size, groups)];
    }
    const made = p.conv2dFilterGradient(asChannels(x.value), asChannels(front(dy, size)), {
      ...grouped(params, size),
      filterShape,
    });
    return [fromChannels(made, size)];
  },
  maxPool2d: pooling('maxPool2d'),
  maxPool2dGradient: pooling('maxPool2dGradient'),
  maxPool2dTangent: pooling('maxPool2dTangent'),
  avgPool2d: pooling('avgPool2d'),
  avgPool2dGradient: ({ operands: [dy], params, size, outputs }) => {
    const images = { ...params, inputShape: moreImages(params.inputShape, size) };
    return [p.reshape(p.avgPool2dGradient(asImages(dy.value), images), [size, ...outputs[0].shape])];
  },
} satisfies BatchingRules;
