/** @file TerminateOnNaN: ends training whose loss is no number any more. */
import { NumericsError } from '../tensor/errors.ts';
import { Callback, type Logs } from './callback.ts';

export interface TerminateOnNaNOptions {
  /** Throws, so that `fit` is rejected, instead of ending the training in order; default false. */
  raiseError?: boolean;
}

/**
 * Ends the training when the loss is NaN or infinite after a batch. It reads the loss after each step.
 *
 * @example
 * await model.fit(x, y, { callbacks: tf.callbacks.terminateOnNaN() });
 */
export class TerminateOnNaN extends Callback {
  private readonly raiseError: boolean;

  constructor({ raiseError = false }: TerminateOnNaNOptions = {}) {
    super();
    this.raiseError = raiseError;
  }

  override onTrainBatchEnd(batch: number, logs: Logs = {}): void {
    const { loss } = logs;
    if (loss === undefined || Number.isFinite(loss)) return;
    if (this.raiseError) throw new NumericsError(`TerminateOnNaN: the loss is ${loss} after batch ${batch}.`);
    console.warn(`TerminateOnNaN: the loss is ${loss} after batch ${batch}; the training ends.`);
    this.model.stopTraining = true;
  }
}
