/** @file Functional models: composed of symbolic tensors, by layers and by operations. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const { dense, flatten } = tf.layers;
const roundTrip = (model: tf.Functional): tf.Functional => {
  const again = tf.Functional.fromConfig(JSON.parse(JSON.stringify(model.getConfig())));
  again.setWeights(model.getWeights());
  return again;
};

describe('symbolic tensors', () => {
  const x = tf.input({ shape: [null, 4], name: 'steps' });

  it('have dtype, name and shape, and no values', () => {
    expect(x).toBeInstanceOf(tf.SymbolicTensor);
    expect([x.name, x.dtype, x.shape]).toEqual(['steps', 'float32', [null, null, 4]]);
    expect(() => x.dataSync()).toThrow(/'steps' .*\[\?, \?, 4\]\) has no values.*tf\.model/);
    expect(() => tf.input({})).toThrow(/expected a shape/);
  });

  it('go through operations, methods and layers', () => {
    expect(tf.matMul(x, tf.ones([4, 5])).shape).toEqual([null, null, 5]);
    expect(x.add(1).sum(-1).shape).toEqual([null, null]);
    expect(tf.sub(1, x).shape).toEqual([null, null, 4]);
    expect(tf.concat([x, x], 1).shape).toEqual([null, null, 4]);
    expect(tf.split(x, 2, -1).map(({ shape }) => shape)).toEqual([
      [null, null, 2],
      [null, null, 2],
    ]);
    expect(tf.argMax(x, -1).dtype).toBe('int32');
    expect(tf.moments(x, [1]).mean.shape).toEqual([null, 4]);
    expect(dense({ units: 3 }).apply(x).shape).toEqual([null, null, 3]);
    expect(tf.complex(x, x).dtype).toBe('complex64');
  });

  it('are refused by operations whose results depend on values', () => {
    expect(() => tf.unique(tf.input({ shape: [] }))).toThrow(/unique cannot be applied to the symbolic tensor/);
    expect(() => tf.matMul(x, tf.ones([3, 5]))).toThrow(/matMul/);
  });
});

describe('a functional model', () => {
  const x = tf.input({ shape: [4] });
  const shared = dense({ units: 8, activation: 'relu', name: 'shared' });
  const [once, twice] = [shared.apply(x), shared.apply(tf.mul(x, 2))];
  const joined = tf.concat([once, twice, x.add(1)], -1);
  const model = tf.model({ inputs: x, outputs: dense({ units: 3, name: 'scores' }).apply(joined), name: 'branches' });
  const data = tf.tensor([
    [1, -2, 3, 0.5],
    [0, 1, -1, 2],
  ]);

  it('computes what its parts compute', () => {
    const [kernel, bias] = shared.getWeights();
    const hidden = (v: tf.Tensor): tf.Tensor => v.matMul(kernel).add(bias).relu();
    const features = tf.concat([hidden(data), hidden(data.mul(2)), data.add(1)], -1);
    const [last, lastBias] = model.getLayer('scores').getWeights();
    expect(model.apply(data)).toBeAllClose(features.matMul(last).add(lastBias));
    expect(tf.function((v: tf.Tensor) => model.apply(v))(data)).toBeAllClose(model.apply(data));
  });

  it("knows its layers, weights and names in Keras's order", () => {
    expect(model.layers.map(({ name }) => name)).toEqual([x.name, 'shared', 'scores']);
    expect(model.weights.map(({ name }) => name)).toEqual([
      'shared/kernel',
      'shared/bias',
      'scores/kernel',
      'scores/bias',
    ]);
    expect([model.inputShape, model.outputShape]).toEqual([
      [null, 4],
      [null, 3],
    ]);
    expect([model.inputNames, model.outputNames]).toEqual([[x.name], ['scores']]);
    expect([shared.output === once, shared.getOutputAt(1) === twice]).toEqual([true, true]);
    expect(() => shared.getOutputAt(9)).toThrow(/no use number 9/);
  });

  it('is made again from its config', () => {
    const again = roundTrip(model);
    expect(again.apply(data)).toBeAllClose(model.apply(data));
    expect(again.getConfig()).toEqual(model.getConfig());
  });

  it('takes several inputs by place or by name, in the dtype and rank of each', () => {
    const a = tf.input({ shape: [4], name: 'a' });
    const b = tf.input({ shape: [2, 2], name: 'b', dtype: 'int32' });
    const c = tf.input({ shape: [1], name: 'c' });
    const sums = tf.add(tf.sum(tf.cast(b, 'float32'), [1, 2]), tf.squeeze(c, [1]));
    const byList = tf.model({ inputs: [a, b, c], outputs: { hidden: shared.apply(a), sums } });
    const byName = tf.model({ inputs: { a, b, c }, outputs: [shared.apply(a), sums] });
    const given = { b: tf.ones([2, 2, 2]).mul(2.5), c: tf.tensor([1, 2]), a: data };
    const { hidden, sums: values } = byList.apply<{ hidden: tf.Tensor; sums: tf.Tensor }>(given);
    expect(hidden).toBeAllClose(shared.apply(data));
    expect(values).toBeAllClose([9, 10]);
    const [h, s] = byName.apply<tf.Tensor[]>(given);
    expect(h).toBeAllClose(hidden);
    expect(s).toBeAllClose(values);
    expect(roundTrip(byName).apply<tf.Tensor[]>(given)[0]).toBeAllClose(h);
    expect(byList.outputNames[0]).toBe('shared');
    expect(() => byList.apply([data])).toThrow(/expected the 3 inputs 'a' \[\?, 4\], .*got 1 tensor/);
    expect(() => byList.apply([tf.ones([2, 5]), given.b, given.c])).toThrow(/input 'a' expects the shape \[\?, 4\]/);
  });

  it('is made from within another model, whose layers it shares', () => {
    const whole = tf.sequential({
      layers: [dense({ units: 8, inputShape: [4] }), dense({ units: 6, activation: 'tanh' }), dense({ units: 2 })],
    });
    const head = tf.model({ inputs: whole.input, outputs: whole.layers[1].output });
    const tail = tf.model({ inputs: whole.layers[1].output, outputs: whole.output });
    expect(tail.apply(head.apply(data))).toBeAllClose(whole.apply(data));
    expect(tail.weights.every((weight, i) => weight === whole.layers[2].weights[i])).toBe(true);
    const features = tf.model({ inputs: whole.input, outputs: whole.layers.map((layer) => layer.output) });
    expect(features.apply<tf.Tensor[]>(data).map(({ shape }) => shape)).toEqual([
      [2, 8],
      [2, 6],
      [2, 2],
    ]);
  });

  it('holds models, and knows its shape for other sizes', () => {
    const steps = tf.input({ shape: [null, 4] });
    const inner = tf.sequential({ layers: [dense({ units: 5 })], name: 'inner' });
    const outer = tf.model({ inputs: steps, outputs: tf.mean(inner.apply(steps), [1]) });
    expect(outer.apply(tf.ones([2, 7, 4])).shape).toEqual([2, 5]);
    expect(outer.computeOutputShape([3, 9, 4])).toEqual([3, 5]);
    expect(roundTrip(outer).apply(tf.ones([2, 7, 4]))).toBeAllClose(outer.apply(tf.ones([2, 7, 4])));
    const images = tf.input({ shape: [2, 2] });
    expect(tf.model({ inputs: images, outputs: model.apply(flatten().apply(images)) }).outputShape).toEqual([null, 3]);
  });

  it('refuses what is no model', () => {
    const other = tf.input({ shape: [4], name: 'other' });
    expect(() => tf.model({ inputs: other, outputs: model.output })).toThrow(/depend on the symbolic tensor/);
    expect(() => tf.model({ inputs: tf.ones([2, 4]), outputs: model.output })).toThrow(
      /expected inputs to be symbolic tensors.*a tensor with values/,
    );
    const [p, q] = [dense({ units: 2, name: 'same' }), dense({ units: 2, name: 'same' })];
    expect(() => tf.model({ inputs: other, outputs: q.apply(p.apply(other)) })).toThrow(/two layers named 'same'/);
    const config = model.getConfig() as { layers: { inboundNodes: unknown[] }[] };
    const broken = { ...config, layers: config.layers.slice(1) };
    expect(() => tf.Functional.fromConfig(broken)).toThrow(/layer 'input_layer\w*' that it does not have/);
  });
});
