/** @file RandomFlip: mirror images. */
import { type Config, lookUp } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type BoundingBoxes, boxNumbers, joinBox } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { RandomImageLayer, type RandomImageLayerOptions, whereImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';

const modes = {
  horizontal: 'horizontal',
  vertical: 'vertical',
  horizontalAndVertical: 'horizontalAndVertical',
} as const;
/** `horizontal`: left and right change places; `vertical`: top and bottom. */
export type FlipMode = keyof typeof modes;

export interface RandomFlipOptions extends RandomImageLayerOptions {
  /** Which way; default `horizontalAndVertical`, which does both or neither. */
  mode?: FlipMode;
}

/**
 * In training mirrors each image with probability 1/2.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomFlip({ mode: 'horizontal' }).apply(images, { training: true });
 */
export class RandomFlip extends RandomImageLayer<{ readonly flips: Tensor }> {
  readonly mode: FlipMode;

  constructor(options: RandomFlipOptions = {}) {
    super(options);
    this.mode = lookUp('mode of flipping', modes, options.mode ?? 'horizontalAndVertical');
  }

  /** bool `[batch]`: which images are mirrored. */
  override draw(source: RandomSource, { batch }: ImageSize): { flips: Tensor } {
    return { flips: ops.lessEqual(source.uniform([batch]), 0.5) };
  }

  protected override augment(images: Tensor, { flips }: { readonly flips: Tensor }): Tensor {
    const axes = [...(this.mode === 'vertical' ? [] : [2]), ...(this.mode === 'horizontal' ? [] : [1])];
    return whereImage(flips, ops.reverse(images, axes), images);
  }

  override transformSegmentationMasks(
    masks: Tensor,
    transformation: { readonly flips: Tensor },
    training = true,
  ): Tensor {
    return training ? this.inChannelsLast(masks, (x) => this.augment(x, transformation)) : masks;
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    { flips }: { readonly flips: Tensor },
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return given;
    return this.inPixels(given, size, (boxes) => {
      let [left, top, right, bottom] = boxNumbers(boxes);
      if (this.mode !== 'vertical') [left, right] = [ops.sub(size.width, right), ops.sub(size.width, left)];
      if (this.mode !== 'horizontal') [top, bottom] = [ops.sub(size.height, bottom), ops.sub(size.height, top)];
      return ops.where(ops.reshape(flips, [-1, 1, 1]), joinBox([left, top, right, bottom]), boxes);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), mode: this.mode };
  }
}
