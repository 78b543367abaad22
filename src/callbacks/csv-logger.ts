/** @file CSVLogger: the logs of each epoch as a line of a CSV file. */
import { appendFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ArgumentError } from '../tensor/errors.ts';
import { Callback, type Logs } from './callback.ts';

export interface CSVLoggerOptions {
  /** Path of the file; its folder is made. */
  filename: string;
  /** Between the values; default a comma. */
  separator?: string;
  /** Goes on with an existing file instead of beginning it anew; default false. */
  append?: boolean;
}

/**
 * Writes a line an epoch: its number, then the logs by name. Columns are those of the first epoch; where that had no
 * validation they have places for its values, and `NA` stands for a value that is missing.
 *
 * @example
 * await model.fit(x, y, { callbacks: tf.callbacks.csvLogger('run/log.csv') });
 */
export class CSVLogger extends Callback {
  readonly filename: string;
  private readonly separator: string;
  private readonly appends: boolean;
  private columns: readonly string[] | null = null;
  private hasHeader = false;

  constructor({ filename, separator = ',', append = false }: CSVLoggerOptions) {
    super();
    if (typeof filename !== 'string' || filename === '')
      throw new ArgumentError(
        `CSVLogger: expected filename to be the path of a file, got ${JSON.stringify(filename)}.`,
      );
    if ([...separator].length !== 1)
      throw new ArgumentError(`CSVLogger: expected separator to be one character, got ${JSON.stringify(separator)}.`);
    this.filename = filename;
    this.separator = separator;
    this.appends = append;
  }

  override onTrainBegin(): void {
    mkdirSync(dirname(this.filename), { recursive: true });
    this.hasHeader = this.appends && existsSync(this.filename) && statSync(this.filename).size > 0;
    if (!this.appends) writeFileSync(this.filename, '');
    this.columns = null;
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    this.columns ??= columnsOf(logs);
    if (!this.hasHeader) this.write(['epoch', ...this.columns]);
    this.hasHeader = true;
    this.write([String(epoch), ...this.columns.map((name) => String(logs[name] ?? 'NA'))]);
  }

  private write(fields: readonly string[]): void {
    appendFileSync(this.filename, `${fields.map((field) => this.quoted(field)).join(this.separator)}\r\n`);
  }

  private quoted(field: string): string {
    const needsQuotes = field.includes(this.separator) || /["\r\n]/.test(field);
    return needsQuotes ? `"${field.replaceAll('"', '""')}"` : field;
  }
}

function columnsOf(logs: Logs): string[] {
  const names = Object.keys(logs).sort();
  return names.some((name) => name.startsWith('val_')) ? names : [...names, ...names.map((name) => `val_${name}`)];
}
