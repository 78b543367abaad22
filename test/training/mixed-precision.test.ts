/** @file Training in half precision: dtype policies, and losses that are scaled. */
import { afterEach, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const { dense, activation, batchNormalization } = tf.layers;

describe('mixed precision', () => {
  afterEach(() => tf.mixedPrecision.setGlobalPolicy('float32'));

  it('computes in float16 with weights in float32, and learns', async () => {
    tf.setSeed(1);
    tf.mixedPrecision.setGlobalPolicy('mixed_float16');
    const x = tf.randomNormal([256, 8]);
    const y = tf.cast(tf.greater(x.sum(1), 0), 'int32');
    const model = tf.sequential({
      layers: [
        dense({ units: 16, activation: 'relu', inputShape: [8] }),
        batchNormalization(),
        dense({ units: 2 }),
        activation({ activation: 'softmax', dtype: 'float32' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    expect(model.optimizer).toBeInstanceOf(tf.mixedPrecision.LossScaleOptimizer);
    const { history } = await model.fit(x, y, { epochs: 25, verbose: 0 });
    expect(history.loss.at(-1)).toBeLessThan(0.6 * history.loss[0]);
    expect(new Set(model.weights.map(({ dtype }) => dtype))).toEqual(new Set(['float32']));
    expect(model.layers[0].apply(x).dtype).toBe('float16');
    expect(model.predict(x).dtype).toBe('float32');
  });

  it('is a policy of single layers as well', () => {
    const layer = dense({ units: 3, dtype: 'mixed_float16' });
    const y = layer.apply(tf.ones([2, 4]));
    expect([y.dtype, layer.kernel!.dtype, layer.computeDtype, layer.dtype]).toEqual([
      'float16',
      'float32',
      'float16',
      'float32',
    ]);
    expect(layer.getConfig().dtype).toBe('mixed_float16');
    expect(dense({ units: 3, dtype: 'float64' }).apply(tf.ones([2, 4])).dtype).toBe('float64');
    expect(() => dense({ units: 3, dtype: 'mixed_bfloat16' })).toThrow(/no bfloat16 here: take mixed_float16/);
    expect(() => tf.mixedPrecision.setGlobalPolicy('int32')).toThrow(/floating dtype/);
  });
});
