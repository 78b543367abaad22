/** @file Methods: every chained operation of TensorFlow.js 4.22 is one of Tensor and of Variable; those that are methods only. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

/** What TensorFlow.js registers on its Tensor, and what its class has itself. */
const names =
  `abs acos acosh add all any argMax argMin as1D as2D as3D as4D as5D asScalar asType asin asinh atan atan2 atanh avgPool
  batchToSpaceND batchNorm broadcastTo cast ceil clipByValue concat conv1d conv2dTranspose conv2d cos cosh cumprod cumsum
  depthToSpace depthwiseConv2d dilation2d div divNoNan dot elu equal erf euclideanNorm exp expandDims expm1 fft flatten floor
  floorDiv gather greater greaterEqual ifft irfft isFinite isInf isNaN leakyRelu less lessEqual localResponseNormalization log
  log1p logSigmoid logSoftmax logSumExp logicalAnd logicalNot logicalOr logicalXor matMul max maxPool maximum mean min minimum
  mirrorPad mod mul neg norm notEqual oneHot onesLike pad pool pow prelu prod reciprocal relu relu6 reshape reshapeAs
  resizeBilinear resizeNearestNeighbor reverse rfft round rsqrt selu separableConv2d sigmoid sign sin sinh slice softmax
  softplus spaceToBatchND split sqrt square squaredDifference squeeze stack step stridedSlice sub sum tan tanh tile toBool
  toFloat toInt topk transpose unique unsortedSegmentSum unstack where zerosLike
  bytes bytesSync buffer bufferSync data dataSync array arraySync clone print dispose toString`
    .trim()
    .split(/\s+/);

describe('methods', () => {
  const onHost = ['bytes', 'bytesSync', 'data', 'dataSync'];
  it.each(names)('%s', (name) => {
    expect(typeof tf.Tensor.prototype[name as 'abs']).toBe('function');
    if (!onHost.includes(name)) expect(typeof tf.Variable.prototype[name as 'abs']).toBe('function');
  });

  it('that TensorFlow.js has as methods only', () => {
    const x = tf.range(0, 6);
    expect(x.as1D().shape).toEqual([6]);
    expect(x.as2D(2, 3).shape).toEqual([2, 3]);
    expect(x.as3D(1, 2, 3).shape).toEqual([1, 2, 3]);
    expect(x.as4D(1, 1, 2, 3).shape).toEqual([1, 1, 2, 3]);
    expect(x.as5D(1, 1, 1, 2, 3).shape).toEqual([1, 1, 1, 2, 3]);
    expect(x.reshapeAs(tf.zeros([3, 2])).shape).toEqual([3, 2]);
    expect(tf.ones([1, 1]).asScalar().shape).toEqual([]);
    expect(() => x.asScalar()).toThrow(tf.ShapeError);
    expect([x.toInt().dtype, x.toBool().dtype, x.toInt().toFloat().dtype, x.asType('int8').dtype]).toEqual([
      'int32',
      'bool',
      'float32',
      'int8',
    ]);
    expect(x.where(x.greater(3), -1)).toBeAllClose([-1, -1, -1, -1, 4, 5]);
    expect(x.toInt().oneHot(6).sum().item()).toBe(6);
    expect(x.zerosLike().add(x.onesLike())).toBeAllClose(tf.ones([6]));
    expect(tf.ones([2, 2, 3]).resizeNearestNeighbor([4, 4]).shape).toEqual([4, 4, 3]);
    expect(tf.ones([2, 2, 3]).resizeBilinear([4, 4]).shape).toEqual([4, 4, 3]);
  });
});
