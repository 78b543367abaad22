/** @file Layers against overfitting: classes, and functions of their options as TensorFlow.js has them. */
import { ActivityRegularization, type ActivityRegularizationOptions } from './activity-regularization.ts';
import {
  Dropout,
  type DropoutOptions,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
  type SpatialDropoutImageOptions,
  type SpatialDropoutOptions,
} from './dropout.ts';
import {
  AlphaDropout,
  type AlphaDropoutOptions,
  GaussianDropout,
  type GaussianDropoutOptions,
  GaussianNoise,
  type GaussianNoiseOptions,
} from './gaussian.ts';

export { ActivityRegularization, AlphaDropout, Dropout, GaussianDropout, GaussianNoise };
export { SpatialDropout1D, SpatialDropout2D, SpatialDropout3D };
export type { ActivityRegularizationOptions, AlphaDropoutOptions, DropoutOptions, GaussianDropoutOptions };
export type { GaussianNoiseOptions, SpatialDropoutImageOptions, SpatialDropoutOptions };

/** {@inheritDoc Dropout} */
export const dropout = (options: DropoutOptions) => new Dropout(options);
/** {@inheritDoc SpatialDropout1D} */
export const spatialDropout1d = (options: SpatialDropoutOptions) => new SpatialDropout1D(options);
/** {@inheritDoc SpatialDropout2D} */
export const spatialDropout2d = (options: SpatialDropoutImageOptions) => new SpatialDropout2D(options);
/** {@inheritDoc SpatialDropout3D} */
export const spatialDropout3d = (options: SpatialDropoutImageOptions) => new SpatialDropout3D(options);
/** {@inheritDoc GaussianNoise} */
export const gaussianNoise = (options: GaussianNoiseOptions) => new GaussianNoise(options);
/** {@inheritDoc GaussianDropout} */
export const gaussianDropout = (options: GaussianDropoutOptions) => new GaussianDropout(options);
/** {@inheritDoc AlphaDropout} */
export const alphaDropout = (options: AlphaDropoutOptions) => new AlphaDropout(options);
/** {@inheritDoc ActivityRegularization} */
export const activityRegularization = (options?: ActivityRegularizationOptions) => new ActivityRegularization(options);
