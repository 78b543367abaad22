/** @file RandomColorDegeneration and RandomGrayscale: images with less colour. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageSize } from './image-layer.ts';
import {
  type ColorLayerOptions,
  FactorLayer,
  RandomImageLayer,
  type RandomImageLayerOptions,
  perImage,
  whereImage,
} from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import type { Factor } from './ranges.ts';

/** In grey, with one channel; what has one channel is grey. */
const grey = (images: Tensor): Tensor => (images.shape[3] === 1 ? images : ops.image.rgbToGrayscale(images));

export interface RandomColorDegenerationOptions extends ColorLayerOptions {
  /** How grey images become: 0 not at all, 1 wholly. One number means from 0 to it. */
  factor: Factor;
}

/**
 * In training mixes each image with itself in grey.
 *
 * Images `[batch, height, width, 3]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomColorDegeneration({ factor: [0.2, 0.8] }).apply(images, { training: true });
 */
export class RandomColorDegeneration extends FactorLayer<RandomColorDegenerationOptions> {
  override draw(source: RandomSource, { batch }: ImageSize): { factor: Tensor } {
    return { factor: source.uniform([batch, 1, 1, 1], ...this.factor) };
  }

  protected override augment(images: Tensor, { factor }: { readonly factor: Tensor }): Tensor {
    const change = ops.mul(ops.sub(grey(images), images), perImage(factor, images));
    return this.clipped(ops.add(images, change));
  }
}

export interface RandomGrayscaleOptions extends RandomImageLayerOptions {
  /** With which probability; default 0.5. */
  factor?: number;
}

/**
 * In training makes images grey with a certain probability; all channels are then alike.
 *
 * Images `[batch, height, width, 3]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomGrayscale({ factor: 0.2 }).apply(images, { training: true });
 */
export class RandomGrayscale extends RandomImageLayer<{ readonly shouldApply: Tensor }> {
  readonly factor: number;

  constructor(options: RandomGrayscaleOptions = {}) {
    super(options);
    this.factor = options.factor ?? 0.5;
    if (!(this.factor >= 0 && this.factor <= 1))
      throw new ArgumentError(`Layer ${this.name}: expected factor to be from 0 to 1, got ${this.factor}.`);
  }

  protected override readsBoxes(): boolean {
    return false;
  }

  /** bool `[batch]`. */
  override draw(source: RandomSource, { batch }: ImageSize): { shouldApply: Tensor } {
    return { shouldApply: ops.less(source.uniform([batch]), this.factor) };
  }

  protected override augment(images: Tensor, { shouldApply }: { readonly shouldApply: Tensor }): Tensor {
    return whereImage(shouldApply, grey(images), images);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
