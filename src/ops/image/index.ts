/** @file `tf.image`. */
export { convertImageDtype } from './operands.ts';
export * from './patches.ts';
export * from './resize.ts';
export * from './geometry.ts';
export * from './sampling.ts';
export * from './coordinates.ts';
export * from './color.ts';
export * from './random.ts';
export * from './filters.ts';
export * from './quality.ts';
export * from './boxes.ts';
export * from './distorted-box.ts';
