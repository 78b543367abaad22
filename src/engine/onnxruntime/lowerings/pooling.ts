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

/** Windows that tile images: how the elements of one window lie in memory, in the layout the images have. */
interface Tiles {
  readonly layout: Layout;
  /** [batch, channels] before, or [channels] after the two axes of the image. */
  readonly outer: number;
  readonly inner: number;
  readonly rows: number;
  readonly columns: number;
  readonly window: readonly [number, number];
  readonly imageShape: Shape;
}

function tilesOf(x: Value, outputShape: Shape, { windowShape }: Pool2DParams): Tiles {
  const [batch, rows, columns, channels] = outputShape;
  const plain = x.names.plain !== undefined;
  return {
    layout: plain ? 'plain' : 'channelsFirst',
    outer: plain ? batch : batch * channels,
    inner: plain ? channels : 1,
    rows,
    columns,
    window: windowShape,
    imageShape: plain ? x.shape : channelsFirstShape(x.shape),
  };
}

/** `name`, seen as [outer, count, inner], as `count` lists of [outer * inner] elements. */
function split(b: GraphBuilder, name: string, outer: number, count: number, inner: number): string[] {
  if (count === 1) return [b.reshape(name, [outer * inner])];
  return b
    .ops('Split', [b.reshape(name, [outer, count, inner])], { axis: 1, num_outputs: count }, count)
    .map((part) => b.reshape(part, [outer * inner]));
}

/** The inverse of `split`, as one list. */
function interleave(b: GraphBuilder, parts: readonly string[], outer: number, inner: number): string {
  if (parts.length === 1) return parts[0];
  const joined = b.op(
    'Concat',
    parts.map((part) => b.reshape(part, [outer, inner])),
    { axis: 1 },
  );
  return b.reshape(joined, [outer * inner * parts.length]);
}

/** The columns of all windows, the maximum of each row of a window, and these by rows: Max, unlike MaxPool, keeps NaN. */
function tileMaxima(b: GraphBuilder, image: string, t: Tiles) {
  const [height, width] = t.window;
  const covered = [t.rows * height, t.columns * width];
  const axis = t.layout === 'plain' ? 1 : 2;
  let source = image;
  if (covered[0] !== t.imageShape[axis] || covered[1] !== t.imageShape[axis + 1])
    source = b.op('Slice', [source, b.vector([0, 0]), b.vector(covered), b.vector([axis, axis + 1])]);
  const columns = split(b, source, t.outer * covered[0] * t.columns, width, t.inner);
  const inRows = width === 1 ? columns[0] : b.op('Max', columns);
  const rows = split(b, inRows, t.outer * t.rows, height, t.columns * t.inner);
  return { columns, inRows, rows, maxima: height === 1 ? rows[0] : b.op('Max', rows) };
}

/** Hands `gradient` to the first part that reaches `maximum`; the last part takes what nobody took. */
function handOut(b: GraphBuilder, parts: readonly string[], maximum: string, gradient: string, dtype: DType): string[] {
  let rest = gradient;
  return parts.map((part, i) => {
    if (i === parts.length - 1) return rest;
    // A product with 0 or 1: four times as fast as Where.
    const taken = b.op('Mul', [rest, cast(b, b.op('GreaterOrEqual', [part, maximum]), 'bool', dtype)]);
    rest = b.op('Sub', [rest, taken]);
    return taken;
  });
}

/**
 * The gradient where windows tile the images: first to the rows of each window, then to the pixels of the row, which
 * makes the first of equal maxima, in the order of memory, the one that gets it.
 */
function tiledMaximumGradient(b: GraphBuilder, [x, , dy]: readonly Value[], dtype: DType, params: Pool2DParams): Value {
  const t = tilesOf(x, dy.shape, params);
  const [height, width] = t.window;
  const named = (value: Value): string => cast(b, b[t.layout](value), value.dtype, dtype);
  const { columns, inRows, rows, maxima } = tileMaxima(b, named(x), t);
  const gradient = b.reshape(named(dy), [t.outer * t.rows * t.columns * t.inner]);
  const ofRows = interleave(b, handOut(b, rows, maxima, gradient, dtype), t.outer * t.rows, t.columns * t.inner);
  const ofColumns = handOut(b, columns, inRows, ofRows, dtype);
  let result = interleave(b, ofColumns, t.outer * t.rows * height * t.columns, t.inner);

  // Pixels beyond the last window get nothing.
  const axis = t.layout === 'plain' ? 1 : 2;
  const [imageRows, imageColumns] = [t.imageShape[axis], t.imageShape[axis + 1]];
  const zero = b.scalar(dtype, 0);
  const padEnd = (outer: number, length: number, more: number): void => {
    if (more === 0) return;
    // Concat takes a third of the time of Pad.
    result = b.op('Concat', [b.reshape(result, [outer, length]), b.op('Expand', [zero, b.vector([outer, more])])], {
      axis: 1,
    });
  };
  padEnd(t.outer * t.rows * height, t.columns * width * t.inner, (imageColumns - t.columns * width) * t.inner);
  padEnd(t.outer, t.rows * height * imageColumns * t.inner, (imageRows - t.rows * height) * imageColumns * t.inner);
  return makeValue(x, cast(b, b.reshape(result, t.imageShape), dtype, x.dtype), t.layout);
}

type Pooling = 'maxPool2d' | 'maxPool2dGradient' | 'maxPool2dTangent' | 'avgPool2d' | 'avgPool2dGradient';

export const poolingLowerings: Lowerings<Pooling> = {
  maxPool2d: {
    dependsOn: 'shapes',
    build(b, { inputs: [x], params, outputs: [output] }) {
      const wide = arithmeticDType[x.dtype];
      if (windowsTileImages(params)) {
        const t = tilesOf(x, output.shape, params);
        const { maxima } = tileMaxima(b, cast(b, b[t.layout](x), x.dtype, wide), t);
        const shape = t.layout === 'plain' ? output.shape : channelsFirstShape(output.shape);
        return [makeValue(output, cast(b, b.reshape(maxima, shape), wide, x.dtype), t.layout)];
      }
      const image = cast(b, b.channelsFirst(x), x.dtype, wide);
      const maximum = b.op('MaxPool', [image], attributes(params));
      // MaxPool drops NaN: it is looked for beside it and put back.
      const isNaN = cast(b, b.op('IsNaN', [image]), 'bool', wide);
      const anyNaN = cast(b, b.op('MaxPool', [isNaN], attributes(params)), wide, 'bool');
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
