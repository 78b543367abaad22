/** @file What callbacks decide on given values, and the files that they write, against Keras (test/fixtures/callbacks). */
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fillPath } from '../../src/callbacks/path-template.ts';
import * as tf from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';
import '../support/tensors.ts';
import { WatchedModel, paramsOf } from '../support/watched-model.ts';

afterEach(() => vi.restoreAllMocks());

interface Case<Result> {
  readonly options: Record<string, unknown>;
  readonly results: Record<string, Result>;
}
interface Decisions {
  readonly sequences: Record<string, number[]>;
  readonly cases: {
    readonly earlyStopping: Case<Record<string, number>>[];
    readonly reduceLROnPlateau: Case<{ rates: number[]; logged: number[] }>[];
    readonly modelCheckpoint: Case<{ saved: string[]; best: number | null }>[];
  };
}
const { sequences, cases } = readFixture<Decisions>('callbacks/decisions.json');

/** Options under our names. */
const camelCase = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

/** Every sequence of values with every set of options. */
const each = <R>(list: readonly Case<R>[]): [string, Record<string, unknown>, number[], R][] =>
  list.flatMap(({ options, results }) =>
    Object.entries(results).map(([name, result]): [string, Record<string, unknown>, number[], R] => [
      `${JSON.stringify(options)} on ${name} values`,
      camelCase(options),
      sequences[name],
      result,
    ]),
  );

describe('EarlyStopping', () => {
  it.each(each(cases.earlyStopping))('%s', (_name, options, values, expected) => {
    const [callback, model] = [tf.callbacks.earlyStopping(options), new WatchedModel()];
    callback.setModel(model);
    callback.onTrainBegin();
    let ran = 0;
    for (const value of values) {
      model.weight = ran;
      callback.onEpochEnd(ran++, { [callback.monitor]: value });
      if (model.stopTraining) break;
    }
    callback.onTrainEnd();
    const { stoppedEpoch, bestEpoch, best } = callback;
    expect({ ran, stoppedEpoch, bestEpoch, best, weight: model.weight }).toEqual(expected);
  });
});

describe('ReduceLROnPlateau', () => {
  it.each(each(cases.reduceLROnPlateau))('%s', (_name, options, values, expected) => {
    const [callback, model] = [tf.callbacks.reduceLROnPlateau(options), new WatchedModel()];
    callback.setModel(model);
    callback.onTrainBegin();
    const rates: number[] = [];
    const logged: number[] = [];
    values.forEach((value, epoch) => {
      const logs: tf.Logs = { [callback.monitor]: value };
      callback.onEpochEnd(epoch, logs);
      rates.push(model.optimizer!.learningRate);
      logged.push(logs.learning_rate);
    });
    expect(rates).toBeAllClose(expected.rates);
    expect(logged).toBeAllClose(expected.logged);
  });

  it('refuses a factor that does not reduce, says what it does, and changes each of several optimizers', () => {
    expect(() => tf.callbacks.reduceLROnPlateau({ factor: 1 })).toThrow(/factor below 1, got 1/);
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const callback = tf.callbacks.reduceLROnPlateau({ monitor: 'loss', patience: 1, verbose: 1 });
    const model = new WatchedModel();
    const [a, b] = [
      { name: 'a', learningRate: 1 },
      { name: 'b', learningRate: 0.5 },
    ];
    model.optimizer = { learningRate: NaN, innerOptimizer: { learningRate: NaN, optimizers: [a, b] } };
    callback.setModel(model);
    callback.onTrainBegin();
    const logs: tf.Logs = { loss: 1 };
    for (let epoch = 0; epoch < 2; epoch++) callback.onEpochEnd(epoch, logs);
    expect([a.learningRate, b.learningRate]).toBeAllClose([0.1, 0.05]);
    expect(logs).toEqual({ loss: 1, learning_rate_a: 1, learning_rate_b: 0.5 });
    expect(log.mock.calls[0][0]).toBe('Epoch 2: ReduceLROnPlateau reduces the a learning rate to 0.1.');
  });
});

