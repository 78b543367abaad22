/** @file Activation: an activation function as a layer. */
import {
  type Activation as ActivationFunction,
  type ActivationIdentifier,
  activationName,
  getActivation,
} from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface ActivationOptions extends LayerOptions {
  activation: ActivationIdentifier;
}

/** Applies an activation function. Output of the input's shape. */
export class Activation extends Layer {
  readonly activation: ActivationFunction;

  constructor(options: ActivationOptions) {
    super(options);
    this.supportsMasking = true;
    this.activation = getActivation(options.activation);
  }

  override call(inputs: Tensor): Tensor {
    return this.activation(inputs);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override detail(): string {
    return activationName(this.activation);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), activation: activationName(this.activation) };
  }
}
