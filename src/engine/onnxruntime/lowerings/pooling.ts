/** @file Lowerings of pooling. */
import type { DType } from '../../../tensor/dtype.ts';
import type { Shape } from '../../../tensor/shape.ts';
import type { Pool2DParams } from '../../../primitives/primitives.ts';
import { type GraphBuilder, type Layout, type Value, channelsFirstShape, makeValue } from '../builder.ts';
import type { Lowerings } from '../lowering.ts';
import { arithmeticDType, cast } from './arithmetic.ts';
import { onnxPads } from './convolution.ts';
import {
  type Windows,
  gatherPatches,
  hasPadding,
  pixelsUnderWindows,
  scatterPatches,
  sumOverWindows,
  windowsOver,
} from './patches.ts';

const poolWindows = (imageShape: Shape, outputShape: Shape, params: Pool2DParams): Windows =>
  windowsOver(imageShape, outputShape, params.windowShape, params);

const attributes = ({ windowShape, strides, padding }: Pool2DParams) => ({
  kernel_shape: windowShape,
  strides,
  pads: onnxPads(padding),
});

/** For each window, true at the first pixel that holds its maximum: [batch, windows, pixels, channels]. */
function firstMaximum(b: GraphBuilder, x: string, y: string, dtype: DType, w: Windows): string {
  const [batch, , , channels] = w.imageShape;
  const windows = w.count[0] * w.count[1];
  const patches = gatherPatches(b, x, dtype, w, -Infinity);
  const hits = b.op('GreaterOrEqual', [patches, b.reshape(y, [batch, windows, 1, channels])]);
  const first = b.op('ArgMax', [cast(b, hits, 'bool', 'uint8')], { axis: 2, keepdims: 1, select_last_index: 0 });
  const pixels = Array.from({ length: w.window[0] * w.window[1] }, (_, i) => i);
  return b.op('Equal', [first, b.constant('int64', [1, 1, pixels.length, 1], pixels)]);
}

const windowsTileImages = ({ windowShape, strides, padding }: Pool2DParams): boolean =>
  !hasPadding(padding) && windowShape[0] === strides[0] && windowShape[1] === strides[1];

/**
 * Where windows tile the images: x seen as [..., rows, window height, columns, window width, ...] is split into one part a
 * pixel of the window; the first part that reaches y takes dy, the last one what nobody took.
 */
function tiledMaximumGradient(
  b: GraphBuilder,
  [x, y, dy]: readonly Value[],
  dtype: DType,
  params: Pool2DParams,
): Value {
  const layout: Layout = x.names.plain === undefined ? 'channelsFirst' : 'plain';
  const named = (value: Value): string => cast(b, b[layout](value), value.dtype, dtype);
  const [height, width] = params.windowShape;
  const [batch, rows, columns, channels] = dy.shape;
  const first = layout === 'plain' ? 1 : 2;
  const around = (middle: number[]): number[] =>
    layout === 'plain' ? [batch, ...middle, channels] : [batch, channels, ...middle];
  const full = layout === 'plain' ? x.shape : channelsFirstShape(x.shape);
  const tiled = around([rows * height, columns * width]);
  const leftOver = tiled.some((d, axis) => d !== full[axis]);

  let source = named(x);
  if (leftOver)
    source = b.op('Slice', [
      source,
      b.vector([0, 0]),
      b.vector([rows * height, columns * width]),
      b.vector([first, first + 1]),
    ]);
  const windows = b.reshape(source, around([rows, height, columns, width]));
  const parts = b
    .ops('Split', [windows], { axis: first + 1, num_outputs: height }, height)
    .map((line) => (width === 1 ? [line] : b.ops('Split', [line], { axis: first + 3, num_outputs: width }, width)));
  const window = around([rows, 1, columns, 1]);
  const maximum = b.reshape(named(y), window);
  let rest = b.reshape(named(dy), window);
  const zero = b.scalar(dtype, 0);
  const lines = parts.map((line, u) => {
    const gradients = line.map((part, v) => {
      if (u === height - 1 && v === width - 1) return rest;
      const reached = b.op('GreaterOrEqual', [part, maximum]);
      const taken = b.op('Where', [reached, rest, zero]);
      rest = b.op('Where', [reached, zero, rest]);
      return taken;
    });
    return width === 1 ? gradients[0] : b.op('Concat', gradients, { axis: first + 3 });
  });
  const joined = height === 1 ? lines[0] : b.op('Concat', lines, { axis: first + 1 });
  let result = b.reshape(joined, tiled);
  if (leftOver) {
    const after = tiled.map((d, axis) => full[axis] - d);
    result = b.op('Pad', [result, b.vector([0, 0, 0, 0, ...after]), zero], { mode: 'constant' });
  }
  return makeValue(x, cast(b, result, dtype, x.dtype), layout);
}

