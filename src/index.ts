/** @file The public surface: `import * as tf from 'tensorcell'`. */
export type { DType, NumberArray, TypedArray } from './tensor/dtype.ts';
export * from './tensor/errors.ts';
export type { NestedArray, NestedText, NestedValues } from './tensor/host.ts';
export { CompositeTensor } from './tensor/composite.ts';
export type { Shape } from './tensor/shape.ts';
export { IndexedSlices } from './tensor/indexed-slices.ts';
export type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D } from './tensor/ranks.ts';
export { Tensor } from './tensor/tensor.ts';
export { Variable } from './tensor/variable.ts';
export { KerasTensor, KerasTensor as SymbolicTensor } from './symbolic/keras-tensor.ts';
export { currentEngine as engine, type Engine, type EngineMemory } from './engine/index.ts';
export { RaggedTensor, type RaggedElement, type RaggedValues, type RowNumbers } from './ragged/index.ts';
export * from './ops/index.ts';
export * from './autodiff/index.ts';
export {
  type ArgumentSpec,
  ConcreteFunction,
  type FunctionLoadHandler,
  type FunctionOptions,
  type FunctionSaveHandler,
  type SavedFunction,
  type TensorSpec,
  type TracedFunction,
  initScope,
  loadConcreteFunction,
  tracedFunction as function,
} from './function/index.ts';
export { type Displayable, type MimeBundle, displaySymbol } from './display.ts';
export * as vis from './vis/index.ts';
export * as summary from './summary/index.ts';
export * as serialization from './serialization/index.ts';
export * as initializers from './initializers/index.ts';
export * as activations from './activations/index.ts';
export * as regularizers from './regularizers/index.ts';
export * as constraints from './constraints/index.ts';
export * as losses from './losses/index.ts';
export * as metrics from './metrics/index.ts';
export * as optimizers from './optimizers/index.ts';
export * as train from './optimizers/index.ts';
export { Loss } from './losses/index.ts';
export { Metric } from './metrics/index.ts';
export { Optimizer } from './optimizers/index.ts';
export * as mixedPrecision from './mixed-precision.ts';
export * as layers from './layers/index.ts';
export { input, type InputOptions } from './layers/core/input-layer.ts';
export * as callbacks from './callbacks/index.ts';
export { Callback, CallbackList, EarlyStopping, History, LambdaCallback, type Logs } from './callbacks/index.ts';
export * from './models/index.ts';
export * from './io/index.ts';
export * as io from './io/namespace.ts';
