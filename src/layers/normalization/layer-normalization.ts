/** @file LayerNormalization: mean 0 and variance 1 within each sample. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { PartialShape } from '../layer.ts';
import { Scaled, type ScaledOptions, alongAxes, inFullPrecision, sizesOf, sortedAxes } from './scaled.ts';

export interface LayerNormalizationOptions extends ScaledOptions {
  /** The axis, or axes, over which is normalized; default the last. */
  axis?: number | readonly number[];
}

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, mean and variance over some axes of each sample (Ba et al. 2016). gamma and beta have
 * the sizes of these axes; epsilon is 0.001 unless told. Output of the input's shape.
 *
 * @example
 * tf.layers.layerNormalization().apply(tf.tensor([[1, 2, 3]])); // [[-1.224, 0, 1.224]]
 */
export class LayerNormalization extends Scaled {
  readonly axis: number | readonly number[];

  constructor(options: LayerNormalizationOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
  }

  override build(inputShape: PartialShape): void {
    const axes = sortedAxes(this.axis, inputShape.length, this.name);
    this.addScaling(sizesOf(this.name, inputShape, axes));
  }

  override call(inputs: Tensor): Tensor {
    const x = inFullPrecision(inputs);
    const axes = sortedAxes(this.axis, x.rank, this.name);
    const mean = ops.mean(x, axes, true);
    const variance = ops.mean(ops.square(ops.sub(x, mean)), axes, true);
    const normalized = this.scaled(x, mean, variance, (weight) => alongAxes(weight, x.shape, axes));
    return ops.cast(normalized, this.computeDtype);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}