describe('ModelCheckpoint', () => {
  it.each(each(cases.modelCheckpoint))('%s', async (_name, options, values, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'tensorcell-checkpoint-'));
    const filepath = join(folder, options.filepath as string);
    const callback = tf.callbacks.modelCheckpoint({ ...options, filepath });
    const model = new WatchedModel();
    callback.setModel(model);
    for (const [epoch, value] of values.entries()) {
      callback.onEpochBegin(epoch);
      for (let batch = 0; batch < 4; batch++)
        await callback.onTrainBatchEnd(batch, { [callback.monitor]: value + batch / 16 });
      await callback.onEpochEnd(epoch, { [callback.monitor]: value });
    }
    expect(model.saved.map((path) => path.slice(folder.length + 1))).toEqual(expected.saved);
    expect(callback.best).toBe(expected.best);
  });

  it('wants the ending of what it saves, a frequency, and places that the logs fill', async () => {
    expect(() => tf.callbacks.modelCheckpoint('model.json')).toThrow(/end in \.keras or \.h5; got "model\.json"/);
    expect(() => tf.callbacks.modelCheckpoint({ filepath: 'w.h5', saveWeightsOnly: true })).toThrow(/\.weights\.h5/);
    expect(() => tf.callbacks.modelCheckpoint({ filepath: 'm.keras', saveFreq: 0.5 })).toThrow(/saveFreq/);
    const callback = tf.callbacks.modelCheckpoint('{val_acc:.2f}.keras');
    callback.setModel(new WatchedModel());
    await expect(callback.onEpochEnd(0, { loss: 1 })).rejects.toThrow(
      /place for 'val_acc', which is none of loss, epoch/,
    );
    expect(() => fillPath('X', '{loss:q}', { loss: 1 })).toThrow(/'q' is no format for the number 1/);
    expect(fillPath('X', 'a{{b}}{epoch}', { epoch: 3 })).toBe('a{b}3');
  });

  it('saves all where there is nothing to compare, and says so once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const callback = tf.callbacks.modelCheckpoint({ filepath: 'm.keras', saveBestOnly: true });
    const model = new WatchedModel();
    callback.setModel(model);
    for (let epoch = 0; epoch < 2; epoch++) await callback.onEpochEnd(epoch, { loss: 1 });
    expect(model.saved).toHaveLength(2);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('says what is missing of a model that cannot be saved, and that a path is a folder', async () => {
    const callback = tf.callbacks.modelCheckpoint('m.keras');
    callback.setModel({ ...new WatchedModel(), name: 'mine', getWeights: () => [], setWeights: () => {} });
    await expect(callback.onEpochEnd(0, {})).rejects.toThrow(/model mine has no method save/);
    const folder = mkdtempSync(join(tmpdir(), 'tensorcell-checkpoint-'));
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(folder, 'm.keras'));
    const other = tf.callbacks.modelCheckpoint(join(folder, 'm.keras'));
    other.setModel(new WatchedModel());
    await expect(other.onEpochEnd(0, {})).rejects.toThrow(/is a folder/);
  });

  const formats = readFixture<[string, number, boolean, string | null][]>('callbacks/formats.json');
  it.each([...new Set(formats.map(([spec]) => spec))])("writes numbers as Python's format '%s'", (spec) => {
    for (const [, number, isFraction, expected] of formats.filter(([other]) => other === spec)) {
      const fill = () => fillPath('X', `{x:${spec}}`, { x: number });
      // JavaScript has one kind of number: whole ones are taken for Python's whole ones where the two differ.
      if (isFraction && Number.isInteger(number) && (expected === null || !/[efg%]/i.test(spec))) continue;
      if (expected === null) expect(fill, String(number)).toThrow(/is no format/);
      else expect(fill(), String(number)).toBe(expected);
    }
  });
});

