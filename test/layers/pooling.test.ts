/** @file Pooling against Keras 3 (test/fixtures/layers/pooling.py), and what it refuses. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { describeLayerCases } from '../support/layer-cases.ts';

describeLayerCases('pooling.json');

const { layers } = tf;

describe('pooling', () => {
  it('has windows of 2 unless told', () => {
    expect(layers.maxPooling1d().apply(tf.ones([1, 6, 2])).shape).toEqual([1, 3, 2]);
    expect(layers.averagePooling3d().getConfig()).toMatchObject({ poolSize: [2, 2, 2], strides: [2, 2, 2] });
    expect(layers.maxPooling2d({ poolSize: [2, 3] }).detail()).toBe('2x3');
    expect(layers.adaptiveMaxPooling2d({ outputSize: [7, 5] }).detail()).toBe('7x5');
  });

  it('has TensorFlow.js’s and Keras’s other names, and is saved under its own', () => {
    expect(layers.avgPooling2d).toBe(layers.averagePooling2d);
    expect(layers.avgPool3d).toBe(layers.averagePooling3d);
    expect(layers.maxPool1d).toBe(layers.maxPooling1d);
    expect(layers.globalMaxPool2d).toBe(layers.globalMaxPooling2d);
    expect(layers.MaxPool2D).toBe(layers.MaxPooling2D);
    expect(layers.GlobalAvgPool1D).toBe(layers.GlobalAveragePooling1D);
    expect(layers.serialize(layers.maxPool2d()).className).toBe('MaxPooling2D');
    expect(layers.deserialize({ className: 'GlobalMaxPool3D', config: {} })).toBeInstanceOf(layers.GlobalMaxPooling3D);
  });

  it('gives sizes to what has none yet', () => {
    expect(layers.globalMaxPooling2d().computeOutputShape([null, null, null, 3])).toEqual([null, 3]);
    expect(layers.adaptiveAveragePooling2d({ outputSize: 2 }).computeOutputShape([null, null, null, 3])).toEqual([
      null,
      2,
      2,
      3, // prettier-ignore
    ]);
    expect(layers.averagePooling1d({ padding: 'same' }).computeOutputShape([null, null, 3])).toEqual([null, null, 3]);
  });

  it('enlarges to more windows than there are elements', () => {
    const x = tf.tensor([1, 2, 3], [1, 3, 1]);
    expect(layers.adaptiveMaxPooling1d({ outputSize: 5 }).apply(x).flatten()).toBeAllClose([1, 2, 2, 3, 3]);
    expect(layers.adaptiveAveragePooling1d({ outputSize: 5 }).apply(x).flatten()).toBeAllClose([1, 1.5, 2, 2.5, 3]);
  });

  it('leaves out of the mean what a mask leaves out, were it infinite', () => {
    const x = tf.tensor([1, 3, Infinity], [1, 3, 1]);
    const mask = tf.tensor([true, true, false], [1, 3]);
    expect(layers.globalAveragePooling1d().apply(x, { mask })).toBeAllClose([[2]]);
    const masked = tf.sequential({
      layers: [layers.masking({ maskValue: -1, inputShape: [3, 1] }), layers.globalAveragePooling1d()],
    });
    expect(masked.predict(tf.tensor([4, 6, -1], [1, 3, 1])) as tf.Tensor).toBeAllClose([[5]]);
  });

  it('computes in half precision', () => {
    const x = tf.randomNormal([1, 6, 5, 2], 0, 1, 'float32', 2);
    for (const make of [
      (dtype: string) => layers.maxPooling2d({ dtype }),
      (dtype: string) => layers.averagePooling2d({ dtype, padding: 'same' }),
      (dtype: string) => layers.globalAveragePooling2d({ dtype }),
      (dtype: string) => layers.globalMaxPooling2d({ dtype }),
      (dtype: string) => layers.adaptiveAveragePooling2d({ dtype, outputSize: 4 }),
      (dtype: string) => layers.adaptiveMaxPooling2d({ dtype, outputSize: 4 }),
    ]) {
      const half = make('mixed_float16').apply(x);
      expect(half.dtype).toBe('float16');
      expect(tf.cast(half, 'float32')).toBeAllClose(make('float32').apply(x), { rtol: 0.01, atol: 0.01 });
    }
  });

  it('says what does not fit', () => {
    expect(() => layers.maxPooling2d().apply(tf.ones([1, 4, 4]))).toThrow(/rank 4/);
    expect(() => layers.averagePooling3d({ poolSize: 0 })).toThrow(/poolSize/);
    expect(() => layers.maxPooling1d({ poolSize: 4 }).apply(tf.ones([1, 3, 1]))).toThrow(/reaches over 4 does not fit/);
    expect(() => layers.globalMaxPooling1d().apply(tf.ones([1, 4]))).toThrow(/rank 3/);
    expect(() => layers.adaptiveMaxPooling3d({ outputSize: [1, 2] })).toThrow(/outputSize to be .* or 3 of them/);
    expect(() => layers.maxPooling2d({ padding: 'causal' as 'same' })).toThrow(/valid or same/);
  });
});
