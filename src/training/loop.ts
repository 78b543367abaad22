/** @file The loops of `fit` and `evaluate`: epochs, batches, validation, hooks. */
import { CallbackList, type CallbackModel, type Logs } from '../callbacks/index.ts';
import { isInterrupted } from '../display.ts';
import { InterruptedError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Batch, type BatchOrder, takeBatch } from './data.ts';
import type { Step } from './step.ts';

/** Samples and the order in which a loop goes over them. */
export interface Source {
  readonly data: Batch;
  readonly order: BatchOrder;
}

/** Logs that are read off the device when they are first looked at: most steps' never are. */
export function lazyLogs(names: readonly string[], values: Tensor): Logs {
  let numbers: ArrayLike<number | bigint> | null = null;
  const logs: Logs = {};
  names.forEach((name, i) => {
    Object.defineProperty(logs, name, {
      enumerable: true,
      get: () => Number((numbers ??= values.dataSync())[i]),
    });
  });
  return logs;
}

/** Numbers by name, off the device. */
export async function readLogs(names: readonly string[], values: Tensor): Promise<Logs> {
  const numbers = await values.data();
  return Object.fromEntries(names.map((name, i) => [name, Number(numbers[i])]));
}

type BatchHooks = readonly ['onTrainBatchBegin', 'onTrainBatchEnd'] | readonly ['onTestBatchBegin', 'onTestBatchEnd'];

/** Goes over a source once; gives the values after the last step. */
async function overBatches(
  source: Source,
  step: Step,
  callbacks: CallbackList,
  [begin, end]: BatchHooks,
  model: CallbackModel | null,
): Promise<Logs> {
  const { data, order } = source;
  const handedOut = callbacks.hears(end);
  let values: Tensor | null = null;
  for (let batch = 0; batch < order.steps; batch++) {
    if (callbacks.hears(begin)) await callbacks.run(begin, batch);
    if (!handedOut) values?.dispose();
    const samples = takeBatch(data, order, batch);
    try {
      values = await step.run(samples);
    } finally {
      for (const tensor of Object.values(samples)) tensor.dispose();
    }
    if (handedOut) await callbacks.run(end, batch, lazyLogs(step.names, values));
    if (isInterrupted())
      throw new InterruptedError(
        `Interrupted after step ${batch + 1} of ${order.steps}; the weights are those of that step.`,
      );
    if (model?.stopTraining) break;
  }
  if (!values) return {};
  const logs = await readLogs(step.names, values);
  if (!handedOut) values.dispose();
  return logs;
}

/** One pass over validation or test data. */
export async function testLoop(
  source: Source,
  step: Step,
  callbacks: CallbackList,
  resetMetrics: () => void,
): Promise<Logs> {
  await callbacks.run('onTestBegin');
  resetMetrics();
  const logs = await overBatches(source, step, callbacks, ['onTestBatchBegin', 'onTestBatchEnd'], null);
  await callbacks.run('onTestEnd', logs);
  return logs;
}

export interface FitLoop {
  readonly model: CallbackModel;
  readonly callbacks: CallbackList;
  readonly resetMetrics: () => void;
  readonly training: Source & { readonly step: Step };
  readonly validation: (Source & { readonly step: Step; readonly frequency: number }) | null;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly shuffle: boolean;
}

/** The training loop. */
export async function fitLoop(loop: FitLoop): Promise<void> {
  const { model, callbacks, training, validation, resetMetrics } = loop;
  model.stopTraining = false;
  await callbacks.run('onTrainBegin');
  let logs: Logs = {};
  try {
    for (let epoch = loop.initialEpoch; epoch < loop.epochs && !model.stopTraining; epoch++) {
      resetMetrics();
      await callbacks.run('onEpochBegin', epoch);
      if (loop.shuffle) training.order.shuffle();
      logs = await overBatches(training, training.step, callbacks, ['onTrainBatchBegin', 'onTrainBatchEnd'], model);
      if (validation && (epoch + 1) % validation.frequency === 0) {
        const tested = await testLoop(validation, validation.step, callbacks, resetMetrics);
        for (const [name, value] of Object.entries(tested)) logs[`val_${name}`] = value;
      }
      await callbacks.run('onEpochEnd', epoch, logs);
    }
  } finally {
    // Also after an error or an interrupt: views close, and early stopping gives the best weights back.
    await callbacks.run('onTrainEnd', logs);
  }
}
