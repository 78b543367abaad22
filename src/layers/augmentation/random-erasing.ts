/** @file RandomErasing: rectangles of images replaced. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageSize } from './image-layer.ts';
import { drawPatches } from './patches.ts';
import { ColorLayer, type ColorLayerOptions, whereImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, requireShare } from './ranges.ts';

export interface RandomErasingOptions extends ColorLayerOptions {
  /** With which probability; of a range it is drawn for each image. One number means from 0 to it. Default 1. */
  factor?: Factor;
  /** How large: width and height are the square roots of two numbers of this range, as shares. Default [0.02, 0.33]. */
  scale?: Factor;
  /** What stands there: a number, or one for each of three channels; default null, noise. */
  fillValue?: number | readonly number[] | null;
}

interface Erasure {
  /** bool `[batch]`. */
  readonly applyErasing: Tensor;
  /** bool `[batch, height, width, 1]`, channels last in any format. */
  readonly batchMasks: Tensor;
  /** What stands there: broadcasts with `[batch, height, width, channels]`. */
  readonly fillValue: Tensor;
}

/**
 * In training replaces a rectangle of each image by a value or by noise (Zhong et al. 2017).
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomErasing({ factor: 0.5, scale: [0.02, 0.2], fillValue: 0 }).apply(images, { training: true });
 */
export class RandomErasing extends ColorLayer<Erasure> {
  readonly factor: NumberRange;
  readonly scale: NumberRange;
  readonly fillValue: number | readonly number[] | null;

  constructor(options: RandomErasingOptions = {}) {
    super(options);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 1);
    this.scale = requireShare(this.name, 'scale', options.scale ?? [0.02, 0.33]);
    this.fillValue = options.fillValue ?? null;
    const values = this.fillValue === null ? [] : [this.fillValue].flat();
    if ((Array.isArray(this.fillValue) && values.length !== 3) || !values.every((v) => Number.isFinite(v)))
      throw new ArgumentError(
        `Layer ${this.name}: expected fillValue to be a number, three of them or null, got ${JSON.stringify(this.fillValue)}.`,
      );
  }

  override draw(source: RandomSource, size: ImageSize): Erasure {
    const { batch, height, width, channels } = size;
    const [across, down] = ops.unstack(ops.sqrt(source.uniform([batch, 2], ...this.scale)), 1);
    const { masks } = drawPatches(source, size, [across, down]);
    const applyErasing = source.happens(batch, this.factor);
    const fill =
      this.fillValue === null
        ? ops.mul(source.normal([batch, height, width, channels]), this.valueRange[1])
        : ops.tensor([this.fillValue].flat(), null, 'float32');
    return { applyErasing, batchMasks: masks, fillValue: this.clipped(fill) };
  }

  protected override augment(images: Tensor, { applyErasing, batchMasks, fillValue }: Erasure): Tensor {
    return whereImage(applyErasing, ops.where(batchMasks, ops.cast(fillValue, images.dtype), images), images);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor, scale: this.scale, fillValue: this.fillValue };
  }
}
