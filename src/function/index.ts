/** @file tf.function. */
export { tracedFunction, type FunctionOptions, type TensorSpec, type TracedFunction } from './traced-function.ts';
export { ConcreteFunction } from './concrete-function.ts';
export { initScope } from '../tracing/trace.ts';