describe('what is better', () => {
  const best = (monitor: string, metrics: tf.callbacks.CallbackMetric[] = []) => {
    const callback = tf.callbacks.earlyStopping({ monitor, patience: 9 });
    const model = new WatchedModel();
    model.metrics = metrics;
    callback.setModel(model);
    callback.onTrainBegin();
    for (const [epoch, value] of [2, 1, 3].entries()) callback.onEpochEnd(epoch, { [monitor]: value });
    return callback.best;
  };
  it('is what the metric says, then what its name says', () => {
    expect(best('val_loss')).toBe(1);
    expect(best('val_mine', [{ name: 'mine', direction: 'up' }])).toBe(3);
    expect(best('accuracy', [{ name: 'accuracy', direction: 'down' }])).toBe(1);
    expect(best('val_accuracy')).toBe(3);
    expect(best('mean_squared_error')).toBe(1);
    expect(() => best('val_mine')).toThrow(/more or less of 'val_mine' is better.*give mode/);
  });
  it('is not said by a mode that there is not', () => {
    expect(() => tf.callbacks.earlyStopping({ mode: 'best' as never })).toThrow(
      /EarlyStopping: expected mode auto, min, max/,
    );
  });
});

describe('LearningRateScheduler', () => {
  it('sets the rate of each epoch and logs it', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const callback = tf.callbacks.learningRateScheduler({
      schedule: (epoch, rate) => (epoch < 1 ? rate : rate / 2),
      verbose: 1,
    });
    const model = new WatchedModel();
    callback.setModel(model);
    const rates: number[] = [];
    for (let epoch = 0; epoch < 3; epoch++) {
      const logs: tf.Logs = {};
      callback.onEpochBegin(epoch);
      callback.onEpochEnd(epoch, logs);
      rates.push(logs.learning_rate);
    }
    expect(rates).toEqual([0.5, 0.25, 0.125]);
    expect(log.mock.calls[2][0]).toBe('Epoch 3: LearningRateScheduler sets the learning rate to 0.125.');
    const wrong = tf.callbacks.learningRateScheduler(() => 'fast' as never);
    wrong.setModel(model);
    expect(() => wrong.onEpochBegin(0)).toThrow(/must give a number; for epoch 0 it gave fast/);
    expect(() => tf.callbacks.learningRateScheduler(0.1 as never)).toThrow(/schedule to be a function/);
  });
});

describe('CSVLogger', () => {
  const expected = readFixture<Record<string, string>>('callbacks/csv.json');
  const runs: Record<string, [Omit<tf.callbacks.CSVLoggerOptions, 'filename'>, tf.Logs[][]]> = {
    plain: [{}, [[{ loss: 0.5, accuracy: 0.25 }, { loss: 0.125, accuracy: 0.75 }]]], // prettier-ignore
    validation: [{ separator: ';' }, [[{ loss: 0.5, val_loss: 1.5 }, { loss: 0.25 }]]],
    append: [{ append: true }, [[{ loss: 0.5 }], [{ loss: 0.25 }]]],
    overwrite: [{}, [[{ loss: 0.5 }], [{ loss: 0.25 }]]],
    quoted: [{ separator: '_' }, [[{ my_loss: 0.5, 'a"b': 2.5 }]]],
  };
  it.each(Object.keys(runs))("writes Keras's bytes: %s", (name) => {
    const filename = join(mkdtempSync(join(tmpdir(), 'tensorcell-csv-')), 'deep', 'log.csv');
    const [options, trainings] = runs[name];
    const callback = tf.callbacks.csvLogger({ filename, ...options });
    for (const epochs of trainings) {
      callback.onTrainBegin();
      epochs.forEach((logs, epoch) => callback.onEpochEnd(epoch, logs));
    }
    expect(readFileSync(filename, 'utf8')).toBe(expected[name]);
  });
  it('wants a path and one character', () => {
    expect(() => tf.callbacks.csvLogger('')).toThrow(/path of a file/);
    expect(() => tf.callbacks.csvLogger({ filename: 'a', separator: '::' })).toThrow(/one character, got "::"/);
  });
});

