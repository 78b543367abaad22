/** @file Order, numbers and logs of the hooks of fit, evaluate and predict against Keras (test/fixtures/callbacks). */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';

type Call = readonly [hook: string, ...numbersThenNames: (number | string[])[]];
const expected = readFixture<Record<string, Call[]>>('callbacks/hooks.json');

const hooks = ['Train', 'Test', 'Predict'].flatMap((mode) =>
  ['Begin', 'End', 'BatchBegin', 'BatchEnd'].map((when) => `on${mode}${when}`),
);
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Writes down what it is called with, in Keras's names. */
function recorder(calls: Call[], act: (call: string) => void = () => {}): tf.callbacks.CallbackFunctions {
  const entries = [...hooks, 'onEpochBegin', 'onEpochEnd'].map((hook) => [
    hook,
    (...args: unknown[]) => {
      const numbers = args.filter((arg) => typeof arg === 'number');
      const logs = args.find((arg) => typeof arg === 'object') ?? {};
      calls.push([snakeCase(hook), ...numbers, Object.keys(logs as object).sort()]);
      act([hook, ...numbers].join(' '));
    },
  ]);
  return Object.fromEntries(entries) as tf.callbacks.CallbackFunctions;
}

function line(options: Partial<tf.CompileOptions> = {}): tf.Sequential {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1], kernelInitializer: 'zeros' })],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'], ...options });
  return model;
}

const x = tf.ones([5, 1]);
const quiet = { verbose: 0 } as const;

describe('hooks come as in Keras', () => {
  const cases: Record<string, (model: tf.Sequential, calls: Call[]) => unknown> = {
    fit: (model, calls) =>
      model.fit(x, x, {
        ...{ ...quiet, batchSize: 2, epochs: 2, callbacks: recorder(calls) },
        validationData: [tf.ones([3, 1]), tf.ones([3, 1])],
      }),
    validationFreq: (model, calls) =>
      model.fit(x, x, {
        ...{ ...quiet, batchSize: 5, epochs: 3, validationData: [x, x], validationFreq: 2 },
        callbacks: recorder(calls),
      }),
    evaluate: (model, calls) => model.evaluate(x, x, { ...quiet, batchSize: 2, callbacks: recorder(calls) }),
    predict: (model, calls) => model.predict(x, { ...quiet, batchSize: 2, callbacks: recorder(calls) }),
    stopTraining: (model, calls) =>
      model.fit(x, x, {
        ...{ ...quiet, batchSize: 1, epochs: 3, validationData: [x, x] },
        callbacks: recorder(calls, (call) => {
          if (call === 'onTrainBatchEnd 1') model.stopTraining = true;
        }),
      }),
    stopEvaluating: (model, calls) =>
      model.evaluate(x, x, {
        ...{ ...quiet, batchSize: 1 },
        callbacks: recorder(calls, (call) => {
          if (call === 'onTestBatchEnd 1') model.stopEvaluating = true;
        }),
      }),
    stopPredicting: (model, calls) =>
      model.predict(x, {
        ...{ ...quiet, batchSize: 1 },
        callbacks: recorder(calls, (call) => {
          if (call === 'onPredictBatchEnd 1') model.stopPredicting = true;
        }),
      }),
  };
  it.each(Object.entries(cases))('%s', async (name, run) => {
    const calls: Call[] = [];
    await run(line(), calls);
    expect(calls).toEqual(expected[name]);
  });

  it('stepsPerExecution', async () => {
    const calls: Call[] = [];
    await line({ stepsPerExecution: 2 }).fit(tf.ones([4, 1]), tf.ones([4, 1]), {
      ...quiet,
      batchSize: 1,
      callbacks: recorder(calls),
    });
    expect(calls).toEqual(expected.stepsPerExecution);
  });
});

describe('what callbacks put into the logs', () => {
  it('is in the history, as the history comes last', async () => {
    const callbacks = [tf.callbacks.learningRateScheduler((epoch) => 0.5 ** epoch), tf.callbacks.reduceLROnPlateau()];
    const { history } = await line().fit(x, x, { ...quiet, epochs: 3, validationData: [x, x], callbacks });
    expect(history.learning_rate).toEqual([1, 0.5, 0.25]);
  });
});

describe('CallbackList', () => {
  it('calls the older names of the batch hooks, and takes more callbacks later', async () => {
    const seen: string[] = [];
    class Older extends tf.Callback {
      override onBatchBegin(batch: number) {
        seen.push(`begin ${batch}`);
      }
      override onBatchEnd(batch: number) {
        seen.push(`end ${batch}`);
      }
    }
    await line().fit(x, x, { ...quiet, batchSize: 5, callbacks: new Older() });
    expect(seen).toEqual(['begin 0', 'end 0']);
    const list = new tf.callbacks.CallbackList([new tf.callbacks.CallbackList([new Older()])]);
    expect(list.hears('onTrainBatchEnd')).toBe(true);
    expect(list.hears('onEpochEnd')).toBe(false);
    list.append(new tf.LambdaCallback({ onEpochEnd: (epoch) => void seen.push(`epoch ${epoch}`) }));
    await list.onTrainBatchBegin(3);
    await list.onEpochEnd(7);
    expect(seen.slice(2)).toEqual(['begin 3', 'epoch 7']);
  });
});
