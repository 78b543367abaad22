/** @file History: what `fit` gives back. */
import { type Displayable, type MimeBundle, displaySymbol } from '../display.ts';
import { history as historyPlot } from '../vis/history.ts';
import { Callback, type Logs } from './callback.ts';

/** The logs of each epoch; shows itself as curves. `fit` returns one. */
export class History extends Callback implements Displayable {
  /** Numbers of the epochs, from 0. */
  readonly epoch: number[] = [];
  /** For each name in the logs its value in every epoch. */
  readonly history: Record<string, number[]> = {};
  /** For each name in the logs the epochs that these values are of: validation may be rarer than epochs. */
  readonly loggedAt: Record<string, number[]> = {};

  override onTrainBegin(): void {
    this.epoch.length = 0;
    for (const values of [this.history, this.loggedAt]) for (const name of Object.keys(values)) delete values[name];
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      (this.history[name] ??= []).push(value);
      (this.loggedAt[name] ??= []).push(epoch);
    }
  }

  /** The last epoch in one line for each metric. */
  override toString(): string {
    const last = Object.entries(this.history).map(([name, values]) => `${name} ${values[values.length - 1]}`);
    return `History of ${this.epoch.length} epochs${last.length > 0 ? `: ${last.join(', ')}` : ''}`;
  }

  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    return this.epoch.length > 0 ? historyPlot(this)[displaySymbol]() : { 'text/plain': this.toString() };
  }
}
