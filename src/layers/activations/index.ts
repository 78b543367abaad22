/** @file Activations as layers: classes, and functions of their options as TensorFlow.js has them. */
import {
  ELU,
  type ELUOptions,
  LeakyReLU,
  type LeakyReLUOptions,
  PReLU,
  type PReLUOptions,
  ReLU,
  type ReLUOptions,
} from './elementwise.ts';
import { Softmax, type SoftmaxOptions } from './softmax.ts';

export { ELU, LeakyReLU, PReLU, ReLU, Softmax };
export type { ELUOptions, LeakyReLUOptions, PReLUOptions, ReLUOptions, SoftmaxOptions };

/** {@inheritDoc ReLU} */
export const reLU = (options?: ReLUOptions) => new ReLU(options);
/** {@inheritDoc LeakyReLU} */
export const leakyReLU = (options?: LeakyReLUOptions) => new LeakyReLU(options);
/** {@inheritDoc ELU} */
export const elu = (options?: ELUOptions) => new ELU(options);
/** {@inheritDoc PReLU} */
export const prelu = (options?: PReLUOptions) => new PReLU(options);
/** {@inheritDoc Softmax} */
export const softmax = (options?: SoftmaxOptions) => new Softmax(options);
