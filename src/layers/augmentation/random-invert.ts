/** @file RandomInvert, RandomPosterization and Solarization: values turned round or made coarse. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageSize } from './image-layer.ts';
import { ColorLayer, type ColorLayerOptions, perImage, whereImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, bytes, requireFactor, requireShare, rescaled } from './ranges.ts';

export interface RandomInvertOptions extends ColorLayerOptions {
  /** With which probability; of a range it is drawn for each image. One number means from 0 to it. Default 1. */
  factor?: Factor;
}

/**
 * In training inverts images with a certain probability: x becomes the greatest value less x.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomInvert({ factor: [0.5, 0.5], valueRange: [0, 1] }).apply(images, { training: true });
 */
export class RandomInvert extends ColorLayer<{ readonly applyInversion: Tensor }> {
  readonly factor: NumberRange;

  constructor(options: RandomInvertOptions = {}) {
    super(options);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 1);
  }

  /** bool `[batch]`. */
  override draw(source: RandomSource, { batch }: ImageSize): { applyInversion: Tensor } {
    return { applyInversion: source.happens(batch, this.factor) };
  }

  protected override augment(images: Tensor, { applyInversion }: { readonly applyInversion: Tensor }): Tensor {
    return whereImage(applyInversion, ops.sub(this.valueRange[1], images), images);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}

export interface RandomPosterizationOptions extends ColorLayerOptions {
  /** How many bits of each channel stay, from 1 to 8; of a range it is drawn for each image, without its upper end. */
  factor: Factor;
}

/**
 * In training makes values coarse: of their 8 bits only the first ones stay.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomPosterization({ factor: 3 }).apply(images, { training: true }); // eight levels
 */
export class RandomPosterization extends ColorLayer<{ readonly shiftFactor: Tensor }> {
  readonly factor: NumberRange;

  constructor(options: RandomPosterizationOptions) {
    super(options);
    this.factor = requireFactor(this.name, 'factor', options.factor, [1, 8], (value) => [value, value]);
    if (!this.factor.every(Number.isInteger))
      throw new ArgumentError(
        `Layer ${this.name}: expected factor to be a whole number of bits, got ${JSON.stringify(options.factor)}.`,
      );
  }

  /** int32 `[batch]`: how many bits are lost. */
  override draw(source: RandomSource, { batch }: ImageSize): { shiftFactor: Tensor } {
    const [least, greatest] = this.factor;
    const bits = least === greatest ? ops.fill([batch], least, 'int32') : source.integers([batch], least, greatest);
    return { shiftFactor: ops.sub(8, bits) };
  }

  protected override augment(images: Tensor, { shiftFactor }: { readonly shiftFactor: Tensor }): Tensor {
    // Whole multiples of the step: what is left when the last bits are 0.
    const step = ops.pow(ops.cast(2, images.dtype), perImage(shiftFactor, images));
    const whole = ops.floor(ops.clipByValue(rescaled(images, this.valueRange, bytes), 0, 255));
    return rescaled(ops.mul(ops.floor(ops.div(whole, step)), step), bytes, this.valueRange);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}

export interface SolarizationOptions extends ColorLayerOptions {
  /** What is added before, as a share of the range, from 0 to 1; one number means from 0 to it. Default 0. */
  additionFactor?: Factor;
  /** From which value on pixels are turned round, as a share of the range; default 0. */
  thresholdFactor?: Factor;
}

/**
 * In training adds something to each image and turns values from a threshold on round: x becomes least + greatest - x.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.solarization({ additionFactor: 0.2, thresholdFactor: 0.5 }).apply(images, { training: true });
 */
export class Solarization extends ColorLayer<{ readonly additions: Tensor; readonly thresholds: Tensor }> {
  readonly additionFactor: NumberRange;
  readonly thresholdFactor: NumberRange;

  constructor(options: SolarizationOptions = {}) {
    super(options);
    this.additionFactor = requireShare(this.name, 'additionFactor', options.additionFactor ?? 0);
    this.thresholdFactor = requireShare(this.name, 'thresholdFactor', options.thresholdFactor ?? 0);
  }

  /** `[batch, 1, 1, 1]`, in 8-bit values. */
  override draw(source: RandomSource, { batch }: ImageSize) {
    const drawn = ([least, greatest]: NumberRange): Tensor =>
      source.uniform([batch, 1, 1, 1], least * 255, greatest * 255);
    return { additions: drawn(this.additionFactor), thresholds: drawn(this.thresholdFactor) };
  }

  protected override augment(
    images: Tensor,
    { additions, thresholds }: { readonly additions: Tensor; readonly thresholds: Tensor },
  ): Tensor {
    const moved = ops.add(rescaled(images, this.valueRange, bytes), perImage(additions, images));
    const brighter = ops.clipByValue(moved, 0, 255);
    const isBelow = ops.less(brighter, perImage(thresholds, images));
    return rescaled(ops.where(isBelow, brighter, ops.sub(255, brighter)), bytes, this.valueRange);
  }

  override getConfig(): Config {
    const { additionFactor, thresholdFactor } = this;
    return { ...super.getConfig(), additionFactor, thresholdFactor };
  }
}
