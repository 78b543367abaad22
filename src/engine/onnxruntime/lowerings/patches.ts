/**
 * @file Windows over images as rows: im2col and its adjoint, made of gathers, so that they work on every dtype. Images are
 * [batch, height, width, channels], patches [batch, windows, pixels of a window, channels].
 */
import type { DType } from '../../../tensor/dtype.ts';
import type { Shape } from '../../../tensor/shape.ts';
import type { Padding2D } from '../../../primitives/primitives.ts';
import type { GraphBuilder } from '../builder.ts';

type Pair = readonly [number, number];

/** How windows lie over images. */
export interface Windows {
  readonly imageShape: Shape;
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: Padding2D;
  readonly dilations: Pair;
  /** Windows down and across. */
  readonly count: Pair;
}

/** Windows whose number is that of the pixels of `outputShape`. */
export const windowsOver = (
  imageShape: Shape,
  outputShape: Shape,
  window: Pair,
  { strides, padding, dilations = [1, 1] }: { strides: Pair; padding: Padding2D; dilations?: Pair },
): Windows => ({ imageShape, window, strides, padding, dilations, count: [outputShape[1], outputShape[2]] });

export const hasPadding = ([[top, bottom], [left, right]]: Padding2D): boolean => top + bottom + left + right > 0;

/** Calls `visit(window, pixel of the window, row, column)` for each pixel of each window; rows may lie in the padding. */
function forEachPixel(w: Windows, visit: (window: number, pixel: number, row: number, column: number) => void): void {
  for (let i = 0; i < w.count[0]; i++)
    for (let j = 0; j < w.count[1]; j++)
      for (let u = 0; u < w.window[0]; u++)
        for (let v = 0; v < w.window[1]; v++)
          visit(
            i * w.count[1] + j,
            u * w.window[1] + v,
            i * w.strides[0] + u * w.dilations[0] - w.padding[0][0],
            j * w.strides[1] + v * w.dilations[1] - w.padding[1][0],
          );
}

/** The pixels under each window; `fill` stands where a window reaches into the padding. */
export function gatherPatches(b: GraphBuilder, images: string, dtype: DType, w: Windows, fill: number): string {
  const [batch, height, width, channels] = w.imageShape;
  const [[top, bottom], [left, right]] = w.padding;
  const padded = hasPadding(w.padding)
    ? b.op('Pad', [images, b.vector([0, top, left, 0, 0, bottom, right, 0]), b.scalar(dtype, fill)], {
        mode: 'constant',
      })
    : images;
  const paddedWidth = width + left + right;
  const windows = w.count[0] * w.count[1];
  const pixels = w.window[0] * w.window[1];
  const places = b.once(`places of patches ${JSON.stringify(w)}`, () => {
    const made = new Int32Array(windows * pixels);
    forEachPixel(w, (window, pixel, row, column) => {
      made[window * pixels + pixel] = (row + top) * paddedWidth + column + left;
    });
    return b.constant('int32', [made.length], made);
  });
  const rows = b.reshape(padded, [batch, (height + top + bottom) * paddedWidth, channels]);
  const gathered = b.op('Gather', [rows, places], { axis: 1 });
  return b.reshape(gathered, [batch, windows, pixels, channels]);
}

/** For each pixel of the image the rows that are summed into it; `rowOf` numbers them from 0 to `rows` - 1. */
function sumRows(
  b: GraphBuilder,
  name: string,
  dtype: DType,
  w: Windows,
  rows: number,
  rowOf: (window: number, pixel: number) => number,
): string {
  const [batch, height, width, channels] = w.imageShape;
  const sources: number[][] = Array.from({ length: height * width }, () => []);
  forEachPixel(w, (window, pixel, row, column) => {
    if (row >= 0 && row < height && column >= 0 && column < width)
      sources[row * width + column].push(rowOf(window, pixel));
  });
  const most = Math.max(1, ...sources.map((list) => list.length));
  // Pixels under fewer windows take the row of zeros that is put behind the others.
  const places = new Int32Array(height * width * most).fill(rows);
  sources.forEach((list, pixel) => places.set(list, pixel * most));
  const withZeros = b.op('Pad', [name, b.vector([0, 0, 0, 0, 1, 0]), b.scalar(dtype, 0)], { mode: 'constant' });
  const gathered = b.op('Gather', [withZeros, b.constant('int32', [places.length], places)], { axis: 1 });
  if (most === 1) return b.reshape(gathered, w.imageShape);
  const lists = b.reshape(gathered, [batch, height * width, most, channels]);
  return b.reshape(b.op('ReduceSum', [lists, b.vector([2])], { keepdims: 0 }), w.imageShape);
}

/** The adjoint of `gatherPatches`: each pixel sums what the windows over it hold for it. */
export function scatterPatches(b: GraphBuilder, patches: string, dtype: DType, w: Windows): string {
  const windows = w.count[0] * w.count[1];
  const pixels = w.window[0] * w.window[1];
  const rows = b.reshape(patches, [w.imageShape[0], windows * pixels, w.imageShape[3]]);
  return sumRows(b, rows, dtype, w, windows * pixels, (window, pixel) => window * pixels + pixel);
}

/** Each pixel sums the values of the windows over it; `values` is [batch, windows, channels]. */
export const sumOverWindows = (b: GraphBuilder, values: string, dtype: DType, w: Windows): string =>
  sumRows(b, values, dtype, w, w.count[0] * w.count[1], (window) => window);

/** How many pixels of the image lie under each window. */
export function pixelsUnderWindows(w: Windows): number[] {
  const [, height, width] = w.imageShape;
  const counts = new Array<number>(w.count[0] * w.count[1]).fill(0);
  forEachPixel(w, (window, _, row, column) => {
    if (row >= 0 && row < height && column >= 0 && column < width) counts[window]++;
  });
  return counts;
}
