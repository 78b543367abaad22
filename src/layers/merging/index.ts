/** @file Layers that merge several inputs: classes, and functions of their options as TensorFlow.js has them. */
import type { LayerOptions } from '../layer.ts';
import { Concatenate, type ConcatenateOptions } from './concatenate.ts';
import { Dot, type DotOptions } from './dot.ts';
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from './elementwise.ts';

export { Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract };
export type { ConcatenateOptions, DotOptions };

/** {@inheritDoc Add} */
export const add = (options?: LayerOptions) => new Add(options);
/** {@inheritDoc Subtract} */
export const subtract = (options?: LayerOptions) => new Subtract(options);
/** {@inheritDoc Multiply} */
export const multiply = (options?: LayerOptions) => new Multiply(options);
/** {@inheritDoc Average} */
export const average = (options?: LayerOptions) => new Average(options);
/** {@inheritDoc Maximum} */
export const maximum = (options?: LayerOptions) => new Maximum(options);
/** {@inheritDoc Minimum} */
export const minimum = (options?: LayerOptions) => new Minimum(options);
/** {@inheritDoc Concatenate} */
export const concatenate = (options?: ConcatenateOptions) => new Concatenate(options);
/** {@inheritDoc Dot} */
export const dot = (options: DotOptions) => new Dot(options);
