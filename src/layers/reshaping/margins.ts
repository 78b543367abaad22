/** @file Zero padding and cropping of sequences, images and volumes. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { type Margins, type MarginsLike, type SpatialRank, requireMargins, spatialAxes } from '../spatial.ts';

interface FormatOption {
  /** Where the channels are; default `channelsLast`. */
  dataFormat?: ImageFormat;
}

/** Changes how far spatial axes reach. */
abstract class Margined extends Layer {
  protected readonly margins: Margins;
  readonly dataFormat: ImageFormat;
  private readonly spatialRank: SpatialRank;
  private readonly option: string;

  constructor(options: LayerOptions & FormatOption, rank: SpatialRank, option: string, value: MarginsLike) {
    super(options);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.spatialRank = rank;
    this.option = option;
    this.margins = requireMargins(this.name, option, value, rank);
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.spatialRank + 2 };
  }

  /** Margins of all axes of a tensor. */
  protected allMargins(rank: number): (readonly [number, number])[] {
    const axes = spatialAxes(this.spatialRank, this.dataFormat);
    return Array.from({ length: rank }, (_, axis) => this.margins[axes.indexOf(axis)] ?? [0, 0]);
  }

  override detail(): string {
    return this.margins.map((margin) => margin.join('+')).join(', ');
  }

  override getConfig(): Config {
    const [only] = this.margins;
    const value = this.spatialRank === 1 ? only : this.margins;
    return {
      ...super.getConfig(),
      [this.option]: value,
      ...((this.spatialRank > 1 || this.option === 'padding') && { dataFormat: this.dataFormat }),
    };
  }
}

export interface ZeroPaddingOptions extends LayerOptions, FormatOption {
  /** Zeros before and after each spatial axis: one number, one for each axis, or a pair for each; default 1. */
  padding?: MarginsLike;
}

/** Adds zeros around. */
abstract class ZeroPadding extends Margined {
  constructor(options: ZeroPaddingOptions, rank: SpatialRank) {
    super(options, rank, 'padding', options.padding ?? 1);
  }

  override call(inputs: Tensor): Tensor {
    return ops.pad(inputs, this.allMargins(inputs.rank));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const margins = this.allMargins(inputShape.length);
    return inputShape.map((size, axis) => (size === null ? null : size + margins[axis][0] + margins[axis][1]));
  }
}

/**
 * Adds zeros before and after the steps of sequences [batch, steps, features].
 *
 * @example
 * tf.layers.zeroPadding1d({ padding: [2, 1] }).apply(tf.ones([1, 4, 3])).shape; // [1, 7, 3]
 */
export class ZeroPadding1D extends ZeroPadding {
  constructor(options: ZeroPaddingOptions = {}) {
    super(options, 1);
  }
}

/**
 * Adds zeros around images [batch, height, width, channels].
 *
 * @example
 * tf.layers.zeroPadding2d({ padding: [[1, 0], [2, 2]] }).apply(tf.ones([1, 4, 4, 3])).shape; // [1, 5, 8, 3]
 */
export class ZeroPadding2D extends ZeroPadding {
  constructor(options: ZeroPaddingOptions = {}) {
    super(options, 2);
  }
}

/**
 * Adds zeros around volumes [batch, depth, height, width, channels].
 *
 * @example
 * tf.layers.zeroPadding3d().apply(tf.ones([1, 2, 3, 4, 1])).shape; // [1, 4, 5, 6, 1]
 */
export class ZeroPadding3D extends ZeroPadding {
  constructor(options: ZeroPaddingOptions = {}) {
    super(options, 3);
  }
}

export interface CroppingOptions extends LayerOptions, FormatOption {
  /** How much is cut before and after each spatial axis: one number, one for each axis, or a pair for each. */
  cropping?: MarginsLike;
}

/** Cuts off around. */
abstract class Cropping extends Margined {
  constructor(options: CroppingOptions, rank: SpatialRank, cropping: MarginsLike) {
    super(options, rank, 'cropping', options.cropping ?? cropping);
  }

  override call(inputs: Tensor): Tensor {
    const margins = this.allMargins(inputs.rank);
    return ops.slice(
      inputs,
      margins.map(([before]) => before),
      this.computeOutputShape(inputs.shape) as number[],
    );
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const margins = this.allMargins(inputShape.length);
    return inputShape.map((size, axis) => {
      if (size === null) return null;
      const left = size - margins[axis][0] - margins[axis][1];
      if (left < 1 && size > 0)
        throw new ShapeError(
          `Layer ${this.name}: cropping ${margins[axis].join(' and ')} leaves nothing of axis ${axis} of an input of shape ${formatShape(inputShape)}.`,
        );
      return left;
    });
  }
}

/**
 * Cuts steps off sequences [batch, steps, features]; one at each end unless told.
 *
 * @example
 * tf.layers.cropping1d({ cropping: [1, 2] }).apply(tf.ones([1, 7, 3])).shape; // [1, 4, 3]
 */
export class Cropping1D extends Cropping {
  constructor(options: CroppingOptions = {}) {
    super(options, 1, 1);
  }
}

/**
 * Cuts edges off images [batch, height, width, channels]; nothing unless told.
 *
 * @example
 * tf.layers.cropping2d({ cropping: 1 }).apply(tf.ones([1, 6, 5, 3])).shape; // [1, 4, 3, 3]
 */
export class Cropping2D extends Cropping {
  constructor(options: CroppingOptions = {}) {
    super(options, 2, 0);
  }
}

/**
 * Cuts faces off volumes [batch, depth, height, width, channels]; one at each unless told.
 *
 * @example
 * tf.layers.cropping3d().apply(tf.ones([1, 4, 5, 6, 1])).shape; // [1, 2, 3, 4, 1]
 */
export class Cropping3D extends Cropping {
  constructor(options: CroppingOptions = {}) {
    super(options, 3, 1);
  }
}
