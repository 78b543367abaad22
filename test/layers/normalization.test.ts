/** @file Normalization, noise and activations as layers against Keras 3 (test/fixtures/layers/normalization.py), and what is drawn at random. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { describeLayerCases } from '../support/layer-cases.ts';

describeLayerCases('normalization.json', { without: ['rms_scaling'] });

const { layers } = tf;
const training = { training: true };
const moments = (x: tf.Tensor): [mean: number, deviation: number] => {
  const { mean, variance } = tf.moments(x);
  return [mean.item(), Math.sqrt(variance.item())];
};

describe('noise', () => {
  const ones = tf.ones([200, 100]);

  it('has the mean and the deviation that it should have', () => {
    tf.setSeed(3);
    const [noise, noiseDeviation] = moments(layers.gaussianNoise({ stddev: 0.5 }).apply(ones, training));
    expect(noise).toBeCloseTo(1, 1);
    expect(noiseDeviation).toBeCloseTo(0.5, 1);
    const [dropped, droppedDeviation] = moments(layers.gaussianDropout({ rate: 0.2 }).apply(ones, training));
    expect(dropped).toBeCloseTo(1, 1);
    expect(droppedDeviation).toBeCloseTo(0.5, 1);
    const normal = tf.randomNormal([200, 100]);
    const [alpha, alphaDeviation] = moments(layers.alphaDropout({ rate: 0.3 }).apply(normal, training));
    expect(alpha).toBeCloseTo(0, 1);
    expect(alphaDeviation).toBeCloseTo(1, 1);
    expect(moments(layers.dropout({ rate: 0.3 }).apply(ones, training))[0]).toBeCloseTo(1, 1);
  });

  it('is the same for one seed, and goes on from call to call', () => {
    for (const make of [
      () => layers.dropout({ rate: 0.5, seed: 7 }),
      () => layers.gaussianNoise({ stddev: 0.5, seed: 7 }),
      () => layers.gaussianDropout({ rate: 0.5, seed: 7 }),
      () => layers.alphaDropout({ rate: 0.5, seed: 7 }),
    ]) {
      const [a, b] = [make(), make()];
      const first = a.apply(tf.ones([4, 8]), training);
      expect(b.apply(tf.ones([4, 8]), training)).toBeAllClose(first);
      expect(a.apply(tf.ones([4, 8]), training)).not.toBeAllClose(first);
    }
  });

  it('drops whole feature maps', () => {
    const dropped = layers.spatialDropout2d({ rate: 0.5, seed: 1 }).apply(tf.ones([4, 3, 3, 8]), training);
    const maps = tf.mean(dropped, [1, 2]);
    expect(tf.all(tf.logicalOr(tf.equal(maps, 0), tf.equal(maps, 2))).item()).toBe(1);
    const byChannel = layers.spatialDropout3d({ rate: 0.5, dataFormat: 'channelsFirst' });
    const volume = byChannel.apply(tf.ones([2, 6, 2, 3, 2]), training);
    expect(tf.moments(volume, [2, 3, 4]).variance).toBeAllClose(tf.zeros([2, 6]));
    expect(
      layers
        .dropout({ rate: 0.5, noiseShape: [null, 1] })
        .apply(tf.ones([9, 5]), training)
        .sum(1)
        .mod(10),
    ).toBeAllClose(tf.zeros([9]));
  });

  it('refuses strengths that are none', () => {
    expect(() => layers.gaussianNoise({ stddev: 2 })).toThrow(/expected a stddev between 0 and 1, got 2/);
    expect(() => layers.alphaDropout({ rate: 1 })).toThrow(/rate below 1/);
  });
});

describe('SpectralNormalization', () => {
  it('brings the kernel to the spectral norm 1', () => {
    const inner = layers.dense({ units: 4, kernelInitializer: 'randomNormal' });
    const layer = layers.spectralNormalization({ layer: inner, powerIterations: 30 });
    const x = tf.randomNormal([2, 6]);
    layer.apply(x, training);
    expect(tf.linalg.svd(inner.kernel!.read())[0].max().item()).toBeCloseTo(1, 4);
    inner.kernel!.assign(tf.zeros([6, 4]));
    layer.apply(x, training);
    expect(inner.kernel!.read()).toBeAllClose(tf.zeros([6, 4]));
    expect(() => layers.spectralNormalization({ layer: layers.flatten() }).apply(x)).toThrow(
      /neither kernel nor embeddings/,
    );
  });
});

describe('in half precision', () => {
  it('normalizes what would overflow', () => {
    for (const layer of [
      layers.layerNormalization({ dtype: 'mixed_float16' }),
      layers.batchNormalization({ dtype: 'mixed_float16' }),
      layers.rmsNormalization({ dtype: 'mixed_float16' }),
      layers.groupNormalization({ groups: 2, dtype: 'mixed_float16' }),
    ]) {
      const y = layer.apply(tf.tensor([[30000, -30000, 20000, 10000]]), training);
      expect(y.dtype).toBe('float16');
      expect(tf.all(tf.isFinite(tf.cast(y, 'float32'))).item()).toBe(1);
    }
  });
});
