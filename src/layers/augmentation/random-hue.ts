/** @file RandomHue and RandomSaturation. */
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageSize } from './image-layer.ts';
import { type ColorLayerOptions, FactorLayer } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, rescaled } from './ranges.ts';

export interface RandomHueOptions extends ColorLayerOptions {
  /** How far hues turn, from 0 to 1 (half the circle); one number means from 0 to it. */
  factor: Factor;
}

/** Hue, saturation and value as planes `[batch, height, width]`, changed, and colours of them again. */
function throughHsv(images: Tensor, change: (hsv: [hue: Tensor, saturation: Tensor]) => [Tensor, Tensor]): Tensor {
  const [hue, saturation, value] = ops.unstack(ops.image.rgbToHsv(images), -1);
  return ops.cast(ops.image.hsvToRgb(ops.stack([...change([hue, saturation]), value], -1)), images.dtype);
}

const perPixel = (numbers: Tensor, like: Tensor): Tensor => ops.cast(ops.reshape(numbers, [-1, 1, 1]), like.dtype);

/**
 * In training turns the hues of each image by an angle of its own, one way or the other.
 *
 * Images `[batch, height, width, 3]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomHue({ factor: 0.2 }).apply(images, { training: true });
 */
export class RandomHue extends FactorLayer<RandomHueOptions> {
  /** `[batch]`: parts of the circle, from -0.5 to 0.5. */
  override draw(source: RandomSource, { batch }: ImageSize): { factor: Tensor } {
    const side = source.sign([batch]);
    return { factor: ops.mul(ops.mul(side, source.uniform([batch], ...this.factor)), 0.5) };
  }

  protected override augment(images: Tensor, { factor }: { readonly factor: Tensor }): Tensor {
    const turned = throughHsv(rescaled(images, this.valueRange, [0, 1]), ([hue, saturation]) => {
      const moved = ops.add(hue, perPixel(factor, hue));
      const below = ops.where(ops.greater(moved, 1), ops.sub(moved, 1), moved);
      return [ops.where(ops.less(below, 0), ops.add(below, 1), below), saturation];
    });
    return rescaled(ops.clipByValue(turned, 0, 1), [0, 1], this.valueRange);
  }
}

export interface RandomSaturationOptions extends ColorLayerOptions {
  /** 0 is grey, 0.5 no change, 1 all colour; from 0 to 1. One number means from 0 to it. */
  factor: Factor;
}

/**
 * In training multiplies the saturation of each image by a number of its own, `factor / (1 - factor)`.
 *
 * Images `[batch, height, width, 3]` or one of them; output of the same shape. Saturation is from 0 to 1 whatever the range of values,
 * and is cut at the ends of that range, as Keras does it: colours above it can come out below 0 unless `valueRange` is [0, 1].
 *
 * @example
 * tf.layers.randomSaturation({ factor: [0.3, 0.7], valueRange: [0, 1] }).apply(images, { training: true });
 */
export class RandomSaturation extends FactorLayer<RandomSaturationOptions> {
  /** `[batch]`: what saturation is multiplied by. */
  override draw(source: RandomSource, { batch }: ImageSize): { factor: Tensor } {
    const share = source.uniform([batch], ...this.factor);
    return { factor: ops.div(share, ops.add(ops.sub(1, share), 1e-7)) };
  }

  protected override augment(images: Tensor, { factor }: { readonly factor: Tensor }): Tensor {
    return throughHsv(images, ([hue, saturation]) => [
      hue,
      this.clipped(ops.mul(saturation, perPixel(factor, saturation))),
    ]);
  }
}
