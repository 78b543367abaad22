/** @file ProgbarLogger: the live view of `fit` and `evaluate`. */
import { createProgressView, type ProgressView } from '../vis/progress.ts';
import { Callback, type Logs } from './callback.ts';

/** How much is shown: 0 nothing, 1 a live view, 2 a line of text for each epoch. */
export type Verbosity = 0 | 1 | 2;

/** Values are read off the device at most this often, in milliseconds. */
const readInterval = 100;

/**
 * Shows a bar, the metrics and their curves while a model runs. `fit`, `evaluate` and `predict` add one by themselves, as `verbose`
 * says.
 */
export class ProgbarLogger extends Callback {
  private readonly verbose: Verbosity;
  private readonly title: string;
  private view: ProgressView | null = null;
  private alone = false;
  private epoch = 0;
  private epochStart = 0;
  private lastRead = 0;

  constructor({ verbose = 1, title = 'Training' }: { verbose?: Verbosity; title?: string } = {}) {
    super();
    this.verbose = verbose;
    this.title = title;
  }

  override onTrainBegin(): void {
    this.open(this.title);
  }

  override onEpochBegin(epoch: number): void {
    this.begin(epoch);
  }

  override onTrainBatchEnd(batch: number, logs?: Logs): void {
    this.update(batch, logs);
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    this.view?.epochEnd({ epoch, logs, seconds: (performance.now() - this.epochStart) / 1000 });
  }

  override onTrainEnd(): void {
    this.close();
  }

  override onTestBegin(): void {
    this.openAlone('Evaluating');
  }
  override onTestBatchEnd(batch: number, logs?: Logs): void {
    if (this.alone) this.update(batch, logs);
  }
  override onTestEnd(logs?: Logs): void {
    this.closeAlone(logs);
  }

  override onPredictBegin(): void {
    this.openAlone('Predicting');
  }
  override onPredictBatchEnd(batch: number): void {
    if (this.alone) this.update(batch);
  }
  override onPredictEnd(): void {
    this.closeAlone({});
  }

  /** A test or a prediction inside of a training belongs to its epoch; one by itself is shown as a run of one epoch. */
  private openAlone(title: string): void {
    if (this.view) return;
    this.alone = true;
    this.open(title);
    this.begin(0);
  }

  private closeAlone(logs?: Logs): void {
    if (!this.alone) return;
    this.onEpochEnd(0, logs);
    this.alone = false;
    this.close();
  }

  private open(title: string): void {
    const { epochs, steps, samples } = this.params;
    this.view = createProgressView({ epochs, steps, samples, title, verbose: this.verbose });
  }

  private begin(epoch: number): void {
    this.epoch = epoch;
    this.epochStart = performance.now();
  }

  private update(batch: number, logs: Logs = {}): void {
    const now = performance.now();
    if (now - this.lastRead < readInterval && batch > 0 && batch + 1 !== this.params.steps) return;
    this.view?.update({ epoch: this.epoch, step: batch + 1, logs: { ...logs } });
    this.lastRead = now;
  }

  private close(): void {
    this.view?.done();
    this.view = null;
  }
}
