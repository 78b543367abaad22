/** @file ActivityRegularization: a penalty on what goes through. */
import type { Config } from '../../configuration.ts';
import { L1L2 } from '../../regularizers/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface ActivityRegularizationOptions extends Omit<LayerOptions, 'activityRegularizer'> {
  /** Factor of the sum of absolute values; default 0. */
  l1?: number;
  /** Factor of the sum of squares; default 0. */
  l2?: number;
}

/**
 * Gives back its input, and adds l1 sum(|x|) + l2 sum(x²), over the batch's size, to the loss.
 *
 * @example
 * const layer = tf.layers.activityRegularization({ l2: 0.1 });
 * layer.apply(tf.ones([2, 3]));
 * layer.losses[0]; // 0.3
 */
export class ActivityRegularization extends Layer {
  readonly l1: number;
  readonly l2: number;

  constructor({ l1 = 0, l2 = 0, ...options }: ActivityRegularizationOptions = {}) {
    super({ ...options, activityRegularizer: new L1L2({ l1, l2 }) });
    this.l1 = l1;
    this.l2 = l2;
    this.supportsMasking = true;
  }

  override call(inputs: Tensor): Tensor {
    return inputs;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    const { activityRegularizer: _itself, ...config } = super.getConfig();
    return { ...config, l1: this.l1, l2: this.l2 };
  }
}
