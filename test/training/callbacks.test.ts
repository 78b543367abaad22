/** @file Callbacks: order of the hooks, History, EarlyStopping, progress. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

afterEach(() => vi.restoreAllMocks());

const quiet = { verbose: 0 } as const;

/** Prediction w x from w = 0 towards 1. */
function line(learningRate = 0.1): tf.Sequential {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1], kernelInitializer: 'zeros' })],
  });
  model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'mse' });
  return model;
}

describe('hooks', () => {
  it('come in order, with their numbers, and are awaited', async () => {
    const calls: string[] = [];
    const note =
      (name: string) =>
      async (...args: unknown[]): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        calls.push([name, ...args.filter((arg) => typeof arg === 'number')].join(' '));
      };
    const names = [
      ...['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onBatchBegin', 'onBatchEnd'],
      ...['onTestBegin', 'onTestEnd', 'onTestBatchBegin', 'onTestBatchEnd'],
    ];
    const callbacks = Object.fromEntries(names.map((name) => [name, note(name)]));
    await line().fit([[1], [1], [1], [1]], [1, 1, 1, 1], { ...quiet, batchSize: 2, validationSplit: 0.25, callbacks });
    expect(calls).toEqual([
      'onTrainBegin',
      'onEpochBegin 0',
      'onBatchBegin 0',
      'onBatchEnd 0',
      'onBatchBegin 1',
      'onBatchEnd 1',
      'onTestBegin',
      'onTestBatchBegin 0',
      'onTestBatchEnd 0',
      'onTestEnd',
      'onEpochEnd 0',
      'onTrainEnd',
    ]);
  });

  it('see model, params and the logs so far', async () => {
    const losses: number[] = [];
    class Watcher extends tf.Callback {
      override onTrainBatchEnd(_batch: number, logs: tf.Logs = {}) {
        losses.push({ ...logs }.loss);
        expect(this.params).toEqual({ epochs: 1, steps: 2, samples: 2, metrics: ['loss'] });
        expect(this.model.optimizer?.learningRate).toBe(0.25);
      }
    }
    await line(0.25).fit([[1], [1]], [1, 1], { ...quiet, batchSize: 1, callbacks: [new Watcher()] });
    expect(losses).toBeAllClose([1, (1 + 0.25) / 2]);
  });

  it('may stop the training in the middle of an epoch', async () => {
    let steps = 0;
    const model = line();
    const history = await model.fit([[1], [1], [1]], [1, 1, 1], {
      ...quiet,
      batchSize: 1,
      epochs: 5,
      callbacks: {
        onTrainBatchEnd: () => {
          if (++steps === 2) model.stopTraining = true;
        },
      },
    });
    expect(steps).toBe(2);
    expect(history.epoch).toEqual([0]);
  });

  it('onTrainEnd comes also after an error', async () => {
    const onTrainEnd = vi.fn();
    const onEpochEnd = () => {
      throw new Error('mine');
    };
    await expect(line().fit([[1]], [1], { ...quiet, callbacks: { onEpochEnd, onTrainEnd } })).rejects.toThrow('mine');
    expect(onTrainEnd).toHaveBeenCalledTimes(1);
  });

  it('a misspelt hook is named', () => {
    expect(() => new tf.LambdaCallback({ onEpochsEnd: () => {} } as never)).toThrow(/'onEpochsEnd' is not a hook/);
  });
});

