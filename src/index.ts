/** @file The public surface: `import * as tf from 'tensorcell'`. */
export type { DType, TypedArray } from './tensor/dtype.ts';
export * from './tensor/errors.ts';
export type { NestedArray } from './tensor/host.ts';
export type { Shape } from './tensor/shape.ts';
export { Tensor } from './tensor/tensor.ts';
export { Variable } from './tensor/variable.ts';
export * from './ops/index.ts';
export * from './autodiff/index.ts';
export * from './function/index.ts';
export { tracedFunction as function } from './function/index.ts';
export { type Displayable, type MimeBundle, displaySymbol } from './display.ts';
export * as vis from './vis/index.ts';
