/** @file ProjectiveLayer: layers that look at their images through a projection. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import type { ImageSize } from './image-layer.ts';
import { RandomImageLayer, type RandomImageLayerOptions } from './random-image-layer.ts';

export const fillModes = ['reflect', 'wrap', 'constant', 'nearest'] as const;
/**
 * What stands beyond the border: `reflect` the mirror image (`d c b a | a b c d | d c b a`), `wrap` the image again,
 * `constant` the fill value, `nearest` the pixel at the border.
 */
export type FillMode = (typeof fillModes)[number];
export const interpolations = ['nearest', 'bilinear'] as const;
/** How a value between pixels is found: the nearest one, or the four around it weighed. */
export type Interpolation = (typeof interpolations)[number];

export interface SamplingOptions {
  /** What stands beyond the border; default `reflect`. */
  fillMode?: FillMode;
  /** Values between pixels; default `bilinear`. */
  interpolation?: Interpolation;
  /** What stands beyond the border where `fillMode` is `constant`; default 0. */
  fillValue?: number;
}

export interface ProjectiveLayerOptions extends RandomImageLayerOptions, SamplingOptions {}

export abstract class ProjectiveLayer<T> extends RandomImageLayer<T> {
  readonly fillMode: FillMode;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(options: ProjectiveLayerOptions) {
    super(options);
    this.fillMode = requireOneOf(this.name, 'fillMode', options.fillMode ?? 'reflect', fillModes);
    this.interpolation = requireOneOf(this.name, 'interpolation', options.interpolation ?? 'bilinear', interpolations);
    this.fillValue = options.fillValue ?? 0;
  }

  /** For each image the eight numbers of `tf.image.transform`, which say where each pixel of the output comes from. */
  protected abstract projections(transformation: T, size: ImageSize): Tensor;

  protected override augment(images: Tensor, transformation: T): Tensor {
    return this.sampled(images, transformation, this.interpolation);
  }

  private sampled(images: Tensor, transformation: T, interpolation: Interpolation): Tensor {
    const [batch, height, width, channels] = images.shape;
    const projections = this.projections(transformation, { batch, height, width, channels });
    const result = ops.image.transform(images, projections, interpolation, this.fillMode, this.fillValue);
    return ops.cast(result, images.dtype);
  }

  /** Masks go the way of the images; classes are not mixed. */
  override transformSegmentationMasks(masks: Tensor, transformation: T, training = true): Tensor {
    if (!training) return masks;
    return this.inChannelsLast(masks, (x) => ops.cast(this.sampled(x, transformation, 'nearest'), masks.dtype));
  }

  override getConfig(): Config {
    const { fillMode, interpolation, fillValue } = this;
    return { ...super.getConfig(), fillMode, interpolation, fillValue };
  }
}

/** The rows `[batch, 8]` of these columns: numbers, or tensors `[batch]`. */
export function projectionRows(batch: number, columns: readonly (number | Tensor)[]): Tensor {
  const column = (value: number | Tensor): Tensor =>
    typeof value === 'number' ? ops.fill([batch], value, 'float32') : ops.cast(value, 'float32');
  return ops.stack(columns.map(column), 1);
}
