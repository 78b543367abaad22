/** @file Flatten: all axes but the batch's in one. */
import * as ops from '../../ops/index.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type PartialShape } from '../layer.ts';

/** Input [batch, ...], output [batch, product of the rest]. */
export class Flatten extends Layer {
  protected override inputSpec(): InputSpec {
    return { minRank: 1 };
  }

  override call(inputs: Tensor): Tensor {
    return ops.reshape(inputs, [inputs.shape[0], sizeOf(inputs.shape.slice(1))]);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const rest = inputShape.slice(1);
    return [inputShape[0], rest.every((size) => size !== null) ? sizeOf(rest) : null];
  }
}
