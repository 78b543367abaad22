/** @file When to save: at the ends of epochs, or every so many batches. */
import { ArgumentError } from '../tensor/errors.ts';

/** At the end of each epoch, or after so many batches. */
export type SaveFrequency = 'epoch' | number;

/** Counts batches, also where one execution runs several. */
export class BatchCountdown {
  readonly everyEpoch: boolean;
  private readonly frequency: number;
  private seen = 0;
  private lastBatch: number | null = null;

  constructor(caller: string, frequency: SaveFrequency) {
    if (frequency !== 'epoch' && !(Number.isInteger(frequency) && frequency > 0))
      throw new ArgumentError(
        `${caller}: expected saveFreq to be 'epoch' or a whole number of batches, got ${JSON.stringify(frequency)}.`,
      );
    this.everyEpoch = frequency === 'epoch';
    this.frequency = frequency === 'epoch' ? Infinity : frequency;
  }

  /** Takes the end of a batch; whether it is time to save. */
  isDue(batch: number): boolean {
    if (this.everyEpoch) return false;
    const isNewEpoch = this.lastBatch === null || batch <= this.lastBatch;
    this.seen += isNewEpoch ? batch + 1 : batch - this.lastBatch!;
    this.lastBatch = batch;
    if (this.seen < this.frequency) return false;
    this.seen = 0;
    return true;
  }
}
