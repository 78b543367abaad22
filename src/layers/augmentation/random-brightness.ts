/** @file RandomBrightness and RandomContrast. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageSize } from './image-layer.ts';
import { ColorLayer, type ColorLayerOptions, perImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, bothWays, requireFactor } from './ranges.ts';

export interface RandomBrightnessOptions extends ColorLayerOptions {
  /** How much is added, in shares of the range of values, from -1 to 1. One number means as much either way. */
  factor: Factor;
}

/**
 * In training adds a number of its own to each image, and cuts values at the ends of their range.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomBrightness({ factor: 0.2, valueRange: [0, 1] }).apply(images, { training: true });
 */
export class RandomBrightness extends ColorLayer<{ readonly rgbDelta: Tensor }> {
  readonly factor: NumberRange;

  constructor(options: RandomBrightnessOptions) {
    super(options);
    this.factor = requireFactor(this.name, 'factor', options.factor, [-1, 1], bothWays);
  }

  override draw(source: RandomSource, { batch }: ImageSize): { rgbDelta: Tensor } {
    const [least, greatest] = this.valueRange;
    return { rgbDelta: ops.mul(source.uniform([batch, 1, 1, 1], ...this.factor), greatest - least) };
  }

  protected override augment(images: Tensor, { rgbDelta }: { readonly rgbDelta: Tensor }): Tensor {
    return this.clipped(ops.add(images, perImage(rgbDelta, images)));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}

export interface RandomContrastOptions extends ColorLayerOptions {
  /** `[lower, upper]`: contrast is multiplied by a number in [1 - lower, 1 + upper). One number means both. From 0 to 1. */
  factor: Factor;
}

/**
 * In training changes the contrast of each image: `(x - mean) factor + mean`, with the mean of each channel.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape, within the range of values.
 *
 * @example
 * tf.layers.randomContrast({ factor: 0.3 }).apply(images, { training: true }); // 0.7 to 1.3 times the contrast
 */
export class RandomContrast extends ColorLayer<{ readonly contrastFactor: Tensor }> {
  readonly factor: readonly [lower: number, upper: number];

  constructor(options: RandomContrastOptions) {
    super(options);
    this.factor = requireFactor(this.name, 'factor', options.factor, [0, 1], (value) => [value, value]);
  }

  override draw(source: RandomSource, { batch }: ImageSize): { contrastFactor: Tensor } {
    const [lower, upper] = this.factor;
    return { contrastFactor: source.uniform([batch, 1, 1, 1], 1 - lower, 1 + upper) };
  }

  protected override augment(images: Tensor, { contrastFactor }: { readonly contrastFactor: Tensor }): Tensor {
    const mean = ops.mean(images, [1, 2], true);
    const changed = ops.mul(ops.sub(images, mean), perImage(contrastFactor, images));
    return this.clipped(ops.add(changed, mean));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
