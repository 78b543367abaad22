/** @file LambdaCallback: hooks given as functions. */
import { ArgumentError } from '../tensor/errors.ts';
import { Callback, type CallbackHooks, type HookName } from './callback.ts';

/** Hooks as functions; TensorFlow.js's `onBatchBegin` and `onBatchEnd` are training's. */
export type CallbackFunctions = Partial<CallbackHooks> & {
  onBatchBegin?: CallbackHooks['onTrainBatchBegin'];
  onBatchEnd?: CallbackHooks['onTrainBatchEnd'];
};

const hookNames: Record<keyof CallbackFunctions, HookName> = {
  onTrainBegin: 'onTrainBegin',
  onTrainEnd: 'onTrainEnd',
  onEpochBegin: 'onEpochBegin',
  onEpochEnd: 'onEpochEnd',
  onTrainBatchBegin: 'onTrainBatchBegin',
  onTrainBatchEnd: 'onTrainBatchEnd',
  onBatchBegin: 'onTrainBatchBegin',
  onBatchEnd: 'onTrainBatchEnd',
  onTestBegin: 'onTestBegin',
  onTestEnd: 'onTestEnd',
  onTestBatchBegin: 'onTestBatchBegin',
  onTestBatchEnd: 'onTestBatchEnd',
  onPredictBegin: 'onPredictBegin',
  onPredictEnd: 'onPredictEnd',
  onPredictBatchBegin: 'onPredictBatchBegin',
  onPredictBatchEnd: 'onPredictBatchEnd',
};

/**
 * A callback of functions. `fit`, `evaluate` and `predict` make one of a plain object by themselves.
 *
 * @throws ArgumentError for a name that is no hook.
 * @example
 * await model.fit(x, y, { callbacks: { onEpochEnd: (epoch, logs) => console.log(epoch, logs?.loss) } });
 */
export class LambdaCallback extends Callback {
  constructor(functions: CallbackFunctions) {
    super();
    for (const [given, fn] of Object.entries(functions)) {
      const hook = Object.hasOwn(hookNames, given) ? hookNames[given as keyof CallbackFunctions] : undefined;
      if (!hook || (fn !== undefined && typeof fn !== 'function'))
        throw new ArgumentError(
          `callbacks: '${given}' is not a hook with a function; the hooks are ${Object.keys(hookNames).join(', ')}.`,
        );
      if (fn) this[hook] = fn as never;
    }
  }
}
