/** @file `predict`: outputs batch by batch, put together; at once, or off the main thread. */
import { CallbackList, type CallbackModel, type PredictLogs, withDefaultCallbacks } from '../callbacks/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type TensorTree, treeTensors } from '../tensor/tree.ts';
import { type AnyBatch, type DataTree, requireCount } from './data.ts';
import { verbosity } from './fit.ts';
import { predictLoop } from './loop.ts';
import type { BatchStream, PredictOptions } from './options.ts';
import { ArraySource, type BatchSource, openerOf } from './sources.ts';
import { type Trainer, joinOutputs } from './trainer.ts';

function callbacksFor(trainer: Trainer, source: BatchSource, options: PredictOptions): CallbackList {
  return new CallbackList(
    withDefaultCallbacks(options.callbacks, { verbose: verbosity(options.verbose, 0) }),
    trainer.model,
    { epochs: 1, steps: options.steps ?? source.steps, samples: source.samples, metrics: [] },
  );
}

const stepsOf = (steps: number | null | undefined): number | null =>
  steps === null || steps === undefined ? null : requireCount('predict', 'steps', steps);

/** All in all one tensor for each output; the parts are given back. */
function joined(parts: readonly TensorTree[]): TensorTree {
  if (parts.length === 1) return parts[0];
  const whole = joinOutputs(parts);
  for (const tensor of treeTensors(parts)) tensor.dispose();
  return whole;
}

/** The outputs for samples in memory, now. @throws ArgumentError where a callback is asynchronous */
export function predict(trainer: Trainer, x: DataTree, options: PredictOptions): TensorTree {
  const { batchSize } = options;
  const steps = stepsOf(options.steps);
  const source = trainer.sourceOf('predict', x, { batchSize, steps }) as ArraySource;
  const callbacks = callbacksFor(trainer, source, options);
  const model: CallbackModel = trainer.model;
  const heard = callbacks.hears('onPredictBatchEnd');
  const parts: TensorTree[] = [];
  model.stopPredicting = false;
  source.rewind();
  callNow(callbacks, 'onPredictBegin');
  for (let step = 0; step < (steps ?? source.steps) && !model.stopPredicting; step++) {
    const taken = source.next();
    if (!taken) break;
    callNow(callbacks, 'onPredictBatchBegin', step);
    const outputs = trainer.predictStep.runSync([taken.batch]);
    for (const tensor of taken.owned) tensor.dispose();
    parts.push(outputs);
    if (heard) callNow(callbacks, 'onPredictBatchEnd', step, { outputs } as PredictLogs);
  }
  callNow(callbacks, 'onPredictEnd');
  return joined(parts);
}

/** Calls a hook of several callbacks; none of them may take its time. */
function callNow(
  callbacks: CallbackList,
  hook: 'onPredictBegin' | 'onPredictEnd' | 'onPredictBatchBegin' | 'onPredictBatchEnd',
  ...args: [step?: number, logs?: PredictLogs]
): void {
  if (!callbacks.hears(hook)) return;
  for (const callback of callbacks.callbacks) {
    const outcome = (callback[hook] as (...args: unknown[]) => unknown)(...args);
    if (outcome instanceof Promise)
      throw new ArgumentError(
        `predict: the hook ${hook} gave a promise, and predict waits for none; await model.predictAsync() instead.`,
      );
  }
}

/** The same off the main thread, also for streams. */
export async function predictAsync(
  trainer: Trainer,
  x: DataTree | BatchStream,
  options: PredictOptions,
): Promise<TensorTree> {
  const steps = stepsOf(options.steps);
  const source = trainer.sourceOf('predict', x, { batchSize: options.batchSize, steps });
  try {
    const parts = await predictLoop({
      ...{ caller: 'predict', model: trainer.model, callbacks: callbacksFor(trainer, source, options), source, steps },
      perExecution: trainer.compilation?.stepsPerExecution ?? 1,
      step: trainer.predictStep,
    });
    return joined(parts);
  } finally {
    await source.close();
  }
}

/** The outputs for samples, computed in one batch. */
export function predictOnBatch(trainer: Trainer, x: DataTree): TensorTree {
  const batch: AnyBatch = trainer.batchOf('predictOnBatch', { x });
  return trainer.predictStep.runSync([batch]);
}

/** Whether predicting gives a promise. */
export const isStream = (x: DataTree | BatchStream): x is BatchStream => openerOf(x) !== null;
