/** @file AdaptiveAveragePooling and AdaptiveMaxPooling: as many windows as asked for, whatever the input's size. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { type SpatialRank, requireSizes, spatialAxes } from '../spatial.ts';
import type { PoolingMode } from '../windows.ts';

export interface AdaptivePoolingOptions extends LayerOptions {
  /** Sizes of the output's spatial axes: one number for all, or one for each. */
  outputSize: number | readonly number[];
  /** `channelsLast` [batch, ...sizes, channels] or `channelsFirst` [batch, channels, ...sizes]; default `channelsLast`. */
  dataFormat?: ImageFormat;
}

/** Where each of `count` windows over `size` elements begins, and where it has ended; they may overlap. */
const windowsOver = (size: number, count: number): [begin: number, end: number][] =>
  Array.from({ length: count }, (_, i) => [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)]);

/** One axis in windows: the extremum of extrema and the mean of means that each have as many elements are those of all axes. */
function poolAlong(x: Tensor, axis: number, count: number, mode: PoolingMode): Tensor {
  const size = x.shape[axis];
  if (size === count) return x;
  const [before, after] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const outputShape = x.shape.with(axis, count);
  const windows = windowsOver(size, count);
  const lengths = windows.map(([begin, end]) => end - begin);
  const longest = Math.max(...lengths);
  if (mode === 'average' && size % count !== 0) {
    const shares = windows.flatMap(([begin, end], i) =>
      Array.from({ length: size }, (_, place) => (place >= begin && place < end ? 1 / lengths[i] : 0)),
    );
    const weights = ops.tensor(shares, [count, size], x.dtype);
    return ops.reshape(ops.matMul(weights, ops.reshape(x, [before, size, after])), outputShape);
  }
  // A shorter window has its last element again, which changes no maximum.
  const places = windows.flatMap(([begin, end]) =>
    Array.from({ length: longest }, (_, i) => Math.min(begin + i, end - 1)),
  );
  const spread = size % count === 0 ? x : ops.gather(x, ops.tensor(places, [places.length], 'int32'), axis);
  const tiled = ops.reshape(spread, [before, count, longest, after]);
  return ops.reshape(mode === 'max' ? ops.max(tiled, 2) : ops.mean(tiled, 2), outputShape);
}

abstract class AdaptivePooling extends Layer {
  readonly outputSize: readonly number[];
  readonly dataFormat: ImageFormat;
  private readonly mode: PoolingMode;
  private readonly axes: number[];

  constructor(options: AdaptivePoolingOptions, rank: SpatialRank, mode: PoolingMode) {
    super(options);
    this.outputSize = requireSizes(this.name, 'outputSize', options.outputSize, rank);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.mode = mode;
    this.axes = spatialAxes(rank, this.dataFormat);
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.axes.length + 2 };
  }

  override call(inputs: Tensor): Tensor {
    return this.axes.reduce((x, axis, i) => poolAlong(x, axis, this.outputSize[i], this.mode), inputs);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape.map((size, axis) => this.outputSize[this.axes.indexOf(axis)] ?? size);
  }

  override detail(): string {
    return this.outputSize.join('x');
  }

  override getConfig(): Config {
    return { ...super.getConfig(), outputSize: this.outputSize, dataFormat: this.dataFormat };
  }
}

/**
 * The means of `outputSize` windows over the steps of sequences [batch, steps, channels]; the i-th goes from `floor(i · steps / outputSize)`
 * to `ceil((i + 1) · steps / outputSize)`.
 *
 * @example
 * tf.layers.adaptiveAveragePooling1d({ outputSize: 3 }).apply(tf.ones([1, 7, 2])).shape; // [1, 3, 2]
 */
export class AdaptiveAveragePooling1D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions) {
    super(options, 1, 'average');
  }
}

/**
 * The means of windows over images [batch, height, width, channels], which lie along each axis as those of {@link AdaptiveAveragePooling1D}.
 *
 * @example
 * tf.layers.adaptiveAveragePooling2d({ outputSize: [2, 3] }).apply(tf.ones([1, 7, 9, 2])).shape; // [1, 2, 3, 2]
 */
export class AdaptiveAveragePooling2D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions) {
    super(options, 2, 'average');
  }
}

/**
 * The means of windows over volumes [batch, depth, height, width, channels], which lie along each axis as those of
 * {@link AdaptiveAveragePooling1D}.
 *
 * @example
 * tf.layers.adaptiveAveragePooling3d({ outputSize: 2 }).apply(tf.ones([1, 4, 5, 6, 2])).shape; // [1, 2, 2, 2, 2]
 */
export class AdaptiveAveragePooling3D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions) {
    super(options, 3, 'average');
  }
}

/**
 * The largest elements of `outputSize` windows over the steps of sequences [batch, steps, channels]; the i-th goes from
 * `floor(i · steps / outputSize)` to `ceil((i + 1) · steps / outputSize)`.
 *
 * @example
 * tf.layers.adaptiveMaxPooling1d({ outputSize: 3 }).apply(tf.ones([1, 7, 2])).shape; // [1, 3, 2]
 */
export class AdaptiveMaxPooling1D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions) {
    super(options, 1, 'max');
  }
}

/**
 * The largest elements of windows over images [batch, height, width, channels], which lie along each axis as those of
 * {@link AdaptiveMaxPooling1D}.
 *
 * @example
 * tf.layers.adaptiveMaxPooling2d({ outputSize: 4 }).apply(tf.ones([1, 7, 9, 2])).shape; // [1, 4, 4, 2]
 */
export class AdaptiveMaxPooling2D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions) {
    super(options, 2, 'max');
  }
}

/**
 * The largest elements of windows over volumes [batch, depth, height, width, channels], which lie along each axis as those of
 * {@link AdaptiveMaxPooling1D}.
 *
 * @example
 * tf.layers.adaptiveMaxPooling3d({ outputSize: [1, 2, 3] }).apply(tf.ones([1, 4, 5, 6, 2])).shape; // [1, 1, 2, 3, 2]
 */
export class AdaptiveMaxPooling3D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions) {
    super(options, 3, 'max');
  }
}
