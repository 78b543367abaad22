/** @file MaxPooling and AveragePooling of sequences, images and volumes: one number for each window. */
import type { Config } from '../../configuration.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, channelAxis, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { type SpatialRank, requireSizes } from '../spatial.ts';
import {
  type PoolingMode,
  type WindowPadding,
  type Windows,
  pool,
  slidOutputShape,
  windowPaddings,
} from '../windows.ts';

/** Of several axes `poolSize` and `strides` take one number for all of them, or one for each. */
export interface PoolingOptions extends LayerOptions {
  /** Size of a window; default 2. */
  poolSize?: number | readonly number[];
  /** From window to window; default the window's size. */
  strides?: number | readonly number[] | null;
  /** `valid`: windows lie inside the input; `same`: also over its edges, so that strides alone shrink it. Default `valid`. */
  padding?: WindowPadding;
  /** `channelsLast` [batch, ...sizes, channels] or `channelsFirst` [batch, channels, ...sizes]; default `channelsLast`. */
  dataFormat?: ImageFormat;
}

abstract class WindowPooling extends Layer {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: WindowPadding;
  readonly dataFormat: ImageFormat;
  private readonly mode: PoolingMode;

  constructor(options: PoolingOptions, rank: SpatialRank, mode: PoolingMode) {
    super(options);
    const { name } = this;
    this.mode = mode;
    this.poolSize = requireSizes(name, 'poolSize', options.poolSize ?? 2, rank);
    this.strides = requireSizes(name, 'strides', options.strides ?? this.poolSize, rank);
    this.padding = requireOneOf(name, 'padding', options.padding ?? 'valid', windowPaddings);
    this.dataFormat = requireOneOf(name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
  }

  private get windows(): Windows {
    const { poolSize: size, strides, padding, dataFormat: format } = this;
    return { size, strides, padding, format, dilation: size.map(() => 1) };
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.poolSize.length + 2 };
  }

  override build(inputShape: PartialShape): void {
    // What does not fit is said in the layer's name.
    this.computeOutputShape(inputShape);
  }

  override call(inputs: Tensor): Tensor {
    return pool(inputs, this.mode, this.windows);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const channels = inputShape.at(channelAxis(this.dataFormat)) ?? null;
    return slidOutputShape(this.name, inputShape, this.windows, channels);
  }

  override detail(): string {
    return this.poolSize.join('x');
  }

  override getConfig(): Config {
    const { poolSize, strides, padding, dataFormat } = this;
    return { ...super.getConfig(), poolSize, strides, padding, dataFormat };
  }
}

/**
 * The largest element of each window of sequences [batch, steps, channels].
 *
 * @example
 * tf.layers.maxPooling1d({ poolSize: 3, strides: 1 }).apply(tf.ones([1, 6, 4])).shape; // [1, 4, 4]
 */
export class MaxPooling1D extends WindowPooling {
  constructor(options: PoolingOptions = {}) {
    super(options, 1, 'max');
  }
}

/**
 * The largest element of each window of images [batch, height, width, channels].
 *
 * @example
 * tf.layers.maxPooling2d().apply(tf.ones([1, 6, 5, 4])).shape; // [1, 3, 2, 4]
 */
export class MaxPooling2D extends WindowPooling {
  constructor(options: PoolingOptions = {}) {
    super(options, 2, 'max');
  }
}

/**
 * The largest element of each window of volumes [batch, depth, height, width, channels].
 *
 * @example
 * tf.layers.maxPooling3d({ poolSize: [1, 2, 2] }).apply(tf.ones([1, 3, 6, 4, 2])).shape; // [1, 3, 3, 2, 2]
 */
export class MaxPooling3D extends WindowPooling {
  constructor(options: PoolingOptions = {}) {
    super(options, 3, 'max');
  }
}

/**
 * The mean of each window of sequences [batch, steps, channels]; padding does not count.
 *
 * @example
 * tf.layers.averagePooling1d({ padding: 'same' }).apply(tf.ones([1, 5, 4])).shape; // [1, 3, 4]
 */
export class AveragePooling1D extends WindowPooling {
  constructor(options: PoolingOptions = {}) {
    super(options, 1, 'average');
  }
}

/**
 * The mean of each window of images [batch, height, width, channels]; padding does not count.
 *
 * @example
 * tf.layers.averagePooling2d({ poolSize: 3 }).apply(tf.ones([1, 6, 9, 4])).shape; // [1, 2, 3, 4]
 */
export class AveragePooling2D extends WindowPooling {
  constructor(options: PoolingOptions = {}) {
    super(options, 2, 'average');
  }
}

/**
 * The mean of each window of volumes [batch, depth, height, width, channels]; padding does not count.
 *
 * @example
 * tf.layers.averagePooling3d().apply(tf.ones([1, 4, 6, 4, 2])).shape; // [1, 2, 3, 2, 2]
 */
export class AveragePooling3D extends WindowPooling {
  constructor(options: PoolingOptions = {}) {
    super(options, 3, 'average');
  }
}
