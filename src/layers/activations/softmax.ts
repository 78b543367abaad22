/** @file Softmax: shares that add up to 1, as a layer that knows masks. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type CallOptions, Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface SoftmaxOptions extends LayerOptions {
  /** The axis (or axes) along which shares add up to 1; default the last. */
  axis?: number | readonly number[];
}

/** Stands for minus infinity where an element is masked: it must not make NaN of a row that is masked altogether. */
const almostMinusInfinity = (dtype: string): number => (dtype === 'float16' ? -3e4 : -1e9);

/**
 * e^x / sum(e^x) along an axis. What a mask leaves out gets 0; the mask must broadcast to the input.
 *
 * @example
 * tf.layers.softmax().apply(tf.tensor([[1, 1, 1, 1]])); // 0.25 each
 */
export class Softmax extends Layer {
  readonly axis: number | readonly number[];

  constructor(options: SoftmaxOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.supportsMasking = true;
  }

  override call(inputs: Tensor, { mask }: CallOptions): Tensor {
    if (!(mask instanceof Tensor)) return this.shares(inputs);
    const offset = inputs.rank - mask.rank;
    const fits = offset >= 0 && mask.shape.every((size, i) => size === 1 || size === inputs.shape[i + offset]);
    if (!fits)
      throw new ShapeError(
        `Layer ${this.name}: a mask of shape ${formatShape(mask.shape)} does not broadcast to an input of shape ${formatShape(inputs.shape)}.`,
      );
    const counts = mask.dtype === 'bool' ? mask : ops.greater(mask, 0.5);
    const left = ops.where(counts, inputs, ops.fill([], almostMinusInfinity(inputs.dtype), inputs.dtype));
    return ops.where(counts, this.shares(left), ops.zeros([], inputs.dtype));
  }

  private shares(x: Tensor): Tensor {
    const { axis } = this;
    if (typeof axis === 'number') return ops.softmax(x, axis);
    if (axis.length === 1) return ops.softmax(x, axis[0]);
    return ops.exp(ops.sub(x, ops.logSumExp(x, axis, true)));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}