type Pooling = 'maxPool2d' | 'maxPool2dGradient' | 'maxPool2dTangent' | 'avgPool2d' | 'avgPool2dGradient';

export const poolingLowerings: Lowerings<Pooling> = {
  maxPool2d: {
    dependsOn: 'shapes',
    build(b, { inputs: [x], params, outputs: [output] }) {
      const wide = arithmeticDType[x.dtype];
      const image = cast(b, b.channelsFirst(x), x.dtype, wide);
      const maximum = b.op('MaxPool', [image], attributes(params));
      // MaxPool drops NaN: it is looked for beside it and put back.
      const isNaN = cast(b, b.op('IsNaN', [image]), 'bool', 'uint8');
      const anyNaN = cast(b, b.op('MaxPool', [isNaN], attributes(params)), 'uint8', 'bool');
      const result = b.op('Where', [anyNaN, b.scalar(wide, NaN), maximum]);
      return [makeValue(output, cast(b, result, wide, x.dtype), 'channelsFirst')];
    },
  },
  maxPool2dGradient: {
    dependsOn: 'shapes',
    build(b, { inputs, params, outputs: [output] }) {
      const [x, y] = inputs;
      const wide = arithmeticDType[x.dtype];
      if (windowsTileImages(params)) return [tiledMaximumGradient(b, inputs, wide, params)];
      const w = poolWindows(x.shape, y.shape, params);
      const [image, maximum, gradient] = inputs.map((value) => cast(b, b.plain(value), value.dtype, wide));
      const window = [x.shape[0], w.count[0] * w.count[1], 1, x.shape[3]];
      const mask = firstMaximum(b, image, maximum, wide, w);
      const patches = b.op('Where', [mask, b.reshape(gradient, window), b.scalar(wide, 0)]);
      return [makeValue(output, cast(b, scatterPatches(b, patches, wide, w), wide, x.dtype))];
    },
  },
  maxPool2dTangent: {
    dependsOn: 'shapes',
    build(b, { inputs, params, outputs: [output] }) {
      const [x, y] = inputs;
      const wide = arithmeticDType[x.dtype];
      const w = poolWindows(x.shape, y.shape, params);
      const [image, maximum, tangent] = inputs.map((value) => cast(b, b.plain(value), value.dtype, wide));
      const mask = firstMaximum(b, image, maximum, wide, w);
      const chosen = b.op('Where', [mask, gatherPatches(b, tangent, wide, w, 0), b.scalar(wide, 0)]);
      const summed = b.reshape(b.op('ReduceSum', [chosen, b.vector([2])], { keepdims: 0 }), output.shape);
      return [makeValue(output, cast(b, summed, wide, x.dtype))];
    },
  },
  avgPool2d: {
    dependsOn: 'shapes',
    build(b, { inputs: [x], params, outputs: [output] }) {
      const wide = arithmeticDType[x.dtype];
      if (wide === 'float32') {
        const result = b.op('AveragePool', [cast(b, b.channelsFirst(x), x.dtype, wide)], {
          ...attributes(params),
          count_include_pad: 0,
        });
        return [makeValue(output, cast(b, result, wide, x.dtype), 'channelsFirst')];
      }
      const w = poolWindows(x.shape, output.shape, params);
      const summed = b.op('ReduceSum', [gatherPatches(b, b.plain(x), wide, w, 0), b.vector([2])], { keepdims: 0 });
      const counts = pixelsUnderWindows(w);
      const mean = b.op('Div', [summed, b.constant(wide, [counts.length, 1], counts)]);
      return [makeValue(output, b.reshape(mean, output.shape))];
    },
  },
  avgPool2dGradient: {
    dependsOn: 'shapes',
    build(b, { inputs: [dy], params, outputs: [output] }) {
      const wide = arithmeticDType[dy.dtype];
      const w = poolWindows(output.shape, dy.shape, params);
      const counts = pixelsUnderWindows(w);
      const rows = b.reshape(cast(b, b.plain(dy), dy.dtype, wide), [dy.shape[0], counts.length, dy.shape[3]]);
      const shares = b.op('Div', [rows, b.constant(wide, [counts.length, 1], counts)]);
      return [makeValue(output, cast(b, sumOverWindows(b, shares, wide, w), wide, dy.dtype))];
    },
  },
};
