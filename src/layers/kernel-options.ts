/** @file What layers with a kernel and a bias have in common. */
import type { ActivationIdentifier } from '../activations/index.ts';
import type { InitializerIdentifier } from '../initializers/index.ts';
import type { RegularizerIdentifier } from '../regularizers/index.ts';
import type { LayerOptions } from './layer.ts';

/** Options of dense and convolutional layers. */
export interface KernelOptions extends LayerOptions {
  /** Default none. */
  activation?: ActivationIdentifier | null;
  /** Default true. */
  useBias?: boolean;
  /** Default `glorotUniform`. */
  kernelInitializer?: InitializerIdentifier;
  /** Default `zeros`. */
  biasInitializer?: InitializerIdentifier;
  kernelRegularizer?: RegularizerIdentifier | null;
  biasRegularizer?: RegularizerIdentifier | null;
}
