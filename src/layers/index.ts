/** @file `tf.layers`: every layer as a function of its options, as TensorFlow.js has them, and as a class. */
export * from './core/index.ts';
export * from './convolutional/index.ts';
export * from './pooling/index.ts';
export * from './merging/index.ts';
export * from './normalization/index.ts';
export * from './regularization/index.ts';
export * from './recurrent/index.ts';
export * from './reshaping/index.ts';
export * from './preprocessing/index.ts';
export { Layer } from './layer.ts';
export type {
  CallOptions,
  LayerOptions,
  MaskTree,
  PartialShape,
  ShapeTree,
  TensorTree,
  VariableStore,
} from './layer.ts';
export type { WeightOptions } from './weight-owner.ts';
export type { InputSpec } from './input-spec.ts';
export { deserializeLayer as deserialize, serializeLayer as serialize } from './registry.ts';
