/** @file Files written here load in Python's Keras, with the same predictions and optimizer state; where a Python that has it is named (TENSORCELL_PEER_PYTHON). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { Scale } from './scale-layer.ts';

const python = process.env.TENSORCELL_PEER_PYTHON;
/** The largest difference of a prediction in each file, as of the last run with TENSORCELL_RECORD=1. */
const record = new URL('../fixtures/keras-files/written-here.json', import.meta.url);

tf.serialization.registerClass(Scale, 'fixtures');

interface Case {
  readonly model: tf.Model;
  readonly inputs: Record<string, tf.Tensor> | tf.Tensor;
  readonly forms?: readonly string[];
}

const data = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);

const cases: Record<string, () => Promise<Case>> = {
  async convolutional() {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [6, 6, 2] }),
        tf.layers.batchNormalization(),
        tf.layers.maxPooling2d(),
        tf.layers.dropout({ rate: 0.2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 4, activation: 'softmax', kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }) }),
      ],
    });
    model.compile({
      optimizer: tf.optimizers.adam({ learningRate: 0.01, beta1: 0.8 }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy', 'sparseTopKCategoricalAccuracy'],
    });
    await model.fit(data([8, 6, 6, 2], 1), tf.tensor([0, 1, 2, 3, 0, 1, 2, 3]), { epochs: 1, verbose: 0 });
    return { model, inputs: data([2, 6, 6, 2], 2) };
  },
  async operations() {
    const x = tf.input({ shape: [3, 4], name: 'x' });
    // With their own defaults, where Keras has others.
    const outputs = [
      tf.cast(tf.argMax(x, 1), 'float32'),
      tf.cast(tf.oneHot(tf.argMin(x, -1), 4), 'float32'),
      tf.cumprod(x, 1),
      tf.einsum('bij,bkj->bik', x, x),
      tf.expandDims(tf.reshape(tf.gather(x, [1, 0]), [-1, 12]), 1),
      tf.gelu(x),
      tf.norm(x, 1, -1),
      tf.pad(
        x,
        [
          [0, 0],
          [1, 0],
          [0, 2],
        ],
        3,
      ),
      tf.reshape(tf.cumsum(x), [-1, 12]),
      tf.split(x, [1, 3], 2)[1],
      tf.sub(1, x),
      tf.topk(x).values,
      tf.unstack(x, 1)[1],
    ];
    return { model: tf.model({ inputs: x, outputs }), inputs: data([2, 3, 4], 3), forms: ['keras'] };
  },
  async functional() {
    const a = tf.input({ shape: [4], name: 'a' });
    const b = tf.input({ shape: [4], name: 'b' });
    const shared = tf.layers.dense({ units: 3, activation: 'tanh', name: 'shared' });
    const x = tf.input({ shape: [4], name: 'x' });
    const inner = tf.model({ inputs: x, outputs: tf.layers.dense({ units: 3, name: 'deep' }).apply(x), name: 'inner' });
    const joined = tf.layers.concatenate({ name: 'join' }).apply([shared.apply(a), shared.apply(b), inner.apply(b)]);
    const changed = tf.add(tf.relu(joined), tf.mul(joined, 0.5));
    const first = tf.layers.dense({ units: 2, name: 'first' }).apply(changed);
    const second = tf.layers.dense({ units: 1, name: 'second' }).apply(tf.mean(joined, -1, true));
    const model = tf.model({ inputs: { a, b }, outputs: [first, second, inner.apply(a)], name: 'several' });
    const optimizer = tf.optimizers.sgd({
      learningRate: new tf.optimizers.schedules.ExponentialDecay({
        initialLearningRate: 0.1,
        decaySteps: 10,
        decayRate: 0.9,
      }),
      momentum: 0.9,
      clipNorm: 1,
    });
    model.compile({ optimizer, loss: ['meanSquaredError', 'huber', 'mae'], lossWeights: [1, 0.5, 0.2] });
    const inputs = { a: data([8, 4], 3), b: data([8, 4], 4) };
    await model.fit(inputs, [data([8, 2], 5), data([8, 1], 6), data([8, 3], 7)], { epochs: 1, verbose: 0 });
    return { model, inputs: { a: data([2, 4], 8), b: data([2, 4], 9) } };
  },
  async recurrent() {
    const model = tf.sequential({
      layers: [
        tf.layers.lstm({ units: 2, returnSequences: true, inputShape: [5, 3] }),
        tf.layers.gru({ units: 2, returnSequences: true }),
        tf.layers.rnn({ cell: [new tf.layers.LSTMCell({ units: 2 }), new tf.layers.SimpleRNNCell({ units: 3 })] }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    return { model, inputs: data([2, 5, 3], 10) };
  },
  async wrapped() {
    const x = tf.input({ shape: [4, 6], name: 'x' });
    const each = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 6 }) }).apply(x);
    const normed = tf.layers.spectralNormalization({ layer: tf.layers.dense({ units: 6 }) }).apply(each);
    const heads = tf.layers.multiHeadAttention({ numHeads: 2, keyDim: 3 }).apply([normed, each]);
    const grouped = tf.layers
      .groupQueryAttention({ headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2 })
      .apply([heads, each]);
    const sum = tf.layers.layerNormalization().apply(tf.layers.add().apply([normed, grouped]));
    const both = tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2, returnSequences: true }) }).apply(sum);
    const y = tf.layers.prelu({ sharedAxes: [1] }).apply(both.at(':', '-2:'));
    return { model: tf.model({ inputs: x, outputs: y, name: 'wrapped' }), inputs: data([2, 4, 6], 12) };
  },
  async registered() {
    const model = tf.sequential({ layers: [new Scale({ start: 3, inputShape: [4] }), tf.layers.dense({ units: 2 })] });
    model.setWeights(model.getWeights().map((weight) => tf.add(weight, 0.25)));
    return { model, inputs: data([2, 4], 11) };
  },
};

