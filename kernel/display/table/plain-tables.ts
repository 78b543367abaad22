/** @file Tables in plain JavaScript values: arrays of records, arrays of arrays, columns by name, Maps. */
import { types } from 'node:util';
import { type Column, type TableData, absent } from './table-data.ts';

type PlainRecord = Readonly<Record<string, unknown>>;

/** Rows that are looked at for the names of columns, and for whether a value is a table at all. */
const sampledForNames = 1_000;
const sampledForShape = 50;

export const isPlainRecord = (value: unknown): value is PlainRecord => {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Cells of a table are short: deep objects read better as an outline. */
const isCell = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Array.isArray(value) ? value.length <= 8 && value.every((part) => typeof part !== 'object') : !isPlainRecord(value));

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null || types.isDate(value);

/** A property without running a getter. */
const propertyOf = (record: object, key: PropertyKey): unknown => {
  const property = Object.getOwnPropertyDescriptor(record, key);
  return property === undefined ? absent : 'value' in property ? (property.value as unknown) : '[Getter]';
};

const recordRows = (rows: readonly unknown[], rowCount = rows.length): TableData => {
  const names = new Set<string>();
  for (let i = 0; i < Math.min(rows.length, sampledForNames); i++)
    if (isPlainRecordOrInstance(rows[i])) for (const name of Object.keys(rows[i] as object)) names.add(name);
  const columns = [...names].map((name): Column => ({ name }));
  return {
    columns,
    rowCount,
    row: (i) => {
      const record = rows[i];
      return columns.map(({ name }) => (isPlainRecordOrInstance(record) ? propertyOf(record, name) : absent));
    },
  };
};

const isPlainRecordOrInstance = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !types.isProxy(value);

const listRows = (rows: readonly (readonly unknown[])[]): TableData => {
  let widest = 0;
  for (let i = 0; i < Math.min(rows.length, sampledForNames); i++) widest = Math.max(widest, rows[i].length);
  return {
    columns: Array.from({ length: widest }, (_, i) => ({ name: String(i) })),
    rowCount: rows.length,
    row: (i) => Array.from({ length: widest }, (_, column) => (column < rows[i].length ? rows[i][column] : absent)),
  };
};

const columnTable = (columns: Readonly<Record<string, ArrayLike<unknown>>>): TableData => {
  const names = Object.keys(columns);
  const lists = names.map((name) => columns[name]);
  return {
    columns: names.map((name) => ({ name })),
    rowCount: lists.reduce((most, list) => Math.max(most, list.length), 0),
    row: (i) => lists.map((list) => (i < list.length ? list[i] : absent)),
  };
};

function mapTable(map: ReadonlyMap<unknown, unknown>): TableData {
  const entries: [unknown, unknown][] = [];
  for (const entry of Map.prototype.entries.call(map)) entries.push(entry);
  const records = entries.map(([, value]) => value);
  if (records.length > 0 && records.slice(0, sampledForShape).every(isPlainRecord)) {
    const table = recordRows(records);
    return {
      columns: [{ name: 'key' }, ...table.columns],
      rowCount: entries.length,
      row: (i) => [entries[i][0], ...table.row(i)],
    };
  }
  return { columns: [{ name: 'key' }, { name: 'value' }], rowCount: entries.length, row: (i) => entries[i] };
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !types.isDataView(value));

/** The values of a record, unless one of them is a getter. */
const cellsOf = (record: object): unknown[] => Object.keys(record).map((key) => propertyOf(record, key));

/** The value as a table, where a person would take it for one; undefined for others. */
export function plainTable(value: object): TableData | undefined {
  if (Array.isArray(value)) {
    const sample: unknown[] = value.slice(0, sampledForShape);
    if (sample.length === 0) return undefined;
    if (
      sample.every(
        (row) => isPlainRecord(row) && Object.keys(row).length > 0 && !('$schema' in row) && cellsOf(row).every(isCell),
      )
    )
      return recordRows(value);
    const isGrid = sample.every(
      (row) =>
        Array.isArray(row) &&
        row.length > 0 &&
        row.length === (sample[0] as unknown[]).length &&
        row.length <= 1_000 &&
        row.every(isScalar),
    );
    return isGrid && sample.length > 1 && value.every(Array.isArray) ? listRows(value as unknown[][]) : undefined;
  }
  if (types.isMap(value)) {
    if (value.size === 0) return undefined;
    let looked = 0;
    for (const [key, entry] of Map.prototype.entries.call(value) as MapIterator<[unknown, unknown]>) {
      if (looked++ === sampledForShape) break;
      if (!isCell(key) || !(isCell(entry) || (isPlainRecord(entry) && cellsOf(entry).every(isCell)))) return undefined;
    }
    return mapTable(value);
  }
  if (!isPlainRecord(value)) return undefined;
  const lists = cellsOf(value);
  // Short lists are as often shapes and pairs as columns.
  const isColumns =
    lists.length > 1 &&
    lists.every(
      (list) => isList(list) && list.length >= 5 && list.length === (lists[0] as ArrayLike<unknown>).length,
    ) &&
    lists.every((list) => Array.prototype.slice.call(list, 0, sampledForShape).every(isScalar));
  return isColumns ? columnTable(value as Readonly<Record<string, ArrayLike<unknown>>>) : undefined;
}

/** What `display.table` takes: as `plainTable`, with nested cells and uneven rows; undefined for what has no rows at all. */
export function asTable(value: unknown): TableData | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (types.isMap(value)) return mapTable(value);
  if (types.isSet(value)) return asTable([...Set.prototype.values.call(value)]);
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(Array.isArray)) return listRows(value as unknown[][]);
    if (value.every(isPlainRecordOrInstance)) return recordRows(value);
    return { columns: [{ name: 'value' }], rowCount: value.length, row: (i) => [(value as unknown[])[i]] };
  }
  if (isList(value)) return { columns: [{ name: 'value' }], rowCount: value.length, row: (i) => [value[i]] };
  if (isPlainRecord(value)) {
    const lists = Object.keys(value).map((key) => value[key]);
    if (lists.length > 0 && lists.every(isList))
      return columnTable(value as Readonly<Record<string, ArrayLike<unknown>>>);
    const entries = Object.entries(value);
    return mapTable(new Map(entries));
  }
  return undefined;
}
