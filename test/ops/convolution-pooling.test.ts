/** @file Convolution and pooling on one to three axes against TensorFlow, eagerly and traced, in float32 and float64. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Pad, SpatialSize, Tensor } from '../../src/index.ts';
import '../support/tensors.ts';
import { fixture, fixtureNames } from './vision-fixtures.ts';

type Call = (...inputs: Tensor[]) => Tensor;
/** The call eagerly, traced, and in float64. */
function check(name: string, call: Call): void {
  const { inputs, outputs } = fixture(name);
  expect(call(...inputs), name).toBeAllClose(outputs[0], { rtol: 1e-4, atol: 1e-5 });
  expect(tf.function(call)(...inputs), `${name}, traced`).toBeAllClose(outputs[0], { rtol: 1e-4, atol: 1e-5 });
  const wide = call(...fixture(name, 'float64').inputs);
  expect(wide.dtype).toBe('float64');
  expect(wide, `${name}, float64`).toBeAllClose(outputs[0], { rtol: 1e-4, atol: 1e-5 });
}
/** The numbers and the padding in a name such as `conv1d 2 SAME 1`. */
function read(name: string): { stride: number; pad: Pad; dilation: number } {
  const [, stride, pad, dilation] = name.split(' ');
  return { stride: Number(stride), pad: pad.toLowerCase() as Pad, dilation: Number(dilation) };
}

describe('against TensorFlow', () => {
  const tables: Record<string, (x: Tensor, w: Tensor, stride: number, pad: Pad, dilation: number) => Tensor> = {
    conv1d: (x, w, stride, pad, dilation) => tf.conv1d(x, w, stride, pad, 'NWC', dilation),
    conv3d: (x, w, stride, pad, dilation) => tf.conv3d(x, w, stride, pad, 'NDHWC', dilation),
    dilation2d: (x, w, stride, pad, dilation) => tf.dilation2d(x, w, stride, pad as 'same', dilation),
    erosion2d: (x, w, stride, pad, dilation) => tf.erosion2d(x, w, stride, pad as 'same', dilation),
  };
  it.each(Object.keys(tables).flatMap(fixtureNames))('%s', (name) => {
    const { stride, pad, dilation } = read(name);
    check(name, (x, w) => tables[name.split(' ')[0]](x, w, stride, pad, dilation));
  });

  const calls: Record<string, Call> = {
    'conv3dTranspose SAME': (x, w) => tf.conv3dTranspose(x, w, [1, 5, 6, 4, 3], 2, 'same'),
    'conv3dTranspose VALID': (x, w) => tf.conv3dTranspose(x, w, [1, 7, 7, 4, 3], 2, 'valid'),
    conv1dTranspose: (x, w) => tf.conv1dTranspose(x, w, [2, 8, 3], 2, 'same'),
    separableConv2d: (x, d, w) => tf.separableConv2d(x, d, w, 2, 'same'),
    'pool3d MAX': (x) => tf.maxPool3d(x, [2, 3, 2], [1, 2, 2], 'same'),
    'pool3d AVG': (x) => tf.avgPool3d(x, [2, 3, 2], [1, 2, 2], 'same'),
    extractPatches: (x) => tf.image.extractPatches(x, [3, 2], [2, 1], [1, 2], 'same'),
    'extractPatches valid': (x) => tf.image.extractPatches(x, 2, 1, 2, 'valid'),
  };
  it.each(Object.keys(calls))('%s', (name) => check(name, calls[name]));

  it.each(fixtureNames('pool'))('%s', (name) => {
    const [, rank, kind, what] = name.split(' ');
    const window: SpatialSize = new Array<number>(Number(rank)).fill(2);
    const type = kind.toLowerCase() as 'max' | 'avg';
    check(name, (x) =>
      what === 'strides' ? tf.pool(x, window, type, 'same', 1, 2) : tf.pool(x, window, type, 'valid', 2),
    );
  });

  it.each([false, true])('maxPoolWithArgmax, batch in the index: %s', (batch) => {
    const { inputs, outputs } = fixture(`maxPoolWithArgmax ${batch ? 'True' : 'False'}`);
    const { result, indexes } = tf.maxPoolWithArgmax(inputs[0], 3, 2, 'same', batch);
    expect(result).toBeAllClose(outputs[0]);
    expect(indexes.dtype).toBe('int32');
    expect(indexes).toBeAllClose(outputs[1]);
  });
});

