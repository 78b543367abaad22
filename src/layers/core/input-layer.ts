/** @file InputLayer: says what a Sequential model takes. */
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

/** The first layer of a model, which only tells the shape (without the batch) of what comes in. */
export class InputLayer extends Layer {
  constructor(options: LayerOptions) {
    super(options);
    if (!this.batchInputShape)
      throw new ArgumentError(`Layer ${this.name}: expected an inputShape, such as { inputShape: [28, 28, 1] }.`);
  }

  override call(inputs: Tensor): Tensor {
    return inputs;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }
}
