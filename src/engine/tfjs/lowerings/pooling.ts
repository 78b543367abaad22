/**
 * @file Lowerings of pooling, by one slice of the images for each pixel of the window: the kernels' own padding, NaN and choice
 * among equal maxima differ from one backend to the next.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Shape, sizeOf } from '../../../tensor/shape.ts';
import type { Pool2DParams } from '../../../primitives/primitives.ts';
import type { Lowerings } from '../lowering.ts';
import type { Scope } from '../scope.ts';

const paddingsOf = ({ padding }: Pool2DParams): [number, number][] => [
  [0, 0],
  [...padding[0]],
  [...padding[1]],
  [0, 0],
];

/** Where each pixel of the window begins on the padded images. */
const pixelsOf = ({ windowShape: [height, width] }: Pool2DParams): [number, number][] =>
  Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);

/** For each pixel of the window what all windows have there, in the shape of the outputs. */
function slices(s: Scope, x: TensorInfo, outputShape: Shape, params: Pool2DParams, padding: number): TensorInfo[] {
  const padded = s.pad(x, paddingsOf(params), padding);
  const strides = [1, ...params.strides, 1];
  return pixelsOf(params).map(([row, column]) => s.strided(padded, [0, row, column, 0], outputShape, strides));
}

/** The adjoint of `slices`: what windows hold for their pixels, summed on the image. */
function unslice(s: Scope, parts: readonly TensorInfo[], imageShape: Shape, params: Pool2DParams): TensorInfo {
  const paddings = paddingsOf(params);
  const padded = imageShape.map((d, axis) => d + paddings[axis][0] + paddings[axis][1]);
  const placed = parts.map((part, i) => {
    const [row, column] = pixelsOf(params)[i];
    const wide = s.spread(part, [1, ...params.strides, 1]);
    const after = (axis: number, before: number): [number, number] => [
      before,
      padded[axis] - before - wide.shape[axis],
    ];
    return s.pad(wide, [[0, 0], after(1, row), after(2, column), [0, 0]], 0);
  });
  const sum = placed.reduce((a, b) => s.binary('Add', a, b));
  return s.slice(
    sum,
    paddings.map(([before]) => before),
    imageShape,
  );
}

/** How many pixels of the image lie under each window. */
function counts(s: Scope, imageShape: Shape, outputShape: Shape, params: Pool2DParams): TensorInfo {
  const values = new Float32Array(sizeOf(outputShape.slice(1, 3)));
  const [rows, columns] = outputShape.slice(1, 3);
  const inside = (place: number, axis: number): boolean => place >= 0 && place < imageShape[axis + 1];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (const [row, column] of pixelsOf(params)) {
        const y = i * params.strides[0] + row - params.padding[0][0];
        const x = j * params.strides[1] + column - params.padding[1][0];
        if (inside(y, 0) && inside(x, 1)) values[i * columns + j]++;
      }
  return s.constant('float32', [1, rows, columns, 1], values);
}

/** For each pixel of the window `value` where it is the first with the maximum, else 0. */
function toFirstMaximum(
  s: Scope,
  parts: readonly TensorInfo[],
  y: TensorInfo,
  valueAt: (pixel: number) => TensorInfo,
): TensorInfo[] {
  let free = s.filled('float32', y.shape, 1);
  return parts.map((part, pixel) => {
    const hit = s.binary('Multiply', s.cast(s.binary('GreaterEqual', part, y), 'float32'), free);
    free = s.binary('Sub', free, hit);
    return s.binary('Multiply', valueAt(pixel), hit);
  });
}

export const poolingLowerings: Lowerings<
  'maxPool2d' | 'maxPool2dGradient' | 'maxPool2dTangent' | 'avgPool2d' | 'avgPool2dGradient'
> = {
  maxPool2d: (s, [x], { params, outputs: [{ shape }] }) =>
    slices(s, x, shape, params, -Infinity).reduce((a, b) => s.binary('Maximum', a, b)),
  maxPool2dGradient: (s, [x, y, dy], { params }) => {
    const parts = slices(s, x, y.shape, params, -Infinity);
    return unslice(
      s,
      toFirstMaximum(s, parts, y, () => dy),
      x.shape,
      params,
    );
  },
  maxPool2dTangent: (s, [x, y, dx], { params }) => {
    const tangents = slices(s, dx, y.shape, params, 0);
    const parts = slices(s, x, y.shape, params, -Infinity);
    return toFirstMaximum(s, parts, y, (pixel) => tangents[pixel]).reduce((a, b) => s.binary('Add', a, b));
  },
  avgPool2d: (s, [x], { params, outputs: [{ shape }] }) => {
    const sum = slices(s, x, shape, params, 0).reduce((a, b) => s.binary('Add', a, b));
    return s.binary('RealDiv', sum, counts(s, x.shape, shape, params));
  },
  avgPool2dGradient: (s, [dy], { params, outputs: [{ shape }] }) => {
    const share = s.binary('RealDiv', dy, counts(s, shape, dy.shape, params));
    return unslice(
      s,
      pixelsOf(params).map(() => share),
      shape,
      params,
    );
  },
};
