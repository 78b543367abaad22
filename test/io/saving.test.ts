/** @file Models saved and loaded here: every form, optimizer state, resumed training, errors. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { Scale } from './scale-layer.ts';

const folder = mkdtempSync(join(tmpdir(), 'saving-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const path = (ending: string): string => join(folder, `${++files}${ending}`);

const data = (rows: number, columns: number, seed: number): tf.Tensor =>
  tf.randomUniform([rows, columns], -1, 1, 'float32', seed);
const numbers = (value: tf.Tensor): number[] => Array.from(value.dataSync() as Float32Array);
const weightsOf = (model: tf.Model): number[][] => model.weights.map((weight) => numbers(weight.value));
const stateOf = (model: tf.Model): number[][] =>
  model.optimizer!.variables.map((each) => Array.from(each.value.dataSync() as ArrayLike<number | bigint>, Number));

function small(): tf.Model {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'relu', inputShape: [4], kernelRegularizer: 'l2' }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 2, kernelInitializer: 'heNormal', activation: 'leakyRelu' }),
    ],
  });
  model.compile({
    optimizer: tf.optimizers.adam({ learningRate: 0.05, beta1: 0.8 }),
    loss: 'meanSquaredError',
    metrics: ['mae'],
  });
  return model;
}

function branching(): tf.Model {
  const a = tf.input({ shape: [4], name: 'a' });
  const b = tf.input({ shape: [4], name: 'b' });
  const shared = tf.layers.dense({ units: 3, activation: 'tanh', name: 'shared' });
  const inner = tf.model({ inputs: [a], outputs: tf.layers.dense({ units: 3, name: 'deep' }).apply(a), name: 'inner' });
  const joined = tf.layers.concatenate({ name: 'join' }).apply([shared.apply(a), shared.apply(b), inner.apply(b)]);
  const normal = tf.layers.layerNormalization({ name: 'normal' }).apply(joined);
  const first = tf.layers.dense({ units: 2, name: 'first' }).apply(tf.add(tf.relu(normal), tf.mul(normal, 0.5)));
  return tf.model({
    inputs: { a, b },
    outputs: [first, tf.layers.dense({ units: 1, name: 'second' }).apply(tf.mean(normal, -1, true))],
  });
}

describe.each(['.keras', '.h5'])('a %s file', (ending) => {
  it('holds weights, how the model is compiled and the state of the optimizer', async () => {
    const model = small();
    const [x, y] = [data(16, 4, 1), data(16, 2, 2)];
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    const file = path(ending);
    await model.save(file);
    const loaded = await tf.loadModel(file);
    expect(loaded.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    expect(stateOf(loaded)).toEqual(stateOf(model));
    expect(loaded.optimizer!.getConfig()).toEqual(model.optimizer!.getConfig());
    expect(numbers(loaded.predict(x) as tf.Tensor)).toEqual(numbers(model.predict(x) as tf.Tensor));
    expect(await loaded.evaluate(x, y)).toEqual(await model.evaluate(x, y));
    const configs = ({ layers }: tf.Model) =>
      // The shape of the inputs is the input layer's to say.
      layers.map((layer) => ({ ...layer.getConfig(), batchInputShape: undefined, kernelInitializer: undefined }));
    expect(configs(loaded)).toEqual(configs(model));
  });

  it('goes on with the training bit for bit', async () => {
    const [x, y] = [data(32, 4, 3), data(32, 2, 4)];
    const fit = (model: tf.Model, epochs: number, initialEpoch = 0) =>
      model.fit(x, y, { epochs, initialEpoch, batchSize: 8, shuffle: false, verbose: 0 });
    const whole = small();
    const start = whole.getWeights();
    const stopped = small();
    stopped.setWeights(start);
    await fit(whole, 5);
    await fit(stopped, 2);
    const file = path(ending);
    await stopped.save(file);
    const resumed = await tf.loadModel(file);
    await fit(resumed, 5, 2);
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    expect(stateOf(resumed)).toEqual(stateOf(whole));
  });

  it('holds an optimizer that was given by name, with the rate that it has now', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'adam', loss: 'mse', metrics: ['mae', 'meanSquaredError'] });
    model.optimizer!.learningRate = 0.25;
    const file = path(ending);
    await model.save(file);
    const loaded = await tf.loadModel(file);
    expect(loaded.optimizer!.getConfig()).toEqual(model.optimizer!.getConfig());
    expect(Object.keys(await loaded.evaluate(data(4, 2, 1), data(4, 1, 2)))).toEqual([
      'loss',
      'mae',
      'meanSquaredError',
    ]);
  });

  it('holds functional models: shared layers, nested models, operations, named inputs', async () => {
    const model = branching();
    const inputs = { a: data(3, 4, 5), b: data(3, 4, 6) };
    const file = path(ending);
    await model.save(file);
    const loaded = await tf.loadModel(file);
    const [before, after] = [model, loaded].map((each) => (each.predict(inputs) as tf.Tensor[]).map(numbers));
    expect(after).toEqual(before);
    expect(loaded.inputNames).toEqual(model.inputNames);
  });

  it('holds which layers are frozen', async () => {
    const inner = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3], trainable: false }), tf.layers.dense({ units: 2 })],
    });
    const x = tf.input({ shape: [3] });
    const frozen = tf.layers.dense({ units: 1, trainable: false });
    const model = tf.model({ inputs: x, outputs: frozen.apply(inner.apply(x)) });
    const file = path(ending);
    await model.save(file);
    for (const copy of [await tf.loadModel(file), await tf.modelFromJSON(model.toJSON()), tf.cloneModel(model)]) {
      expect(copy.layers.map(({ trainable }) => trainable)).toEqual([true, true, false]);
      expect(copy.trainableWeights.map(({ shape }) => shape)).toEqual([[2, 2], [2]]);
    }
  });

  it('holds layers of your own, where they are known', async () => {
    const model = tf.sequential({ layers: [new Scale({ start: 3, inputShape: [4] }), tf.layers.dense({ units: 1 })] });
    const file = path(ending);
    await model.save(file);
    await expect(tf.loadModel(file)).rejects.toThrow(/Unknown layer 'Scale'.*registerClass/s);
    const loaded = await tf.loadModel(file, { customObjects: { Scale } });
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    expect(loaded.layers[0].getConfig().start).toBe(3);
  });
});

describe('weights', () => {
  it.each(['.weights.h5', '.safetensors'])('alone in a %s file', async (ending) => {
    const [model, twin] = [small(), small()];
    const file = path(ending);
    await model.saveWeights(file);
    expect(weightsOf(twin)).not.toEqual(weightsOf(model));
    await twin.loadWeights(file);
    expect(weightsOf(twin)).toEqual(weightsOf(model));
    const other = tf.sequential({ layers: [tf.layers.dense({ units: 7, inputShape: [4] })] });
    await expect(other.loadWeights(file)).rejects.toThrow(/does not fit/);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await other.loadWeights(file, { skipMismatch: true });
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });

  it('by the names of layers, from the old layout', async () => {
    const named = (units: number) =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 3, name: 'same', inputShape: [4] }),
          tf.layers.dense({ units, name: `other${units}` }),
        ],
      });
    const [model, twin] = [named(2), named(5)];
    const file = path('.h5');
    await model.save(file);
    await twin.loadWeights(file, { byName: true });
    expect(weightsOf(twin).slice(0, 2)).toEqual(weightsOf(model).slice(0, 2));
    const keras3 = path('.weights.h5');
    await model.saveWeights(keras3);
    await expect(twin.loadWeights(keras3, { byName: true })).rejects.toThrow(/byName is for HDF5 files/);
  });

  it('of a .keras file, by themselves', async () => {
    const [model, twin] = [small(), small()];
    const file = path('.keras');
    await model.save(file);
    await twin.loadWeights(file);
    expect(weightsOf(twin)).toEqual(weightsOf(model));
  });

  it('as tensors by name', async () => {
    const [model, twin] = [small(), small()];
    const tensors = Object.fromEntries(model.weights.map((weight) => [weight.name, weight.value]));
    const renamed = Object.fromEntries(
      Object.entries(tensors).map(([name, tensor], i) => [twin.weights[i].name ?? name, tensor]),
    );
    await twin.loadWeights(renamed);
    expect(weightsOf(twin)).toEqual(weightsOf(model));
  });
});

describe('functions', () => {
  it('of your own are known by their names', async () => {
    const pinball = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor =>
      tf.mean(tf.maximum(tf.mul(tf.sub(yTrue, yPred), 0.9), tf.mul(tf.sub(yPred, yTrue), 0.1)), -1);
    tf.serialization.registerClass(pinball, 'mine', 'pinball');
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: pinball, metrics: [pinball, new tf.metrics.FBetaScore({ beta: 2 })] });
    const file = path('.keras');
    await model.save(file);
    const loaded = await tf.loadModel(file);
    expect(loaded.getCompileConfig()!.loss).toBe('mine>pinball');
    const [x, y] = [data(4, 2, 1), tf.ones([4, 1])];
    expect((await loaded.evaluate(x, y)).loss).toBe((await model.evaluate(x, y)).loss);
    expect(model.toJSON()).toContain('"beta":2.0');
  });
});

describe('callbacks', () => {
  it('save the best model, which loads again', async () => {
    const model = small();
    const [x, y] = [data(16, 4, 1), data(16, 2, 2)];
    const file = path('.keras');
    const checkpoint = tf.callbacks.modelCheckpoint({ filepath: file, monitor: 'loss', saveBestOnly: true });
    const { history } = await model.fit(x, y, { epochs: 3, verbose: 0, callbacks: checkpoint });
    const loaded = await tf.loadModel(file);
    const { loss } = await loaded.evaluate(x, y);
    expect(Number.isFinite(loss)).toBe(true);
    expect(history.loss.length).toBe(3);
  });

  it('back up, and restore what was interrupted', async () => {
    const [x, y] = [data(32, 4, 3), data(32, 2, 4)];
    const fit = (model: tf.Model, callbacks: tf.Callback[]) =>
      model.fit(x, y, { epochs: 4, batchSize: 8, shuffle: false, verbose: 0, callbacks });
    const whole = small();
    const twin = small();
    twin.setWeights(whole.getWeights());
    await fit(whole, []);
    const backupDir = path('');
    const stop = new tf.LambdaCallback({
      onEpochBegin: (epoch) => {
        if (epoch === 2) throw new Error('the power went out');
      },
    });
    await expect(fit(twin, [tf.callbacks.backupAndRestore({ backupDir }), stop])).rejects.toThrow('the power went out');
    const after = small();
    await fit(after, [tf.callbacks.backupAndRestore({ backupDir })]);
    expect(weightsOf(after)).toEqual(weightsOf(whole));
  });
});

describe('dtypes', () => {
  it.each(['float16', 'mixed_float16'] as const)('of %s come back', async (dtype) => {
    const make = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, dtype, inputShape: [3] })] });
    const [model, twin] = [make(), make()];
    for (const ending of ['.weights.h5', '.safetensors']) {
      const file = path(ending);
      await model.saveWeights(file);
      await twin.loadWeights(file);
      expect(weightsOf(twin)).toEqual(weightsOf(model));
      twin.setWeights(twin.getWeights().map((weight) => tf.zerosLike(weight)));
    }
    const file = path('.keras');
    await model.save(file);
    const loaded = await tf.loadModel(file);
    expect(loaded.layers[0].dtypePolicy.name).toBe(dtype);
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
  });
});

describe('the architecture as text', () => {
  it('as JSON and back', () => {
    const model = branching();
    const twin = tf.modelFromJSON(model.toJSON());
    expect(JSON.parse(twin.toJSON()) as object).toEqual(JSON.parse(model.toJSON()) as object);
    expect(weightsOf(twin)).not.toEqual(weightsOf(model));
    const config = JSON.parse(model.toJSON()) as {
      module: string;
      registered_name: string;
      config: { layers: { class_name: string }[] };
    };
    expect(config.module).toBe('keras.src.models.functional');
    expect(config.config.layers.map((layer) => layer.class_name)).toContain('Relu');
  });

  it('with layers of your own, known as long as the outermost call that makes them known', () => {
    const json = tf.sequential({ layers: [new Scale({ start: 3, inputShape: [4] })] }).toJSON();
    const customObjects = { Scale };
    tf.serialization.withCustomObjects(customObjects, () => {
      tf.modelFromJSON(json, { customObjects });
      expect(tf.modelFromJSON(json).layers[0]).toBeInstanceOf(Scale);
    });
    expect(() => tf.modelFromJSON(json)).toThrow(/Unknown layer 'Scale'/);
  });

  it('as YAML and back', async () => {
    const model = small();
    const twin = await tf.modelFromYAML(await model.toYAML());
    expect(JSON.parse(twin.toJSON()) as object).toEqual(JSON.parse(model.toJSON()) as object);
    await expect(tf.modelFromYAML('{')).rejects.toThrow(/no YAML/);
  });

  it('is in the words of Keras', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 2,
          activation: 'leakyRelu',
          inputShape: [3],
          kernelConstraint: tf.constraints.maxNorm({ maxValue: 2 }),
        }),
      ],
    });
    model.compile({
      optimizer: tf.optimizers.adam({ beta1: 0.7, clipNorm: 1 }),
      loss: 'meanSquaredError',
      metrics: ['accuracy'],
    });
    const json = JSON.parse(model.toJSON()) as Record<string, never>;
    const { config, compile_config: compiled } = json as unknown as {
      config: { layers: { module: string; config: Record<string, unknown> }[] };
      compile_config: {
        optimizer: { module: string; config: Record<string, unknown> };
        loss: string;
        metrics: string[];
      };
    };
    expect(config.layers[1]).toMatchObject({
      module: 'keras.layers',
      config: {
        activation: 'leaky_relu',
        dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' } },
        kernel_constraint: { module: 'keras.constraints', class_name: 'MaxNorm', config: { max_value: 2 } },
        kernel_initializer: 'glorot_uniform',
      },
    });
    expect(compiled.optimizer).toMatchObject({ module: 'keras.optimizers', config: { beta_1: 0.7, clipnorm: 1 } });
    expect(compiled.loss).toBe('mean_squared_error');
    expect(compiled.metrics).toEqual(['accuracy']);
  });
});

describe('errors', () => {
  it('of foreign, damaged and hostile files', async () => {
    const write = (ending: string, content: Uint8Array | string): string => {
      const file = path(ending);
      writeFileSync(file, content);
      return file;
    };
    await expect(tf.loadModel(join(folder, 'nowhere.keras'))).rejects.toThrow(/there is no file/);
    await expect(tf.loadModel(folder)).rejects.toThrow(/is a folder/);
    await expect(tf.loadModel(write('.keras', 'hello'))).rejects.toThrow(/no HDF5 file/);
    const good = path('.keras');
    await small().save(good);
    const bytes = readFileSync(good);
    for (const length of [10, 1_000, bytes.length - 10])
      await expect(tf.loadModel(write('.keras', bytes.subarray(0, length)))).rejects.toThrow(/damaged/);
    const flipped = Buffer.from(bytes);
    flipped[flipped.length >> 1] ^= 0x40;
    await expect(tf.loadModel(write('.keras', flipped))).rejects.toThrow(/damaged.*CRC/i);
    const lambda = {
      class_name: 'Sequential',
      module: 'keras',
      config: {
        layers: [
          {
            module: 'keras.layers',
            class_name: 'Lambda',
            config: { function: { class_name: '__lambda__', config: { value: 'aGk=' } } },
          },
        ],
      },
    };
    expect(() => tf.modelFromJSON(JSON.stringify(lambda))).toThrow(/Python lambda: code, which is not run/);
    expect(() => tf.modelFromJSON('{"a"')).toThrow(/no JSON/);
    expect(() => tf.modelFromJSON('{}')).toThrow(/expected the config of a model/);
    expect(() => tf.modelFromJSON('{"module": "os", "class_name": "system", "config": {}}')).toThrow(
      /Unknown layer 'system'/,
    );
  });

  it('of paths', async () => {
    await expect(small().save(path('-none/model.keras'))).rejects.toThrow(/folder does not exist/);
    await expect(small().save(path('.txt'))).rejects.toThrow(/ends in .keras/);
    await expect(small().save(path('.weights.h5'))).rejects.toThrow(/saveWeights/);
    await expect(small().saveWeights(path('.h5'))).rejects.toThrow(/.weights.h5 or .safetensors/);
    const file = path('.keras');
    await small().save(file);
    await small().save(file);
    await expect(small().save(file, { overwrite: false })).rejects.toThrow(/exists/);
    await expect(tf.sequential({ layers: [tf.layers.dense({ units: 1 })] }).save(file)).rejects.toThrow(/not built/);
  });
});
