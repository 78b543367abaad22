/** @file Optimizers within `fit`: the compiled step does what the eager one does, with every option. */
import { describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const { optimizers } = tf;
const x = tf.randomNormal([32, 3], 0, 1, 'float32', 1);
const y = tf.mul(tf.sum(x, 1, true), 0.5);

function modelWith(optimizer: tf.Optimizer, runEagerly: boolean): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        inputShape: [3],
        activation: 'tanh',
        kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.8 }),
        kernelRegularizer: tf.regularizers.l1l2({ l1: 0.01, l2: 0.01 }),
      }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.orthogonal({ seed: 2 }) }),
    ],
  });
  model.compile({ optimizer, loss: 'mse', runEagerly });
  return model;
}

const cosine = { initialLearningRate: 0.01, decaySteps: 12, warmupTarget: 0.1, warmupSteps: 4 };
const cases: Record<string, () => tf.Optimizer> = {
  'sgd by a schedule': () =>
    optimizers.sgd({ learningRate: new optimizers.schedules.CosineDecay(cosine), momentum: 0.9 }),
  'adamW, clipped': () => optimizers.adamW({ learningRate: 0.05, weightDecay: 0.1, globalClipNorm: 0.5 }),
  'adam with moving averages': () => optimizers.adam({ learningRate: 0.05, useEma: true, emaMomentum: 0.9 }),
  'nadam, gathering gradients': () => optimizers.nadam({ learningRate: 0.05, gradientAccumulationSteps: 3 }),
  muon: () => optimizers.muon({ learningRate: 0.05 }),
  adafactor: () => optimizers.adafactor({ learningRate: 0.1 }),
  'lamb, its loss scaled': () => new optimizers.LossScaleOptimizer({ innerOptimizer: optimizers.lamb(0.02), dynamicGrowthSteps: 5 }), // prettier-ignore
  'two optimizers': () =>
    new optimizers.MultiOptimizer({
      optimizerMap: ({ shape }) => (shape.length === 2 ? optimizers.lion(0.01) : optimizers.ftrl(0.1)),
    }),
};

describe('fit', () => {
  it.each(Object.keys(cases))('%s: compiled as eagerly, and the loss falls', async (name) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const weights: tf.Tensor[][] = [];
    for (const runEagerly of [false, true]) {
      const optimizer = cases[name]();
      const model = modelWith(optimizer, runEagerly);
      const { history } = await model.fit(x, y, { epochs: 4, batchSize: 8, shuffle: false, verbose: 0 });
      expect(Number(history.loss.at(-1))).toBeLessThan(Number(history.loss[0]));
      expect(optimizer.iterations.read()).toBeAllClose(16);
      weights.push(model.getWeights());
      const lengths = tf.sqrt(tf.sum(tf.square(model.getWeights()[0]), 0));
      // As in Keras, means are of the values before the constraint.
      if (!optimizer.useEma) expect(Number(tf.max(lengths).dataSync()[0])).toBeLessThan(0.8 + 1e-5);
      if (optimizer.useEma)
        for (const [variable, average] of optimizer.movingAverages)
          expect(variable.read()).toBeAllClose(average.read(), { rtol: 0, atol: 0 });
    }
    weights[0].forEach((weight, i) => expect(weight).toBeAllClose(weights[1][i], { rtol: 1e-3, atol: 1e-4 }));
    expect(warn.mock.calls.filter(([text]) => /cannot be compiled/.test(String(text)))).toEqual([]);
    warn.mockRestore();
  });
});
