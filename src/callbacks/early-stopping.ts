/** @file EarlyStopping: ends training when it no longer helps. */
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Callback, type Logs } from './callback.ts';

const modes = ['auto', 'min', 'max'] as const;

export interface EarlyStoppingOptions {
  /** Name in the logs; default `val_loss`. */
  monitor?: string;
  /** Smaller changes are no improvement; default 0. */
  minDelta?: number;
  /** Epochs without improvement that are put up with; default 0. */
  patience?: number;
  /** 1 says when training is ended; default 0. */
  verbose?: 0 | 1;
  /** Whether less or more is better; `auto` (default) takes more for accuracies and the like, less otherwise. */
  mode?: (typeof modes)[number];
  /** What must be beaten for an epoch to count as an improvement. */
  baseline?: number | null;
  /** Gives the model the weights of its best epoch back at the end; default false. */
  restoreBestWeights?: boolean;
  /** Epochs before this one do not count; default 0. */
  startFromEpoch?: number;
}

/** Ends the training when a monitored value has not improved for `patience` epochs. */
export class EarlyStopping extends Callback {
  readonly monitor: string;
  /** The epoch that ended the training; 0 while it goes on. */
  stoppedEpoch = 0;
  bestEpoch = 0;
  best: number | null = null;
  private readonly options: Required<Omit<EarlyStoppingOptions, 'monitor'>>;
  private readonly sign: 1 | -1;
  private epochsWaited = 0;
  private snapshot: Tensor[] = [];
  private warned = false;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    const { monitor = 'val_loss', minDelta = 0, patience = 0, mode = 'auto' } = options;
    if (!modes.includes(mode))
      throw new ArgumentError(`EarlyStopping: expected mode ${modes.join(', ')}; got '${mode}'.`);
    this.monitor = monitor;
    this.options = {
      ...{ verbose: 0, baseline: null, restoreBestWeights: false, startFromEpoch: 0, ...options },
      ...{ minDelta: Math.abs(minDelta), patience, mode },
    };
    const higherIsBetter = mode === 'max' || (mode === 'auto' && /acc|auc|precision|recall|f1/i.test(monitor));
    this.sign = higherIsBetter ? 1 : -1;
  }

  override onTrainBegin(): void {
    this.epochsWaited = 0;
    this.stoppedEpoch = 0;
    this.bestEpoch = 0;
    this.best = null;
    this.replaceSnapshot([]);
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    const value = this.monitored(logs);
    if (value === undefined || epoch < this.options.startFromEpoch) return;
    const improved = this.best === null || this.beats(value, this.best);
    if (improved) {
      this.best = value;
      this.bestEpoch = epoch;
      if (this.options.restoreBestWeights) this.replaceSnapshot(this.model.getWeights());
    }
    // Patience runs on while the best is still behind the baseline, but an epoch that improves never ends the training.
    const { baseline, patience } = this.options;
    const reachesBaseline = baseline === null || this.beats(value, baseline);
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

  private monitored(logs: Logs): number | undefined {
    const value = logs[this.monitor];
    if (value === undefined && !this.warned) {
      const names = Object.keys(logs).join(', ');
      console.warn(
        `EarlyStopping: there is no '${this.monitor}' in the logs, so nothing is watched; they have ${names}.`,
      );
      this.warned = true;
    }
    return value;
  }

  /** Whether a value is better than another by more than `minDelta`; any number is better than NaN. */
  private beats(value: number, other: number): boolean {
    if (Number.isNaN(other)) return !Number.isNaN(value);
    return this.sign * (value - other) > this.options.minDelta;
  }

  private replaceSnapshot(weights: Tensor[]): void {
    for (const weight of this.snapshot) weight.dispose();
    this.snapshot = weights;
  }
}
