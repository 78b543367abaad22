/** @file What layers with a kernel and a bias have in common. */
import { type Activation, type ActivationIdentifier, activationName, getActivation } from '../activations/index.ts';
import type { Config } from '../configuration.ts';
import type { LayerOptions } from './layer.ts';
import { type WeightOptionsFor, weightConfig } from './weight-options.ts';

/** Options of dense and convolutional layers: the kernel starts by `glorotUniform`, the bias by `zeros`. */
export interface KernelOptions extends LayerOptions, WeightOptionsFor<'kernel'>, WeightOptionsFor<'bias'> {
  /** Default none. */
  activation?: ActivationIdentifier | null;
  /** Default true. */
  useBias?: boolean;
}

/** The activation that such options name. */
export const activationOf = ({ activation }: KernelOptions): Activation => getActivation(activation);

/** Such options as configs hold them. */
export const kernelConfig = (options: KernelOptions): Config => ({
  activation: activationName(activationOf(options)),
  useBias: options.useBias ?? true,
  ...weightConfig(options, 'kernel', 'glorotUniform'),
  ...weightConfig(options, 'bias', 'zeros'),
});
