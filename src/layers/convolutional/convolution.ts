/** @file Conv1D, Conv2D, Conv3D: filters slid over sequences, images and volumes. */
import type { Config } from '../../configuration.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { requireCount } from '../expectations.ts';
import type { KernelOptions } from '../kernel-options.ts';
import type { SpatialRank } from '../spatial.ts';
import { type SequencePadding, convolve, requireStridesOrDilation, sequencePaddings } from '../windows.ts';
import { Convolutional, type FilterOptions } from './convolutional.ts';

export interface ConvOptions extends FilterOptions, KernelOptions {
  /** How many filters: the output's channels. */
  filters: number;
  /** Splits channels into this many groups, each with filters of its own; default 1. */
  groups?: number;
}

export interface Conv1DOptions extends Omit<ConvOptions, 'padding'> {
  /**
   * `valid`: windows lie inside the sequence; `same`: zeros are added so that strides alone shorten it; `causal`: the same, but
   * all in front, so that no step sees a later one. Default `valid`.
   */
  padding?: SequencePadding;
}

abstract class Conv extends Convolutional {
  readonly filters: number;
  readonly groups: number;
  kernel: Variable | null = null;
  protected override readonly kernelNames = ['kernel'];

  constructor(options: Conv1DOptions, rank: SpatialRank, paddings?: readonly SequencePadding[]) {
    super(options, rank, paddings);
    const { name } = this;
    this.filters = requireCount(name, 'filters', options.filters);
    this.groups = requireCount(name, 'groups', options.groups ?? 1);
    if (this.filters % this.groups !== 0)
      throw new ArgumentError(
        `Layer ${name}: expected filters to be a multiple of groups, got ${this.filters} and ${this.groups}.`,
      );
    requireStridesOrDilation(name, this.strides, this.dilationRate);
  }

  protected override addKernels(channels: number): void {
    if (channels % this.groups !== 0)
      throw new ArgumentError(
        `Layer ${this.name}: the input's ${channels} channels do not split into ${this.groups} groups.`,
      );
    const shape = [...this.kernelSize, channels / this.groups, this.filters];
    this.kernel = this.addWeightFor('kernel', shape, this.options, 'glorotUniform');
  }

  protected override filter(inputs: Tensor): Tensor {
    return convolve(inputs, this.kernel!.read(), this.windows);
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), filters: this.filters, groups: this.groups };
  }
}

/**
 * activation(conv(x, kernel) + bias) over sequences.
 *
 * `y[b, t, o] = Σ x[b, t · stride + m · dilation, c] kernel[m, c, o]`. Input [batch, steps, channels], output [batch, newSteps,
 * filters]; kernel [kernelSize, channels / groups, filters], bias [filters].
 *
 * @throws ArgumentError where strides and dilationRate are both above 1, or groups do not divide filters or channels
 * @example
 * tf.layers.conv1d({ filters: 8, kernelSize: 3, padding: 'causal' }).apply(tf.ones([1, 10, 4])).shape; // [1, 10, 8]
 */
export class Conv1D extends Conv {
  constructor(options: Conv1DOptions) {
    super(options, 1, sequencePaddings);
  }
}

/**
 * activation(conv(x, kernel) + bias) over images.
 *
 * `y[b, i, j, o] = Σ x[b, i · stride + m · dilation, j · stride + n · dilation, c] kernel[m, n, c, o]`. Input [batch, height, width,
 * channels], output [batch, newHeight, newWidth, filters]; kernel [...kernelSize, channels / groups, filters], bias [filters].
 *
 * @throws ArgumentError where strides and dilationRate are both above 1, or groups do not divide filters or channels
 * @example
 * tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }).apply(tf.ones([1, 28, 28, 1])).shape; // [1, 26, 26, 8]
 */
export class Conv2D extends Conv {
  constructor(options: ConvOptions) {
    super(options, 2);
  }
}

/**
 * activation(conv(x, kernel) + bias) over volumes, or images in a row.
 *
 * Input [batch, depth, height, width, channels], output [batch, newDepth, newHeight, newWidth, filters]; kernel [...kernelSize,
 * channels / groups, filters], bias [filters].
 *
 * @throws ArgumentError where strides and dilationRate are both above 1, or groups do not divide filters or channels
 * @example
 * tf.layers.conv3d({ filters: 2, kernelSize: [1, 3, 3] }).apply(tf.ones([1, 4, 8, 8, 1])).shape; // [1, 4, 6, 6, 2]
 */
export class Conv3D extends Conv {
  constructor(options: ConvOptions) {
    super(options, 3);
  }
}
