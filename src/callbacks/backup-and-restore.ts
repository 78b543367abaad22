/** @file BackupAndRestore: training that goes on where it was cut off. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointGenerator, restoreGenerator } from '../ops/random.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Callback } from './callback.ts';
import { BatchCountdown, type SaveFrequency } from './save-frequency.ts';

export interface BackupAndRestoreOptions {
  /** A folder for this training alone. */
  backupDir: string;
  /** `epoch` (default), or after so many batches. */
  saveFreq?: SaveFrequency;
  /** Keeps the state before as well, for where the last one cannot be read; default false. */
  doubleCheckpoint?: boolean;
  /** Deletes the folder when the training is complete; default true. */
  deleteCheckpoint?: boolean;
}

/** What is written beside the weights; the epoch is the one to go on with. */
interface TrainingState {
  readonly epoch: number;
  readonly batch: number;
  /** Where the global random generator was. */
  readonly random?: readonly number[];
}

/**
 * Saves weights, the optimizer's state and the epoch's number while `fit` runs. If it is cut off (an error, an interrupt, a
 * crash), `fit` called again with the same arguments goes on with the epoch that was not finished: from its first batch, with the
 * weights of the last backup. Random numbers go on where they were, so that after backups at the ends of epochs the result is that of
 * a training which was never cut off.
 *
 * @throws ArgumentError where the folder is not named, or holds what cannot be read.
 * @example
 * const backup = tf.callbacks.backupAndRestore({ backupDir: 'run/backup' });
 * await model.fit(x, y, { epochs: 100, callbacks: backup });
 */
export class BackupAndRestore extends Callback {
  readonly backupDir: string;
  private readonly keepsTwo: boolean;
  private readonly deletes: boolean;
  private readonly countdown: BatchCountdown;
  private readonly weightsPath: string;
  private readonly statePath: string;
  private epoch = 0;
  private batch = 0;

  constructor({
    backupDir,
    saveFreq = 'epoch',
    doubleCheckpoint = false,
    deleteCheckpoint = true,
  }: BackupAndRestoreOptions) {
    super();
    if (typeof backupDir !== 'string' || backupDir === '')
      throw new ArgumentError(
        `BackupAndRestore: expected backupDir to be the path of a folder, got ${JSON.stringify(backupDir)}.`,
      );
    this.backupDir = backupDir;
    this.keepsTwo = doubleCheckpoint;
    this.deletes = deleteCheckpoint;
    this.countdown = new BatchCountdown('BackupAndRestore', saveFreq);
    this.weightsPath = join(backupDir, 'latest.weights.h5');
    this.statePath = join(backupDir, 'training_metadata.json');
  }

  override async onTrainBegin(): Promise<void> {
    if (this.model.built === false)
      throw new ArgumentError(
        `BackupAndRestore: model ${this.model.name} must be built before fit, so that its weights can be restored; apply it to a batch first.`,
      );
    this.epoch = 0;
    this.batch = 0;
    if (!existsSync(this.weightsPath)) return;
    try {
      await this.restore();
    } catch (error) {
      if (!existsSync(previous(this.weightsPath))) throw this.unreadable(error);
      console.warn(
        `BackupAndRestore: ${this.weightsPath} cannot be read (${(error as Error).message}); the training goes on from the state before.`,
      );
      await copyFile(previous(this.weightsPath), this.weightsPath);
      if (existsSync(previous(this.statePath))) await copyFile(previous(this.statePath), this.statePath);
      else await rm(this.statePath, { force: true });
      await this.restore();
    }
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    this.epoch = epoch + 1;
    this.batch = 0;
    if (this.countdown.everyEpoch) await this.save();
  }

  override onTrainBatchEnd(batch: number): void | Promise<void> {
    const isDue = this.countdown.isDue(batch);
    if (this.countdown.everyEpoch) return;
    this.batch = batch;
    if (!isDue) return;
    const isLast = batch + 1 === this.params.steps;
    return this.save(isLast ? { epoch: this.epoch + 1, batch: 0 } : undefined);
  }

  override async onTrainEnd(): Promise<void> {
    // After an error too training ends: then the backup is what it was made for.
    const isComplete = this.model.stopTraining || this.epoch >= this.params.epochs;
    if (this.deletes && isComplete) await rm(this.backupDir, { recursive: true, force: true });
  }

  private async restore(): Promise<void> {
    await this.method('loadWeights')(this.weightsPath);
    if (!existsSync(this.statePath)) return;
    const { epoch, random } = JSON.parse(await readFile(this.statePath, 'utf8')) as Partial<TrainingState>;
    if (!Number.isInteger(epoch)) throw new ArgumentError(`${this.statePath} does not name an epoch`);
    if (random) restoreGenerator(Int32Array.from(random));
    this.epoch = epoch!;
    this.model.initialEpoch = epoch!;
  }

  private async save(state: TrainingState = { epoch: this.epoch, batch: this.batch }): Promise<void> {
    await mkdir(this.backupDir, { recursive: true });
    if (this.keepsTwo)
      for (const path of [this.weightsPath, this.statePath]) if (existsSync(path)) await copyFile(path, previous(path));
    // Files come into their places whole: a crash while they are written leaves the ones before.
    const nextWeights = join(this.backupDir, 'next.weights.h5');
    const nextState = join(this.backupDir, 'next_metadata.json');
    await this.method('saveWeights')(nextWeights, { overwrite: true });
    await writeFile(nextState, JSON.stringify({ ...state, random: [...checkpointGenerator()] }));
    await rename(nextWeights, this.weightsPath);
    await rename(nextState, this.statePath);
  }

  private method<M extends 'saveWeights' | 'loadWeights'>(name: M): NonNullable<(typeof this.model)[M]> {
    const method = this.model[name];
    if (!method)
      throw new ArgumentError(
        `BackupAndRestore: model ${this.model.name} has no method ${name}, so its training cannot be backed up.`,
      );
    return method.bind(this.model) as NonNullable<(typeof this.model)[M]>;
  }

  private unreadable(error: unknown): ArgumentError {
    return new ArgumentError(
      `BackupAndRestore: the backup in '${this.backupDir}' cannot be read (${(error as Error).message}). ` +
        `It belongs to a model of the same architecture; delete the folder to begin anew.`,
    );
  }
}

const previous = (path: string): string => `${path}.bkp`;
