/** @file Whole trainings against Keras: losses, weights and metrics of several outputs, steps, validation, penalties. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

/** Arrays, as Keras's were nested. */
type FixtureTree = FixtureArray | null | FixtureTree[] | { [name: string]: FixtureTree };

const isArray = (tree: object): tree is FixtureArray => 'values' in tree && 'shape' in tree;

function toData(tree: FixtureTree): tf.DataTree | null {
  if (tree === null) return null;
  if (Array.isArray(tree)) return tree.map(toData);
  if (isArray(tree)) return toTensor(tree);
  return Object.fromEntries(Object.entries(tree).map(([name, child]) => [name, toData(child)]));
}

interface Case {
  readonly model: keyof typeof models;
  readonly optimizer: keyof typeof optimizers;
  readonly compile: tf.CompileOptions;
  readonly fit: tf.FitOptions;
  readonly x: FixtureTree;
  readonly y: FixtureTree;
  readonly data: Record<string, FixtureTree>;
  readonly initial: FixtureArray[];
  readonly history: Record<string, number[]>;
  readonly evaluated: tf.Logs;
  readonly final: FixtureArray[];
}

const dense = (units: number, name: string, options: object = {}) => tf.layers.dense({ units, name, ...options });
const input = (name: string, ...shape: number[]) => tf.input({ shape, name });

const models = {
  twoOutputs() {
    const [a, b] = [input('a', 4), input('b', 3)];
    const hidden = dense(5, 'hidden', { activation: 'tanh' }).apply(tf.concat([a, b], -1));
    const outputs = [dense(1, 'price').apply(hidden), dense(3, 'kind', { activation: 'softmax' }).apply(hidden)];
    return tf.model({ inputs: [a, b], outputs });
  },
  oneOutput() {
    const a = input('a', 4);
    const hidden = dense(5, 'hidden', { activation: 'tanh' }).apply(a);
    return tf.model({ inputs: a, outputs: dense(3, 'kind', { activation: 'softmax' }).apply(hidden) });
  },
  steps() {
    const a = input('a', 3, 4);
    return tf.model({
      inputs: a,
      outputs: dense(1, 'price').apply(dense(5, 'hidden', { activation: 'tanh' }).apply(a)),
    });
  },
  masked() {
    const a = input('a', 3, 4);
    const hidden = dense(5, 'hidden', { activation: 'tanh' }).apply(tf.layers.masking().apply(a));
    return tf.model({ inputs: a, outputs: dense(1, 'price').apply(hidden) });
  },
  penalised() {
    const a = input('a', 4);
    const hidden = dense(5, 'hidden', {
      activation: 'tanh',
      kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
      activityRegularizer: tf.regularizers.l1({ l1: 0.2 }),
    }).apply(a);
    return tf.model({ inputs: a, outputs: dense(1, 'price').apply(hidden) });
  },
};

const optimizers = {
  sgd: () => tf.train.sgd(0.05),
  adam: () => tf.train.adam(0.02),
  accumulating: () => new tf.optimizers.SGD({ learningRate: 0.05, gradientAccumulationSteps: 2 } as never),
};

describe('the numbers of Keras', () => {
  for (const [name, fixture] of Object.entries(readFixture<Record<string, Case>>('training/fit.json')))
    for (const runEagerly of [false, true])
      it(`${name}${runEagerly ? ', run eagerly' : ''}`, async () => {
        const model = models[fixture.model]();
        model.setWeights(fixture.initial.map(toTensor));
        model.compile({ ...fixture.compile, optimizer: optimizers[fixture.optimizer](), runEagerly });
        const data = Object.fromEntries(Object.entries(fixture.data).map(([key, tree]) => [key, toData(tree)]));
        const [x, y] = [toData(fixture.x)!, toData(fixture.y)];
        const { history } = await model.fit(x, y, { ...fixture.fit, ...data, shuffle: false, verbose: 0 });
        expect(Object.keys(history).sort()).toEqual(Object.keys(fixture.history).sort());
        for (const [key, values] of Object.entries(fixture.history))
          expect(history[key], key).toBeAllClose(values, { rtol: 1e-4, atol: 1e-5 });
        model
          .getWeights()
          .forEach((weight, i) => expect(weight).toBeAllClose(toTensor(fixture.final[i]), { rtol: 1e-3, atol: 1e-4 }));
        const evaluated = await model.evaluate(x, y, { batchSize: 4 });
        expect(Object.keys(evaluated).sort()).toEqual(Object.keys(fixture.evaluated).sort());
        for (const [key, value] of Object.entries(fixture.evaluated)) expect(evaluated[key], key).toBeCloseTo(value, 4);
      });
});
