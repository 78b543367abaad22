/** @file Callback: hooks into training, and the list that runs them. */
import type { Tensor } from '../tensor/tensor.ts';

/** Values of the loss and the metrics by name, those of validation with `val_` before it. */
export type Logs = Record<string, number>;

/** What a run is like; set before its first hook. */
export interface CallbackParams {
  readonly epochs: number;
  /** Steps in an epoch. */
  readonly steps: number;
  /** Samples in an epoch. */
  readonly samples: number;
  /** Names in the logs, without the validation's. */
  readonly metrics: readonly string[];
}

/** What a callback may do with the model it watches. */
export interface CallbackModel {
  readonly name: string;
  /** Set it to end the training after the current step. */
  stopTraining: boolean;
  readonly optimizer: { learningRate: number } | null;
  getWeights(): Tensor[];
  setWeights(values: readonly Tensor[]): void;
}

type Hook<Arguments extends unknown[]> = (...args: Arguments) => void | Promise<void>;

/**
 * The hooks, each awaited where it gives a promise. Epochs and batches count from 0. The logs of a batch hold the mean
 * since the epoch's start; they are read off the device when they are first looked at.
 */
export interface CallbackHooks {
  onTrainBegin: Hook<[logs?: Logs]>;
  onTrainEnd: Hook<[logs?: Logs]>;
  onEpochBegin: Hook<[epoch: number, logs?: Logs]>;
  onEpochEnd: Hook<[epoch: number, logs?: Logs]>;
  onTrainBatchBegin: Hook<[batch: number, logs?: Logs]>;
  onTrainBatchEnd: Hook<[batch: number, logs?: Logs]>;
  onTestBegin: Hook<[logs?: Logs]>;
  onTestEnd: Hook<[logs?: Logs]>;
  onTestBatchBegin: Hook<[batch: number, logs?: Logs]>;
  onTestBatchEnd: Hook<[batch: number, logs?: Logs]>;
}
export type HookName = keyof CallbackHooks;

/**
 * Subclass it and override the hooks that you need; `model` and `params` are set before the first.
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
  onTrainBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}
  onTrainBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}
  onTestBegin(_logs?: Logs): void | Promise<void> {}
  onTestEnd(_logs?: Logs): void | Promise<void> {}
  onTestBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}
  onTestBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}
}

/** Runs a hook of several callbacks, in order. */
export class CallbackList {
  readonly callbacks: readonly Callback[];
  private readonly listeners = new Map<HookName, readonly Callback[]>();

  constructor(callbacks: readonly Callback[], model: CallbackModel, params: CallbackParams) {
    this.callbacks = callbacks;
    for (const callback of callbacks) {
      callback.setModel(model);
      callback.setParams(params);
    }
  }

  /** Callbacks that override the hook: steps are short, so that calls of empty hooks would show. */
  private listenersOf(hook: HookName): readonly Callback[] {
    let found = this.listeners.get(hook);
    if (!found) {
      found = this.callbacks.filter((callback) => callback[hook] !== Callback.prototype[hook]);
      this.listeners.set(hook, found);
    }
    return found;
  }

  /** Whether anybody listens: what only a hook needs need not be made otherwise. */
  hears(hook: HookName): boolean {
    return this.listenersOf(hook).length > 0;
  }

  async run<H extends HookName>(hook: H, ...args: Parameters<CallbackHooks[H]>): Promise<void> {
    for (const callback of this.listenersOf(hook)) {
      const outcome = (callback[hook] as Hook<Parameters<CallbackHooks[H]>>)(...args);
      if (outcome) await outcome;
    }
  }
}
