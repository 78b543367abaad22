/** @file Layers that reshape against Keras 3 (test/fixtures/layers/reshaping.py). */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { describeLayerCases } from '../support/layer-cases.ts';

describeLayerCases('reshaping.json');

describe('layers that reshape', () => {
  it('say what does not fit', () => {
    const { layers } = tf;
    expect(() => layers.cropping2d({ cropping: 3 }).apply(tf.ones([1, 4, 9, 1]))).toThrow(/leaves nothing of axis 1/);
    expect(() => layers.zeroPadding2d({ padding: [1, -1] })).toThrow(/expected padding/);
    expect(() => layers.permute({ dims: [0, 1] })).toThrow(/each of 1, 2, ... once/);
    expect(() => layers.upSampling1d({ size: 0 })).toThrow(/whole number of at least 1/);
    expect(() => layers.repeatVector({ n: 2 }).apply(tf.ones([1, 2, 3]))).toThrow(/rank 2/);
  });
});
