/** @file Flatten: all axes but the batch's in one. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface FlattenOptions extends LayerOptions {
  /** With `channelsFirst` the channels are brought last before: models of both layouts give the same order. Default `channelsLast`. */
  dataFormat?: ImageFormat;
}

/**
 * Input [batch, ...], output [batch, product of the rest].
 *
 * @example
 * tf.layers.flatten().apply(tf.ones([2, 3, 4])).shape; // [2, 12]
 */
export class Flatten extends Layer {
  readonly dataFormat: ImageFormat;

  constructor(options: FlattenOptions = {}) {
    super(options);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
  }

  protected override inputSpec(): InputSpec {
    return { minRank: 1 };
  }

  override call(inputs: Tensor): Tensor {
    const channelsLast =
      this.dataFormat === 'channelsLast' || inputs.rank < 3
        ? inputs
        : ops.transpose(inputs, [0, ...inputs.shape.slice(2).map((_, i) => i + 2), 1]);
    return ops.reshape(channelsLast, [inputs.shape[0], sizeOf(inputs.shape.slice(1))]);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const rest = inputShape.slice(1);
    return [inputShape[0], rest.every((size) => size !== null) ? sizeOf(rest) : null];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), dataFormat: this.dataFormat };
  }
}
