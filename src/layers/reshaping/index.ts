/** @file Reshaping: classes, and functions of their options as TensorFlow.js has them. */
import type { LayerOptions } from '../layer.ts';
import { Flatten } from './flatten.ts';
import { Reshape } from './reshape.ts';

export { Flatten, Reshape };

/** {@inheritDoc Flatten} */
export const flatten = (options?: LayerOptions) => new Flatten(options);
/** {@inheritDoc Reshape} */
export const reshape = (options: ConstructorParameters<typeof Reshape>[0]) => new Reshape(options);