describe('forms of arguments', () => {
  const x = tf.randomNormal([2, 7, 6, 4], 0, 1, 'float64', 3);

  it('groups of a volume are convolutions beside each other', () => {
    const volume = tf.randomNormal([1, 4, 5, 3, 4], 0, 1, 'float64', 1);
    const filter = tf.randomNormal([2, 3, 2, 2, 6], 0, 1, 'float64', 2);
    const [low, high] = tf.split(volume, 2, 4);
    const [first, second] = tf.split(filter, 2, 4);
    const apart = tf.concat([tf.conv3d(low, first), tf.conv3d(high, second)], 4);
    expect(tf.conv3d(volume, filter)).toBeAllClose(apart, { rtol: 1e-12 });
  });

  it('channels first is the same transposed', () => {
    const filter = tf.randomNormal([3, 2, 4, 2], 0, 1, 'float64', 2);
    const first = tf.conv2d(x.transpose([0, 3, 1, 2]), filter, 2, [[0, 0], [0, 0], [1, 2], [0, 1]], 'NCHW'); // prettier-ignore
    const last = tf.conv2d(x, filter, 2, [[0, 0], [1, 2], [0, 1], [0, 0]]); // prettier-ignore
    expect(first.transpose([0, 2, 3, 1])).toBeAllClose(last);
    const line = tf.randomNormal([2, 3, 8], 0, 1, 'float64', 5);
    expect(tf.maxPool1d(line, 2, 2, 'valid', undefined, 'NCW')).toBeAllClose(
      tf.maxPool1d(line.transpose([0, 2, 1]), 2).transpose([0, 2, 1]),
    );
  });

  it('a single image is a batch of one', () => {
    const image = tf.ones([4, 4, 1]);
    expect(tf.conv2d(image, tf.ones([2, 2, 1, 1])).shape).toEqual([3, 3, 1]);
    expect(tf.conv1d(tf.ones([4, 1]), tf.ones([2, 1, 3])).shape).toEqual([3, 3]);
    expect(tf.avgPool3d(tf.ones([4, 4, 4, 1]), 2).shape).toEqual([2, 2, 2, 1]);
  });

  it('causal padding looks at nothing that comes later', () => {
    const y = tf.conv1d([[[1], [2], [3], [4]]], [[[1]], [[10]]], 1, 'causal', 'NWC', 2);
    expect(y).toBeAllClose([[[10], [20], [31], [42]]]);
  });

  it('dimRoundingMode decides about a window that fits in part', () => {
    const image = tf.ones([1, 5, 5, 1]);
    expect(tf.maxPool(image, 2, 2, 0).shape).toEqual([1, 2, 2, 1]);
    expect(tf.maxPool(image, 2, 2, 0, 'ceil').shape).toEqual([1, 3, 3, 1]);
    expect(tf.avgPool(image, 2, 2, 0, 'ceil')).toBeAllClose(tf.ones([1, 3, 3, 1]));
    expect(tf.conv2d(image, tf.ones([2, 2, 1, 1]), 2, 0, 'NHWC', 1, 'ceil').arraySync()).toEqual([
      [
        [[4], [4], [2]],
        [[4], [4], [2]],
        [[2], [2], [1]],
      ],
    ]);
    expect(() => tf.maxPool(image, 2, 2, 'same', 'ceil')).toThrow(/dimRoundingMode.*'same'/);
  });

  it('the largest of windows with NaN is NaN, and padding is never the largest', () => {
    const y = tf.maxPool3d(tf.tensor([-1, NaN, -3, -4, -5, -6, -7, -8], [1, 2, 2, 2, 1]), 2, 1, 'same');
    expect(Number.isNaN(y.dataSync()[0])).toBe(true);
    expect(Math.max(...y.dataSync().slice(2))).toBeLessThan(0);
    const { indexes } = tf.maxPoolWithArgmax(tf.fill([1, 2, 2, 1], -Infinity), 3, 1, 'same');
    expect(Math.min(...indexes.dataSync())).toBeGreaterThanOrEqual(0);
  });

  it('an empty batch gives an empty batch', () => {
    expect(tf.conv3d(tf.zeros([0, 3, 3, 3, 1]), tf.ones([2, 2, 2, 1, 2])).shape).toEqual([0, 2, 2, 2, 2]);
    expect(tf.maxPool3d(tf.zeros([0, 4, 4, 4, 1]), 2).shape).toEqual([0, 2, 2, 2, 1]);
  });

  it('space, depth and batch change places and back', () => {
    const image = tf.range(0, 16, 1, 'float32').reshape([1, 4, 4, 1]);
    expect(tf.spaceToDepth(image, 2).arraySync()).toEqual([
      [
        [[0, 1, 4, 5], [2, 3, 6, 7]], // prettier-ignore
        [[8, 9, 12, 13], [10, 11, 14, 15]], // prettier-ignore
      ],
    ]);
    expect(tf.depthToSpace(tf.spaceToDepth(image, 2), 2)).toBeAllClose(image);
    const batches = tf.spaceToBatchND(image, [2, 2], [[0, 0], [0, 0]]); // prettier-ignore
    expect(batches.slice([1], [1]).flatten()).toBeAllClose([1, 3, 9, 11]);
    expect(tf.batchToSpaceND(batches, [2, 2], [[0, 0], [1, 0]])).toBeAllClose(image.slice([0, 0, 1])); // prettier-ignore
  });

  it('fractional pooling has the size asked for, and windows next to each other', () => {
    const image = tf.range(0, 70, 1, 'float32').reshape([1, 10, 7, 1]);
    const { result, rowPoolingSequence } = tf.fractionalMaxPool(image, [1.44, 1.7], { seed: 4 });
    expect(result.shape).toEqual([1, 6, 4, 1]);
    const borders = [...rowPoolingSequence.dataSync()];
    expect([borders[0], borders[6]]).toEqual([0, 10]);
    const steps = borders.slice(1).map((end, i) => end - borders[i]);
    expect(steps.every((step) => step === 1 || step === 2)).toBe(true);
    // The last element of each window is its largest.
    expect([...result.dataSync()].filter((_, i) => i % 4 === 3)).toEqual(borders.slice(1).map((end) => end * 7 - 1));
    expect(tf.fractionalAvgPool(image, [1.44, 1.7], { pseudoRandom: true, overlapping: true }).result.shape).toEqual([
      1, 6, 4, 1,
    ]);
  });

  it('refuses what does not fit, by name', () => {
    expect(() => tf.conv3d(tf.ones([1, 2, 2, 2, 1]), tf.ones([3, 1, 1, 1, 1]))).toThrow(/conv3d.*depth/);
    expect(() => tf.conv1d(tf.ones([1, 4, 3]), tf.ones([2, 2, 1]))).toThrow(/conv1d.*3 channels/);
    expect(() => tf.conv2d(x, tf.ones([3, 2, 4, 2]), 1, 'some' as 'same')).toThrow(/'same', 'valid'.*some/);
    expect(() => tf.conv2d(x, tf.ones([3, 2, 4, 2]), 1, 'same', 'NDHWC' as 'NHWC')).toThrow(/'NHWC' or 'NCHW'/);
    expect(() => tf.conv3dTranspose(tf.ones([1, 2, 2, 2, 1]), tf.ones([2, 2, 2, 1, 1]), [1, 9, 9, 9, 1], 2)).toThrow(
      /conv3dTranspose.*\[4, 4, 4\]/,
    );
    expect(() => tf.pool(x, [2, 2], 'max', 'same', 2, 2)).toThrow(/strides or dilations/);
    expect(() => tf.spaceToDepth(x, 4)).toThrow(/multiples/);
  });
});
