/** @file RandomTranslation: images shifted. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BoundingBoxes } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { ProjectiveLayer, type ProjectiveLayerOptions, projectionRows } from './projective-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, bothWays, requireFactor } from './ranges.ts';

export interface RandomTranslationOptions extends ProjectiveLayerOptions {
  /** How far down, as a share of the height from -1 to 1; negative up. One number means as far either way. */
  heightFactor: Factor;
  /** How far to the right, as a share of the width; negative to the left. */
  widthFactor: Factor;
}

/**
 * In training shifts each image by a distance of its own; the size stays.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape. Boxes are shifted and cut at the border.
 *
 * @example
 * tf.layers.randomTranslation({ heightFactor: 0.1, widthFactor: [0, 0.2] }).apply(images, { training: true });
 */
export class RandomTranslation extends ProjectiveLayer<{ readonly translations: Tensor }> {
  readonly heightFactor: Factor;
  readonly widthFactor: Factor;
  private readonly heights: NumberRange;
  private readonly widths: NumberRange;

  constructor(options: RandomTranslationOptions) {
    super(options);
    this.heightFactor = options.heightFactor;
    this.widthFactor = options.widthFactor;
    this.heights = requireFactor(this.name, 'heightFactor', options.heightFactor, [-1, 1], bothWays);
    this.widths = requireFactor(this.name, 'widthFactor', options.widthFactor, [-1, 1], bothWays);
  }

  /** `[batch, 2]`: pixels to the right and down. */
  override draw(source: RandomSource, { batch, height, width }: ImageSize): { translations: Tensor } {
    const down = ops.mul(source.uniform([batch, 1], ...this.heights), height);
    const right = ops.mul(source.uniform([batch, 1], ...this.widths), width);
    return { translations: ops.concat([right, down], 1) };
  }

  protected override projections({ translations }: { readonly translations: Tensor }, { batch }: ImageSize): Tensor {
    const [right, down] = ops.unstack(ops.neg(translations), 1);
    return projectionRows(batch, [1, 0, right, 0, 1, down, 0, 0]);
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    { translations }: { readonly translations: Tensor },
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return given;
    const shift = ops.expandDims(ops.concat([translations, translations], 1), 1);
    return this.inPixels(given, size, (boxes) => ops.add(boxes, shift));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), heightFactor: this.heightFactor, widthFactor: this.widthFactor };
  }
}
