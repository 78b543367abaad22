/** @file `tf.debugging.*`. */
export * from './assertions.ts';
