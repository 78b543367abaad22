/** @file `tf.layers`: every layer as a function of its options, as TensorFlow.js has them, and as a class. */
import * as activations from './activations/index.ts';
import * as attention from './attention/index.ts';
import * as augmentation from './augmentation/index.ts';
import * as convolutional from './convolutional/index.ts';
import * as core from './core/index.ts';
import * as merging from './merging/index.ts';
import * as normalization from './normalization/index.ts';
import * as pooling from './pooling/index.ts';
import * as preprocessing from './preprocessing/index.ts';
import * as recurrent from './recurrent/index.ts';
import * as regularization from './regularization/index.ts';
import * as reshaping from './reshaping/index.ts';
import { addLayerFamily } from './registry.ts';

export * from './activations/index.ts';
export * from './attention/index.ts';
export * from './augmentation/index.ts';
export * from './convolutional/index.ts';
export * from './core/index.ts';
export * from './merging/index.ts';
export * from './normalization/index.ts';
export * from './pooling/index.ts';
export * from './preprocessing/index.ts';
export * from './recurrent/index.ts';
export * from './regularization/index.ts';
export * from './reshaping/index.ts';
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

for (const family of [
  activations,
  attention,
  augmentation,
  convolutional,
  core,
  merging,
  normalization,
  pooling,
  preprocessing,
  recurrent,
  regularization,
  reshaping,
])
  addLayerFamily(family);
