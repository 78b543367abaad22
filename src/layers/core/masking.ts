/** @file Masking: leaves out steps that hold nothing but a certain value. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type LayerOptions, type MaskTree, type PartialShape, type TensorTree } from '../layer.ts';

export interface MaskingOptions extends LayerOptions {
  /** Steps whose features all equal it are left out; default 0. */
  maskValue?: number;
}

/**
 * Puts a mask on its output that leaves out the steps whose features all equal `maskValue`; their features become 0.
 *
 * Input and output [batch, steps, features].
 *
 * @example
 * const model = tf.sequential({ layers: [tf.layers.masking({ inputShape: [10, 8] }), tf.layers.lstm({ units: 16 })] });
 */
export class Masking extends Layer {
  readonly maskValue: number;

  constructor(options: MaskingOptions = {}) {
    super(options);
    this.maskValue = options.maskValue ?? 0;
    this.supportsMasking = true;
  }

  override call(inputs: Tensor): Tensor {
    const counts = ops.any(ops.notEqual(inputs, this.maskValue), -1, true);
    return ops.where(counts, inputs, ops.zerosLike(inputs));
  }

  override computeMask(inputs: TensorTree): MaskTree {
    return ops.any(ops.notEqual(inputs as Tensor, this.maskValue), -1);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), maskValue: this.maskValue };
  }
}
