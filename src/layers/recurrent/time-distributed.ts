/** @file TimeDistributed: a layer applied to each step. */
import * as ops from '../../ops/index.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { CallOptions, PartialShape, TensorTree } from '../layer.ts';
import { Wrapper, type WrapperOptions } from '../core/wrapper.ts';

/**
 * Applies a layer to each step of sequences, with the same weights: input [batch, steps, ...], output [batch, steps, ...].
 *
 * @example
 * const perFrame = tf.layers.timeDistributed({ layer: tf.layers.conv2d({ filters: 4, kernelSize: 3 }) });
 * perFrame.apply(tf.ones([2, 5, 8, 8, 1])).shape; // [2, 5, 6, 6, 4]
 */
export class TimeDistributed extends Wrapper {
  constructor(options: WrapperOptions) {
    super(options);
    this.supportsMasking = true;
  }

  private stepShape(inputShape: PartialShape): PartialShape {
    if (inputShape.length < 3)
      throw new ShapeError(
        `Layer ${this.name}: expected an input of rank 3 or more, [batch, steps, ...]; got shape ${formatShape(inputShape)}.`,
      );
    return [inputShape[0], ...inputShape.slice(2)];
  }

  override build(inputShape: PartialShape): void {
    super.build(this.stepShape(inputShape));
  }

  override call(inputs: TensorTree, { training, mask }: CallOptions): TensorTree {
    const x = inputs as Tensor;
    const [batch, steps, ...rest] = x.shape;
    if (mask instanceof Tensor && (mask.shape[0] !== batch || mask.shape[1] !== steps))
      throw new ShapeError(
        `Layer ${this.name}: a mask of shape ${formatShape(mask.shape)} does not fit an input of shape ${formatShape(x.shape)}.`,
      );
    // All steps of all samples are one batch.
    const flat = (tensor: Tensor): Tensor => ops.reshape(tensor, [batch * steps, ...tensor.shape.slice(2)]);
    const own = mask instanceof Tensor && mask.rank > 2 ? { mask: flat(mask) } : {};
    const outputs = this.layer.apply(ops.reshape(x, [batch * steps, ...rest]), { training, ...own });
    return ops.reshape(outputs, [batch, steps, ...outputs.shape.slice(1)]);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    this.ensureBuilt(inputShape);
    const [batch, ...rest] = this.layer.computeOutputShape(this.stepShape(inputShape)) as PartialShape;
    return [batch, inputShape[1], ...rest];
  }
}
