/** @file Reshape: the elements of each sample in another shape. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface ReshapeOptions extends LayerOptions {
  /** Without the batch; one size may be -1. */
  targetShape: readonly number[];
}

/**
 * Input [batch, ...], output [batch, ...targetShape].
 *
 * @example
 * tf.layers.reshape({ targetShape: [2, -1] }).apply(tf.ones([3, 8])).shape; // [3, 2, 4]
 */
export class Reshape extends Layer {
  readonly targetShape: readonly number[];

  constructor(options: ReshapeOptions) {
    super(options);
    const { targetShape } = options;
    if (!Array.isArray(targetShape) || targetShape.filter((size) => size === -1).length > 1)
      throw new ArgumentError(
        `Layer ${this.name}: expected a targetShape with at most one -1, such as [28, 28, 1]; got ${JSON.stringify(targetShape)}.`,
      );
    this.targetShape = [...targetShape];
  }

  override call(inputs: Tensor): Tensor {
    return ops.reshape(inputs, [inputs.shape[0], ...this.resolve(inputs.shape)]);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const known = inputShape.slice(1).every((size) => size !== null);
    return [
      inputShape[0],
      ...(known ? this.resolve(inputShape) : this.targetShape.map((size) => (size < 0 ? null : size))),
    ];
  }

  private resolve(inputShape: PartialShape): number[] {
    const size = sizeOf(inputShape.slice(1) as number[]);
    const given = sizeOf(this.targetShape.filter((dimension) => dimension !== -1));
    const resolved = this.targetShape.map((dimension) => (dimension === -1 ? size / given : dimension));
    if (sizeOf(resolved) !== size || !resolved.every(Number.isInteger))
      throw new ShapeError(
        `Layer ${this.name}: samples of shape ${formatShape(inputShape.slice(1))} have ${size} elements and do not fill ${formatShape(this.targetShape)}.`,
      );
    return resolved;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), targetShape: this.targetShape };
  }
}