describe('EarlyStopping', () => {
  /** Runs the callback over given values of `val_loss`, the model's weight being the epoch's number. */
  function epochs(values: number[], options: tf.callbacks.EarlyStoppingOptions) {
    let weights = [tf.scalar(-1)];
    const model = {
      name: 'model',
      stopTraining: false,
      optimizer: null,
      getWeights: () => weights.map((w) => tf.add(w, 0)),
      setWeights: (next: readonly tf.Tensor[]) => void (weights = next.map((w) => tf.add(w, 0))),
    };
    const callback = tf.callbacks.earlyStopping(options);
    callback.setModel(model);
    callback.onTrainBegin();
    let ran = 0;
    for (const value of values) {
      weights = [tf.scalar(ran)];
      callback.onEpochEnd(ran++, { [callback.monitor]: value });
      if (model.stopTraining) break;
    }
    callback.onTrainEnd();
    return { ran, weight: weights[0].dataSync()[0], callback };
  }

  it('waits as long as its patience', () => {
    expect(epochs([3, 2, 2.5, 2.4, 1], { patience: 2 }).ran).toBe(4);
    expect(epochs([3, 2, 2.5, 1.5, 1.6, 1.7, 0], { patience: 2 }).ran).toBe(6);
    expect(epochs([3, 2, 2.5, 1], {}).ran).toBe(3);
  });
  it('gives the best weights back, also when it has not stopped', () => {
    expect(epochs([3, 1, 2, 2], { patience: 2, restoreBestWeights: true })).toMatchObject({ ran: 4, weight: 1 });
    expect(epochs([3, 1, 2], { patience: 5, restoreBestWeights: true })).toMatchObject({ ran: 3, weight: 1 });
    expect(epochs([3, 1, 2, 2], { patience: 2 }).weight).toBe(3);
  });
  it('takes more for better with an accuracy, and as mode says', () => {
    expect(epochs([0.5, 0.6, 0.7], { monitor: 'val_accuracy' }).ran).toBe(3);
    expect(epochs([0.5, 0.6, 0.7], { monitor: 'val_accuracy', mode: 'min' }).ran).toBe(2);
  });
  it('ignores changes below minDelta, epochs before startFromEpoch, and a baseline not reached', () => {
    expect(epochs([3, 2.95, 2.9, 2.8], { minDelta: 0.2, patience: 1 }).ran).toBe(2);
    expect(epochs([1, 2, 3, 2, 4], { startFromEpoch: 2 }).ran).toBe(5);
    expect(epochs([5, 4.5, 4.6, 4], { baseline: 3, patience: 3 }).ran).toBe(3);
  });
  it('a number is better than NaN', () => {
    expect(epochs([NaN, 2, 1], { patience: 1 }).callback.best).toBe(1);
  });
  it('says once that what it watches is not in the logs', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const callback = tf.callbacks.earlyStopping({ monitor: 'val_los' });
    callback.onEpochEnd(0, { loss: 1 });
    callback.onEpochEnd(1, { loss: 1 });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toContain("no 'val_los' in the logs");
  });
  it('ends a real training with the best weights', async () => {
    // Training runs away from w = 0, which is best for the validation data.
    const model = line(0.3);
    const stopping = tf.callbacks.earlyStopping({ patience: 3, restoreBestWeights: true });
    const { epoch } = await model.fit([[1]], [1], {
      ...quiet,
      epochs: 50,
      validationData: [[[1]], [0.1]],
      callbacks: [stopping],
    });
    expect(epoch.length).toBe(4);
    expect(stopping.bestEpoch).toBe(0);
    expect(model.getWeights()[0]).toBeAllClose([[0.6]]);
  });
});

describe('History', () => {
  it('starts anew at each fit and shows itself as curves', async () => {
    const model = line();
    await model.fit([[1]], [1], { ...quiet, epochs: 3 });
    const history = await model.fit([[1]], [1], { ...quiet, epochs: 2 });
    expect(history.epoch).toEqual([0, 1]);
    expect(model.history).toBe(history);
    expect(history.history.loss).toHaveLength(2);
    expect(Object.keys(await history[tf.displaySymbol]())).toContain('text/plain');
    expect(String(history)).toMatch(/^History of 2 epochs: loss 0\.\d+$/);
  });
});

describe('progress', () => {
  it('verbose 2 writes a line an epoch, 0 nothing', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    await line().fit([[1], [1]], [1, 1], { verbose: 2, epochs: 2, batchSize: 1 });
    const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
    expect(text).toMatch(/Epoch 1\/2.*2\/2.*loss.*\n.*Epoch 2\/2/s);
    write.mockClear();
    await line().fit([[1]], [1], quiet);
    expect(write).not.toHaveBeenCalled();
  });

  it('evaluate shows itself when asked', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const model = line();
    await model.evaluate([[1]], [1]);
    expect(write).not.toHaveBeenCalled();
    await model.evaluate([[1], [1]], [1, 1], { verbose: 2, batchSize: 1 });
    expect(write.mock.calls.map(([chunk]) => String(chunk)).join('')).toMatch(/2\/2.*loss: 1/);
  });

  it('predict shows itself when asked', () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const model = line();
    model.predict([[1], [1]]);
    expect(write).not.toHaveBeenCalled();
    model.predict([[1], [1]], { verbose: 2, batchSize: 1 });
    expect(write.mock.calls.map(([chunk]) => String(chunk)).join('')).toMatch(/2\/2/);
  });

  it('verbose 1 changes one picture in place in a notebook', async () => {
    const port = Symbol.for('tensorcell.display');
    const shown: { update?: boolean; id?: string }[] = [];
    (globalThis as Record<symbol, unknown>)[port] = {
      display: (_bundle: unknown, options: { update?: boolean; id?: string }) => void shown.push(options),
    };
    try {
      await line().fit([[1], [1]], [1, 1], { epochs: 2 });
    } finally {
      delete (globalThis as Record<symbol, unknown>)[port];
    }
    expect(shown[0]).toMatchObject({ update: false });
    expect(shown.length).toBeGreaterThan(1);
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
  });
});
