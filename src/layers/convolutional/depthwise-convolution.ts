/** @file DepthwiseConv1D and DepthwiseConv2D: filters that see one channel each. */
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import type { WeightOptionsFor } from '../weight-options.ts';
import { convolve } from '../windows.ts';
import { type DepthwiseFilterOptions, DepthwiseConvolutional } from './convolutional.ts';

/** `depthwiseInitializer` (default `glorotUniform`), `depthwiseRegularizer` and `depthwiseConstraint` are those of the kernel. */
export interface DepthwiseConvOptions extends DepthwiseFilterOptions, WeightOptionsFor<'depthwise'> {}

abstract class DepthwiseConv extends DepthwiseConvolutional {
  kernel: Variable | null = null;
  protected override readonly kernelNames = ['depthwise'];

  protected override addKernels(channels: number): void {
    this.kernel = this.addWeightFor(
      'kernel',
      this.depthwiseShape(channels),
      this.options,
      'glorotUniform',
      'depthwise',
    );
  }

  protected override filter(inputs: Tensor): Tensor {
    return convolve(inputs, this.grouped(this.kernel!.read()), this.windows);
  }

  protected override outputChannels(channels: number | null): number | null {
    return channels === null ? null : channels * this.depthMultiplier;
  }
}

/**
 * activation(each channel of sequences convolved by itself + bias).
 *
 * `y[b, t, c · depthMultiplier + q] = Σ x[b, t · stride + m · dilation, c] kernel[m, c, q]`. Input [batch, steps, channels], output [batch,
 * newSteps, channels · depthMultiplier]; kernel [kernelSize, channels, depthMultiplier], bias [channels · depthMultiplier].
 *
 * @example
 * tf.layers.depthwiseConv1d({ kernelSize: 3, depthMultiplier: 2 }).apply(tf.ones([1, 10, 4])).shape; // [1, 8, 8]
 */
export class DepthwiseConv1D extends DepthwiseConv {
  constructor(options: DepthwiseConvOptions) {
    super(options, 1);
  }
}

/**
 * activation(each channel of images convolved by itself + bias): the first half of a separable convolution.
 *
 * Input [batch, height, width, channels], output [batch, newHeight, newWidth, channels · depthMultiplier]; kernel [...kernelSize, channels,
 * depthMultiplier], bias [channels · depthMultiplier].
 *
 * @example
 * tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }).apply(tf.ones([1, 8, 8, 4])).shape; // [1, 8, 8, 4]
 */
export class DepthwiseConv2D extends DepthwiseConv {
  constructor(options: DepthwiseConvOptions) {
    super(options, 2);
  }
}
