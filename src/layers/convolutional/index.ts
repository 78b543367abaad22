/** @file Convolutions: classes, and functions of their options as TensorFlow.js has them. */
import { Conv1D, type Conv1DOptions, Conv2D, Conv3D, type ConvOptions } from './convolution.ts';
import { DepthwiseConv1D, DepthwiseConv2D, type DepthwiseConvOptions } from './depthwise-convolution.ts';
import { SeparableConv1D, SeparableConv2D, type SeparableConvOptions } from './separable-convolution.ts';
import {
  Conv1DTranspose,
  Conv2DTranspose,
  Conv3DTranspose,
  type ConvTransposeOptions,
} from './transposed-convolution.ts';

export { Conv1D, Conv1DTranspose, Conv2D, Conv2DTranspose, Conv3D, Conv3DTranspose };
export { DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D };
export type { Conv1DOptions, ConvOptions, ConvTransposeOptions, DepthwiseConvOptions, SeparableConvOptions };

// Keras's other names.
export { Conv1D as Convolution1D, Conv2D as Convolution2D, Conv3D as Convolution3D };
export {
  Conv1DTranspose as Convolution1DTranspose,
  Conv2DTranspose as Convolution2DTranspose,
  Conv3DTranspose as Convolution3DTranspose,
};
export { SeparableConv1D as SeparableConvolution1D, SeparableConv2D as SeparableConvolution2D };

/** {@inheritDoc Conv1D} */
export const conv1d = (options: Conv1DOptions) => new Conv1D(options);
/** {@inheritDoc Conv2D} */
export const conv2d = (options: ConvOptions) => new Conv2D(options);
/** {@inheritDoc Conv3D} */
export const conv3d = (options: ConvOptions) => new Conv3D(options);
/** {@inheritDoc Conv1DTranspose} */
export const conv1dTranspose = (options: ConvTransposeOptions) => new Conv1DTranspose(options);
/** {@inheritDoc Conv2DTranspose} */
export const conv2dTranspose = (options: ConvTransposeOptions) => new Conv2DTranspose(options);
/** {@inheritDoc Conv3DTranspose} */
export const conv3dTranspose = (options: ConvTransposeOptions) => new Conv3DTranspose(options);
/** {@inheritDoc DepthwiseConv1D} */
export const depthwiseConv1d = (options: DepthwiseConvOptions) => new DepthwiseConv1D(options);
/** {@inheritDoc DepthwiseConv2D} */
export const depthwiseConv2d = (options: DepthwiseConvOptions) => new DepthwiseConv2D(options);
/** {@inheritDoc SeparableConv1D} */
export const separableConv1d = (options: SeparableConvOptions) => new SeparableConv1D(options);
/** {@inheritDoc SeparableConv2D} */
export const separableConv2d = (options: SeparableConvOptions) => new SeparableConv2D(options);
