/** @file Regularization: classes, and functions of their options as TensorFlow.js has them. */
import { Dropout, type DropoutOptions } from './dropout.ts';

export { Dropout, type DropoutOptions };

/** {@inheritDoc Dropout} */
export const dropout = (options: DropoutOptions) => new Dropout(options);
