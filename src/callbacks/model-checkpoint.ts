/** @file ModelCheckpoint: saves the model, or its weights, while it trains. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArgumentError } from '../tensor/errors.ts';
import type { Logs } from './callback.ts';
import { MonitorCallback, type MonitorOptions } from './monitor-callback.ts';
import { fillPath } from './path-template.ts';
import { BatchCountdown, type SaveFrequency } from './save-frequency.ts';

export interface ModelCheckpointOptions extends MonitorOptions {
  /**
   * Where to save: a path that ends in `.keras` or `.h5`, or in `.weights.h5` with `saveWeightsOnly`. It may have places for the
   * epoch (from 1), the batch (from 1, where batches are counted) and the logs, in Python's formats:
   * `run/{epoch:02d}-{val_loss:.2f}.keras`.
   */
  filepath: string;
  /** 1 says what is saved; default 0. */
  verbose?: 0 | 1;
  /** Saves only where the monitored value is the best so far; default false. */
  saveBestOnly?: boolean;
  /** Saves weights (with the optimizer's state) instead of the whole model; default false. */
  saveWeightsOnly?: boolean;
  /** `epoch` (default), or after so many batches. */
  saveFreq?: SaveFrequency;
  /** What the first value saved must be better than; for `saveBestOnly`. */
  initialValueThreshold?: number | null;
}

/**
 * Saves the model while it trains.
 *
 * @throws ArgumentError for a path of another ending or with places that the logs do not fill.
 * @example
 * const checkpoint = tf.callbacks.modelCheckpoint({
 *   filepath: 'run/best.keras', monitor: 'val_accuracy', saveBestOnly: true,
 * });
 * await model.fit(x, y, { epochs: 20, validationSplit: 0.2, callbacks: checkpoint });
 * const best = await tf.loadModel('run/best.keras');
 */
export class ModelCheckpoint extends MonitorCallback {
  readonly filepath: string;
  private readonly verbose: 0 | 1;
  private readonly saveBestOnly: boolean;
  private readonly saveWeightsOnly: boolean;
  private readonly countdown: BatchCountdown;
  private epoch = 0;

  constructor(options: ModelCheckpointOptions) {
    const { filepath, verbose = 0, saveBestOnly = false, saveWeightsOnly = false } = options;
    super(options, { best: options.initialValueThreshold });
    const endings = saveWeightsOnly ? ['.weights.h5'] : ['.keras', '.h5'];
    if (typeof filepath !== 'string' || !endings.some((ending) => filepath.endsWith(ending)))
      throw new ArgumentError(
        `ModelCheckpoint: expected filepath to end in ${endings.join(' or ')}${saveWeightsOnly ? ', as it saves weights only' : ''}; ` +
          `got ${JSON.stringify(filepath)}.`,
      );
    this.filepath = filepath;
    this.verbose = verbose;
    this.saveBestOnly = saveBestOnly;
    this.saveWeightsOnly = saveWeightsOnly;
    this.countdown = new BatchCountdown('ModelCheckpoint', options.saveFreq ?? 'epoch');
  }

  override onEpochBegin(epoch: number): void {
    this.epoch = epoch;
  }

  override onTrainBatchEnd(batch: number, logs: Logs = {}): void | Promise<void> {
    if (this.countdown.isDue(batch)) return this.saveIfWanted({ ...logs, batch: logs.batch ?? batch + 1 });
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    this.epoch = epoch;
    if (this.countdown.everyEpoch) await this.saveIfWanted(logs);
  }

  private async saveIfWanted(logs: Logs): Promise<void> {
    const path = fillPath('ModelCheckpoint', this.filepath, { ...logs, epoch: this.epoch + 1 });
    if (!this.shouldSave(logs, path)) return;
    await mkdir(dirname(path), { recursive: true });
    const existing = await stat(path).catch(() => null);
    if (existing?.isDirectory())
      throw new ArgumentError(`ModelCheckpoint: '${path}' is a folder; give filepath the name of a file.`);
    const [method, what] = this.saveWeightsOnly ? (['saveWeights', 'weights'] as const) : (['save', 'model'] as const);
    if (!this.model[method])
      throw new ArgumentError(
        `ModelCheckpoint: model ${this.model.name} has no method ${method}, so it cannot be saved.`,
      );
    await this.model[method](path, { overwrite: true });
    this.say(`saved the ${what} as ${path}`);
  }

  private shouldSave(logs: Logs, path: string): boolean {
    if (!this.saveBestOnly) return true;
    const value = logs[this.monitor];
    if (value === undefined) {
      this.warnOfMissing(logs, 'so the model is saved whether it is the best or not');
      return true;
    }
    const before = this.best === null ? 'nothing' : this.best.toFixed(5);
    if (!this.isImprovement(value, this.best)) {
      this.say(`${this.monitor} has not improved from ${before}`);
      return false;
    }
    this.say(`${this.monitor} has improved from ${before} to ${value.toFixed(5)}; saving as ${path}`);
    this.best = value;
    return true;
  }

  private say(what: string): void {
    if (this.verbose > 0) console.log(`Epoch ${this.epoch + 1}: ModelCheckpoint: ${what}.`);
  }
}
