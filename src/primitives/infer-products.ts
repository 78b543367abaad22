/** @file Inference of matrix products, convolutions and pooling. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, broadcastShapes, formatShape, shapesEqual } from '../tensor/shape.ts';
import { expectDType, expectRank, expectSameDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';
import type { AbstractValue, Conv2DParams, Padding2D, Pool2DParams, PrimitiveName } from './primitives.ts';

/** How many windows fit: floor((size + padding - extent) / stride) + 1, where extent = dilation * (window - 1) + 1. */
function windowsOn(
  operation: PrimitiveName,
  image: Shape,
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding2D,
  dilations: readonly [number, number],
): [number, number] {
  const count = [0, 1].map((i) => {
    const extent = dilations[i] * (window[i] - 1) + 1;
    const padded = image[1 + i] + padding[i][0] + padding[i][1];
    if (!(strides[i] >= 1) || !(dilations[i] >= 1) || !(window[i] >= 1))
      throw new ArgumentError(
        `${operation}: window ${formatShape(window)}, strides ${formatShape(strides)} and dilations ${formatShape(dilations)} must be 1 or more.`,
      );
    if (padded < extent)
      throw new ShapeError(
        `${operation}: a window that reaches over ${extent} pixels does not fit into the ${padded} of ${i === 0 ? 'the height' : 'the width'} ` +
          `of images of shape ${formatShape(image)} with padding ${padding[i][0]} + ${padding[i][1]}; use 'same' padding, a smaller window or larger images.`,
      );
    return Math.floor((padded - extent) / strides[i]) + 1;
  });
  return [count[0], count[1]];
}

/** Output shape of a convolution of `images` with `filters`. */
function convolved(operation: PrimitiveName, images: Shape, filters: Shape, params: Conv2DParams): number[] {
  const [height, width, inChannels, outChannels] = filters;
  const { groups } = params;
  if (!(groups >= 1) || inChannels * groups !== images[3])
    throw new ShapeError(
      `${operation}: filters of shape ${formatShape(filters)} ([height, width, inChannels / groups, outChannels], groups ${groups}) take ` +
        `${inChannels * groups} channels, but images of shape ${formatShape(images)} have ${images[3]}.`,
    );
  if (outChannels % groups !== 0)
    throw new ShapeError(`${operation}: ${outChannels} output channels do not divide into ${groups} groups.`);
  const windows = windowsOn(operation, images, [height, width], params.strides, params.padding, params.dilations);
  return [images[0], ...windows, outChannels];
}

const pooled = (operation: PrimitiveName, images: Shape, { windowShape, strides, padding }: Pool2DParams): number[] => [
  images[0],
  ...windowsOn(operation, images, windowShape, strides, padding, [1, 1]),
  images[3],
];

function expectShape(operation: PrimitiveName, value: AbstractValue, wanted: Shape, what: string): void {
  if (!shapesEqual(value.shape, wanted))
    throw new ShapeError(
      `${operation}: ${what} must have shape ${formatShape(wanted)}, but came with ${formatShape(value.shape)}.`,
    );
}

function expectImages(operation: PrimitiveName, values: readonly AbstractValue[], names: readonly string[]): void {
  values.forEach((value, i) => {
    expectRank(operation, value, 4, names[i]);
    expectDType(operation, value, 'float', names[i]);
  });
  expectSameDType(operation, values);
}

export const inferProducts = {
  matMul: (inputs, { transposeA, transposeB }) => {
    const [a, b] = inputs;
    expectSameDType('matMul', inputs);
    expectDType('matMul', a, 'number');
    if (a.shape.length < 2 || b.shape.length < 2)
      throw new ShapeError(
        `matMul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} must have rank 2 or more; use tf.dot() or reshape for vectors.`,
      );
    const [rows, innerA] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
    const [innerB, columns] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
    if (innerA !== innerB)
      throw new ShapeError(
        `matMul: inner dimensions of shapes ${formatShape(a.shape)}${transposeA ? ' (transposed)' : ''} and ` +
          `${formatShape(b.shape)}${transposeB ? ' (transposed)' : ''} do not agree: ${innerA} and ${innerB}.`,
      );
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), 'matMul');
    return [{ dtype: a.dtype, shape: [...batch, rows, columns] }];
  },
  conv2d: (inputs, params) => {
    expectImages('conv2d', inputs, ['images', 'filters']);
    const [images, filters] = inputs;
    return [{ dtype: images.dtype, shape: convolved('conv2d', images.shape, filters.shape, params) }];
  },
  conv2dInputGradient: (inputs, params) => {
    expectImages('conv2dInputGradient', inputs, ['dy', 'filters']);
    const [dy, filters] = inputs;
    const wanted = convolved('conv2dInputGradient', params.inputShape, filters.shape, params);
    expectShape('conv2dInputGradient', dy, wanted, 'dy');
    return [{ dtype: dy.dtype, shape: params.inputShape }];
  },
  conv2dFilterGradient: (inputs, params) => {
    expectImages('conv2dFilterGradient', inputs, ['images', 'dy']);
    const [images, dy] = inputs;
    const wanted = convolved('conv2dFilterGradient', images.shape, params.filterShape, params);
    expectShape('conv2dFilterGradient', dy, wanted, 'dy');
    return [{ dtype: dy.dtype, shape: params.filterShape }];
  },
  maxPool2d: (inputs, params) => {
    expectImages('maxPool2d', inputs, ['images']);
    return [{ dtype: inputs[0].dtype, shape: pooled('maxPool2d', inputs[0].shape, params) }];
  },
  maxPool2dGradient: (inputs, params) => {
    expectImages('maxPool2dGradient', inputs, ['x', 'y', 'dy']);
    const [x, y, dy] = inputs;
    const wanted = pooled('maxPool2dGradient', x.shape, params);
    expectShape('maxPool2dGradient', y, wanted, 'y');
    expectShape('maxPool2dGradient', dy, wanted, 'dy');
    return [{ dtype: x.dtype, shape: x.shape }];
  },
  maxPool2dTangent: (inputs, params) => {
    expectImages('maxPool2dTangent', inputs, ['x', 'y', 'dx']);
    const [x, y, dx] = inputs;
    expectShape('maxPool2dTangent', y, pooled('maxPool2dTangent', x.shape, params), 'y');
    expectShape('maxPool2dTangent', dx, x.shape, 'dx');
    return [{ dtype: y.dtype, shape: y.shape }];
  },
  avgPool2d: (inputs, params) => {
    expectImages('avgPool2d', inputs, ['images']);
    return [{ dtype: inputs[0].dtype, shape: pooled('avgPool2d', inputs[0].shape, params) }];
  },
  avgPool2dGradient: (inputs, params) => {
    expectImages('avgPool2dGradient', inputs, ['dy']);
    const [dy] = inputs;
    expectShape('avgPool2dGradient', dy, pooled('avgPool2dGradient', params.inputShape, params), 'dy');
    return [{ dtype: dy.dtype, shape: params.inputShape }];
  },
} satisfies Partial<InferenceRules>;
