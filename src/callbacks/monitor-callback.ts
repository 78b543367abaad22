/** @file MonitorCallback: what callbacks that watch one value for improvement share. */
import { ArgumentError } from '../tensor/errors.ts';
import { Callback } from './callback.ts';

/** Whether less or more is better; `auto` asks the metric. */
export const monitorModes = ['auto', 'min', 'max'] as const;
export type MonitorMode = (typeof monitorModes)[number];

export interface MonitorOptions {
  /** Name in the logs; default `val_loss`. */
  monitor?: string;
  /**
   * Whether less or more is better. `auto` (default) takes less for the loss, else what the model's metric of that name says,
   * else goes by names such as `accuracy` or `error`.
   */
  mode?: MonitorMode;
}

const risingName = /acc|auc|precision|recall|sensitivity|specificity|f1|f_?score|f_?beta|iou|r2|similarity|dice/i;
const fallingName = /loss|error|mse|mae|mape|msle|rmse|crossentropy|divergence|kld|perplexity|hinge|logcosh|poisson/i;

/** Watches one value of the logs. */
export abstract class MonitorCallback extends Callback {
  readonly monitor: string;
  readonly mode: MonitorMode;
  /** Smaller changes are no improvement. */
  readonly minDelta: number;
  /** The best value so far. */
  best: number | null;
  private sign: 1 | -1 | null = null;
  private warned = false;

  constructor(
    { monitor = 'val_loss', mode = 'auto' }: MonitorOptions,
    { minDelta = 0, best = null }: { minDelta?: number; best?: number | null } = {},
  ) {
    super();
    if (!monitorModes.includes(mode))
      throw new ArgumentError(`${this.constructor.name}: expected mode ${monitorModes.join(', ')}; got '${mode}'.`);
    this.monitor = monitor;
    this.mode = mode;
    this.minDelta = Math.abs(minDelta);
    this.best = best;
  }

  /** Whether a value is better than another by more than `minDelta`: anything is where there is no other, a number than NaN. */
  protected isImprovement(value: number, reference: number | null): boolean {
    if (reference === null) return true;
    if (Number.isNaN(reference)) return !Number.isNaN(value);
    // As sums: the same rounding decides as in Keras where a change is just `minDelta`.
    this.sign ??= this.direction();
    return this.sign > 0 ? value - this.minDelta > reference : value + this.minDelta < reference;
  }

  /** Found when first needed: metrics may come into being with the first batch. */
  private direction(): 1 | -1 {
    if (this.mode !== 'auto') return this.mode === 'max' ? 1 : -1;
    const name = this.monitor.replace(/^val_/, '');
    if (name === 'loss') return -1;
    const known = this.model?.metrics?.find((metric) => metric.name === name)?.direction;
    if (known) return known === 'up' ? 1 : -1;
    if (risingName.test(name)) return 1;
    if (fallingName.test(name)) return -1;
    throw new ArgumentError(
      `${this.constructor.name}: whether more or less of '${this.monitor}' is better cannot be told from its name; ` +
        `give mode: 'max' or mode: 'min'.`,
    );
  }

  /** Says once that the value is not in the logs. */
  protected warnOfMissing(logs: object, consequence: string): void {
    if (this.warned) return;
    this.warned = true;
    const names = Object.keys(logs).join(', ') || 'nothing';
    console.warn(
      `${this.constructor.name}: there is no '${this.monitor}' in the logs, ${consequence}; they have ${names}.`,
    );
  }
}
