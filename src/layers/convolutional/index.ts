/** @file Convolutions: classes, and functions of their options as TensorFlow.js has them. */
import { Conv2D, type Conv2DOptions } from './conv2d.ts';

export { Conv2D, type Conv2DOptions };

/** {@inheritDoc Conv2D} */
export const conv2d = (options: Conv2DOptions) => new Conv2D(options);
