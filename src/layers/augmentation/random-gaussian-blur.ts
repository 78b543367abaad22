/** @file RandomGaussianBlur and RandomSharpness. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireSizes } from '../spatial.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import type { ImageSize } from './image-layer.ts';
import { ColorLayer, type ColorLayerOptions, FactorLayer, perImage, whereImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, requireShare } from './ranges.ts';

export interface RandomGaussianBlurOptions extends ColorLayerOptions {
  /** With which probability; of a range it is drawn for each image. One number means from 0 to it. Default 1. */
  factor?: Factor;
  /** How many pixels count, odd: one number, or across and down. Default 3. */
  kernelSize?: number | readonly number[];
  /** Standard deviation in pixels, from 0 to 1, drawn for each image and axis. One number means from 0 to it. Default 1. */
  sigma?: Factor;
}

interface DrawnBlur {
  /** bool `[batch]`. */
  readonly shouldApplyBlur: Tensor;
  /** `[batch, 2]`, or `[2]` for all images: standard deviations across and down. */
  readonly blurFactor: Tensor;
}

/**
 * In training blurs images with a certain probability; beyond the border are zeros.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomGaussianBlur({ factor: 0.5, kernelSize: 5, sigma: [0.5, 1] }).apply(images, { training: true });
 */
export class RandomGaussianBlur extends ColorLayer<DrawnBlur> {
  readonly factor: NumberRange;
  readonly kernelSize: readonly [across: number, down: number];
  readonly sigma: NumberRange;

  constructor(options: RandomGaussianBlurOptions = {}) {
    super(options);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 1);
    const [across, down] = requireSizes(this.name, 'kernelSize', options.kernelSize ?? 3, 2);
    this.kernelSize = [across, down];
    if (this.kernelSize.some((size) => size % 2 === 0))
      throw new ArgumentError(
        `Layer ${this.name}: expected kernelSize to be odd, got ${JSON.stringify(options.kernelSize)}.`,
      );
    this.sigma = requireShare(this.name, 'sigma', options.sigma ?? 1);
  }

  override draw(source: RandomSource, { batch }: ImageSize): DrawnBlur {
    const shouldApplyBlur = source.happens(batch, this.factor);
    return { shouldApplyBlur, blurFactor: ops.add(source.uniform([batch, 2], ...this.sigma), 1e-6) };
  }

  protected override augment(images: Tensor, { shouldApplyBlur, blurFactor }: DrawnBlur): Tensor {
    const [across, down] = ops.unstack(ops.cast(ops.reshape(blurFactor, [-1, 2]), images.dtype), 1);
    const [columns, rows] = this.kernelSize.map((size) => (size - 1) / 2);
    const blurred = gaussianBlur(images, { sigma: down, radius: rows }, { sigma: across, radius: columns });
    return this.clipped(whereImage(shouldApplyBlur, blurred, images));
  }

  override getConfig(): Config {
    const { factor, kernelSize, sigma } = this;
    return { ...super.getConfig(), factor, kernelSize, sigma };
  }
}

export interface RandomSharpnessOptions extends ColorLayerOptions {
  /** 0 is blurred, 0.5 no change, 1 sharpest; from 0 to 1. One number means from 0 to it. */
  factor: Factor;
}

/**
 * In training makes each image sharper or less sharp, by going away from or towards its smoothed self.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape, within the range of values.
 *
 * @example
 * tf.layers.randomSharpness({ factor: [0.3, 0.8] }).apply(images, { training: true });
 */
export class RandomSharpness extends FactorLayer<RandomSharpnessOptions> {
  override draw(source: RandomSource, { batch }: ImageSize): { factor: Tensor } {
    return { factor: source.uniform([batch], ...this.factor) };
  }

  protected override augment(images: Tensor, { factor }: { readonly factor: Tensor }): Tensor {
    const channels = images.shape[3];
    // The nine pixels around weigh 1, the one in the middle 5, of 13.
    const weights = [1, 1, 1, 1, 5, 1, 1, 1, 1].map((weight) => weight / 13);
    const kernel = ops.tile(ops.tensor(weights, [3, 3, 1, 1]), [1, 1, channels, 1]);
    const smooth = ops.depthwiseConv2d(images, ops.cast(kernel, images.dtype), 1, 'same');
    const share = ops.sub(1, ops.mul(perImage(factor, images), 2));
    return this.clipped(ops.add(images, ops.mul(share, ops.sub(smooth, images))));
  }
}
