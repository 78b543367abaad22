/** @file Attention layers against Keras 3 (test/fixtures/layers/attention.py), and how they take their inputs. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { describeLayerCases } from '../support/layer-cases.ts';

describeLayerCases('attention.json');

describe('MultiHeadAttention', () => {
  const make = () => tf.layers.multiHeadAttention({ numHeads: 2, keyDim: 3, name: 'attention' });
  const [query, value, key] = [tf.randomNormal([2, 3, 4]), tf.randomNormal([2, 5, 4]), tf.randomNormal([2, 5, 4])];

  it('takes value and key among the inputs or among the options', () => {
    const layer = make();
    const expected = layer.apply([query, value, key]);
    expect(layer.apply(query, { value, key })).toBeAllClose(expected);
    expect(() => layer.apply(query)).toThrow(/expected query and value/);
  });

  it('is a part of functional models, which configs hold as Keras does', () => {
    const x = tf.input({ shape: [null, 4] });
    const y = make().apply(tf.layers.dense({ units: 4 }).apply(x), { value: x, useCausalMask: true });
    expect(y.shape).toEqual([null, null, 4]);
    const model = tf.model({ inputs: x, outputs: y });
    const config = JSON.parse(JSON.stringify(model.getConfig())) as {
      layers: { name: string; inboundNodes: { args: unknown[] }[] }[];
    };
    expect(config.layers.find(({ name }) => name === 'attention')?.inboundNodes[0].args.length).toBe(2);
    const again = tf.Functional.fromConfig(config as never);
    again.setWeights(model.getWeights());
    expect(again.apply(value)).toBeAllClose(model.apply(value));
  });

  it('learns to look where it should', async () => {
    tf.setSeed(5);
    // The answer is the vector of the step that is marked.
    const steps = 6;
    const marks = tf.oneHot(tf.randomUniformInt([256], 0, steps), steps).expandDims(-1);
    const vectors = tf.randomNormal([256, steps, 3]);
    const x = tf.concat([vectors, marks], -1);
    const y = tf.sum(tf.mul(vectors, marks), 1);
    const input = tf.input({ shape: [steps, 4] });
    const seen = tf.layers.multiHeadAttention({ numHeads: 1, keyDim: 8 }).apply([input, input]);
    const model = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 3 }).apply(tf.mean(seen, 1)) });
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'mse' });
    const { history } = await model.fit(x, y, { epochs: 30, verbose: 0 });
    expect(history.loss.at(-1)).toBeLessThan(0.2 * history.loss[0]);
  });
});
