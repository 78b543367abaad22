/** @file SeparableConv1D and SeparableConv2D: each channel filtered by itself, then the channels mixed. */
import type { Config } from '../../configuration.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { requireCount } from '../expectations.ts';
import type { SpatialRank } from '../spatial.ts';
import type { WeightOptionsFor } from '../weight-options.ts';
import { convolve } from '../windows.ts';
import { type DepthwiseFilterOptions, DepthwiseConvolutional } from './convolutional.ts';

/** `depthwise...` and `pointwise...` are options of the two kernels; both start by `glorotUniform`. */
export interface SeparableConvOptions
  extends DepthwiseFilterOptions, WeightOptionsFor<'depthwise'>, WeightOptionsFor<'pointwise'> {
  /** How many mixtures of channels: the output's channels. */
  filters: number;
}

abstract class SeparableConv extends DepthwiseConvolutional {
  readonly filters: number;
  depthwiseKernel: Variable | null = null;
  pointwiseKernel: Variable | null = null;
  protected override readonly kernelNames = ['depthwise', 'pointwise'];

  constructor(options: SeparableConvOptions, rank: SpatialRank) {
    super(options, rank);
    this.filters = requireCount(this.name, 'filters', options.filters);
  }

  protected override addKernels(channels: number): void {
    const { options, depthMultiplier, filters } = this;
    const depthwise = this.depthwiseShape(channels);
    const pointwise = [...this.kernelSize.map(() => 1), channels * depthMultiplier, filters];
    this.depthwiseKernel = this.addWeightFor('depthwise_kernel', depthwise, options, 'glorotUniform', 'depthwise');
    this.pointwiseKernel = this.addWeightFor('pointwise_kernel', pointwise, options, 'glorotUniform', 'pointwise');
  }

  protected override filter(inputs: Tensor): Tensor {
    const filtered = convolve(inputs, this.grouped(this.depthwiseKernel!.read()), this.windows);
    const ones = this.kernelSize.map(() => 1);
    const mixing = { ...this.windows, size: ones, strides: ones, dilation: ones };
    return convolve(filtered, this.pointwiseKernel!.read(), mixing);
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), filters: this.filters };
  }
}

/**
 * activation(each channel of sequences convolved by itself, then mixtures of the channels at each step, + bias).
 *
 * Input [batch, steps, channels], output [batch, newSteps, filters]; depthwiseKernel [kernelSize, channels, depthMultiplier],
 * pointwiseKernel [1, channels · depthMultiplier, filters], bias [filters].
 *
 * @example
 * tf.layers.separableConv1d({ filters: 6, kernelSize: 3 }).apply(tf.ones([1, 10, 4])).shape; // [1, 8, 6]
 */
export class SeparableConv1D extends SeparableConv {
  constructor(options: SeparableConvOptions) {
    super(options, 1);
  }
}

/**
 * activation(each channel of images convolved by itself, then mixtures of the channels at each pixel, + bias): nearly what {@link Conv2D}
 * does, with fewer weights (Chollet 2017).
 *
 * Input [batch, height, width, channels], output [batch, newHeight, newWidth, filters]; depthwiseKernel [...kernelSize, channels,
 * depthMultiplier], pointwiseKernel [1, 1, channels · depthMultiplier, filters], bias [filters].
 *
 * @example
 * tf.layers.separableConv2d({ filters: 6, kernelSize: 3, strides: 2 }).apply(tf.ones([1, 9, 9, 4])).shape; // [1, 4, 4, 6]
 */
export class SeparableConv2D extends SeparableConv {
  constructor(options: SeparableConvOptions) {
    super(options, 2);
  }
}
