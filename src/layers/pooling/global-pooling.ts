/** @file GlobalAveragePooling and GlobalMaxPooling: one number for each channel of a sequence, an image or a volume. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, channelAxis, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { type CallOptions, Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { type SpatialRank, spatialAxes } from '../spatial.ts';

export interface GlobalPoolingOptions extends LayerOptions {
  /** `channelsLast` [batch, ...sizes, channels] or `channelsFirst` [batch, channels, ...sizes]; default `channelsLast`. */
  dataFormat?: ImageFormat;
  /** Leaves the spatial axes in, of size 1; default false. */
  keepDims?: boolean;
}

/** Takes all spatial axes together. */
abstract class GlobalPooling extends Layer {
  readonly dataFormat: ImageFormat;
  readonly keepDims: boolean;
  protected readonly axes: number[];

  constructor(options: GlobalPoolingOptions, rank: SpatialRank) {
    super(options);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.keepDims = options.keepDims ?? false;
    this.axes = spatialAxes(rank, this.dataFormat);
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.axes.length + 2 };
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    if (this.keepDims) return inputShape.map((size, axis) => (this.axes.includes(axis) ? 1 : size));
    return [inputShape[0], inputShape.at(channelAxis(this.dataFormat)) ?? null];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), dataFormat: this.dataFormat, keepDims: this.keepDims };
  }
}

abstract class GlobalAveragePooling extends GlobalPooling {
  override call(inputs: Tensor, _options: CallOptions): Tensor {
    return ops.mean(inputs, this.axes, this.keepDims);
  }
}

abstract class GlobalMaxPooling extends GlobalPooling {
  override call(inputs: Tensor): Tensor {
    return ops.max(inputs, this.axes, this.keepDims);
  }
}

/**
 * The mean over all steps: input [batch, steps, channels], output [batch, channels]. With a mask [batch, steps] over the steps that count;
 * where none does it is NaN.
 *
 * @example
 * tf.layers.globalAveragePooling1d().apply(tf.ones([2, 5, 3])).shape; // [2, 3]
 */
export class GlobalAveragePooling1D extends GlobalAveragePooling {
  override supportsMasking = true;

  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 1);
  }

  override call(inputs: Tensor, options: CallOptions): Tensor {
    const { mask } = options;
    if (!mask) return super.call(inputs, options);
    const counts = ops.cast(ops.expandDims(mask as Tensor, this.dataFormat === 'channelsLast' ? 2 : 1), 'bool');
    // Chosen, not multiplied: what does not count may be infinite.
    const chosen = ops.where(counts, inputs, ops.zerosLike(inputs));
    const sum = ops.sum(chosen, this.axes, this.keepDims);
    return ops.div(sum, ops.sum(ops.cast(counts, inputs.dtype), this.axes, this.keepDims));
  }

  /** The steps are gone, and their mask with them. */
  override computeMask(): null {
    return null;
  }
}

/**
 * The mean over all pixels: input [batch, height, width, channels], output [batch, channels].
 *
 * @example
 * tf.layers.globalAveragePooling2d().apply(tf.ones([2, 5, 4, 3])).shape; // [2, 3]
 */
export class GlobalAveragePooling2D extends GlobalAveragePooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 2);
  }
}

/**
 * The mean over all of a volume: input [batch, depth, height, width, channels], output [batch, channels].
 *
 * @example
 * tf.layers.globalAveragePooling3d({ keepDims: true }).apply(tf.ones([2, 5, 4, 3, 2])).shape; // [2, 1, 1, 1, 2]
 */
export class GlobalAveragePooling3D extends GlobalAveragePooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 3);
  }
}

/**
 * The largest of all steps: input [batch, steps, channels], output [batch, channels].
 *
 * @example
 * tf.layers.globalMaxPooling1d().apply(tf.ones([2, 5, 3])).shape; // [2, 3]
 */
export class GlobalMaxPooling1D extends GlobalMaxPooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 1);
  }
}

/**
 * The largest of all pixels: input [batch, height, width, channels], output [batch, channels].
 *
 * @example
 * tf.layers.globalMaxPooling2d({ dataFormat: 'channelsFirst' }).apply(tf.ones([2, 3, 5, 4])).shape; // [2, 3]
 */
export class GlobalMaxPooling2D extends GlobalMaxPooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 2);
  }
}

/**
 * The largest of all of a volume: input [batch, depth, height, width, channels], output [batch, channels].
 *
 * @example
 * tf.layers.globalMaxPooling3d().apply(tf.ones([2, 5, 4, 3, 2])).shape; // [2, 2]
 */
export class GlobalMaxPooling3D extends GlobalMaxPooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 3);
  }
}
