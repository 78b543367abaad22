/** @file RandomElasticTransform: images as if they were drawn on rubber. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type Blur, gaussianBlur } from './gaussian-blur.ts';
import type { ImageSize } from './image-layer.ts';
import {
  type FillMode,
  type Interpolation,
  type SamplingOptions,
  fillModes,
  interpolations,
} from './projective-layer.ts';
import { ColorLayer, type ColorLayerOptions, whereImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, requireShare } from './ranges.ts';

export interface RandomElasticTransformOptions extends ColorLayerOptions, SamplingOptions {
  /** With which probability; of a range it is drawn for each image. One number means from 0 to it. Default 1. */
  factor?: Factor;
  /** How strongly, from 0 to 1, drawn for each image. One number means from 0 to it. Default 1. */
  scale?: Factor;
}

interface Distortion {
  /** bool `[batch]`. */
  readonly applyTransform: Tensor;
  /** `[batch]`, or one for all images. */
  readonly distortionFactor: Tensor;
  /** Standard normal numbers `[2, batch, height, width]`, of which the way of each pixel across and down is made. */
  readonly noise: Tensor;
}

/**
 * In training moves the pixels of images by smooth noise (Simard et al. 2003): with the scale s, noise of standard deviation
 * σ = 0.05 s min(height, width) is smoothed over σ pixels and taken 0.1 s max(height, width) times.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape. Boxes stay.
 *
 * @example
 * tf.layers.randomElasticTransform({ factor: 0.5, scale: 0.4 }).apply(images, { training: true });
 */
export class RandomElasticTransform extends ColorLayer<Distortion> {
  readonly factor: NumberRange;
  readonly scale: NumberRange;
  readonly interpolation: Interpolation;
  readonly fillMode: FillMode;
  readonly fillValue: number;

  constructor(options: RandomElasticTransformOptions = {}) {
    super(options);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 1);
    this.scale = requireShare(this.name, 'scale', options.scale ?? 1);
    this.interpolation = requireOneOf(this.name, 'interpolation', options.interpolation ?? 'bilinear', interpolations);
    this.fillMode = requireOneOf(this.name, 'fillMode', options.fillMode ?? 'reflect', fillModes);
    this.fillValue = options.fillValue ?? 0;
  }

  override draw(source: RandomSource, { batch, height, width }: ImageSize): Distortion {
    return {
      applyTransform: source.happens(batch, this.factor),
      distortionFactor: source.uniform([batch], ...this.scale),
      noise: source.normal([2, batch, height, width]),
    };
  }

  protected override augment(images: Tensor, transformation: Distortion): Tensor {
    return this.clipped(this.distorted(images, transformation, this.interpolation));
  }

  private distorted(images: Tensor, transformation: Distortion, interpolation: Interpolation): Tensor {
    if (this.scale[1] === 0 || this.factor[1] === 0) return images;
    const { applyTransform, distortionFactor, noise } = transformation;
    const [batch, height, width] = images.shape;
    const scale = ops.broadcastTo(ops.reshape(ops.cast(distortionFactor, 'float32'), [-1]), [batch]);
    const perField = (x: Tensor): Tensor => ops.reshape(x, [-1, 1, 1, 1]);
    const step = 0.05 * Math.min(height, width);
    const sigma = ops.mul(scale, step);
    // As many pixels as the largest sigma needs; those of smaller ones have the weight 0.
    const radius = 3 * Math.trunc(step * this.scale[1]);
    // Where nothing is distorted sigma is 0, and a bell of width 0 is no number.
    const wide = ops.maximum(sigma, 1e-6);
    const blur: Blur = { sigma: wide, radius, within: ops.mul(ops.floor(sigma), 3) };
    // Both fields as channels of one image.
    const fields = ops.transpose(ops.cast(noise, 'float32'), [1, 2, 3, 0]);
    const smooth = gaussianBlur(ops.mul(fields, perField(sigma)), blur, blur);
    const way = ops.mul(smooth, perField(ops.mul(scale, 0.1 * Math.max(height, width))));
    const [across, down] = ops.unstack(way, -1);
    const rows = ops.add(down, ops.reshape(ops.range(0, height), [height, 1]));
    const columns = ops.add(across, ops.range(0, width));
    const places = ops.stack([rows, columns]);
    const moved = ops.image.mapCoordinates(images, places, interpolation, this.fillMode, this.fillValue);
    return whereImage(applyTransform, ops.cast(moved, images.dtype), images);
  }

  override transformSegmentationMasks(masks: Tensor, transformation: Distortion, training = true): Tensor {
    if (!training) return masks;
    return this.inChannelsLast(masks, (x) => this.distorted(x, transformation, 'nearest'));
  }

  override getConfig(): Config {
    const { factor, scale, interpolation, fillMode, fillValue } = this;
    return { ...super.getConfig(), factor, scale, interpolation, fillMode, fillValue };
  }
}
