/** @file Lowerings of matrix products and convolutions. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcastShapes, sizeOf } from '../../../tensor/shape.ts';
import type { Conv2DParams } from '../../../primitives/primitives.ts';
import type { Lowerings } from '../lowering.ts';
import type { Scope } from '../scope.ts';

/** What the kernels of convolutions want beside sizes; padding is done before them, so that it may be anything. */
const plain = { pad: 'valid', dataFormat: 'NHWC', dimRoundingMode: undefined };
const zeros = [0, 0, 0, 0];

const padImages = (s: Scope, x: TensorInfo, { padding }: Pick<Conv2DParams, 'padding'>): TensorInfo =>
  s.pad(x, [[0, 0], ...padding, [0, 0]], 0);

/** Filters with zeros between their pixels, as dilation sees them: gradients' kernels know no dilation. */
const dilated = (s: Scope, filters: TensorInfo, { dilations }: Conv2DParams): TensorInfo =>
  s.spread(filters, [...dilations, 1, 1]);

/** Runs `convolve` on each group of channels and joins what comes out. `a` is split on its channels, `b` on axis 3. */
function inGroups(
  s: Scope,
  groups: number,
  a: TensorInfo,
  b: TensorInfo,
  convolve: (a: TensorInfo, b: TensorInfo) => TensorInfo,
): TensorInfo {
  if (groups === 1) return convolve(a, b);
  const part = (x: TensorInfo, group: number): TensorInfo => {
    const channels = x.shape[3] / groups;
    return s.slice(x, [0, 0, 0, group * channels], [...x.shape.slice(0, 3), channels]);
  };
  const parts = Array.from({ length: groups }, (_, group) => convolve(part(a, group), part(b, group)));
  return s.concat(parts, 3);
}

export const productLowerings: Lowerings<'matMul' | 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient'> = {
  matMul: (s, operands, { params: { transposeA, transposeB }, outputs: [{ shape }] }) => {
    const batch = broadcastShapes(operands[0].shape.slice(0, -2), operands[1].shape.slice(0, -2));
    const [a, b] = operands.map((x) => {
      const sizes = x.shape.slice(-2);
      return s.reshape(s.broadcast(x, [...batch, ...sizes]), [sizeOf(batch), ...sizes]);
    });
    return s.reshape(s.one('BatchMatMul', { a, b }, { transposeA, transposeB }), shape);
  },
  conv2d: (s, [images, filters], { params }) =>
    inGroups(s, params.groups, padImages(s, images, params), dilated(s, filters, params), (x, filter) =>
      s.one('Conv2D', { x, filter }, { ...plain, strides: [...params.strides], dilations: [1, 1] }),
    ),
  conv2dInputGradient: (s, [dy, filters], { params }) => {
    const { padding, strides, inputShape, groups } = params;
    const [batch, height, width, channels] = inputShape;
    const padded = [batch, height + padding[0][0] + padding[0][1], width + padding[1][0] + padding[1][1], channels];
    const gradient = inGroups(s, groups, dy, dilated(s, filters, params), (g, filter) =>
      s.one(
        'Conv2DBackpropInput',
        { dy: g, filter },
        {
          ...plain,
          strides: [...strides],
          inputShape: [...padded.slice(0, 3), channels / groups],
        },
      ),
    );
    return s.slice(gradient, [0, padding[0][0], padding[1][0], 0], inputShape);
  },
  conv2dFilterGradient: (s, [images, dy], { params }) => {
    const { strides, dilations, filterShape, groups } = params;
    const [height, width, inChannels, outChannels] = filterShape;
    const window = [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1];
    const gradient = inGroups(s, groups, padImages(s, images, params), dy, (x, g) =>
      s.one(
        'Conv2DBackpropFilter',
        { x, dy: g },
        {
          ...plain,
          strides: [...strides],
          filterShape: [...window, inChannels, outChannels / groups],
        },
      ),
    );
    return s.strided(gradient, zeros, filterShape, [...dilations, 1, 1]);
  },
};
