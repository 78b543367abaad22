/** @file Callback: hooks into training, evaluation and prediction. */
import type { Tensor } from '../tensor/tensor.ts';
import type { CallbackModel } from './callback-model.ts';

/** Values of the loss and the metrics by name, those of validation with `val_` before it. */
export type Logs = Record<string, number>;

/** What a step of a prediction gave: the outputs in the model's own structure. */
export interface PredictLogs {
  readonly outputs: Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;
}

/** What a run is like; set before its first hook. */
export interface CallbackParams {
  readonly epochs: number;
  /** Steps in an epoch; undefined where the data has no known length. */
  readonly steps: number | undefined;
  /** Samples in an epoch; undefined where the data has no known length. */
  readonly samples: number | undefined;
  /** Names in the logs, without the validation's. */
  readonly metrics: readonly string[];
}

type Hook<Arguments extends unknown[]> = (...args: Arguments) => void | Promise<void>;

/**
 * The hooks, each awaited where it gives a promise. Epochs and batches count from 0; where one execution runs several steps,
 * the beginning has the number of the first and the end that of the last. The logs of a batch hold the mean since the
 * epoch's start; they are read off the device when they are first looked at.
 */
export interface CallbackHooks {
  onTrainBegin: Hook<[logs?: Logs]>;
  /** With the logs of the last epoch. */
  onTrainEnd: Hook<[logs?: Logs]>;
  onEpochBegin: Hook<[epoch: number, logs?: Logs]>;
  /** After the validation, whose values are in the logs with `val_` before their names. */
  onEpochEnd: Hook<[epoch: number, logs?: Logs]>;
  onTrainBatchBegin: Hook<[batch: number, logs?: Logs]>;
  onTrainBatchEnd: Hook<[batch: number, logs?: Logs]>;
  onTestBegin: Hook<[logs?: Logs]>;
  onTestEnd: Hook<[logs?: Logs]>;
  onTestBatchBegin: Hook<[batch: number, logs?: Logs]>;
  onTestBatchEnd: Hook<[batch: number, logs?: Logs]>;
  onPredictBegin: Hook<[logs?: Logs]>;
  onPredictEnd: Hook<[logs?: Logs]>;
  onPredictBatchBegin: Hook<[batch: number, logs?: Logs]>;
  onPredictBatchEnd: Hook<[batch: number, logs?: PredictLogs]>;
}
export type HookName = keyof CallbackHooks;

/**
 * Subclass it and override the hooks that you need; `model` and `params` are set before the first. In a training loop of your
 * own, a `tf.callbacks.CallbackList` calls the hooks of several.
 *
 * @example
 * class StopWhenGood extends tf.Callback {
 *   override onEpochEnd(epoch: number, logs: tf.Logs = {}) {
 *     if (logs.accuracy > 0.99) this.model.stopTraining = true;
 *   }
 * }
 */
export abstract class Callback implements CallbackHooks {
  model!: CallbackModel;
  params!: CallbackParams;

  setModel(model: CallbackModel): void {
    this.model = model;
  }
  setParams(params: CallbackParams): void {
    this.params = params;
  }

  onTrainBegin(_logs?: Logs): void | Promise<void> {}
  onTrainEnd(_logs?: Logs): void | Promise<void> {}
  onEpochBegin(_epoch: number, _logs?: Logs): void | Promise<void> {}
  onEpochEnd(_epoch: number, _logs?: Logs): void | Promise<void> {}
  onTrainBatchBegin(batch: number, logs?: Logs): void | Promise<void> {
    return this.onBatchBegin(batch, logs);
  }
  onTrainBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    return this.onBatchEnd(batch, logs);
  }
  onTestBegin(_logs?: Logs): void | Promise<void> {}
  onTestEnd(_logs?: Logs): void | Promise<void> {}
  onTestBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}
  onTestBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}
  onPredictBegin(_logs?: Logs): void | Promise<void> {}
  onPredictEnd(_logs?: Logs): void | Promise<void> {}
  onPredictBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}
  onPredictBatchEnd(_batch: number, _logs?: PredictLogs): void | Promise<void> {}

  /** The older name of `onTrainBatchBegin`, which calls it. */
  onBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}
  /** The older name of `onTrainBatchEnd`, which calls it. */
  onBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}
}
