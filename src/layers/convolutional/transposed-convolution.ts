/** @file Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: the way back through a convolution, which enlarges. */
import type { Config } from '../../configuration.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { requireCount } from '../expectations.ts';
import { channelAxis } from '../images.ts';
import type { KernelOptions } from '../kernel-options.ts';
import type { PartialShape } from '../layer.ts';
import { type SpatialRank, requireSizes, spatialAxes } from '../spatial.ts';
import { convolveTransposed, requireStridesOrDilation, windowSpans } from '../windows.ts';
import { Convolutional, type FilterOptions } from './convolutional.ts';

export interface ConvTransposeOptions extends FilterOptions, KernelOptions {
  /** How many filters: the output's channels. */
  filters: number;
  /**
   * How much longer each axis of the output is than the shortest that fits; below the strides. Without it, outputs have size input · strides
   * with padding `same`, and (input - 1) · strides + max(span of the window, strides) with `valid`.
   */
  outputPadding?: number | readonly number[] | null;
}

abstract class ConvTranspose extends Convolutional {
  readonly filters: number;
  readonly outputPadding: readonly number[] | null;
  kernel: Variable | null = null;
  protected override readonly kernelNames = ['kernel'];

  constructor(options: ConvTransposeOptions, rank: SpatialRank) {
    super(options, rank);
    const { name, strides } = this;
    this.filters = requireCount(name, 'filters', options.filters);
    const { outputPadding = null } = options;
    this.outputPadding = outputPadding === null ? null : requireSizes(name, 'outputPadding', outputPadding, rank, 0);
    if (this.outputPadding?.some((more, i) => more >= strides[i]))
      throw new ArgumentError(
        `Layer ${name}: expected outputPadding to be below the strides ${JSON.stringify(strides)}, got ${JSON.stringify(this.outputPadding)}.`,
      );
    requireStridesOrDilation(name, strides, this.dilationRate);
  }

  protected override addKernels(channels: number): void {
    const shape = [...this.kernelSize, this.filters, channels];
    this.kernel = this.addWeightFor('kernel', shape, this.options, 'glorotUniform');
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  private get spans(): number[] {
    return windowSpans(this.kernelSize, this.dilationRate);
  }

  /** Size of the i-th spatial axis of the output. */
  private enlarged(size: number, i: number): number {
    const [span, stride, more] = [this.spans[i], this.strides[i], this.outputPadding?.[i]];
    if (this.padding === 'same') return more === undefined ? size * stride : (size - 1) * stride + (span % 2) + more;
    return (size - 1) * stride + (more === undefined ? Math.max(span, stride) : span + more);
  }

  protected override filter(inputs: Tensor): Tensor {
    const outputShape = this.computeOutputShape(inputs.shape) as number[];
    // What all windows together reach over, less what is wanted of it, is cut off on both sides.
    const margins = spatialAxes(this.spatialRank, this.dataFormat).map((axis, i): [number, number] => {
      const reached = (inputs.shape[axis] - 1) * this.strides[i] + this.spans[i];
      const cut = Math.max(0, reached - outputShape[axis]);
      return [Math.floor(cut / 2), Math.ceil(cut / 2)];
    });
    return convolveTransposed(inputs, this.kernel!.read(), outputShape, margins, this.windows);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const output = [...inputShape];
    spatialAxes(this.spatialRank, this.dataFormat).forEach((axis, i) => {
      const size = inputShape[axis];
      output[axis] = size === null ? null : this.enlarged(size, i);
    });
    return output.with(channelAxis(this.dataFormat), this.filters);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), filters: this.filters, outputPadding: this.outputPadding };
  }
}

/**
 * activation(the adjoint of a convolution of sequences, of x, + bias).
 *
 * Input [batch, steps, channels], output [batch, newSteps, filters], see `outputPadding` for its length; kernel [kernelSize, filters, channels],
 * bias [filters].
 *
 * @throws ArgumentError where strides and dilationRate are both above 1, or outputPadding is not below the strides
 * @example
 * tf.layers.conv1dTranspose({ filters: 3, kernelSize: 3, strides: 2 }).apply(tf.ones([1, 10, 4])).shape; // [1, 21, 3]
 */
export class Conv1DTranspose extends ConvTranspose {
  constructor(options: ConvTransposeOptions) {
    super(options, 1);
  }
}

/**
 * activation(the adjoint of a convolution of images, of x, + bias); generators enlarge with it.
 *
 * Input [batch, height, width, channels], output [batch, newHeight, newWidth, filters], see `outputPadding` for its size; kernel
 * [...kernelSize, filters, channels], bias [filters].
 *
 * @throws ArgumentError where strides and dilationRate are both above 1, or outputPadding is not below the strides
 * @example
 * tf.layers.conv2dTranspose({ filters: 3, kernelSize: 4, strides: 2, padding: 'same' }).apply(tf.ones([1, 7, 7, 8])).shape; // [1, 14, 14, 3]
 */
export class Conv2DTranspose extends ConvTranspose {
  constructor(options: ConvTransposeOptions) {
    super(options, 2);
  }
}

/**
 * activation(the adjoint of a convolution of volumes, of x, + bias).
 *
 * Input [batch, depth, height, width, channels], output [batch, newDepth, newHeight, newWidth, filters], see `outputPadding` for its size;
 * kernel [...kernelSize, filters, channels], bias [filters].
 *
 * @throws ArgumentError where strides and dilationRate are both above 1, or outputPadding is not below the strides
 * @example
 * tf.layers.conv3dTranspose({ filters: 1, kernelSize: 2, strides: 2 }).apply(tf.ones([1, 2, 3, 4, 2])).shape; // [1, 4, 6, 8, 1]
 */
export class Conv3DTranspose extends ConvTranspose {
  constructor(options: ConvTransposeOptions) {
    super(options, 3);
  }
}
