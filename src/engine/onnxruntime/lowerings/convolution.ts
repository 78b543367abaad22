/** @file Lowerings of convolutions. float32 uses ONNX Runtime's kernels, channels first; float64 has none and uses patches. */
import type { DType } from '../../../tensor/dtype.ts';
import type { Shape } from '../../../tensor/shape.ts';
import type { AbstractValue, Conv2DParams, Padding2D } from '../../../primitives/primitives.ts';
import { type GraphBuilder, type Layout, type Value, makeValue } from '../builder.ts';
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

/** Patches as rows: [batch * windows, pixels * groupIn]. */
function patchRows(b: GraphBuilder, images: string, dtype: DType, w: Windows, filterShape: Shape): string {
  const { batch, windows, pixels, groupIn } = sizes(w, filterShape, 1);
  return b.reshape(gatherPatches(b, images, dtype, w, 0), [batch * windows, pixels * groupIn]);
}

/** Bytes of patches that a graph keeps from the convolution to its gradient. */
const mostSharedPatches = 64 * 2 ** 20;

/** Whether a convolution had best be a product of patches, because the gradient of its filters needs the patches anyway. */
function sharesPatches(b: GraphBuilder, images: Value, w: Windows, filterShape: Shape, groups: number): boolean {
  // The size of a batch that is left open decides nothing.
  if (b.isPortable) return false;
  const { batch, windows, pixels, groupIn } = sizes(w, filterShape, groups);
  const bytes = 4 * batch * windows * pixels * groupIn;
  return images.hasFilterGradient === true && groups === 1 && bytes <= mostSharedPatches;
}

/** What `convolve` makes without a bias; one may join it. */
function joinable(b: GraphBuilder, convolve: (bias?: string) => string): string {
  const result = convolve();
  b.joinable.set(result, convolve);
  return result;
}

/** One product of all patches. */
function convolveSharedPatches(b: GraphBuilder, images: string, filters: string, w: Windows, filterShape: Shape) {
  const { batch, pixels, groupIn, outChannels } = sizes(w, filterShape, 1);
  const operands = [
    patchRows(b, images, 'float32', w, filterShape),
    b.reshape(filters, [pixels * groupIn, outChannels]),
  ];
  return joinable(b, (bias) =>
    b.reshape(b.op('Gemm', bias === undefined ? operands : [...operands, bias]), [batch, ...w.count, outChannels]),
  );
}

/**
 * The same for images of one channel, channels first in and last out: pooling and the next convolution want the channels side by
 * side. A bias is the filter of the ones behind the patches.
 */
function convolveOneChannel(b: GraphBuilder, images: string, filters: string, w: Windows, filterShape: Shape): string {
  const { batch, pixels, outChannels } = sizes(w, filterShape, 1);
  const patches = oneChannelPatches(b, images, w, filterShape);
  const rows = b.reshape(filters, [pixels, outChannels]);
  const zeros = b.constant('float32', [1, outChannels], new Float32Array(outChannels));
  return joinable(b, (bias) => {
    const last = bias === undefined ? zeros : b.reshape(bias, [1, outChannels]);
    const matrix = b.reshape(b.op('Concat', [rows, last], { axis: 0 }), [1, pixels + 1, outChannels]);
    return b.reshape(b.product([patches, matrix], [3, 3], { transA: 1 }), [batch, ...w.count, outChannels]);
  });
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

/** Filters' product with dy gives the columns that Col2Im sums, channels first; dy may lie either way. */
function inputGradientByColumns(
  b: GraphBuilder,
  dy: Value,
  filters: string,
  w: Windows,
  filterShape: Shape,
  groups: number,
): string {
  const { batch, windows, pixels, groupIn, groupOut } = sizes(w, filterShape, groups);
  const split = b.transpose(b.reshape(filters, [pixels, groupIn, groups, groupOut]), [2, 1, 0, 3]);
  const named = (layout: Layout): string => cast(b, b[layout](dy), dy.dtype, 'float32');
  const products =
    groups === 1 && dy.names.channelsFirst === undefined
      ? b.product(
          [b.reshape(split, [groupIn * pixels, groupOut]), b.reshape(named('plain'), [batch, windows, groupOut])],
          [2, 3],
          { transB: 1 },
        )
      : b.op('MatMul', [
          b.reshape(split, [groups, groupIn * pixels, groupOut]),
          b.reshape(named('channelsFirst'), [batch, groups, groupOut, windows]),
        ]);
  const columns = b.reshape(products, [batch, groups * groupIn * pixels, windows]);
  const [, height, width] = w.imageShape;
  return b.op('Col2Im', [columns, b.vector([height, width]), b.vector(w.window)], {
    strides: w.strides,
    dilations: w.dilations,
    pads: onnxPads(w.padding),
  });
}

/** A transposed convolution: what Col2Im would sum, where there is no kernel for that. */
function inputGradientByTransposition(
  b: GraphBuilder,
  dy: string,
  filters: string,
  w: Windows,
  groups: number,
): string {
  const size = [w.imageShape[1], w.imageShape[2]];
  const [[top, bottom], [left, right]] = w.padding;
  const paddings = [top + bottom, left + right];
  return b.op('ConvTranspose', [dy, b.transpose(filters, [3, 2, 0, 1])], {
    strides: w.strides,
    dilations: w.dilations,
    pads: onnxPads(w.padding),
    group: groups,
    output_padding: size.map(
      (pixels, i) => pixels + paddings[i] - ((w.count[i] - 1) * w.strides[i] + (w.window[i] - 1) * w.dilations[i] + 1),
    ),
  });
}

/** One long product of two thin matrices is slower than the sum of some shorter ones, which threads share better. */
const productsAtOnce = 4;

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
  const { batch, windows } = sizes(w, filterShape, groups);
  if (groups === 1) {
    const rows = patchRows(b, images, dtype, w, filterShape);
    const parts = dtype === 'float32' && batch % productsAtOnce === 0 ? productsAtOnce : 1;
    const products = b.product(
      [b.reshape(rows, [parts, (batch / parts) * windows, -1]), b.reshape(dy, [parts, (batch / parts) * windows, -1])],
      [3, 3],
      { transA: 1 },
    );
    return b.reshape(b.op('ReduceSum', [products, b.vector([0])], { keepdims: 0 }), filterShape);
  }
  const patches = gatherPatches(b, images, dtype, w, 0);
  const matrices = b.transpose(patchMatrices(b, patches, w, filterShape, groups), [0, 2, 1]);
  const products = b.op('MatMul', [matrices, outputMatrices(b, dy, w, filterShape, groups)]);
  return b.reshape(b.transpose(products, [1, 0, 2]), filterShape);
}

