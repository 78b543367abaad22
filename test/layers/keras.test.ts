/** @file Layers, activations, losses, metrics and optimizers against Keras 3 (test/fixtures/layers/make.py). */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { getActivation } from '../../src/activations/index.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

const close = { rtol: 2e-5, atol: 2e-5 };
const title = (name: string, options: object): string => `${name} ${JSON.stringify(options)}`;

interface LayerCase {
  readonly layer: keyof typeof tf.layers;
  readonly options: object;
  readonly training: boolean;
  readonly input: FixtureArray;
  readonly weights: FixtureArray[];
  readonly output: FixtureArray;
  readonly weightsAfter: FixtureArray[];
  readonly cotangent: FixtureArray;
  readonly gradients: FixtureArray[];
}

describe('layers as in Keras', () => {
  for (const fixture of readFixture<LayerCase[]>('layers/layers.json')) {
    const make = tf.layers[fixture.layer] as (options: object) => tf.layers.Layer;
    const build = () => {
      const layer = make(fixture.options);
      layer.ensureBuilt(fixture.input.shape);
      // Keras lists trainable weights first, as these layers do.
      layer.setWeights(fixture.weights.map(toTensor));
      return layer;
    };

    it(`${title(fixture.layer, fixture.options)}${fixture.training ? ' in training' : ''}`, () => {
      const layer = build();
      const x = toTensor(fixture.input);
      const tape = new tf.GradientTape();
      tape.watch(x);
      const { y, target } = tape.record(() => {
        const y = layer.apply(x, { training: fixture.training });
        return { y, target: tf.sum(tf.mul(y, toTensor(fixture.cotangent))) };
      });
      expect(y).toBeAllClose(toTensor(fixture.output), close);
      const trainable = layer.trainableWeights;
      const [dx, ...dw] = tape.gradient(target, [x, ...trainable.map((w) => w)]) as tf.Tensor[];
      [dx, ...dw].forEach((gradient, i) => expect(gradient).toBeAllClose(toTensor(fixture.gradients[i]), close));
      layer.getWeights().forEach((w, i) => expect(w).toBeAllClose(toTensor(fixture.weightsAfter[i]), close));
    });

    it(`${title(fixture.layer, fixture.options)}: output shape, known and in the batch unknown`, () => {
      const layer = build();
      expect(layer.computeOutputShape(fixture.input.shape)).toEqual(fixture.output.shape);
      expect(layer.computeOutputShape([null, ...fixture.input.shape.slice(1)])).toEqual([
        null,
        ...fixture.output.shape.slice(1),
      ]);
    });

    it(`${title(fixture.layer, fixture.options)}: made again from its config`, () => {
      const layer = build();
      const again = make(layer.getConfig());
      again.ensureBuilt(fixture.input.shape);
      again.setWeights(layer.getWeights());
      expect(again.apply(toTensor(fixture.input))).toBeAllClose(layer.apply(toTensor(fixture.input)));
      expect(again.getConfig()).toEqual(layer.getConfig());
    });
  }
});

describe('activations as in Keras', () => {
  const { x, values } = readFixture<{ x: FixtureArray; values: Record<string, FixtureArray> }>(
    'layers/activations.json',
  );
  for (const [name, expected] of Object.entries(values))
    it(name, () => expect(getActivation(name)(toTensor(x))).toBeAllClose(toTensor(expected), close));

  it('threshold keeps what is above it', () =>
    expect(tf.activations.threshold(tf.tensor([-1, 0.5, 2]), 1, 7)).toBeAllClose([7, 7, 2]));
});

interface LossCase {
  readonly loss: string;
  readonly options: object;
  readonly yTrue: FixtureArray;
  readonly yPred: FixtureArray;
  readonly perSample: FixtureArray;
  readonly sampleWeight: FixtureArray;
  readonly mean: number;
  readonly weighted: number;
  readonly weightedMean: number;
  readonly sum: number;
}

describe('losses as in Keras', () => {
  for (const fixture of readFixture<LossCase[]>('layers/losses.json'))
    it(title(fixture.loss, fixture.options), () => {
      const LossClass = tf.losses[fixture.loss as 'Huber'] as new (options: object) => tf.losses.Loss;
      const [yTrue, yPred, weight] = [fixture.yTrue, fixture.yPred, fixture.sampleWeight].map(toTensor);
      const reduced = (reduction: string, weights?: tf.Tensor) =>
        new LossClass({ ...fixture.options, reduction }).apply(yTrue, yPred, weights);
      expect(reduced('none')).toBeAllClose(toTensor(fixture.perSample), close);
      expect(reduced('sumOverBatchSize')).toBeAllClose(fixture.mean, close);
      expect(reduced('sumOverBatchSize', weight)).toBeAllClose(fixture.weighted, close);
      expect(reduced('meanWithSampleWeight', weight)).toBeAllClose(fixture.weightedMean, close);
      expect(reduced('sum', weight)).toBeAllClose(fixture.sum, close);
    });
});

interface MetricCase {
  readonly metric: string;
  readonly options: object;
  readonly batches: [FixtureArray, FixtureArray, FixtureArray?][];
  readonly results: number[];
}

describe('metrics as in Keras', () => {
  for (const fixture of readFixture<MetricCase[]>('layers/metrics.json'))
    it(title(fixture.metric, fixture.options), () => {
      const MetricClass = tf.metrics[fixture.metric as 'Accuracy'] as new (options: object) => tf.metrics.Metric;
      const metric = new MetricClass(fixture.options);
      const run = () =>
        fixture.batches.forEach(([yTrue, yPred, weight], i) => {
          metric.updateState(toTensor(yTrue), toTensor(yPred), weight && toTensor(weight));
          expect(metric.result()).toBeAllClose(fixture.results[i], close);
        });
      run();
      metric.resetState();
      run();
    });
});

interface OptimizerCase {
  readonly optimizer: 'SGD' | 'Adam' | 'RMSprop';
  readonly options: object;
  readonly initial: FixtureArray[];
  readonly steps: { readonly gradients: FixtureArray[]; readonly values: FixtureArray[] }[];
}

describe('optimizers step by step as in Keras', () => {
  for (const fixture of readFixture<OptimizerCase[]>('layers/optimizers.json'))
    for (const compiled of [false, true])
      it(`${title(fixture.optimizer, fixture.options)}${compiled ? ' compiled' : ''}`, () => {
        const optimizer = new tf.optimizers[fixture.optimizer](fixture.options);
        const variables = fixture.initial.map((value) => tf.variable(toTensor(value)));
        const apply = (gradients: tf.Tensor[]) => optimizer.applyGradients(gradients.map((g, i) => [g, variables[i]]));
        const step = compiled ? tf.function(apply) : apply;
        for (const { gradients, values } of fixture.steps) {
          step(gradients.map(toTensor));
          variables.forEach((variable, i) => expect(variable.read()).toBeAllClose(toTensor(values[i]), close));
        }
        expect(optimizer.iterations.read()).toBeAllClose(fixture.steps.length);
      });
});
