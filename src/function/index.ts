/** @file tf.function. */
export { tracedFunction, type FunctionOptions, type TracedFunction } from './traced-function.ts';
export type { ArgumentSpec, TensorSpec } from './signature.ts';
export { ConcreteFunction } from './concrete-function.ts';
export { loadConcreteFunction } from './loading.ts';
export type { FunctionLoadHandler, FunctionSaveHandler, SavedFunction } from './saved-format.ts';
export { initScope } from '../tracing/trace.ts';