describe('TerminateOnNaN', () => {
  it.each([NaN, Infinity, -Infinity])('ends the training at a loss of %s', (loss) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = new WatchedModel();
    const callback = tf.callbacks.terminateOnNaN();
    callback.setModel(model);
    callback.onTrainBatchEnd(0, { loss: 1 });
    callback.onTrainBatchEnd(1, {});
    expect(model.stopTraining).toBe(false);
    callback.onTrainBatchEnd(2, { loss });
    expect(model.stopTraining).toBe(true);
    expect(warn.mock.calls[0][0]).toContain(`the loss is ${loss} after batch 2`);
    expect(() => tf.callbacks.terminateOnNaN({ raiseError: true }).onTrainBatchEnd(3, { loss })).toThrow(
      tf.NumericsError,
    );
  });
});

describe('RemoteMonitor', () => {
  it('posts a form, or JSON, with headers; does not follow; a server that is away is told of', async () => {
    const seen: { url?: string; type?: string; key?: unknown; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const { 'content-type': type, 'x-key': key } = request.headers;
        seen.push({ url: request.url, type, key, body });
        response.writeHead(302, { Location: '/elsewhere' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await tf.callbacks.remoteMonitor({ root }).onEpochEnd(0, { loss: 0.5 });
    await tf.callbacks
      .remoteMonitor({ root, path: '/in', sendAsJson: true, headers: { 'X-Key': 'k' } })
      .onEpochEnd(1, { loss: 0.25 });
    await tf.callbacks.remoteMonitor({ root, field: 'logs' }).onEpochEnd(2);
    server.close();
    server.closeAllConnections();
    expect(seen).toEqual([
      {
        url: '/publish/epoch/end/',
        type: 'application/x-www-form-urlencoded;charset=UTF-8',
        key: undefined,
        body: new URLSearchParams({ data: '{"epoch":0,"loss":0.5}' }).toString(),
      },
      { url: '/in', type: 'application/json', key: 'k', body: '{"epoch":1,"loss":0.25}' },
      expect.objectContaining({ body: 'logs=%7B%22epoch%22%3A2%7D' }),
    ]);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await tf.callbacks.remoteMonitor({ root }).onEpochEnd(3, { loss: 1 });
    expect(warn.mock.calls[0][0]).toMatch(/cannot be reached \(.+\); the training goes on/);
  });
});

describe('SwapEMAWeights', () => {
  const setUp = (options?: tf.callbacks.SwapEMAWeightsOptions) => {
    const weight = new tf.Variable(tf.tensor([1, 2]));
    const average = new tf.Variable(tf.tensor([10, 20]), { trainable: false });
    const model = new WatchedModel();
    model.optimizer = { learningRate: 1, useEma: true, movingAverages: [[weight, average]] };
    const callback = tf.callbacks.swapEMAWeights(options);
    callback.setModel(model);
    callback.setParams(paramsOf(2));
    const values = () => [weight, average].map((variable) => [...variable.read().dataSync()]);
    return { callback, values, model };
  };
  const [before, swapped] = [
    [
      [1, 2],
      [10, 20],
    ],
    [
      [10, 20],
      [1, 2],
    ],
  ];

  it('has the averages in the model while it is evaluated or predicts', () => {
    const { callback, values } = setUp();
    callback.onEpochEnd(0);
    expect(values()).toEqual(before);
    callback.onTestBegin();
    expect(values()).toEqual(swapped);
    callback.onTestEnd();
    expect(values()).toEqual(before);
    callback.onPredictBegin();
    expect(values()).toEqual(swapped);
    callback.onPredictEnd();
    expect(values()).toEqual(before);
  });
  it('with swapOnEpoch also between epochs, and for good after the last', () => {
    const { callback, values } = setUp({ swapOnEpoch: true });
    callback.onEpochBegin();
    callback.onEpochEnd(0);
    expect(values()).toEqual(swapped);
    callback.onEpochBegin();
    expect(values()).toEqual(before);
    callback.onEpochEnd(1);
    expect(values()).toEqual([
      [10, 20],
      [10, 20],
    ]);
  });
  it('wants an optimizer that keeps averages', () => {
    const { callback, model } = setUp();
    model.optimizer = { learningRate: 1 };
    expect(() => callback.onTestBegin()).toThrow(/keeps no moving averages; make it with useEma: true/);
  });
});
