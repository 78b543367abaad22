/** @file RandAugment: some of many augmentations, chosen at random. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount, requireOneOf } from '../expectations.ts';
import { policyLayers } from './augmentation-policy.ts';
import type { BoundingBoxes } from './bounding-boxes.ts';
import type { ImageLayer, ImageSize } from './image-layer.ts';
import { type Interpolation, interpolations } from './projective-layer.ts';
import { ColorLayer, type ColorLayerOptions } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, requireShare } from './ranges.ts';

export interface RandAugmentOptions extends ColorLayerOptions {
  /** How many augmentations one after the other; default 2. */
  numOps?: number;
  /** How strong they are, from 0 to 1; one number means from 0 to it. Default 0.5. */
  factor?: Factor;
  /** Values between pixels; default `bilinear`. */
  interpolation?: Interpolation;
}

interface Choice {
  /** int32 `[numOps]`: which of the layers. */
  readonly layerIdxes: Tensor;
  /** What each of them does, in their order. */
  readonly transforms: readonly unknown[];
}

/**
 * In training applies `numOps` augmentations to the batch, each chosen anew among shear, translation, rotation, brightness,
 * less colour, contrast, sharpness, posterization, solarization, auto contrast and equalization (Cubuk et al. 2020). How strong
 * they are is drawn for each image.
 *
 * Images `[batch, height, width, 3]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randAugment({ numOps: 3, factor: 0.4 }).apply(images, { training: true });
 */
export class RandAugment extends ColorLayer<Choice> {
  readonly numOps: number;
  readonly factor: NumberRange;
  readonly interpolation: Interpolation;
  private readonly choices: readonly ImageLayer<unknown>[];

  constructor(options: RandAugmentOptions = {}) {
    super(options);
    this.numOps = requireCount(this.name, 'numOps', options.numOps ?? 2);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 0.5);
    this.interpolation = requireOneOf(this.name, 'interpolation', options.interpolation ?? 'bilinear', interpolations);
    const { factor, valueRange, interpolation, boundingBoxFormat } = this;
    const policy = { factor, valueRange, interpolation, boundingBoxFormat, dtype: options.dtype };
    this.choices = Object.values(policyLayers(policy)) as ImageLayer<unknown>[];
  }

  protected override readsBoxes(): boolean {
    return true;
  }

  override draw(source: RandomSource, size: ImageSize): Choice {
    return {
      layerIdxes: source.integers([this.numOps], 0, this.choices.length),
      transforms: this.choices.map((layer) => layer.draw(source, size)),
    };
  }

  /** One after another what was chosen. */
  private chosen<V extends Readonly<Record<string, Tensor>>>(
    { layerIdxes, transforms }: Choice,
    value: V,
    change: (value: V, layer: ImageLayer<unknown>, transformation: unknown) => V,
  ): V {
    return ops.unstack(layerIdxes, 0).reduce<V>(
      (x, index) => ops.switchCase(index, this.choices.map((layer, i) => () => change(x, layer, transforms[i]))) as unknown as V, // prettier-ignore
      value,
    );
  }

  protected override augment(images: Tensor, transformation: Choice): Tensor {
    return this.chosen(transformation, { images }, (x, layer, own) => ({ images: layer.transformImages(x.images, own) })).images; // prettier-ignore
  }

  override transformSegmentationMasks(masks: Tensor, transformation: Choice, training = true): Tensor {
    if (!training) return masks;
    return this.inChannelsLast(
      masks,
      (x) => this.chosen(transformation, { masks: x }, (y, layer, own) => ({ masks: layer.transformSegmentationMasks(y.masks, own) })).masks, // prettier-ignore
    );
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    transformation: Choice,
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return given;
    const { boxes, labels } = given;
    return this.chosen(transformation, { boxes, labels }, (x, layer, own) => ({
      ...layer.transformBoundingBoxes(x, own, size),
    }));
  }

  override getConfig(): Config {
    const { numOps, factor, interpolation } = this;
    return { ...super.getConfig(), numOps, factor, interpolation };
  }
}
