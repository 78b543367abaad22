/** @file `tf.image`. */
export * from './patches.ts';
