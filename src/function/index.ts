/** @file tf.function. */
export { tracedFunction, type FunctionOptions, type TracedFunction } from './traced-function.ts';
export type { ArgumentSpec, TensorSpec } from './signature.ts';
export { ConcreteFunction } from './concrete-function.ts';
export { initScope } from '../tracing/trace.ts';
