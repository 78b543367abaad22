/** @file Tables: records as HTML with a text fallback. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { escapeMarkup } from './markup.ts';
import { formatCount, formatShort } from './number-text.ts';

/** One row: values by column name. Not a `Record`, which an interface does not fit: it has no index signature. */
export type TableRecord = object;
type Fields = Readonly<Record<string, unknown>>;

export interface TableOptions {
  /** Which columns, in which order; all of them, in order of appearance, where left out. */
  columns?: readonly string[];
  /** No more rows than this are shown. Default 20. */
  maxRows?: number;
  /** How many rows there are, where `records` holds only the first of them. */
  totalRows?: number;
  /** A line above the table. */
  caption?: string;
}

/** Records as a table. */
export class Table implements Displayable {
  readonly columns: readonly string[];
  readonly rows: readonly Fields[];
  readonly totalRows: number;
  private readonly caption: string | undefined;
  private readonly numeric: ReadonlySet<string>;

  constructor(records: readonly TableRecord[], options: TableOptions = {}) {
    if (!Array.isArray(records))
      throw new ArgumentError(
        `tf.vis.table expects an array of records ([{a: 1, b: 'x'}, ...]), got ${typeof records}.`,
      );
    const limit = options.maxRows ?? 20;
    if (!(limit >= 1)) throw new ArgumentError(`tf.vis.table: maxRows must be at least 1, got ${limit}.`);
    this.rows = records.slice(0, limit) as readonly Fields[];
    this.columns = options.columns ?? [...new Set(this.rows.flatMap((row) => Object.keys(row)))];
    this.totalRows = Math.max(options.totalRows ?? records.length, records.length);
    this.caption = options.caption;
    this.numeric = new Set(this.columns.filter((column) => this.rows.every((row) => isNumeric(row[column]))));
  }

  /** The table as aligned text. */
  toString(): string {
    const cells = [this.columns, ...this.rows.map((row) => this.columns.map((column) => cellText(row[column])))];
    const widths = this.columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
    const lines = cells.map((line) =>
      line
        .map((cell, i) => (this.numeric.has(this.columns[i]) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    );
    lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
    return [...(this.caption ? [this.caption] : []), ...lines, ...this.rest()].join('\n');
  }

  /** The table as HTML. */
  toHTML(): string {
    const alignment = (column: string) => `text-align:${this.numeric.has(column) ? 'right' : 'left'}`;
    const head = this.columns.map((column) => `<th style="${alignment(column)}">${escapeMarkup(column)}</th>`).join('');
    const body = this.rows
      .map((row) => {
        const cells = this.columns.map((column) => {
          const text = cellText(row[column]);
          return `<td style="${alignment(column)};max-width:28em;overflow-wrap:anywhere">${escapeMarkup(text)}</td>`;
        });
        return `<tr>${cells.join('')}</tr>`;
      })
      .join('');
    const caption = this.caption
      ? `<div style="font-weight:600;margin-bottom:4px">${escapeMarkup(this.caption)}</div>`
      : '';
    const rest = this.rest()
      .map((line) => `<div style="opacity:0.65;font-size:85%">${escapeMarkup(line)}</div>`)
      .join('');
    return (
      `<div>${caption}<table class="dataframe" style="margin:0 0 4px 0;font-variant-numeric:tabular-nums">` +
      `<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${rest}</div>`
    );
  }

  [displaySymbol](): MimeBundle {
    return { 'text/html': this.toHTML(), 'text/plain': this.toString() };
  }

  private rest(): string[] {
    if (this.totalRows <= this.rows.length) return [];
    return [`${formatCount(this.rows.length)} of ${formatCount(this.totalRows)} rows`];
  }
}

/**
 * Shows records as a table.
 *
 * @param records rows: values by column name
 * @example
 * tf.vis.table([{ optimizer: 'sgd', accuracy: 0.91 }, { optimizer: 'adam', accuracy: 0.97 }])
 */
export const table = (records: readonly TableRecord[], options: TableOptions = {}): Table =>
  new Table(records, options);

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value === null || value === undefined;

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatShort(value, 6);
  if (typeof value === 'string') return shortened(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (typeof value === 'object') return shortened(safeJson(value));
  return shortened(String(value));
}

const shortened = (text: string): string => {
  const line = text.replace(/\s*\n\s*/g, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};

function safeJson(value: object): string {
  try {
    return (
      JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) ?? String(value)
    );
  } catch {
    return String(value); // a cycle
  }
}
