/** @file Lowerings of convolutions. float32 uses ONNX Runtime's kernels, channels first; float64 has none and uses patches. */
import type { DType } from '../../../tensor/dtype.ts';
import type { Shape } from '../../../tensor/shape.ts';
import type { Conv2DParams, Padding2D } from '../../../primitives/primitives.ts';
import { type GraphBuilder, makeValue } from '../builder.ts';
import type { Lowerings } from '../lowering.ts';
import { arithmeticDType, cast } from './arithmetic.ts';
import { type Windows, gatherPatches, hasPadding, scatterPatches, windowsOver } from './patches.ts';

export const onnxPads = ([[top, bottom], [left, right]]: Padding2D): number[] => [top, left, bottom, right];

const convolutionWindows = (imageShape: Shape, outputShape: Shape, filterShape: Shape, params: Conv2DParams): Windows =>
  windowsOver(imageShape, outputShape, [filterShape[0], filterShape[1]], params);

/** Sizes that the products below are made of. */
function sizes(w: Windows, filterShape: Shape, groups: number) {
  const [height, width, groupIn, outChannels] = filterShape;
  return {
    batch: w.imageShape[0],
    windows: w.count[0] * w.count[1],
    pixels: height * width,
    groupIn,
    groupOut: outChannels / groups,
    outChannels,
  };
}

/** Patches [batch, windows, pixels, channels] as one matrix a group: [groups, batch * windows, pixels * groupIn]. */
function patchMatrices(b: GraphBuilder, patches: string, w: Windows, filterShape: Shape, groups: number): string {
  const { batch, windows, pixels, groupIn } = sizes(w, filterShape, groups);
  if (groups === 1) return b.reshape(patches, [1, batch * windows, pixels * groupIn]);
  const split = b.transpose(b.reshape(patches, [batch * windows, pixels, groups, groupIn]), [2, 0, 1, 3]);
  return b.reshape(split, [groups, batch * windows, pixels * groupIn]);
}

/** Filters as one matrix a group: [groups, pixels * groupIn, groupOut]. */
function filterMatrices(b: GraphBuilder, filters: string, w: Windows, filterShape: Shape, groups: number): string {
  const { pixels, groupIn, groupOut } = sizes(w, filterShape, groups);
  const split = b.reshape(filters, [pixels * groupIn, groups, groupOut]);
  return groups === 1 ? b.reshape(filters, [1, pixels * groupIn, groupOut]) : b.transpose(split, [1, 0, 2]);
}

/** Output pixels as one matrix a group: [groups, batch * windows, groupOut]. */
function outputMatrices(b: GraphBuilder, outputs: string, w: Windows, filterShape: Shape, groups: number): string {
  const { batch, windows, groupOut, outChannels } = sizes(w, filterShape, groups);
  if (groups === 1) return b.reshape(outputs, [1, batch * windows, outChannels]);
  return b.transpose(b.reshape(outputs, [batch * windows, groups, groupOut]), [1, 0, 2]);
}

/** Products of patches, for dtypes without a convolution kernel. */
function convolvePatches(
  b: GraphBuilder,
  images: string,
  filters: string,
  dtype: DType,
  w: Windows,
  filterShape: Shape,
  groups: number,
): string {
  const { batch, outChannels } = sizes(w, filterShape, groups);
  const patches = patchMatrices(b, gatherPatches(b, images, dtype, w, 0), w, filterShape, groups);
  const products = b.op('MatMul', [patches, filterMatrices(b, filters, w, filterShape, groups)]);
  return b.reshape(b.transpose(products, [1, 0, 2]), [batch, w.count[0], w.count[1], outChannels]);
}

function inputGradientByPatches(
  b: GraphBuilder,
  dy: string,
  filters: string,
  dtype: DType,
  w: Windows,
  filterShape: Shape,
  groups: number,
): string {
  const { batch, windows, pixels, groupIn } = sizes(w, filterShape, groups);
  const transposed = b.transpose(filterMatrices(b, filters, w, filterShape, groups), [0, 2, 1]);
  const products = b.op('MatMul', [outputMatrices(b, dy, w, filterShape, groups), transposed]);
  const split = b.reshape(products, [groups, batch * windows, pixels, groupIn]);
  const patches = b.reshape(b.transpose(split, [1, 2, 0, 3]), [batch, windows, pixels, groups * groupIn]);
  return scatterPatches(b, patches, dtype, w);
}

/** Filters' product with dy gives the columns that Col2Im sums; all of it channels first. */
function inputGradientByColumns(
  b: GraphBuilder,
  dy: string,
  filters: string,
  w: Windows,
  filterShape: Shape,
  groups: number,
): string {
  const { batch, windows, pixels, groupIn, groupOut } = sizes(w, filterShape, groups);
  const split = b.transpose(b.reshape(filters, [pixels, groupIn, groups, groupOut]), [2, 1, 0, 3]);
  const matrices = b.reshape(split, [groups, groupIn * pixels, groupOut]);
  const products = b.op('MatMul', [matrices, b.reshape(dy, [batch, groups, groupOut, windows])]);
  const columns = b.reshape(products, [batch, groups * groupIn * pixels, windows]);
  const [, height, width] = w.imageShape;
  return b.op('Col2Im', [columns, b.vector([height, width]), b.vector(w.window)], {
    strides: w.strides,
    dilations: w.dilations,
    pads: onnxPads(w.padding),
  });
}

