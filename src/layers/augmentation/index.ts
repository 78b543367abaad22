/** @file Image augmentation: classes, and functions of their options as TensorFlow.js names such. */
import { AugMix, type AugMixOptions } from './aug-mix.ts';
import {
  ContrastLimitedAdaptiveHistogramEqualization,
  type ContrastLimitedAdaptiveHistogramEqualizationOptions,
} from './contrast-limited-adaptive-histogram-equalization.ts';
import { AutoContrast, type AutoContrastOptions, Equalization, type EqualizationOptions } from './equalization.ts';
import { MaxNumBoundingBoxes, type MaxNumBoundingBoxesOptions } from './max-num-bounding-boxes.ts';
import { CutMix, type CutMixOptions, MixUp, type MixUpOptions } from './mixing-layer.ts';
import { Pipeline, type PipelineOptions } from './pipeline.ts';
import { RandAugment, type RandAugmentOptions } from './rand-augment.ts';
import {
  RandomBrightness,
  type RandomBrightnessOptions,
  RandomContrast,
  type RandomContrastOptions,
} from './random-brightness.ts';
import {
  RandomColorDegeneration,
  type RandomColorDegenerationOptions,
  RandomGrayscale,
  type RandomGrayscaleOptions,
} from './random-color-degeneration.ts';
import { RandomColorJitter, type RandomColorJitterOptions } from './random-color-jitter.ts';
import { RandomCrop, type RandomCropOptions } from './random-crop.ts';
import { RandomElasticTransform, type RandomElasticTransformOptions } from './random-elastic-transform.ts';
import { RandomErasing, type RandomErasingOptions } from './random-erasing.ts';
import { RandomFlip, type RandomFlipOptions } from './random-flip.ts';
import {
  RandomGaussianBlur,
  type RandomGaussianBlurOptions,
  RandomSharpness,
  type RandomSharpnessOptions,
} from './random-gaussian-blur.ts';
import { RandomHue, type RandomHueOptions, RandomSaturation, type RandomSaturationOptions } from './random-hue.ts';
import {
  RandomInvert,
  type RandomInvertOptions,
  RandomPosterization,
  type RandomPosterizationOptions,
  Solarization,
  type SolarizationOptions,
} from './random-invert.ts';
import { RandomPerspective, type RandomPerspectiveOptions } from './random-perspective.ts';
import { RandomRotation, type RandomRotationOptions } from './random-rotation.ts';
import { RandomShear, type RandomShearOptions } from './random-shear.ts';
import { RandomTranslation, type RandomTranslationOptions } from './random-translation.ts';
import { RandomZoom, type RandomZoomOptions } from './random-zoom.ts';

export { AugMix, type AugMixOptions };
export { ContrastLimitedAdaptiveHistogramEqualization, type ContrastLimitedAdaptiveHistogramEqualizationOptions };
export { AutoContrast, type AutoContrastOptions, Equalization, type EqualizationOptions };
export { MaxNumBoundingBoxes, type MaxNumBoundingBoxesOptions };
export { CutMix, type CutMixOptions, MixUp, type MixUpOptions };
export { Pipeline, type PipelineOptions };
export { RandAugment, type RandAugmentOptions };
export { RandomBrightness, type RandomBrightnessOptions, RandomContrast, type RandomContrastOptions };
export { RandomColorDegeneration, type RandomColorDegenerationOptions, RandomGrayscale, type RandomGrayscaleOptions };
export { RandomColorJitter, type RandomColorJitterOptions };
export { RandomCrop, type RandomCropOptions };
export { RandomElasticTransform, type RandomElasticTransformOptions };
export { RandomErasing, type RandomErasingOptions };
export { RandomFlip, type RandomFlipOptions };
export { RandomGaussianBlur, type RandomGaussianBlurOptions, RandomSharpness, type RandomSharpnessOptions };
export { RandomHue, type RandomHueOptions, RandomSaturation, type RandomSaturationOptions };
export {
  RandomInvert,
  type RandomInvertOptions,
  RandomPosterization,
  type RandomPosterizationOptions,
  Solarization,
  type SolarizationOptions,
};
export { RandomPerspective, type RandomPerspectiveOptions };
export { RandomRotation, type RandomRotationOptions };
export { RandomShear, type RandomShearOptions };
export { RandomTranslation, type RandomTranslationOptions };
export { RandomZoom, type RandomZoomOptions };
export type { BoundingBoxFormat, BoundingBoxes } from './bounding-boxes.ts';
export type { ImageLayerOptions, ImageSize } from './image-layer.ts';
export type { FillMode, Interpolation } from './projective-layer.ts';

