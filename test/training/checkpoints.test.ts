/** @file Callbacks that keep weights: checkpoints, backups from which a training that was cut off goes on, moving averages. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';
import '../support/tensors.ts';
import { WatchedModel } from '../support/watched-model.ts';

afterEach(() => vi.restoreAllMocks());

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tensorcell-backup-'));

const x = tf.tensor([[1, 0], [0, 1], [1, 1], [0.5, 2], [2, 0.25], [1.5, 1]]); // prettier-ignore
const y = tf.tensor([[1], [2], [3], [4.5], [2.5], [3.5]]);

/** Weights from a seed, an optimizer with state. */
function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        activation: 'tanh',
        inputShape: [2],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' });
  return model;
}
const options = { batchSize: 2, epochs: 6, shuffle: false, verbose: 0 } as const;
const values = (model: tf.Model): number[][] => model.getWeights().map((weight) => [...weight.dataSync()]);

/** Cuts a training off: at an epoch's begin, or after a batch of it. */
const cutOff = (epoch: number, batch?: number): tf.callbacks.CallbackFunctions => {
  let now = 0;
  const fail = () => {
    throw new Error('power cut');
  };
  return {
    onEpochBegin: (number) => {
      now = number;
      if (batch === undefined && number === epoch) fail();
    },
    onTrainBatchEnd: (number) => {
      if (now === epoch && number === batch) fail();
    },
  };
};

describe('ModelCheckpoint', () => {
  it('saves models that load, with the best ones by name', async () => {
    const folder = join(newFolder(), 'deep');
    const model = network();
    const callbacks = [
      tf.callbacks.modelCheckpoint({ filepath: join(folder, 'best.keras'), monitor: 'loss', saveBestOnly: true }),
      tf.callbacks.modelCheckpoint({ filepath: join(folder, '{epoch:02d}.weights.h5'), saveWeightsOnly: true }),
    ];
    await model.fit(x, y, { ...options, epochs: 3, callbacks });
    expect(readdirSync(folder).sort()).toEqual(['01.weights.h5', '02.weights.h5', '03.weights.h5', 'best.keras']);
    const loaded = await tf.loadModel(join(folder, 'best.keras'));
    expect(values(loaded)).toEqual(values(model));
    const other = network();
    await other.loadWeights(join(folder, '03.weights.h5'));
    expect(values(other)).toEqual(values(model));
    await other.loadWeights(join(folder, '01.weights.h5'));
    expect(values(other)).not.toEqual(values(model));
  });
});

