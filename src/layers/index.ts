/** @file `tf.layers`: every layer as a function of its options, as TensorFlow.js has them, and as a class. */
import { Conv2D, type Conv2DOptions } from './convolutional/conv2d.ts';
import { Activation } from './core/activation.ts';
import { Dense, type DenseOptions } from './core/dense.ts';
import { InputLayer } from './core/input-layer.ts';
import { BatchNormalization, type BatchNormalizationOptions } from './normalization/batch-normalization.ts';
import { GlobalAveragePooling2D, type GlobalPooling2DOptions } from './pooling/global-average-pooling2d.ts';
import { AveragePooling2D, MaxPooling2D, type Pooling2DOptions } from './pooling/pooling2d.ts';
import { Rescaling, type RescalingOptions } from './preprocessing/rescaling.ts';
import { Dropout, type DropoutOptions } from './regularization/dropout.ts';
import { Flatten } from './reshaping/flatten.ts';
import { Reshape } from './reshaping/reshape.ts';
import type { LayerOptions } from './layer.ts';

export { type CallOptions, Layer, type LayerOptions, type PartialShape } from './layer.ts';
export type { InputSpec } from './input-spec.ts';
export { Activation, AveragePooling2D, BatchNormalization, Conv2D, Dense, Dropout, Flatten, GlobalAveragePooling2D };
export { InputLayer, MaxPooling2D, Rescaling, Reshape };
export type { BatchNormalizationOptions, Conv2DOptions, DenseOptions, DropoutOptions, GlobalPooling2DOptions };
export type { Pooling2DOptions, RescalingOptions };

/** {@inheritDoc Dense} */
export const dense = (options: DenseOptions) => new Dense(options);
/** {@inheritDoc Activation} */
export const activation = (options: ConstructorParameters<typeof Activation>[0]) => new Activation(options);
/** {@inheritDoc InputLayer} */
export const inputLayer = (options: LayerOptions) => new InputLayer(options);
/** {@inheritDoc Conv2D} */
export const conv2d = (options: Conv2DOptions) => new Conv2D(options);
/** {@inheritDoc MaxPooling2D} */
export const maxPooling2d = (options?: Pooling2DOptions) => new MaxPooling2D(options);
/** {@inheritDoc AveragePooling2D} */
export const averagePooling2d = (options?: Pooling2DOptions) => new AveragePooling2D(options);
/** {@inheritDoc GlobalAveragePooling2D} */
export const globalAveragePooling2d = (options?: GlobalPooling2DOptions) => new GlobalAveragePooling2D(options);
/** {@inheritDoc Flatten} */
export const flatten = (options?: LayerOptions) => new Flatten(options);
/** {@inheritDoc Reshape} */
export const reshape = (options: ConstructorParameters<typeof Reshape>[0]) => new Reshape(options);
/** {@inheritDoc Dropout} */
export const dropout = (options: DropoutOptions) => new Dropout(options);
/** {@inheritDoc BatchNormalization} */
export const batchNormalization = (options?: BatchNormalizationOptions) => new BatchNormalization(options);
/** {@inheritDoc Rescaling} */
export const rescaling = (options: RescalingOptions) => new Rescaling(options);
