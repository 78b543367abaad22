/** @file The layers among which RandAugment and AugMix choose. */
import type { DTypePolicyIdentifier } from '../dtype-policy.ts';
import type { BoundingBoxFormat } from './bounding-boxes.ts';
import { AutoContrast, Equalization } from './equalization.ts';
import type { ImageLayer } from './image-layer.ts';
import type { Interpolation } from './projective-layer.ts';
import { RandomBrightness, RandomContrast } from './random-brightness.ts';
import { RandomColorDegeneration } from './random-color-degeneration.ts';
import { RandomSharpness } from './random-gaussian-blur.ts';
import { RandomPosterization, Solarization } from './random-invert.ts';
import { RandomRotation } from './random-rotation.ts';
import { RandomShear } from './random-shear.ts';
import { RandomTranslation } from './random-translation.ts';
import type { NumberRange } from './ranges.ts';

export interface PolicyOptions {
  /** How strongly each layer works, from 0 to 1. */
  readonly factor: NumberRange;
  readonly valueRange: NumberRange;
  readonly interpolation: Interpolation;
  readonly dtype: DTypePolicyIdentifier | undefined;
  readonly boundingBoxFormat?: BoundingBoxFormat | null;
}

/** The layers of AutoAugment's policies, for images with the channels last, with their names. */
export function policyLayers({ factor, interpolation, ...common }: PolicyOptions) {
  // As many bits stay as the factor says, at most all but one.
  const bits = [1, Math.max(1, Math.trunc(8 * factor[1]))];
  return {
    randomShear: new RandomShear({ xFactor: factor, yFactor: factor, interpolation, ...common }),
    randomTranslation: new RandomTranslation({ heightFactor: factor, widthFactor: factor, interpolation, ...common }),
    randomRotation: new RandomRotation({ factor, interpolation, ...common }),
    randomBrightness: new RandomBrightness({ factor, ...common }),
    randomColorDegeneration: new RandomColorDegeneration({ factor, ...common }),
    randomContrast: new RandomContrast({ factor, ...common }),
    randomSharpness: new RandomSharpness({ factor, ...common }),
    randomPosterization: new RandomPosterization({ factor: bits, ...common }),
    solarization: new Solarization({ additionFactor: factor, thresholdFactor: factor, ...common }),
    autoContrast: new AutoContrast(common),
    equalization: new Equalization(common),
  } satisfies Record<string, ImageLayer<unknown>>;
}
