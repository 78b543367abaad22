/** @file Reshaping: classes, and functions of their options as TensorFlow.js has them. */
import { Flatten, type FlattenOptions } from './flatten.ts';
import {
  Cropping1D,
  Cropping2D,
  Cropping3D,
  type CroppingOptions,
  ZeroPadding1D,
  ZeroPadding2D,
  ZeroPadding3D,
  type ZeroPaddingOptions,
} from './margins.ts';
import { Reshape, type ReshapeOptions } from './reshape.ts';
import {
  Permute,
  type PermuteOptions,
  RepeatVector,
  type RepeatVectorOptions,
  UpSampling1D,
  UpSampling2D,
  type UpSampling2DOptions,
  UpSampling3D,
  type UpSamplingOptions,
} from './up-sampling.ts';

export { Cropping1D, Cropping2D, Cropping3D, Flatten, Permute, RepeatVector, Reshape };
export { UpSampling1D, UpSampling2D, UpSampling3D, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D };
export type { CroppingOptions, FlattenOptions, PermuteOptions, RepeatVectorOptions, ReshapeOptions };
export type { UpSampling2DOptions, UpSamplingOptions, ZeroPaddingOptions };

/** {@inheritDoc Flatten} */
export const flatten = (options?: FlattenOptions) => new Flatten(options);
/** {@inheritDoc Reshape} */
export const reshape = (options: ReshapeOptions) => new Reshape(options);
/** {@inheritDoc Permute} */
export const permute = (options: PermuteOptions) => new Permute(options);
/** {@inheritDoc RepeatVector} */
export const repeatVector = (options: RepeatVectorOptions) => new RepeatVector(options);
/** {@inheritDoc UpSampling1D} */
export const upSampling1d = (options?: UpSamplingOptions) => new UpSampling1D(options);
/** {@inheritDoc UpSampling2D} */
export const upSampling2d = (options?: UpSampling2DOptions) => new UpSampling2D(options);
/** {@inheritDoc UpSampling3D} */
export const upSampling3d = (options?: UpSamplingOptions) => new UpSampling3D(options);
/** {@inheritDoc ZeroPadding1D} */
export const zeroPadding1d = (options?: ZeroPaddingOptions) => new ZeroPadding1D(options);
/** {@inheritDoc ZeroPadding2D} */
export const zeroPadding2d = (options?: ZeroPaddingOptions) => new ZeroPadding2D(options);
/** {@inheritDoc ZeroPadding3D} */
export const zeroPadding3d = (options?: ZeroPaddingOptions) => new ZeroPadding3D(options);
/** {@inheritDoc Cropping1D} */
export const cropping1d = (options?: CroppingOptions) => new Cropping1D(options);
/** {@inheritDoc Cropping2D} */
export const cropping2d = (options?: CroppingOptions) => new Cropping2D(options);
/** TensorFlow.js's name of `cropping2d`. */
export const cropping2D = cropping2d;
/** {@inheritDoc Cropping3D} */
export const cropping3d = (options?: CroppingOptions) => new Cropping3D(options);
