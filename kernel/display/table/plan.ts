/** @file A table read once, within its limits, for all of its views: texts, types and the order of each column. */
import { types } from 'node:util';
import type { TableOptions } from '../display-types.ts';
import type { Limits } from '../limits.ts';
import { type ColumnProfile, cellText, profileOf, timeOf } from './cell-text.ts';
import { type TableData, absent } from './table-data.ts';

export interface PlannedColumn extends ColumnProfile {
  readonly name: string;
}

/** A table with the part of it that is shown. */
export interface TablePlan {
  readonly data: TableData;
  readonly columns: readonly PlannedColumn[];
  /** Columns that the source has, or that were asked for. */
  readonly columnCount: number;
  /** The rows that are carried, in the order in which they stand: their cells under `columns`, and the texts of these. */
  readonly rows: readonly (readonly unknown[])[];
  readonly texts: readonly (readonly string[])[];
  /** Place in the source of each row that is carried. */
  readonly places: readonly number[];
  readonly page: number;
  readonly sorted?: { readonly column: number; readonly descending: boolean };
  readonly caption?: string;
}

/**
 * Reads a table.
 *
 * @throws TypeError where an option names what the table does not have
 */
export function planTable(data: TableData, limits: Limits, options: TableOptions = {}): TablePlan {
  const page = options.page ?? 20;
  if (!(Number.isInteger(page) && page >= 1))
    throw new TypeError(`display.table: page must be a whole number of rows of at least 1, got ${String(page)}.`);
  const place = new Map(data.columns.map(({ name }, i) => [name, i]));
  const sourceOf = (name: string, option: string): number => {
    const found = place.get(name);
    if (found !== undefined) return found;
    const known = data.columns.slice(0, 20).map((column) => column.name);
    throw new TypeError(`display.table: ${option} names ${JSON.stringify(name)}; the columns are ${known.join(', ')}.`);
  };
  const wanted = options.columns?.map((name) => sourceOf(name, 'columns')) ?? data.columns.map((_, i) => i);
  const sources = wanted.slice(0, limits.columns);

  const order = rowOrder(data, options.sort, (name) => sourceOf(name, 'sort'));
  const rows: (readonly unknown[])[] = [];
  const places: number[] = [];
  const most = Math.min(data.rowCount, limits.rows);
  const sample = Math.min(most, 1_000);
  const read = (i: number) => {
    const at = order ? order[i] : i;
    rows.push(sources.map((source) => data.cell(at, source)));
    places.push(at);
  };
  for (let i = 0; i < sample; i++) read(i);
  const columns = sources.map((source, i): PlannedColumn => {
    const { name, type } = data.columns[source];
    return { name, ...profileOf(valuesUnder(rows, i), type) };
  });

  const texts: string[][] = [];
  let size = 0;
  for (let i = 0; i < most; i++) {
    // One page is carried however large its cells: without it there would be nothing to see.
    if (i >= page && size > limits.tableText) break;
    if (i >= rows.length) read(i);
    const line = columns.map((column, place) => cellText(rows[i][place], column, limits.cell));
    size += line.reduce((sum, text) => sum + text.length + 8, 0);
    texts.push(line);
  }
  rows.length = Math.min(rows.length, texts.length);
  places.length = rows.length;
  const sortName = options.sort?.replace(/^-/, '');
  const sortedColumn = columns.findIndex(({ name }) => name === options.sort || name === sortName);
  return {
    data,
    columns,
    columnCount: wanted.length,
    rows,
    texts,
    places,
    page,
    ...(options.caption !== undefined && { caption: options.caption }),
    ...(options.sort !== undefined &&
      sortedColumn >= 0 && {
        sorted: { column: sortedColumn, descending: columns[sortedColumn].name !== options.sort },
      }),
  };
}

function* valuesUnder(rows: readonly (readonly unknown[])[], column: number): Generator<unknown> {
  for (const row of rows) yield row[column];
}

/** The order of all rows by one column; undefined where they stay as they are. */
function rowOrder(data: TableData, sort: string | undefined, sourceOf: (name: string) => number): number[] | undefined {
  if (sort === undefined) return undefined;
  const exact = data.columns.findIndex(({ name }) => name === sort);
  const source = exact >= 0 ? exact : sourceOf(sort.replace(/^-/, ''));
  const keys = Array.from({ length: data.rowCount }, (_, i) => data.cell(i, source));
  const { order, empty } = sortedOrder(keys);
  return exact >= 0 ? order : descending(order, empty);
}

/** Places of values in ascending order, stable, with empty ones (null, undefined, NaN) at the end; and how many are empty. */
export function sortedOrder(keys: readonly unknown[]): { order: number[]; empty: number } {
  const isEmpty = (key: unknown) => key === null || key === undefined || key === absent || Number.isNaN(asNumber(key));
  const filled: number[] = [];
  const empty: number[] = [];
  keys.forEach((key, i) => (isEmpty(key) ? empty : filled).push(i));
  const comparable = keys.map((key) => (isEmpty(key) ? null : sortKey(key)));
  filled.sort((a, b) => compare(comparable[a], comparable[b]));
  return { order: [...filled, ...empty], empty: empty.length };
}

/** The same order from its other end; empty ones stay at the end. */
export function descending(order: readonly number[], empty: number): number[] {
  const filled = order.slice(0, order.length - empty);
  return [...filled.reverse(), ...order.slice(order.length - empty)];
}

/** NaN and dates that are none are empty; everything that is no number is not. */
const asNumber = (key: unknown): number => (typeof key === 'number' ? key : types.isDate(key) ? timeOf(key) : 0);

type SortKey = number | bigint | string;

function sortKey(value: unknown): SortKey {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return Number(value);
  if (types.isDate(value)) return timeOf(value);
  const text = cellText(value, { areDays: false }, 200);
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Numbers before text; text as people order it. */
function compare(a: SortKey | null, b: SortKey | null): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
  if (typeof a === 'string') return 1;
  if (typeof b === 'string') return -1;
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}