describe('BackupAndRestore', () => {
  it.each([
    ['at the begin of an epoch', {}, cutOff(3), [3, 4, 5]],
    ['within an epoch', {}, cutOff(2, 1), [2, 3, 4, 5]],
    ['with backups of batches', { saveFreq: 3 }, cutOff(4), [4, 5]],
  ])('goes on as if never cut off: %s', async (_name, own, cut, epochs) => {
    const backupDir = newFolder();
    const whole = network();
    const { history } = await whole.fit(x, y, options);
    const backup = () => tf.callbacks.backupAndRestore({ backupDir, ...own });
    await expect(network().fit(x, y, { ...options, callbacks: [backup(), cut] })).rejects.toThrow('power cut');
    expect(readdirSync(backupDir).sort()).toEqual(['latest.weights.h5', 'training_metadata.json']);
    // Another model, as in another process.
    const resumed = network();
    const after = await resumed.fit(x, y, { ...options, callbacks: backup() });
    expect(after.epoch).toEqual(epochs);
    expect(after.history.loss).toEqual(history.loss.slice(epochs[0]));
    expect(values(resumed)).toEqual(values(whole));
    expect(existsSync(backupDir)).toBe(false);
  });

  it('goes on with the random numbers, of orders and of dropout, too', async () => {
    const build = (): tf.Sequential => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 8, inputShape: [2], kernelInitializer: 'ones' }),
          tf.layers.dropout({ rate: 0.5 }),
          tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
        ],
      });
      model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' });
      return model;
    };
    const backup = () => tf.callbacks.backupAndRestore({ backupDir: newFolder() });
    tf.random.setSeed(3);
    const whole = build();
    const { history } = await whole.fit(x, y, { ...options, shuffle: true, callbacks: backup() });
    tf.random.setSeed(3);
    const kept = backup();
    await expect(build().fit(x, y, { ...options, shuffle: true, callbacks: [kept, cutOff(3, 1)] })).rejects.toThrow();
    tf.random.setSeed(4);
    const resumed = build();
    const after = await resumed.fit(x, y, { ...options, shuffle: true, callbacks: kept });
    expect(after.history.loss).toEqual(history.loss.slice(3));
    expect(values(resumed)).toEqual(values(whole));
  });

  it('keeps the folder where told, and begins anew with another', async () => {
    const backupDir = newFolder();
    const model = network();
    await model.fit(x, y, {
      ...{ ...options, epochs: 2 },
      callbacks: tf.callbacks.backupAndRestore({ backupDir, deleteCheckpoint: false }),
    });
    expect(JSON.parse(readFileSync(join(backupDir, 'training_metadata.json'), 'utf8'))).toMatchObject({
      epoch: 2,
      batch: 0,
    });
    const { epoch } = await model.fit(x, y, { ...options, callbacks: tf.callbacks.backupAndRestore(backupDir) });
    expect(epoch).toEqual([2, 3, 4, 5]);
    const again = await model.fit(x, y, { ...options, callbacks: tf.callbacks.backupAndRestore(newFolder()) });
    expect(again.epoch).toHaveLength(6);
  });

  it('takes the state before where the last one is damaged', async () => {
    const backupDir = newFolder();
    const backup = tf.callbacks.backupAndRestore({ backupDir, doubleCheckpoint: true });
    await expect(network().fit(x, y, { ...options, callbacks: [backup, cutOff(3)] })).rejects.toThrow('power cut');
    expect(readdirSync(backupDir).filter((name) => name.endsWith('.bkp'))).toHaveLength(2);
    truncateSync(join(backupDir, 'latest.weights.h5'), 100);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { epoch } = await network().fit(x, y, { ...options, callbacks: backup });
    expect(epoch).toEqual([2, 3, 4, 5]);
    expect(warn.mock.calls[0][0]).toMatch(/cannot be read.*goes on from the state before/);
  });

  it('names what it cannot do', async () => {
    const backupDir = newFolder();
    writeFileSync(join(backupDir, 'latest.weights.h5'), 'not HDF5');
    const callback = tf.callbacks.backupAndRestore(backupDir);
    await expect(network().fit(x, y, { ...options, callbacks: callback })).rejects.toThrow(
      /the backup in '.*' cannot be read .* delete the folder to begin anew/,
    );
    expect(() => tf.callbacks.backupAndRestore('')).toThrow(/path of a folder/);
    expect(() => tf.callbacks.backupAndRestore({ backupDir, saveFreq: 0 })).toThrow(/saveFreq/);
    callback.setModel(Object.assign(new WatchedModel(), { built: false }));
    await expect(callback.onTrainBegin()).rejects.toThrow(/must be built before fit/);
  });
});

describe('SwapEMAWeights', () => {
  interface Trained {
    readonly history: Record<string, number[]>;
    readonly weights: number[][];
  }
  const expected = readFixture<Record<string, Trained>>('callbacks/averages.json');
  it.each<[string, tf.callbacks.Callback[]]>([
    ['none', []],
    ['evaluation', [tf.callbacks.swapEMAWeights()]],
    ['epochs', [tf.callbacks.swapEMAWeights({ swapOnEpoch: true })]],
  ])('trains as in Keras: %s', async (name, callbacks) => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
    });
    const optimizer = new tf.optimizers.SGD({ learningRate: 0.1, useEma: true, emaMomentum: 0.75 });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const [xs, ys] = [tf.tensor([[1], [2], [0.5], [1.5]]), tf.tensor([[2], [3], [1.5], [2.5]])];
    const { history } = await model.fit(xs, ys, {
      ...{ batchSize: 2, epochs: 3, shuffle: false, verbose: 0 },
      ...{ validationData: [xs, ys], callbacks },
    });
    for (const [log, numbers] of Object.entries(expected[name].history)) expect(history[log]).toBeAllClose(numbers);
    model.getWeights().forEach((weight, i) => {
      expect([...weight.dataSync()]).toBeAllClose(expected[name].weights[i]);
    });
  });
});
