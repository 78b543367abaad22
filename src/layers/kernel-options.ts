/** @file What layers with kernels and a bias have in common. */
import { type Activation, type ActivationIdentifier, activationName, getActivation } from '../activations/index.ts';
import type { Config } from '../configuration.ts';
import type { LayerOptions } from './layer.ts';
import { type WeightOptionsFor, weightConfig } from './weight-options.ts';

/** Options of layers that add a bias to a product: it starts by `zeros`. */
export interface BiasOptions extends LayerOptions, WeightOptionsFor<'bias'> {
  /** Default none. */
  activation?: ActivationIdentifier | null;
  /** Default true. */
  useBias?: boolean;
}

/** Options of dense and convolutional layers: the kernel starts by `glorotUniform`, the bias by `zeros`. */
export interface KernelOptions extends BiasOptions, WeightOptionsFor<'kernel'> {}

/** The activation that such options name. */
export const activationOf = ({ activation }: BiasOptions): Activation => getActivation(activation);

/** Such options as configs hold them. @param kernels - What the kernels' options begin with. */
export const kernelConfig = (options: BiasOptions, kernels: readonly string[] = ['kernel']): Config => ({
  activation: activationName(activationOf(options)),
  useBias: options.useBias ?? true,
  ...Object.assign({}, ...kernels.map((kernel) => weightConfig(options, kernel, 'glorotUniform'))),
  ...weightConfig(options, 'bias', 'zeros'),
});
