/** @file `tf.mixedPrecision`: computing in half precision, with weights in float32. */
export * from './ops/mixed-precision.ts';
export {
  DTypePolicy,
  DTypePolicy as Policy,
  type DTypePolicyIdentifier,
  globalPolicy,
  setGlobalPolicy,
} from './layers/dtype-policy.ts';
export { LossScaleOptimizer } from './optimizers/index.ts';
