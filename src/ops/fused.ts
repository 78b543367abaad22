/** @file `tf.fused`: a product or a convolution with the bias and the activation after it, in one call. */
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { prelu } from './arithmetic.ts';
import { add } from './binary.ts';
import type { TensorLike } from './convert.ts';
import * as convolution from './convolution.ts';
import * as matrix from './matrix.ts';
import { elu, leakyRelu, relu, relu6, sigmoid } from './unary.ts';
import { reshape } from './manipulation.ts';
import type { DataFormat, Pad, RoundingMode, Size2D } from './window.ts';
import { op } from '../symbolic/op.ts';

export type FusedActivation = 'linear' | 'relu' | 'prelu' | 'elu' | 'relu6' | 'leakyrelu' | 'sigmoid';

interface Following {
  /** Added to each channel of the result. */
  readonly bias?: TensorLike;
  readonly activation?: FusedActivation;
  /** The slope of `'prelu'` below 0. */
  readonly preluActivationWeights?: TensorLike;
  /** The slope of `'leakyrelu'` below 0. */
  readonly leakyreluAlpha?: number;
}

/** Adds the bias and applies the activation; a graph of them runs as one where the engine can. */
function follow(x: Tensor, { bias, activation = 'linear', ...slopes }: Following, operation: string): Tensor {
  const biased = bias === undefined || bias === null ? x : add(x, bias);
  const { preluActivationWeights, leakyreluAlpha } = slopes;
  switch (activation) {
    case 'linear':
      return biased;
    case 'relu':
      return relu(biased);
    case 'relu6':
      return relu6(biased);
    case 'elu':
      return elu(biased);
    case 'sigmoid':
      return sigmoid(biased);
    case 'leakyrelu':
      return leakyRelu(biased, leakyreluAlpha);
    case 'prelu':
      if (preluActivationWeights === undefined)
        throw new ArgumentError(`fused.${operation}: activation 'prelu' needs preluActivationWeights.`);
      return prelu(biased, preluActivationWeights);
    default:
      throw new ArgumentError(
        `fused.${operation}: expected activation linear, relu, prelu, elu, relu6, leakyrelu or sigmoid, got ${JSON.stringify(activation)}.`,
      );
  }
}

export interface FusedConvolution extends Following {
  readonly x: TensorLike;
  readonly filter: TensorLike;
  readonly strides: Size2D;
  readonly pad: Pad;
  readonly dataFormat?: DataFormat;
  readonly dilations?: Size2D;
  readonly dimRoundingMode?: RoundingMode;
}

/** A bias for each channel, where channels come before height and width. */
const laidOut = ({ bias, dataFormat, ...rest }: FusedConvolution, result: Tensor): Following => {
  const channels = result.shape[result.rank - 3];
  const byChannel =
    bias !== undefined && dataFormat === 'NCHW' && !isScalarLike(bias) ? reshape(bias, [channels, 1, 1]) : bias;
  return { ...rest, bias: byChannel };
};
const isScalarLike = (value: TensorLike): boolean => typeof value !== 'object';

/**
 * `activation(conv2d(x, filter) + bias)`.
 *
 * @example tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'relu' })
 */
export const conv2d = op('fused.conv2d', function conv2d(options: FusedConvolution): Tensor {
  const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode } = options;
  const result = convolution.conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
  return follow(result, laidOut(options, result), 'conv2d');
});

/** `activation(depthwiseConv2d(x, filter) + bias)`. */
export const depthwiseConv2d = op('fused.depthwiseConv2d', function depthwiseConv2d(options: FusedConvolution): Tensor {
  const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode } = options;
  const result = convolution.depthwiseConv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
  return follow(result, laidOut(options, result), 'depthwiseConv2d');
});

export interface FusedMatMul extends Following {
  readonly a: TensorLike;
  readonly b: TensorLike;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * `activation(matMul(a, b) + bias)`.
 *
 * @example `tf.fused.matMul({ a: [[1, -2]], b: [[3], [4]], activation: 'relu' })` is `[[0]]`
 */
export const matMul = op('fused.matMul', (options: FusedMatMul): Tensor =>
  follow(matrix.matMul(options.a, options.b, options.transposeA, options.transposeB), options, 'matMul'),
);