/** {@inheritDoc AugMix} */
export const augMix = (options?: AugMixOptions) => new AugMix(options);
/** {@inheritDoc ContrastLimitedAdaptiveHistogramEqualization} */
export const contrastLimitedAdaptiveHistogramEqualization = (
  options?: ContrastLimitedAdaptiveHistogramEqualizationOptions,
) => new ContrastLimitedAdaptiveHistogramEqualization(options);
/** {@inheritDoc AutoContrast} */
export const autoContrast = (options?: AutoContrastOptions) => new AutoContrast(options);
/** {@inheritDoc Equalization} */
export const equalization = (options?: EqualizationOptions) => new Equalization(options);
/** {@inheritDoc MaxNumBoundingBoxes} */
export const maxNumBoundingBoxes = (options: MaxNumBoundingBoxesOptions) => new MaxNumBoundingBoxes(options);
/** {@inheritDoc CutMix} */
export const cutMix = (options?: CutMixOptions) => new CutMix(options);
/** {@inheritDoc MixUp} */
export const mixUp = (options?: MixUpOptions) => new MixUp(options);
/** {@inheritDoc Pipeline} */
export const pipeline = (options: PipelineOptions) => new Pipeline(options);
/** {@inheritDoc RandAugment} */
export const randAugment = (options?: RandAugmentOptions) => new RandAugment(options);
/** {@inheritDoc RandomBrightness} */
export const randomBrightness = (options: RandomBrightnessOptions) => new RandomBrightness(options);
/** {@inheritDoc RandomContrast} */
export const randomContrast = (options: RandomContrastOptions) => new RandomContrast(options);
/** {@inheritDoc RandomColorDegeneration} */
export const randomColorDegeneration = (options: RandomColorDegenerationOptions) =>
  new RandomColorDegeneration(options);
/** {@inheritDoc RandomGrayscale} */
export const randomGrayscale = (options?: RandomGrayscaleOptions) => new RandomGrayscale(options);
/** {@inheritDoc RandomColorJitter} */
export const randomColorJitter = (options?: RandomColorJitterOptions) => new RandomColorJitter(options);
/** {@inheritDoc RandomCrop} */
export const randomCrop = (options: RandomCropOptions) => new RandomCrop(options);
/** {@inheritDoc RandomElasticTransform} */
export const randomElasticTransform = (options?: RandomElasticTransformOptions) => new RandomElasticTransform(options);
/** {@inheritDoc RandomErasing} */
export const randomErasing = (options?: RandomErasingOptions) => new RandomErasing(options);
/** {@inheritDoc RandomFlip} */
export const randomFlip = (options?: RandomFlipOptions) => new RandomFlip(options);
/** {@inheritDoc RandomGaussianBlur} */
export const randomGaussianBlur = (options?: RandomGaussianBlurOptions) => new RandomGaussianBlur(options);
/** {@inheritDoc RandomSharpness} */
export const randomSharpness = (options: RandomSharpnessOptions) => new RandomSharpness(options);
/** {@inheritDoc RandomHue} */
export const randomHue = (options: RandomHueOptions) => new RandomHue(options);
/** {@inheritDoc RandomSaturation} */
export const randomSaturation = (options: RandomSaturationOptions) => new RandomSaturation(options);
/** {@inheritDoc RandomInvert} */
export const randomInvert = (options?: RandomInvertOptions) => new RandomInvert(options);
/** {@inheritDoc RandomPosterization} */
export const randomPosterization = (options: RandomPosterizationOptions) => new RandomPosterization(options);
/** {@inheritDoc Solarization} */
export const solarization = (options?: SolarizationOptions) => new Solarization(options);
/** {@inheritDoc RandomPerspective} */
export const randomPerspective = (options?: RandomPerspectiveOptions) => new RandomPerspective(options);
/** {@inheritDoc RandomRotation} */
export const randomRotation = (options: RandomRotationOptions) => new RandomRotation(options);
/** {@inheritDoc RandomShear} */
export const randomShear = (options?: RandomShearOptions) => new RandomShear(options);
/** {@inheritDoc RandomTranslation} */
export const randomTranslation = (options: RandomTranslationOptions) => new RandomTranslation(options);
/** {@inheritDoc RandomZoom} */
export const randomZoom = (options: RandomZoomOptions) => new RandomZoom(options);
