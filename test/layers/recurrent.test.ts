/** @file Recurrent layers against Keras 3 (test/fixtures/layers/recurrent.py), and what only they do. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { describeLayerCases } from '../support/layer-cases.ts';
import '../support/tensors.ts';

describeLayerCases('recurrent.json');

describe('a large batch, whose products are made step by step', () => {
  const [batch, steps, features] = [64, 64, 3];
  const layers = {
    LSTM: () => tf.layers.lstm({ units: 64, returnSequences: true, dtype: 'float64' }),
    SimpleRNN: () => tf.layers.simpleRNN({ units: 256, returnSequences: true, useBias: false, dtype: 'float64' }),
  };

  it.each(Object.entries(layers))('gives what its halves give: %s', (_, make) => {
    const layer = make();
    const x = tf.randomNormal([batch, steps, features], 0, 1, 'float64', 1);
    const mask = tf.randomUniform([batch, steps], 0, 1, 'float64', 2).greater(0.2);
    const results = (inputs: Tensor, given: Tensor): Tensor[] => {
      const tape = new tf.GradientTape();
      const [outputs, loss] = tape.record(() => {
        const each = layer.apply<Tensor>(inputs, { mask: given });
        return [each, each.square().sum()];
      });
      const gradients = tape.gradient(loss, layer.trainableWeights) as Tensor[];
      return [outputs, ...gradients];
    };
    const half = (i: number): Tensor[] =>
      results(x.slice([i * 32, 0, 0], [32, steps, features]), mask.slice([i * 32, 0], [32, steps]));
    const [whole, first, second] = [results(x, mask), half(0), half(1)];
    expect(whole[0]).toBeAllClose(tf.concat([first[0], second[0]]));
    whole.slice(1).forEach((gradient, i) => expect(gradient).toBeAllClose(first[i + 1].add(second[i + 1])));
    const traced = tf.function((inputs: Tensor, given: Tensor) => layer.apply<Tensor>(inputs, { mask: given }));
    expect(traced(x, mask)).toBeAllClose(whole[0]);
  });
});
