/** @file CallbackList: several callbacks as one. */
import {
  Callback,
  type CallbackHooks,
  type CallbackParams,
  type HookName,
  type Logs,
  type PredictLogs,
} from './callback.ts';
import type { CallbackModel } from './callback-model.ts';

/** The older names, which the hooks call where they are not overridden themselves. */
const olderNames = { onTrainBatchBegin: 'onBatchBegin', onTrainBatchEnd: 'onBatchEnd' } as const;

const overrides = (callback: Callback, name: HookName | 'onBatchBegin' | 'onBatchEnd'): boolean =>
  callback[name] !== Callback.prototype[name];

/**
 * Runs each hook of several callbacks, in order; one after the other where they are asynchronous. `fit`, `evaluate` and
 * `predict` make one of the callbacks they are given; in a training loop of your own, make one and call its hooks.
 *
 * @example
 * const list = new tf.callbacks.CallbackList([tf.callbacks.earlyStopping({ monitor: 'loss' })], model, {
 *   epochs: 10, steps: 100, samples: 3200, metrics: ['loss'],
 * });
 * await list.onTrainBegin();
 * for (let epoch = 0; epoch < 10 && !model.stopTraining; epoch++) {
 *   await list.onEpochBegin(epoch);
 *   const loss = trainOneEpoch();
 *   await list.onEpochEnd(epoch, { loss });
 * }
 * await list.onTrainEnd();
 */
export class CallbackList extends Callback {
  private readonly members: Callback[];
  private readonly listeners = new Map<HookName, readonly Callback[]>();

  constructor(callbacks: readonly Callback[], model?: CallbackModel, params?: CallbackParams) {
    super();
    this.members = callbacks.flatMap((callback) => (callback instanceof CallbackList ? callback.members : [callback]));
    if (model) this.setModel(model);
    if (params) this.setParams(params);
  }

  get callbacks(): readonly Callback[] {
    return this.members;
  }

  /** Puts another callback at the end. */
  append(callback: Callback): void {
    // Not all lists have a model yet.
    if (this.model) callback.setModel(this.model);
    if (this.params) callback.setParams(this.params);
    this.members.push(callback);
    this.listeners.clear();
  }

  override setModel(model: CallbackModel): void {
    super.setModel(model);
    for (const callback of this.members) callback.setModel(model);
  }
  override setParams(params: CallbackParams): void {
    super.setParams(params);
    for (const callback of this.members) callback.setParams(params);
  }

  /** Callbacks that override the hook: steps are short, so that calls of empty hooks would show. */
  private listenersOf(hook: HookName): readonly Callback[] {
    let found = this.listeners.get(hook);
    if (!found) {
      const older = hook === 'onTrainBatchBegin' || hook === 'onTrainBatchEnd' ? olderNames[hook] : hook;
      found = this.members.filter((callback) => overrides(callback, hook) || overrides(callback, older));
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
      const outcome = (callback[hook] as (...args: unknown[]) => void | Promise<void>)(...args);
      if (outcome) await outcome;
    }
  }

  override onTrainBegin(logs?: Logs): Promise<void> {
    return this.run('onTrainBegin', logs);
  }
  override onTrainEnd(logs?: Logs): Promise<void> {
    return this.run('onTrainEnd', logs);
  }
  override onEpochBegin(epoch: number, logs?: Logs): Promise<void> {
    return this.run('onEpochBegin', epoch, logs);
  }
  override onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    return this.run('onEpochEnd', epoch, logs);
  }
  override onTrainBatchBegin(batch: number, logs?: Logs): Promise<void> {
    return this.run('onTrainBatchBegin', batch, logs);
  }
  override onTrainBatchEnd(batch: number, logs?: Logs): Promise<void> {
    return this.run('onTrainBatchEnd', batch, logs);
  }
  override onTestBegin(logs?: Logs): Promise<void> {
    return this.run('onTestBegin', logs);
  }
  override onTestEnd(logs?: Logs): Promise<void> {
    return this.run('onTestEnd', logs);
  }
  override onTestBatchBegin(batch: number, logs?: Logs): Promise<void> {
    return this.run('onTestBatchBegin', batch, logs);
  }
  override onTestBatchEnd(batch: number, logs?: Logs): Promise<void> {
    return this.run('onTestBatchEnd', batch, logs);
  }
  override onPredictBegin(logs?: Logs): Promise<void> {
    return this.run('onPredictBegin', logs);
  }
  override onPredictEnd(logs?: Logs): Promise<void> {
    return this.run('onPredictEnd', logs);
  }
  override onPredictBatchBegin(batch: number, logs?: Logs): Promise<void> {
    return this.run('onPredictBatchBegin', batch, logs);
  }
  override onPredictBatchEnd(batch: number, logs?: PredictLogs): Promise<void> {
    return this.run('onPredictBatchEnd', batch, logs);
  }
}
