/** @file Rescaling: inputs in another range. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { NestedArray } from '../../tensor/host.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { LayerOptions, PartialShape } from '../layer.ts';
import { DataLayer, isRaw } from './data-layer.ts';

/** A number, or numbers that broadcast with the inputs: one for each channel. */
type Factor = NestedArray | Tensor;

export interface RescalingOptions extends LayerOptions {
  scale: Factor;
  /** Default 0. */
  offset?: Factor;
}

/**
 * x scale + offset, in the layer's dtype. Output of the input's shape.
 *
 * @example
 * tf.layers.rescaling({ scale: 1 / 127.5, offset: -1 }).apply([[0, 127.5, 255]]); // [[-1, 0, 1]]
 */
export class Rescaling extends DataLayer {
  readonly scale: Factor;
  readonly offset: Factor;

  constructor(options: RescalingOptions) {
    super(options);
    this.scale = this.requireFactor('scale', options.scale);
    this.offset = this.requireFactor('offset', options.offset ?? 0);
    this.supportsMasking = true;
  }

  private requireFactor(option: string, value: Factor): Factor {
    if (!(value instanceof Tensor) && (!isRaw(value) || typeof value === 'string'))
      throw new ArgumentError(
        `Layer ${this.name}: expected ${option} to be a number, or numbers in arrays or a tensor; got ${JSON.stringify(value)}.`,
      );
    return value instanceof Tensor ? ops.keep(value.alias()) : value;
  }

  override call(inputs: Tensor): Tensor {
    const dtype = this.computeDtype;
    const factor = (value: Factor): Tensor =>
      value instanceof Tensor ? ops.cast(value, dtype) : ops.tensor(value, null, dtype);
    const scaled = ops.mul(ops.cast(inputs, dtype), factor(this.scale));
    return this.offset === 0 ? scaled : ops.add(scaled, factor(this.offset));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  protected override outputForms(inputs: Tensor): unknown {
    return this.formOf(inputs.shape, this.computeDtype);
  }

  override getConfig(): Config {
    const plain = (value: Factor): unknown => (value instanceof Tensor ? value.arraySync() : value);
    return { ...super.getConfig(), scale: plain(this.scale), offset: plain(this.offset) };
  }
}
