/** @file The public operations. */
export type { TensorLike } from './convert.ts';
export * from './creation.ts';
export * from './unary.ts';
export * from './binary.ts';
export * from './complex.ts';
export * from './logical.ts';
export * from './selection.ts';
export * from './reduction.ts';
export * from './manipulation.ts';
export * from './joining.ts';
export { at, setAt } from './indexing/index.ts';
export { type Index, type SpanText, Span, newAxis, span } from './indexing/places.ts';
export * from './matrix.ts';
export * from './mathematics.ts';
export * as math from './math.ts';
export { einsum } from './einsum.ts';
export * from './ranked.ts';
export * from './recurrent-cells.ts';
export * as linalg from './linalg/index.ts';
export { tensorDiag as diag } from './linalg/structured.ts';
export type { DataFormat, DataFormat1D, DataFormat3D, Pad, RoundingMode, Size2D, SpatialSize } from './window.ts';
export * from './convolution.ts';
export * from './pooling.ts';
export * from './fractional-pooling.ts';
export * from './blocks.ts';
export * as image from './image/index.ts';
export * from './normalization.ts';
export * from './losses/index.ts';
export * as fused from './fused.ts';
export * as sparse from './sparse/index.ts';
export { SparseTensor } from './sparse/sparse-tensor.ts';
export { sparseToDense } from './sparse/conversion.ts';
export {
  type Nest,
  type ScanOptions,
  type Tensors,
  type WhileLoopOptions,
  cond,
  forLoop,
  mapFn,
  scan,
  switchCase,
  whileLoop,
} from './control/index.ts';
export { type VectorizedMapOptions, vectorizedMap } from './vectorized-map.ts';
export {
  rand,
  randomNormal,
  randomPermutation,
  randomStandardNormal,
  randomUniform,
  randomUniformInt,
  setSeed,
  shuffle,
  truncatedNormal,
} from './random.ts';
export { multinomial, randomGamma } from './sampling/distributions.ts';
export * as random from './sampling/index.ts';
export * as config from './config.ts';
export * from './spectral/fourier.ts';
export * as signal from './signal/index.ts';
export * as spectral from './spectral/index.ts';
export { type DeviceInfo, type Fallback, device, getDevice, listDevices, setDevice } from './devices.ts';
export * from './backends.ts';
export * from './resources.ts';
export { TensorBuffer, buffer } from './buffer.ts';
export * from './measuring.ts';
export {
  type Environment,
  disableDeprecationWarnings,
  enableDebugMode,
  enableProdMode,
  env,
  nextFrame,
} from './environment.ts';
export type { NestedBigInts, NestedElements, NestedNumbers, NestedStrings } from './reading.ts';
export { type PrintFormat, printOptions, setPrintOptions } from '../tensor/print-options.ts';
export { type PrintOptions, print } from './printing.ts';
export * as debugging from './debugging/index.ts';
export * as test from './testing.ts';
export * as strings from './strings/index.ts';
export * as ragged from './ragged/index.ts';
export * as string from './strings/tfjs.ts';
export * as io from './strings/encoding.ts';
export type { TensorMethods } from './methods.ts';
import './methods.ts';