/** Images of one channel, channels first, as slices: the pixels of all windows, and ones: [batch, pixels + 1, windows]. */
function oneChannelPatches(b: GraphBuilder, images: string, w: Windows, filterShape: Shape): string {
  const { batch, windows, pixels } = sizes(w, filterShape, 1);
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
  const ones = b.op('Expand', [b.scalar('float32', 1), b.vector([batch, 1, ...w.count])]);
  return b.reshape(b.op('Concat', [...slices, ones], { axis: 1 }), [batch, pixels + 1, windows]);
}

/** The filters' gradient for images of one channel, which lie channels first: each image's product, summed over the batch. */
function oneChannelFilterGradient(b: GraphBuilder, images: string, dy: Value, w: Windows, filterShape: Shape): string {
  const { batch, windows, pixels, outChannels } = sizes(w, filterShape, 1);
  const patches = oneChannelPatches(b, images, w, filterShape);
  const gradient = (layout: Layout, shape: Shape): string =>
    b.reshape(cast(b, b[layout](dy), dy.dtype, 'float32'), shape);
  const products =
    dy.names.plain === undefined
      ? b.product([patches, gradient('channelsFirst', [batch, outChannels, windows])], [3, 3], { transB: 1 })
      : b.op('MatMul', [patches, gradient('plain', [batch, windows, outChannels])]);
  const summed = b.op('ReduceSum', [products, b.vector([0])], { keepdims: 0 });
  // Without the gradient of the ones, which is that of a bias.
  return b.reshape(b.op('Slice', [summed, b.vector([0]), b.vector([pixels]), b.vector([0])]), filterShape);
}

/**
 * The same where each channel has filters of its own, channels first: every channel of every image is convolved with its part of dy, by
 * ONNX Runtime's kernel, and the results are summed over the batch.
 */
function depthwiseFilterGradient(b: GraphBuilder, images: string, dy: string, w: Windows, filterShape: Shape): string {
  const { batch, outChannels } = sizes(w, filterShape, 1);
  const [, height, width, channels] = w.imageShape;
  const products = b.op(
    'Conv',
    [b.reshape(images, [1, batch * channels, height, width]), b.reshape(dy, [batch * outChannels, 1, ...w.count])],
    // Windows now lie as far apart as their elements did before, and the other way round.
    { strides: w.dilations, dilations: w.strides, pads: onnxPads(w.padding), group: batch * channels },
  );
  // What strides left over at the end gives more elements than a filter has.
  const taps = b.op('Slice', [products, b.vector([0, 0]), b.vector(w.window), b.vector([2, 3])]);
  const summed = b.op('ReduceSum', [b.reshape(taps, [batch, outChannels, ...w.window]), b.vector([0])], {
    keepdims: 0,
  });
  return b.reshape(b.transpose(summed, [1, 2, 0]), filterShape);
}

/** Whether each channel has one filter to itself. */
const isDepthwise = ({ imageShape }: Windows, [, , groupIn, outChannels]: Shape): boolean =>
  groupIn === 1 && outChannels === imageShape[3];

/** Whether the convolution below needs no strides and no negative padding. */
const turnsInside = ({ strides, padding, window, dilations }: Windows): boolean =>
  strides.every((stride) => stride === 1) &&
  padding.every((sides, i) => sides.every((n) => n <= (window[i] - 1) * dilations[i]));

