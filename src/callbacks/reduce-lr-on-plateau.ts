/** @file ReduceLROnPlateau: smaller steps when larger ones no longer help. */
import { ArgumentError } from '../tensor/errors.ts';
import { learningRatesOf } from './callback-model.ts';
import type { Logs } from './callback.ts';
import { MonitorCallback, type MonitorOptions } from './monitor-callback.ts';

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** By what the learning rate is multiplied, below 1; default 0.1. */
  factor?: number;
  /** Epochs without improvement after which it is; default 10. */
  patience?: number;
  /** 1 says when it is; default 0. */
  verbose?: 0 | 1;
  /** Smaller changes are no improvement; default 1e-4. */
  minDelta?: number;
  /** Epochs after a reduction that do not count; default 0. */
  cooldown?: number;
  /** The learning rate does not go below this; default 0. */
  minLr?: number;
}

/**
 * Multiplies the learning rate by `factor` when a monitored value has not improved for `patience` epochs. The logs get
 * `learning_rate`, as it was during the epoch.
 *
 * @throws ArgumentError for a factor of 1 or more.
 * @example
 * tf.callbacks.reduceLROnPlateau({ monitor: 'val_loss', factor: 0.2, patience: 5, minLr: 1e-5 });
 */
export class ReduceLROnPlateau extends MonitorCallback {
  private readonly options: Required<Omit<ReduceLROnPlateauOptions, keyof MonitorOptions | 'minDelta'>>;
  private cooldownLeft = 0;
  private epochsWaited = 0;

  constructor(options: ReduceLROnPlateauOptions = {}) {
    super(options, { minDelta: options.minDelta ?? 1e-4 });
    const { factor = 0.1, patience = 10, verbose = 0, cooldown = 0, minLr = 0 } = options;
    if (!(factor < 1)) throw new ArgumentError(`ReduceLROnPlateau: expected a factor below 1, got ${factor}.`);
    this.options = { factor, patience, verbose, cooldown, minLr };
  }

  override onTrainBegin(): void {
    this.best = null;
    this.cooldownLeft = 0;
    this.epochsWaited = 0;
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    for (const { logName, optimizer } of learningRatesOf(this.model)) logs[logName] = optimizer.learningRate;
    const value = logs[this.monitor];
    if (value === undefined) {
      this.warnOfMissing(logs, 'so the learning rate stays');
      return;
    }
    if (this.cooldownLeft > 0) {
      this.cooldownLeft--;
      this.epochsWaited = 0;
    }
    if (this.isImprovement(value, this.best)) {
      this.best = value;
      this.epochsWaited = 0;
    } else if (this.cooldownLeft === 0) {
      this.epochsWaited++;
      if (this.epochsWaited >= this.options.patience && this.reduce(epoch)) {
        this.cooldownLeft = this.options.cooldown;
        this.epochsWaited = 0;
      }
    }
  }

  /** Whether there was still something to reduce. */
  private reduce(epoch: number): boolean {
    const { factor, minLr, verbose } = this.options;
    let reduced = false;
    for (const { label, optimizer } of learningRatesOf(this.model)) {
      // The rate may have been kept in float32, and be below the bound by its rounding alone.
      if (!(optimizer.learningRate > Math.fround(minLr))) continue;
      optimizer.learningRate = Math.max(optimizer.learningRate * factor, minLr);
      reduced = true;
      if (verbose > 0)
        console.log(
          `Epoch ${epoch + 1}: ReduceLROnPlateau reduces the ${label && `${label} `}learning rate to ${optimizer.learningRate}.`,
        );
    }
    return reduced;
  }
}
