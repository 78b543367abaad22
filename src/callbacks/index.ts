/** @file `tf.callbacks`: hooks into training, evaluation and prediction. */
import { BackupAndRestore, type BackupAndRestoreOptions } from './backup-and-restore.ts';
import { CallbackList } from './callback-list.ts';
import { Callback } from './callback.ts';
import { CSVLogger, type CSVLoggerOptions } from './csv-logger.ts';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';
import { History } from './history.ts';
import { type CallbackFunctions, LambdaCallback } from './lambda-callback.ts';
import {
  type LearningRateFunction,
  LearningRateScheduler,
  type LearningRateSchedulerOptions,
} from './learning-rate-scheduler.ts';
import { ModelCheckpoint, type ModelCheckpointOptions } from './model-checkpoint.ts';
import { ProgbarLogger, type Verbosity } from './progress.ts';
import { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './reduce-lr-on-plateau.ts';
import { RemoteMonitor, type RemoteMonitorOptions } from './remote-monitor.ts';
import { SwapEMAWeights, type SwapEMAWeightsOptions } from './swap-ema-weights.ts';
import { TensorBoard, type TensorBoardOptions } from './tensorboard.ts';
import { TerminateOnNaN, type TerminateOnNaNOptions } from './terminate-on-nan.ts';

export { Callback } from './callback.ts';
export type { CallbackHooks, CallbackParams, Logs, PredictLogs } from './callback.ts';
export { CallbackList } from './callback-list.ts';
export type { CallbackLayer, CallbackMetric, CallbackModel, CallbackOptimizer } from './callback-model.ts';
export { BackupAndRestore, type BackupAndRestoreOptions } from './backup-and-restore.ts';
export { CSVLogger, type CSVLoggerOptions } from './csv-logger.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';
export { History } from './history.ts';
export { type CallbackFunctions, LambdaCallback } from './lambda-callback.ts';
export {
  type LearningRateFunction,
  LearningRateScheduler,
  type LearningRateSchedulerOptions,
} from './learning-rate-scheduler.ts';
export { ModelCheckpoint, type ModelCheckpointOptions } from './model-checkpoint.ts';
export { MonitorCallback, type MonitorMode, type MonitorOptions } from './monitor-callback.ts';
export { ProgbarLogger, type Verbosity } from './progress.ts';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './reduce-lr-on-plateau.ts';
export { RemoteMonitor, type RemoteMonitorOptions } from './remote-monitor.ts';
export type { SaveFrequency } from './save-frequency.ts';
export { SwapEMAWeights, type SwapEMAWeightsOptions } from './swap-ema-weights.ts';
export { TensorBoard, type TensorBoardOptions } from './tensorboard.ts';
export { TerminateOnNaN, type TerminateOnNaNOptions } from './terminate-on-nan.ts';

/** {@inheritDoc EarlyStopping} */
export const earlyStopping = (options?: EarlyStoppingOptions): EarlyStopping => new EarlyStopping(options);

/** {@inheritDoc ModelCheckpoint} */
export const modelCheckpoint = (options: ModelCheckpointOptions | string): ModelCheckpoint =>
  new ModelCheckpoint(typeof options === 'string' ? { filepath: options } : options);

/** {@inheritDoc BackupAndRestore} */
export const backupAndRestore = (options: BackupAndRestoreOptions | string): BackupAndRestore =>
  new BackupAndRestore(typeof options === 'string' ? { backupDir: options } : options);

/** {@inheritDoc LearningRateScheduler} */
export const learningRateScheduler = (
  options: LearningRateSchedulerOptions | LearningRateFunction,
): LearningRateScheduler => new LearningRateScheduler(typeof options === 'function' ? { schedule: options } : options);

/** {@inheritDoc ReduceLROnPlateau} */
export const reduceLROnPlateau = (options?: ReduceLROnPlateauOptions): ReduceLROnPlateau =>
  new ReduceLROnPlateau(options);

/** {@inheritDoc CSVLogger} */
export const csvLogger = (options: CSVLoggerOptions | string): CSVLogger =>
  new CSVLogger(typeof options === 'string' ? { filename: options } : options);

/** {@inheritDoc TensorBoard} */
export const tensorBoard = (
  logDirOrOptions: TensorBoardOptions | string = {},
  options?: TensorBoardOptions,
): TensorBoard =>
  new TensorBoard(typeof logDirOrOptions === 'string' ? { ...options, logDir: logDirOrOptions } : logDirOrOptions);

/** {@inheritDoc TerminateOnNaN} */
export const terminateOnNaN = (options?: TerminateOnNaNOptions): TerminateOnNaN => new TerminateOnNaN(options);

/** {@inheritDoc RemoteMonitor} */
export const remoteMonitor = (options?: RemoteMonitorOptions): RemoteMonitor => new RemoteMonitor(options);

/** {@inheritDoc SwapEMAWeights} */
export const swapEMAWeights = (options?: SwapEMAWeightsOptions): SwapEMAWeights => new SwapEMAWeights(options);

/** {@inheritDoc LambdaCallback} */
export const lambdaCallback = (functions: CallbackFunctions): LambdaCallback => new LambdaCallback(functions);

type OneCallback = Callback | CallbackFunctions;
/** A callback, or hooks as functions; or several. */
export type CallbackIdentifier = OneCallback | readonly OneCallback[];

/** The callbacks meant. */
export function getCallbacks(identifier: CallbackIdentifier | undefined): Callback[] {
  if (identifier === undefined) return [];
  const list = Array.isArray(identifier) ? (identifier as readonly OneCallback[]) : [identifier as OneCallback];
  return list.flatMap((entry) => {
    if (entry instanceof CallbackList) return entry.callbacks;
    return [entry instanceof Callback ? entry : new LambdaCallback(entry as CallbackFunctions)];
  });
}

/**
 * The callbacks meant, then the history and the progress view where there are none of the user's. They come last because they
 * show what others put into the logs, such as the learning rate.
 */
export function withDefaultCallbacks(
  identifier: CallbackIdentifier | undefined,
  { history, verbose }: { history?: History; verbose: Verbosity },
): Callback[] {
  const callbacks = getCallbacks(identifier);
  if (history) callbacks.push(history);
  if (verbose > 0 && !callbacks.some((callback) => callback instanceof ProgbarLogger))
    callbacks.push(new ProgbarLogger({ verbose }));
  return callbacks;
}
