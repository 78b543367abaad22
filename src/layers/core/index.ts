/** @file Core layers: classes, and functions of their options as TensorFlow.js has them. */
import { Activation, type ActivationOptions } from './activation.ts';
import { Dense, type DenseOptions } from './dense.ts';
import { InputLayer, type InputLayerOptions } from './input-layer.ts';

export { Activation, Dense, InputLayer };
export type { ActivationOptions, DenseOptions, InputLayerOptions };

/** {@inheritDoc Dense} */
export const dense = (options: DenseOptions) => new Dense(options);
/** {@inheritDoc Activation} */
export const activation = (options: ActivationOptions) => new Activation(options);
/** {@inheritDoc InputLayer} */
export const inputLayer = (options: InputLayerOptions) => new InputLayer(options);
