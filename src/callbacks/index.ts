/** @file `tf.callbacks`: hooks into training. */
import { Callback } from './callback.ts';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';
import { type CallbackFunctions, LambdaCallback } from './lambda-callback.ts';

export { Callback, CallbackList } from './callback.ts';
export type { CallbackHooks, CallbackModel, CallbackParams, Logs } from './callback.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';
export { History } from './history.ts';
export { type CallbackFunctions, LambdaCallback } from './lambda-callback.ts';
export { ProgbarLogger, type Verbosity } from './progress.ts';

/** {@inheritDoc EarlyStopping} */
export const earlyStopping = (options?: EarlyStoppingOptions): EarlyStopping => new EarlyStopping(options);

/** A callback, or hooks as functions; or several. */
export type CallbackIdentifier = Callback | CallbackFunctions | readonly (Callback | CallbackFunctions)[];

/** The callbacks meant. */
export function getCallbacks(identifier: CallbackIdentifier | undefined): Callback[] {
  if (identifier === undefined) return [];
  const list = Array.isArray(identifier) ? (identifier as readonly (Callback | CallbackFunctions)[]) : [identifier];
  return list.map((entry) => (entry instanceof Callback ? entry : new LambdaCallback(entry as CallbackFunctions)));
}
