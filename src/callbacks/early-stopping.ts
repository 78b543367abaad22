/** @file EarlyStopping: ends training when it no longer helps. */
import type { Tensor } from '../tensor/tensor.ts';
import type { Logs } from './callback.ts';
import { MonitorCallback, type MonitorOptions } from './monitor-callback.ts';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Smaller changes are no improvement; default 0. */
  minDelta?: number;
  /** Epochs without improvement that are put up with; default 0. */
  patience?: number;
  /** 1 says when training is ended; default 0. */
  verbose?: 0 | 1;
  /** What must be beaten for patience to begin anew. */
  baseline?: number | null;
  /** Gives the model the weights of its best epoch back at the end, also where the training was not ended; default false. */
  restoreBestWeights?: boolean;
  /** Epochs before this one do not count; default 0. */
  startFromEpoch?: number;
}

/**
 * Ends the training when a monitored value has not improved for `patience` epochs. The first epoch never ends it.
 *
 * @example
 * const stopping = tf.callbacks.earlyStopping({ monitor: 'val_loss', patience: 3, restoreBestWeights: true });
 * await model.fit(x, y, { epochs: 100, validationSplit: 0.2, callbacks: stopping });
 */
export class EarlyStopping extends MonitorCallback {
  /** The epoch that ended the training; 0 while it goes on. */
  stoppedEpoch = 0;
  bestEpoch = 0;
  private readonly options: Required<Omit<EarlyStoppingOptions, keyof MonitorOptions | 'minDelta'>>;
  private epochsWaited = 0;
  private snapshot: Tensor[] = [];

  constructor(options: EarlyStoppingOptions = {}) {
    super(options, { minDelta: options.minDelta });
    const { patience = 0, verbose = 0, baseline = null, restoreBestWeights = false, startFromEpoch = 0 } = options;
    this.options = { patience, verbose, baseline, restoreBestWeights, startFromEpoch };
  }

  override onTrainBegin(): void {
    this.epochsWaited = 0;
    this.stoppedEpoch = 0;
    this.bestEpoch = 0;
    this.best = null;
    this.replaceSnapshot([]);
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    const value = logs[this.monitor];
    if (value === undefined) {
      this.warnOfMissing(logs, 'so nothing is watched');
      return;
    }
    if (epoch < this.options.startFromEpoch) return;
    const improved = this.isImprovement(value, this.best);
    if (improved) {
      this.best = value;
      this.bestEpoch = epoch;
      if (this.options.restoreBestWeights) this.replaceSnapshot(this.model.getWeights());
    }
    // Patience runs on while the best is still behind the baseline, but an epoch that improves never ends the training.
    const { baseline, patience } = this.options;
    const reachesBaseline = this.isImprovement(value, baseline);
    this.epochsWaited = improved && reachesBaseline ? 0 : this.epochsWaited + 1;
    if (improved || epoch === 0 || this.epochsWaited < patience) return;
    this.stoppedEpoch = epoch;
    this.model.stopTraining = true;
  }

  override onTrainEnd(): void {
    if (this.stoppedEpoch > 0 && this.options.verbose > 0)
      console.log(
        `EarlyStopping: ended in epoch ${this.stoppedEpoch + 1}; ${this.monitor} was best in epoch ${this.bestEpoch + 1}.`,
      );
    if (this.snapshot.length > 0) this.model.setWeights(this.snapshot);
    this.replaceSnapshot([]);
  }

  private replaceSnapshot(weights: Tensor[]): void {
    for (const weight of this.snapshot) weight.dispose();
    this.snapshot = weights;
  }
}
