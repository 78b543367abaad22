/** @file `tf.sparse`. */
export { SparseTensor } from './sparse-tensor.ts';
export { eye, fromDense, mapValues, mask, reorder, retain, toDense, toIndicator } from './conversion.ts';
export * from './shapes.ts';
export * from './arithmetic.ts';
