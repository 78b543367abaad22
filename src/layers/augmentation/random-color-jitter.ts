/** @file RandomColorJitter: brightness, contrast, saturation and hue at once. */
import type { Config } from '../../configuration.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageLayer, ImageSize } from './image-layer.ts';
import { RandomBrightness, RandomContrast } from './random-brightness.ts';
import { RandomHue, RandomSaturation } from './random-hue.ts';
import { ColorLayer, type ColorLayerOptions } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import type { Factor } from './ranges.ts';

export interface RandomColorJitterOptions extends ColorLayerOptions {
  /** As `factor` of RandomBrightness; default null, none of it. */
  brightnessFactor?: Factor | null;
  /** As `factor` of RandomContrast. */
  contrastFactor?: Factor | null;
  /** As `factor` of RandomSaturation. */
  saturationFactor?: Factor | null;
  /** As `factor` of RandomHue. */
  hueFactor?: Factor | null;
}

/** What each of the layers inside does, in their order. */
interface Jitter {
  readonly transformations: readonly unknown[];
}

/**
 * In training changes brightness, contrast, saturation and hue of each image, in this order, as far as they are asked for.
 *
 * Images `[batch, height, width, 3]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomColorJitter({ brightnessFactor: 0.2, hueFactor: 0.1 }).apply(images, { training: true });
 */
export class RandomColorJitter extends ColorLayer<Jitter> {
  readonly brightnessFactor: Factor | null;
  readonly contrastFactor: Factor | null;
  readonly saturationFactor: Factor | null;
  readonly hueFactor: Factor | null;
  private readonly steps: readonly ImageLayer<unknown>[];

  constructor(options: RandomColorJitterOptions = {}) {
    super(options);
    this.brightnessFactor = options.brightnessFactor ?? null;
    this.contrastFactor = options.contrastFactor ?? null;
    this.saturationFactor = options.saturationFactor ?? null;
    this.hueFactor = options.hueFactor ?? null;
    const common = { valueRange: this.valueRange, dtype: options.dtype };
    const made = <F>(factor: F | null, make: (factor: F) => ImageLayer<unknown>): ImageLayer<unknown>[] =>
      factor === null ? [] : [make(factor)];
    this.steps = [
      ...made(this.brightnessFactor, (factor) => new RandomBrightness({ ...common, factor })),
      ...made(this.contrastFactor, (factor) => new RandomContrast({ ...common, factor })),
      ...made(this.saturationFactor, (factor) => new RandomSaturation({ ...common, factor })),
      ...made(this.hueFactor, (factor) => new RandomHue({ ...common, factor })),
    ];
  }

  override draw(source: RandomSource, size: ImageSize): Jitter {
    return { transformations: this.steps.map((step) => step.draw(source, size)) };
  }

  protected override augment(images: Tensor, { transformations }: Jitter): Tensor {
    return this.steps.reduce((x, step, i) => step.transformImages(x, transformations[i]), images);
  }

  override getConfig(): Config {
    const { brightnessFactor, contrastFactor, saturationFactor, hueFactor } = this;
    return { ...super.getConfig(), brightnessFactor, contrastFactor, saturationFactor, hueFactor };
  }
}