const flat = (value: unknown): number[] =>
  value instanceof tf.Tensor
    ? Array.from(value.dataSync() as ArrayLike<number | bigint>, Number)
    : Array.isArray(value)
      ? value.flatMap(flat)
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(flat)
        : [Number(value)];

const nested = (inputs: Case['inputs']): unknown =>
  inputs instanceof tf.Tensor
    ? inputs.arraySync()
    : Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor.arraySync()]));

if (python) {
  describe("Python's Keras", () => {
    const folder = mkdtempSync(join(tmpdir(), 'python-peer-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('predicts the same with files written here', { timeout: 300_000 }, async () => {
      const written: Record<string, unknown> = {};
      const expected: Record<string, { outputs: number[]; optimizer: number[] | null }> = {};
      for (const [name, make] of Object.entries(cases)) {
        const { model, inputs, forms = ['keras', 'h5', 'weights.h5'] } = await make();
        await model.save(join(folder, `${name}.keras`));
        await model.save(join(folder, `${name}.h5`));
        await model.saveWeights(join(folder, `${name}.weights.h5`));
        written[name] = { inputs: nested(inputs), forms };
        expected[name] = {
          outputs: flat(model.predict(inputs)),
          optimizer: model.optimizer ? flat(model.optimizer.variables.map(({ value }) => value)) : null,
        };
      }
      writeFileSync(join(folder, 'cases.json'), JSON.stringify(written));
      const script = fileURLToPath(new URL('../fixtures/keras-files/predict.py', import.meta.url));
      const output = execFileSync(python, [script, folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      const { keras, cases: found } = JSON.parse(output.trim().split('\n').at(-1)!) as {
        keras: string;
        cases: Record<string, Record<string, { outputs: unknown; optimizer: unknown }>>;
      };
      const differences: Record<string, Record<string, number>> = {};
      for (const [name, forms] of Object.entries(found))
        for (const [form, { outputs, optimizer }] of Object.entries(forms)) {
          const difference = Math.max(...flat(outputs).map((value, i) => Math.abs(value - expected[name].outputs[i])));
          expect(difference, `${name}.${form}`).toBeLessThan(1e-5);
          (differences[name] ??= {})[form] = difference;
          // Keras 3.15 makes no state for what is in a model's layers before it reads that of HDF5 files, its own too.
          if (form === 'h5') continue;
          const state = optimizer === null ? null : flat(optimizer);
          expect(state?.length, `${name}.${form}: optimizer`).toBe(expected[name].optimizer?.length);
          state?.forEach((value, i) => expect(value).toBeCloseTo(expected[name].optimizer![i], 5));
        }
      if (process.env.TENSORCELL_RECORD) writeFileSync(record, `${JSON.stringify({ keras, differences }, null, 2)}\n`);
    });
  });
} else {
  it("has a record of Keras's predictions with files written here", () => {
    const { differences } = JSON.parse(readFileSync(record, 'utf8')) as {
      differences: Record<string, Record<string, number>>;
    };
    for (const byForm of Object.values(differences))
      for (const difference of Object.values(byForm)) expect(difference).toBeLessThan(1e-5);
  });
}
