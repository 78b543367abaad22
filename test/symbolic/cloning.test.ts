/** @file cloneModel: the same architecture, new weights. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const { dense, dropout } = tf.layers;
const x = tf.randomNormal([3, 4]);
type Outputs = { y: tf.Tensor };

describe('cloneModel', () => {
  const a = tf.input({ shape: [4], name: 'a' });
  const shared = dense({ units: 5, activation: 'tanh', name: 'shared' });
  const twice = tf.add(shared.apply(a), shared.apply(tf.mul(a, 2)));
  const y = dense({ units: 2, name: 'last' }).apply(twice);
  const model = tf.model({ inputs: a, outputs: { y }, name: 'branches' });

  it('of a functional model has layers of its own, shared where they were', () => {
    const copy = tf.cloneModel(model);
    expect(copy.layers.map(({ name }) => name)).toEqual(['a', 'shared', 'last']);
    expect(copy.weights.length).toBe(4);
    expect(copy.weights[0] === model.weights[0]).toBe(false);
    expect(copy.apply<Outputs>(x).y).not.toBeAllClose(model.apply<Outputs>(x).y);
    copy.setWeights(model.getWeights());
    expect(copy.apply<Outputs>(x).y).toBeAllClose(model.apply<Outputs>(x).y);
  });

  it('takes layers that a function makes, and tensors to begin with', () => {
    const other = tf.cloneModel(model, {
      cloneFunction: (layer) => (layer.name === 'shared' ? shared : dense({ units: 7 })),
    });
    expect(other.weights[0] === shared.kernel).toBe(true);
    expect(other.outputShape).toEqual({ y: [null, 7] });
    const outer = tf.input({ shape: [6] });
    const inner = tf.cloneModel(model, { inputTensors: outer });
    expect(inner.inputs[0] === outer).toBe(true);
    expect(inner.apply<Outputs>(tf.ones([2, 6])).y.shape).toEqual([2, 2]);
  });

  it('of a sequential model is sequential, built where that was', () => {
    const layers = [dense({ units: 3, inputShape: [4] }), dropout({ rate: 0.5 }), dense({ units: 2 })];
    const chain = tf.sequential({ layers });
    const copy = tf.cloneModel(chain);
    copy.setWeights(chain.getWeights());
    expect(copy.apply(x)).toBeAllClose(chain.apply(x));
    expect(tf.cloneModel(tf.sequential({ layers: [dense({ units: 3 })] })).built).toBe(false);
  });

  it('refuses a subclassed model', () => {
    class Own extends tf.Model {
      override call(inputs: tf.Tensor) {
        return inputs;
      }
    }
    expect(() => tf.cloneModel(new Own())).toThrow(/functional or sequential model, got Own/);
  });
});
