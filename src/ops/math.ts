/** @file `tf.math`: elementwise functions, reductions and the rest of mathematics under the name that TensorFlow has for them. */
export * from './binary.ts';
export * from './logical.ts';
export * from './mathematics.ts';
export * from './reduction.ts';
export * from './unary.ts';
