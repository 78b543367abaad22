/** @file AutoContrast and Equalization: values spread over their whole range. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import { ImageLayer, type ImageLayerOptions } from './image-layer.ts';
import { type NumberRange, bytes, requireValueRange, rescaled } from './ranges.ts';

export interface HistogramLayerOptions extends ImageLayerOptions {
  /** The least and the greatest value that pixels may have; default [0, 255]. */
  valueRange?: readonly number[];
}

/** Layers that change values by what other values there are; nothing about them is random. Boxes and masks stay. */
export abstract class HistogramLayer extends ImageLayer<null> {
  readonly valueRange: NumberRange;

  constructor(options: HistogramLayerOptions = {}) {
    super(options);
    this.valueRange = requireValueRange(this.name, options.valueRange ?? [0, 255]);
  }

  override draw(): null {
    return null;
  }

  protected override readsBoxes(): boolean {
    return false;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), valueRange: this.valueRange };
  }
}

export type AutoContrastOptions = HistogramLayerOptions;

/**
 * Stretches each channel of each image so that its least value becomes the least possible and its greatest the greatest, in
 * training and in inference. Channels of one value stay.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.autoContrast({ valueRange: [0, 1] }).apply(images);
 */
export class AutoContrast extends HistogramLayer {
  override transformImages(images: Tensor, transformation: null = null): Tensor {
    return super.transformImages(images, transformation, true);
  }

  protected override augment(images: Tensor): Tensor {
    const values = rescaled(images, this.valueRange, bytes);
    const [low, high] = [ops.min(values, [1, 2], true), ops.max(values, [1, 2], true)];
    const span = ops.sub(high, low);
    const isFlat = ops.equal(span, 0);
    const scale = ops.div(255, ops.where(isFlat, ops.onesLike(span), span));
    const stretched = ops.clipByValue(ops.mul(ops.sub(values, low), scale), 0, 255);
    return ops.where(isFlat, images, rescaled(stretched, bytes, this.valueRange));
  }
}

export interface EqualizationOptions extends HistogramLayerOptions {
  /** How many different values are counted; default 256. */
  bins?: number;
}

/**
 * In training changes values so that each is as frequent as any other: a value becomes the share of those that are not greater.
 * Each channel is counted by itself, over all images of the batch together.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.equalization({ valueRange: [0, 255] }).apply(images, { training: true });
 */
export class Equalization extends HistogramLayer {
  readonly bins: number;

  constructor(options: EqualizationOptions = {}) {
    super(options);
    this.bins = requireCount(this.name, 'bins', options.bins ?? 256);
  }

  protected override augment(images: Tensor): Tensor {
    const { bins } = this;
    const values = rescaled(images, this.valueRange, bytes);
    const channels = images.shape[3];
    const place = ops.cast(ops.floor(ops.clipByValue(ops.mul(values, (bins - 1) / 255), 0, bins - 1)), 'int32');
    // Each channel has bins of its own, one after another.
    const own = ops.add(place, ops.mul(ops.range(0, channels, 1, 'int32'), bins));
    const counts = ops.reshape(ops.bincount(own, null, channels * bins), [channels, bins]);
    const upTo = ops.cast(ops.cumsum(counts, 1), 'float32');
    const total = ops.max(upTo, 1, true);
    const first = ops.min(ops.where(ops.greater(upTo, 0), upTo, total), 1, true);
    // A channel of one value has nothing to spread.
    const rest = ops.sub(total, first);
    const isFlat = ops.equal(rest, 0);
    const share = ops.div(ops.mul(ops.sub(upTo, first), 255), ops.where(isFlat, ops.onesLike(rest), rest));
    const table = ops.clipByValue(ops.round(share), 0, 255);
    const looked = ops.cast(ops.gather(ops.reshape(table, [channels * bins]), own, 0), images.dtype);
    const spread = ops.where(ops.reshape(isFlat, [channels]), values, looked);
    return rescaled(spread, bytes, this.valueRange);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), bins: this.bins };
  }
}
