/** @file RandomImageLayer: layers for images with a stream of random numbers; probabilities, values and factors in their options. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { ImageLayer, type ImageLayerOptions } from './image-layer.ts';
import { type Factor, type NumberRange, requireShare, requireValueRange } from './ranges.ts';

export interface RandomImageLayerOptions extends ImageLayerOptions {
  /** Starts the layer's own generator; left out, the global one is used. */
  seed?: number | null;
}

export abstract class RandomImageLayer<T> extends ImageLayer<T> {
  readonly seed: number | null;

  constructor(options: RandomImageLayerOptions = {}) {
    super(options, options.seed ?? null);
    this.seed = options.seed ?? null;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), seed: this.seed };
  }
}

export interface ColorLayerOptions extends RandomImageLayerOptions {
  /** The least and the greatest value that pixels have; default [0, 255]. */
  valueRange?: readonly number[];
}

/** Random layers that change colours and so depend on the range of values. Boxes and masks stay as they are. */
export abstract class ColorLayer<T> extends RandomImageLayer<T> {
  readonly valueRange: NumberRange;

  constructor(options: ColorLayerOptions = {}) {
    super(options);
    this.valueRange = requireValueRange(this.name, options.valueRange ?? [0, 255]);
  }

  protected clipped(images: Tensor): Tensor {
    return ops.clipByValue(images, ...this.valueRange);
  }

  protected override readsBoxes(): boolean {
    return false;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), valueRange: this.valueRange };
  }
}

/** Layers of colours whose one factor, a share from 0 to 1 or a range of them, says between what is drawn for each image. */
export abstract class FactorLayer<O extends ColorLayerOptions & { factor: Factor }> extends ColorLayer<{
  readonly factor: Tensor;
}> {
  readonly factor: NumberRange;

  constructor(options: O) {
    super(options);
    this.factor = requireShare(this.name, 'factor', options.factor);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}

/** A number for each image `[batch]` (or one for all) that broadcasts with images. */
export const perImage = (numbers: Tensor, like: Tensor): Tensor =>
  ops.cast(ops.reshape(numbers, [-1, 1, 1, 1]), like.dtype);

/** `changed` where the images' own bool says so, the images elsewhere. */
export const whereImage = (applies: Tensor, changed: Tensor, images: Tensor): Tensor =>
  ops.where(ops.reshape(applies, [-1, 1, 1, 1]), changed, images);
