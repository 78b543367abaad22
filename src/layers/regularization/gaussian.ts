/** @file GaussianNoise, GaussianDropout and AlphaDropout: noise that keeps mean (and variance). */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { LayerOptions, PartialShape } from '../layer.ts';
import { NoiseLayer, type SeedOption } from './noise-layer.ts';

export interface GaussianNoiseOptions extends LayerOptions, SeedOption {
  /** Standard deviation of the noise, from 0 to 1. */
  stddev: number;
}

/**
 * In training adds normal noise of mean 0.
 *
 * @example
 * tf.layers.gaussianNoise({ stddev: 0.1 }).apply(tf.zeros([2, 4]), { training: true });
 */
export class GaussianNoise extends NoiseLayer {
  readonly stddev: number;

  constructor(options: GaussianNoiseOptions) {
    super(options, 'stddev', options.stddev);
    this.stddev = options.stddev;
  }

  protected override disturb(inputs: Tensor): Tensor {
    return ops.add(inputs, this.normal(inputs.shape, 0, this.stddev));
  }
}

export interface GaussianDropoutOptions extends LayerOptions, SeedOption {
  /** The noise has the standard deviation sqrt(rate / (1 - rate)), as dropout of this rate. */
  rate: number;
}

/**
 * In training multiplies by normal noise of mean 1 and standard deviation sqrt(rate / (1 - rate)) (Srivastava et al. 2014).
 *
 * @example
 * tf.layers.gaussianDropout({ rate: 0.2 }).apply(tf.ones([2, 4]), { training: true });
 */
export class GaussianDropout extends NoiseLayer {
  readonly rate: number;

  constructor(options: GaussianDropoutOptions) {
    super(options, 'rate', options.rate);
    this.rate = options.rate;
    if (this.rate === 1)
      throw new ArgumentError(`Layer ${this.name}: expected a rate below 1, whose noise is finite; got 1.`);
  }

  protected override disturb(inputs: Tensor): Tensor {
    return ops.mul(inputs, this.normal(inputs.shape, 1, Math.sqrt(this.rate / (1 - this.rate))));
  }
}

export interface AlphaDropoutOptions extends LayerOptions, SeedOption {
  /** Share of elements that are set to the saturation of SELU. */
  rate: number;
  /** Shape of the pattern, null where it follows the input; axes of 1 drop or keep together. */
  noiseShape?: PartialShape | null;
}

/** What SELU tends to at minus infinity. */
const saturation = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;

/**
 * Dropout for networks of SELU: in training elements become SELU's saturation, and all are scaled and moved so that mean 0 and
 * variance 1 stay (Klambauer et al. 2017).
 *
 * @example
 * tf.layers.alphaDropout({ rate: 0.1 }).apply(tf.ones([2, 4]), { training: true });
 */
export class AlphaDropout extends NoiseLayer {
  readonly rate: number;
  readonly noiseShape: PartialShape | null;

  constructor(options: AlphaDropoutOptions) {
    super(options, 'rate', options.rate);
    this.rate = options.rate;
    this.noiseShape = options.noiseShape ?? null;
    if (this.rate === 1) throw new ArgumentError(`Layer ${this.name}: expected a rate below 1; got 1.`);
  }

  protected override disturb(inputs: Tensor): Tensor {
    const { rate } = this;
    const shape = this.noiseShape?.map((size, axis) => size ?? inputs.shape[axis]) ?? inputs.shape;
    const kept = ops.cast(ops.greaterEqual(this.uniform(shape), rate), inputs.dtype);
    const scale = ((1 - rate) * (1 + rate * saturation ** 2)) ** -0.5;
    const mixed = ops.add(ops.mul(inputs, kept), ops.mul(ops.sub(1, kept), saturation));
    return ops.sub(ops.mul(mixed, scale), scale * saturation * rate);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), noiseShape: this.noiseShape };
  }
}
