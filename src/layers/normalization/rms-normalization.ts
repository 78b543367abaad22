/** @file RMSNormalization and UnitNormalization: samples scaled by their length. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { alongAxes, inFullPrecision, sizesOf, sortedAxes } from './scaled.ts';

export interface RMSNormalizationOptions extends LayerOptions {
  /** The axis, or axes, over which the mean square is taken; default the last. */
  axis?: number | readonly number[];
  /** Added to the mean square; default 1e-6. */
  epsilon?: number;
}

/**
 * scale x / sqrt(mean(x²) + epsilon), the mean over some axes of each sample (Zhang and Sennrich 2019). `scale` is learned and starts at 1.
 *
 * @example
 * tf.layers.rmsNormalization().apply(tf.tensor([[3, 4]])); // [[0.849, 1.131]]
 */
export class RMSNormalization extends Layer {
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  scale: Variable | null = null;

  constructor(options: RMSNormalizationOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.epsilon = options.epsilon ?? 1e-6;
    this.supportsMasking = true;
  }

  override build(inputShape: PartialShape): void {
    const axes = sortedAxes(this.axis, inputShape.length, this.name);
    this.scale = this.addWeight('scale', sizesOf(this.name, inputShape, axes), null, 'ones');
    this.scale.autocast = false;
  }

  override call(inputs: Tensor): Tensor {
    const x = inFullPrecision(inputs);
    const axes = sortedAxes(this.axis, x.rank, this.name);
    const inverse = ops.rsqrt(ops.add(ops.mean(ops.square(x), axes, true), this.epsilon));
    const scaled = ops.mul(ops.mul(x, inverse), alongAxes(this.scale!.read(), x.shape, axes));
    return ops.cast(scaled, this.computeDtype);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon };
  }
}

export interface UnitNormalizationOptions extends LayerOptions {
  /** The axis, or axes, along which the length is taken; default the last. */
  axis?: number | readonly number[];
}

/**
 * x / |x|: length 1 along some axes of each sample; zeros stay zeros.
 *
 * @example
 * tf.layers.unitNormalization().apply(tf.tensor([[3, 4]])); // [[0.6, 0.8]]
 */
export class UnitNormalization extends Layer {
  readonly axis: number | readonly number[];

  constructor(options: UnitNormalizationOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.supportsMasking = true;
  }

  override call(inputs: Tensor): Tensor {
    const axes = sortedAxes(this.axis, inputs.rank, this.name);
    const squared = ops.sum(ops.square(inputs), axes, true);
    return ops.mul(inputs, ops.rsqrt(ops.maximum(squared, 1e-12)));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}
