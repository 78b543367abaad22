/** @file `tf.debugging.*`. */
export * from './assertions.ts';
export {
  type CheckNumericsOptions,
  checkNumerics,
  disableCheckNumerics,
  enableCheckNumerics,
  traceDisposals,
} from './numerics.ts';
