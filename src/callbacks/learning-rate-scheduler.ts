/** @file LearningRateScheduler: the learning rate of each epoch by a function. */
import { ArgumentError } from '../tensor/errors.ts';
import { learningRatesOf } from './callback-model.ts';
import { Callback, type Logs } from './callback.ts';

/** The learning rate of an epoch (from 0), given the one before. */
export type LearningRateFunction = (epoch: number, learningRate: number) => number;

export interface LearningRateSchedulerOptions {
  schedule: LearningRateFunction;
  /** 1 says what is set; default 0. */
  verbose?: 0 | 1;
}

/**
 * Sets the learning rate at the beginning of each epoch. The logs get it as `learning_rate`.
 *
 * @example
 * // Ten epochs as compiled, then less and less.
 * tf.callbacks.learningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * Math.exp(-0.1)));
 */
export class LearningRateScheduler extends Callback {
  private readonly schedule: LearningRateFunction;
  private readonly verbose: 0 | 1;

  constructor({ schedule, verbose = 0 }: LearningRateSchedulerOptions) {
    super();
    if (typeof schedule !== 'function')
      throw new ArgumentError(
        `LearningRateScheduler: expected schedule to be a function of epoch and learning rate, got ${typeof schedule}.`,
      );
    this.schedule = schedule;
    this.verbose = verbose;
  }

  override onEpochBegin(epoch: number): void {
    for (const { label, optimizer } of learningRatesOf(this.model)) {
      const rate = this.schedule(epoch, optimizer.learningRate);
      if (typeof rate !== 'number')
        throw new ArgumentError(
          `LearningRateScheduler: the schedule must give a number; for epoch ${epoch} it gave ${String(rate)}.`,
        );
      optimizer.learningRate = rate;
      if (this.verbose > 0)
        console.log(
          `Epoch ${epoch + 1}: LearningRateScheduler sets the ${label && `${label} `}learning rate to ${rate}.`,
        );
    }
  }

  override onEpochEnd(_epoch: number, logs: Logs = {}): void {
    for (const { logName, optimizer } of learningRatesOf(this.model)) logs[logName] = optimizer.learningRate;
  }
}
