/** @file Core layers: classes, and functions of their options as TensorFlow.js has them. */
import type { LayerOptions } from '../layer.ts';
import { Activation, type ActivationOptions } from './activation.ts';
import { Dense, type DenseOptions } from './dense.ts';
import { EinsumDense, type EinsumDenseOptions } from './einsum-dense.ts';
import { Embedding, type EmbeddingOptions } from './embedding.ts';
import { Identity } from './identity.ts';
import { InputLayer, type InputLayerOptions } from './input-layer.ts';
import { Lambda, type LambdaFunction, type LambdaOptions } from './lambda.ts';
import { Masking, type MaskingOptions } from './masking.ts';
import { ReversibleEmbedding, type ReversibleEmbeddingOptions } from './reversible-embedding.ts';

export { Activation, Dense, EinsumDense, Embedding, Identity, InputLayer, Lambda, Masking, ReversibleEmbedding };
export type { ActivationOptions, DenseOptions, EinsumDenseOptions, EmbeddingOptions, InputLayerOptions };
export type { LambdaFunction, LambdaOptions, MaskingOptions, ReversibleEmbeddingOptions };
export type { ReversibleEmbeddingCallOptions } from './reversible-embedding.ts';
export { Wrapper, type WrapperOptions } from './wrapper.ts';

/** {@inheritDoc Dense} */
export const dense = (options: DenseOptions) => new Dense(options);
/** {@inheritDoc Activation} */
export const activation = (options: ActivationOptions) => new Activation(options);
/** {@inheritDoc InputLayer} */
export const inputLayer = (options: InputLayerOptions) => new InputLayer(options);
/** {@inheritDoc EinsumDense} */
export const einsumDense = (options: EinsumDenseOptions) => new EinsumDense(options);
/** {@inheritDoc Embedding} */
export const embedding = (options: EmbeddingOptions) => new Embedding(options);
/** {@inheritDoc ReversibleEmbedding} */
export const reversibleEmbedding = (options: ReversibleEmbeddingOptions) => new ReversibleEmbedding(options);
/** {@inheritDoc Identity} */
export const identity = (options?: LayerOptions) => new Identity(options);
/** {@inheritDoc Lambda} */
export const lambda = (options: LambdaOptions) => new Lambda(options);
/** {@inheritDoc Masking} */
export const masking = (options?: MaskingOptions) => new Masking(options);
