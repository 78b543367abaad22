/** @file Dropout, of elements and of whole feature maps: noise against overfitting. */
import type { Config } from '../../configuration.ts';
import { Generator } from '../../engine/random/philox.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import type { LayerOptions, PartialShape } from '../layer.ts';
import { NoiseLayer, type SeedOption } from './noise-layer.ts';

export interface DropoutOptions extends LayerOptions, SeedOption {
  /** Share of elements that become 0. */
  rate: number;
  /** Shape of the pattern, null where it follows the input; axes of 1 drop or keep together. */
  noiseShape?: PartialShape | null;
}

/**
 * In training sets elements to 0 at random and divides the others by 1 - rate, so that sums stay what they are expected
 * to be; in inference gives its input back (Srivastava et al. 2014).
 *
 * @example
 * tf.layers.dropout({ rate: 0.5 }).apply(tf.ones([2, 4]), { training: true }); // zeros and twos
 */
export class Dropout extends NoiseLayer {
  readonly rate: number;
  readonly noiseShape: PartialShape | null;
  /** The stream of patterns of a layer with a seed. */
  private readonly patterns: Generator | undefined;

  constructor(options: DropoutOptions) {
    super(options, 'rate', options.rate);
    this.rate = options.rate;
    this.noiseShape = options.noiseShape ?? null;
    this.patterns = this.seed === null ? undefined : new Generator(this.seed);
  }

  protected override disturb(inputs: Tensor): Tensor {
    if (this.rate === 1) return ops.zerosLike(inputs);
    return ops.dropout(inputs, this.rate, this.patternShape(inputs), this.patterns);
  }

  /** Shape of the pattern; null for the input's own. */
  protected patternShape(inputs: Tensor): number[] | null {
    return this.noiseShape?.map((size, axis) => size ?? inputs.shape[axis]) ?? null;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), noiseShape: this.noiseShape };
  }
}

export interface SpatialDropoutOptions extends LayerOptions, SeedOption {
  /** Share of feature maps that become 0. */
  rate: number;
}

export interface SpatialDropoutImageOptions extends SpatialDropoutOptions {
  /** Where the channels are; default `channelsLast`. */
  dataFormat?: ImageFormat;
}

/** Drops whole feature maps: everything of a channel in a sample. */
abstract class SpatialDropout extends Dropout {
  readonly dataFormat: ImageFormat;
  private readonly spatialAxes: number;

  constructor(options: SpatialDropoutImageOptions, spatialAxes: number) {
    super(options);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.spatialAxes = spatialAxes;
  }

  protected override inputSpec(): InputSpec {
    return { rank: this.spatialAxes + 2 };
  }

  protected override patternShape({ shape }: Tensor): number[] {
    const channels = this.dataFormat === 'channelsLast' ? shape.length - 1 : 1;
    return shape.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
  }

  override getConfig(): Config {
    const { noiseShape: _none, ...config } = super.getConfig();
    return this.spatialAxes === 1 ? config : { ...config, dataFormat: this.dataFormat };
  }
}

/** Dropout of whole features of sequences [batch, steps, features] (Tompson et al. 2014). */
export class SpatialDropout1D extends SpatialDropout {
  constructor(options: SpatialDropoutOptions) {
    super(options, 1);
  }
}

/** Dropout of whole channels of images [batch, height, width, channels] (Tompson et al. 2014). */
export class SpatialDropout2D extends SpatialDropout {
  constructor(options: SpatialDropoutImageOptions) {
    super(options, 2);
  }
}

/** Dropout of whole channels of volumes [batch, depth, height, width, channels] (Tompson et al. 2014). */
export class SpatialDropout3D extends SpatialDropout {
  constructor(options: SpatialDropoutImageOptions) {
    super(options, 3);
  }
}
