/** @file UpSampling of sequences, images and volumes. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { type SpatialRank, requireSizes, spatialAxes } from '../spatial.ts';

export interface UpSamplingOptions extends LayerOptions {
  /** How many times each spatial axis grows: one number, or one for each axis; default 2. */
  size?: number | readonly number[];
  /** Where the channels are; default `channelsLast`. */
  dataFormat?: ImageFormat;
}

/** Repeats along spatial axes. */
abstract class UpSampling extends Layer {
  readonly size: readonly number[];
  readonly dataFormat: ImageFormat;
  protected readonly spatialRank: SpatialRank;

  constructor(options: UpSamplingOptions, rank: SpatialRank) {
    super(options);
    this.spatialRank = rank;
    this.size = requireSizes(this.name, 'size', options.size ?? 2, rank);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.spatialRank + 2 };
  }

  override call(inputs: Tensor): Tensor {
    return spatialAxes(this.spatialRank, this.dataFormat).reduce(
      (x, axis, i) => (this.size[i] === 1 ? x : ops.repeat(x, this.size[i], axis)),
      inputs,
    );
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const axes = spatialAxes(this.spatialRank, this.dataFormat);
    return inputShape.map((size, axis) => {
      const place = axes.indexOf(axis);
      return size === null || place < 0 ? size : size * this.size[place];
    });
  }

  override detail(): string {
    return this.size.join('x');
  }

  override getConfig(): Config {
    if (this.spatialRank === 1) return { ...super.getConfig(), size: this.size[0] };
    return { ...super.getConfig(), size: this.size, dataFormat: this.dataFormat };
  }
}

/**
 * Repeats each step of sequences [batch, steps, features].
 *
 * @example
 * tf.layers.upSampling1d({ size: 3 }).apply(tf.ones([1, 2, 4])).shape; // [1, 6, 4]
 */
export class UpSampling1D extends UpSampling {
  constructor(options: UpSamplingOptions = {}) {
    super(options, 1);
  }
}

const interpolations = ['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'] as const;

export interface UpSampling2DOptions extends UpSamplingOptions {
  /** What new pixels are made of; default `nearest`, which repeats them. */
  interpolation?: (typeof interpolations)[number];
}

/**
 * Enlarges images [batch, height, width, channels].
 *
 * @example
 * tf.layers.upSampling2d({ size: [2, 3] }).apply(tf.ones([1, 4, 4, 3])).shape; // [1, 8, 12, 3]
 */
export class UpSampling2D extends UpSampling {
  readonly interpolation: (typeof interpolations)[number];

  constructor(options: UpSampling2DOptions = {}) {
    super(options, 2);
    this.interpolation = requireOneOf(this.name, 'interpolation', options.interpolation ?? 'nearest', interpolations);
  }

  override call(inputs: Tensor): Tensor {
    if (this.interpolation === 'nearest') return super.call(inputs);
    const last = this.dataFormat === 'channelsLast';
    const images = last ? inputs : ops.transpose(inputs, [0, 2, 3, 1]);
    const size = [images.shape[1] * this.size[0], images.shape[2] * this.size[1]];
    const resized = ops.cast(ops.image.resize(images, size, this.interpolation), this.computeDtype);
    return last ? resized : ops.transpose(resized, [0, 3, 1, 2]);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), interpolation: this.interpolation };
  }
}

/**
 * Repeats each voxel of volumes [batch, depth, height, width, channels].
 *
 * @example
 * tf.layers.upSampling3d().apply(tf.ones([1, 2, 3, 4, 1])).shape; // [1, 4, 6, 8, 1]
 */
export class UpSampling3D extends UpSampling {
  constructor(options: UpSamplingOptions = {}) {
    super(options, 3);
  }
}

export interface RepeatVectorOptions extends LayerOptions {
  /** How many times. */
  n: number;
}

/**
 * The same vector at each of `n` steps: input [batch, features], output [batch, n, features].
 *
 * @example
 * tf.layers.repeatVector({ n: 3 }).apply(tf.ones([2, 4])).shape; // [2, 3, 4]
 */
export class RepeatVector extends Layer {
  readonly n: number;

  constructor(options: RepeatVectorOptions) {
    super(options);
    this.n = requireSizes(this.name, 'n', options.n, 1)[0];
  }

  protected override inputSpec(): InputSpec {
    return { rank: 2 };
  }

  override call(inputs: Tensor): Tensor {
    return ops.repeat(ops.expandDims(inputs, 1), this.n, 1);
  }

  override computeOutputShape([batch, features]: PartialShape): PartialShape {
    return [batch, this.n, features];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), n: this.n };
  }
}

export interface PermuteOptions extends LayerOptions {
  /** Which axis comes at each place, from 1: the batch stays. */
  dims: readonly number[];
}

/**
 * The axes of each sample in another order.
 *
 * @example
 * tf.layers.permute({ dims: [2, 1] }).apply(tf.ones([2, 3, 4])).shape; // [2, 4, 3]
 */
export class Permute extends Layer {
  readonly dims: readonly number[];

  constructor(options: PermuteOptions) {
    super(options);
    const { dims } = options;
    if (!Array.isArray(dims) || [...dims].sort((a, b) => a - b).some((dim, i) => dim !== i + 1))
      throw new ArgumentError(
        `Layer ${this.name}: expected dims to hold each of 1, 2, ... once, such as [2, 1]; got ${JSON.stringify(dims)}.`,
      );
    this.dims = [...dims];
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.dims.length + 1 };
  }

  override call(inputs: Tensor): Tensor {
    return ops.transpose(inputs, [0, ...this.dims]);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return [inputShape[0], ...this.dims.map((dim) => inputShape[dim])];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), dims: this.dims };
  }
}