/** The gradient of images where each channel has one filter of its own and strides are 1: a convolution with the filters turned. */
function depthwiseInputGradient(b: GraphBuilder, dy: string, filters: string, w: Windows): string {
  const reversed = b.op('Slice', [
    b.transpose(filters, [3, 2, 0, 1]),
    b.vector([-1, -1]),
    b.vector([-1 - w.window[0], -1 - w.window[1]]),
    b.vector([2, 3]),
    b.vector([-1, -1]),
  ]);
  const [[top, bottom], [left, right]] = w.padding;
  const [down, across] = w.window.map((size, i) => (size - 1) * w.dilations[i]);
  return b.op('Conv', [dy, reversed], {
    strides: w.strides,
    dilations: w.dilations,
    pads: [down - top, across - left, down - bottom, across - right],
    group: w.imageShape[3],
  });
}

/** The gradient where there are no images, which the products below could not be made of. */
const emptyGradient = (b: GraphBuilder, output: AbstractValue): Value =>
  makeValue(output, b.op('Expand', [b.scalar(output.dtype, 0), b.vector(output.shape)]));

type Convolution = 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient';

export const convolutionLowerings: Lowerings<Convolution> = {
  conv2d: {
    dependsOn: 'shapes',
    build(b, { inputs: [images, filters], params, outputs: [output] }) {
      const { dtype } = images;
      const wide = arithmeticDType[dtype];
      const kernel = cast(b, b.plain(filters), dtype, wide);
      const w = convolutionWindows(images.shape, output.shape, filters.shape, params);
      if (dtype === 'float32' && sharesPatches(b, images, w, filters.shape, params.groups)) {
        const result =
          images.shape[3] === 1
            ? convolveOneChannel(b, b.channelsFirst(images), kernel, w, filters.shape)
            : convolveSharedPatches(b, b.plain(images), kernel, w, filters.shape);
        return [makeValue(output, result)];
      }
      if (wide === 'float64') {
        return [makeValue(output, convolvePatches(b, b.plain(images), kernel, wide, w, filters.shape, params.groups))];
      }
      const operands = [cast(b, b.channelsFirst(images), dtype, wide), b.transpose(kernel, [3, 2, 0, 1])];
      const attributes = {
        strides: params.strides,
        dilations: params.dilations,
        pads: onnxPads(params.padding),
        group: params.groups,
      };
      const result = joinable(b, (bias) =>
        b.op('Conv', bias === undefined ? operands : [...operands, bias], attributes),
      );
      return [makeValue(output, cast(b, result, wide, dtype), 'channelsFirst')];
    },
  },
  conv2dInputGradient: {
    dependsOn: 'shapes',
    build(b, { inputs: [dy, filters], params, outputs: [output] }) {
      if (dy.shape[0] === 0) return [emptyGradient(b, output)];
      const { dtype } = dy;
      const wide = arithmeticDType[dtype];
      const w = convolutionWindows(output.shape, dy.shape, filters.shape, params);
      const kernel = cast(b, b.plain(filters), dtype, wide);
      if (wide === 'float64')
        return [
          makeValue(output, inputGradientByPatches(b, b.plain(dy), kernel, wide, w, filters.shape, params.groups)),
        ];
      const result =
        b.provider === 'webgpu'
          ? inputGradientByTransposition(b, cast(b, b.channelsFirst(dy), dtype, wide), kernel, w, params.groups)
          : isDepthwise(w, filters.shape) && turnsInside(w)
            ? depthwiseInputGradient(b, cast(b, b.channelsFirst(dy), dtype, wide), kernel, w)
            : inputGradientByColumns(b, dy, kernel, w, filters.shape, params.groups);
      return [makeValue(output, cast(b, result, wide, dtype), 'channelsFirst')];
    },
  },
  conv2dFilterGradient: {
    dependsOn: 'shapes',
    build(b, { inputs: [images, dy], params, outputs: [output] }) {
      if (images.shape[0] === 0) return [emptyGradient(b, output)];
      const { dtype } = images;
      const wide = arithmeticDType[dtype];
      const w = convolutionWindows(images.shape, dy.shape, output.shape, params);
      if (images.shape[3] === 1 && wide === 'float32') {
        const x = cast(b, b.channelsFirst(images), dtype, wide);
        return [makeValue(output, cast(b, oneChannelFilterGradient(b, x, dy, w, output.shape), wide, dtype))];
      }
      if (params.groups === images.shape[3] && wide === 'float32' && b.provider !== 'webgpu') {
        const [x, gradient] = [images, dy].map((value) => cast(b, b.channelsFirst(value), dtype, wide));
        return [makeValue(output, cast(b, depthwiseFilterGradient(b, x, gradient, w, output.shape), wide, dtype))];
      }
      const [x, gradient] = [images, dy].map((value) => cast(b, b.plain(value), dtype, wide));
      const result = filterGradient(b, x, gradient, wide, w, output.shape, params.groups);
      return [makeValue(output, cast(b, result, wide, dtype))];
    },
  },
};