/** Patches, transposed, by dy. */
function filterGradient(
  b: GraphBuilder,
  images: string,
  dy: string,
  dtype: DType,
  w: Windows,
  filterShape: Shape,
  groups: number,
): string {
  const { batch, windows, pixels, groupIn, outChannels } = sizes(w, filterShape, groups);
  const patches = gatherPatches(b, images, dtype, w, 0);
  if (groups === 1) {
    const rows = b.reshape(patches, [batch * windows, pixels * groupIn]);
    const product = b.op('Gemm', [rows, b.reshape(dy, [batch * windows, outChannels])], { transA: 1 });
    return b.reshape(product, filterShape);
  }
  const matrices = b.transpose(patchMatrices(b, patches, w, filterShape, groups), [0, 2, 1]);
  const products = b.op('MatMul', [matrices, outputMatrices(b, dy, w, filterShape, groups)]);
  return b.reshape(b.transpose(products, [1, 0, 2]), filterShape);
}

/**
 * The same for images of one channel, channels first: slices of the image are the patches, and each image's product is
 * summed over the batch.
 */
function oneChannelFilterGradient(b: GraphBuilder, images: string, dy: string, w: Windows, filterShape: Shape): string {
  const { batch, windows, pixels, outChannels } = sizes(w, filterShape, 1);
  const [[top, bottom], [left, right]] = w.padding;
  const padded = hasPadding(w.padding)
    ? b.op('Pad', [images, b.vector([0, 0, top, left, 0, 0, bottom, right]), b.scalar('float32', 0)], {
        mode: 'constant',
      })
    : images;
  const slices = Array.from({ length: pixels }, (_, pixel) => {
    const start = [Math.floor(pixel / w.window[1]) * w.dilations[0], (pixel % w.window[1]) * w.dilations[1]];
    const end = start.map((first, i) => first + (w.count[i] - 1) * w.strides[i] + 1);
    return b.op('Slice', [padded, b.vector(start), b.vector(end), b.vector([2, 3]), b.vector(w.strides)]);
  });
  const patches = b.reshape(b.op('Concat', slices, { axis: 1 }), [batch, pixels, windows]);
  const products = b.op('com.microsoft/FusedMatMul', [patches, b.reshape(dy, [batch, outChannels, windows])], {
    transB: 1,
  });
  return b.reshape(b.op('ReduceSum', [products, b.vector([0])], { keepdims: 0 }), filterShape);
}

type Convolution = 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient';

export const convolutionLowerings: Lowerings<Convolution> = {
  conv2d: {
    dependsOn: 'shapes',
    build(b, { inputs: [images, filters], params, outputs: [output] }) {
      const { dtype } = images;
      const wide = arithmeticDType[dtype];
      const kernel = cast(b, b.plain(filters), dtype, wide);
      if (wide === 'float64') {
        const w = convolutionWindows(images.shape, output.shape, filters.shape, params);
        return [makeValue(output, convolvePatches(b, b.plain(images), kernel, wide, w, filters.shape, params.groups))];
      }
      const result = b.op('Conv', [cast(b, b.channelsFirst(images), dtype, wide), b.transpose(kernel, [3, 2, 0, 1])], {
        strides: params.strides,
        dilations: params.dilations,
        pads: onnxPads(params.padding),
        group: params.groups,
      });
      return [makeValue(output, cast(b, result, wide, dtype), 'channelsFirst')];
    },
  },
  conv2dInputGradient: {
    dependsOn: 'shapes',
    build(b, { inputs: [dy, filters], params, outputs: [output] }) {
      const { dtype } = dy;
      const wide = arithmeticDType[dtype];
      const w = convolutionWindows(output.shape, dy.shape, filters.shape, params);
      const kernel = cast(b, b.plain(filters), dtype, wide);
      if (wide === 'float64')
        return [
          makeValue(output, inputGradientByPatches(b, b.plain(dy), kernel, wide, w, filters.shape, params.groups)),
        ];
      const result = inputGradientByColumns(
        b,
        cast(b, b.channelsFirst(dy), dtype, wide),
        kernel,
        w,
        filters.shape,
        params.groups,
      );
      return [makeValue(output, cast(b, result, wide, dtype), 'channelsFirst')];
    },
  },
  conv2dFilterGradient: {
    dependsOn: 'shapes',
    build(b, { inputs: [images, dy], params, outputs: [output] }) {
      const { dtype } = images;
      const wide = arithmeticDType[dtype];
      const w = convolutionWindows(images.shape, dy.shape, output.shape, params);
      if (images.shape[3] === 1 && wide === 'float32') {
        const [x, gradient] = [images, dy].map((value) => cast(b, b.channelsFirst(value), dtype, wide));
        return [makeValue(output, cast(b, oneChannelFilterGradient(b, x, gradient, w, output.shape), wide, dtype))];
      }
      const [x, gradient] = [images, dy].map((value) => cast(b, b.plain(value), dtype, wide));
      const result = filterGradient(b, x, gradient, wide, w, output.shape, params.groups);
      return [makeValue(output, cast(b, result, wide, dtype))];
    },
  },
};
