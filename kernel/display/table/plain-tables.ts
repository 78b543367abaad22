/** @file Tables in plain JavaScript values: arrays of records, arrays of arrays, columns by name, Maps. */
import { types } from 'node:util';
import { keysOf } from '../keys.ts';
import { sizeOf } from '../outline/outline.ts';
import { type TableData, absent } from './table-data.ts';

type PlainRecord = Readonly<Record<string, unknown>>;
type List = ArrayLike<unknown>;

/** Rows that are looked at for the names of columns, and for whether a value is a table at all. */
const sampledForNames = 1_000;
const sampledForShape = 50;
/** Cells of one row that are looked at for whether a value is a table. */
const sampledCells = 200;

/** An object literal, or one without a prototype. Proxies are none: looking at them runs code. */
export const isPlainRecord = (value: unknown): value is PlainRecord => {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const isObjectRow = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !types.isProxy(value);

const isList = (value: unknown): value is List =>
  !types.isProxy(value) && (Array.isArray(value) || (ArrayBuffer.isView(value) && !types.isDataView(value)));

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null || types.isDate(value);

/** Cells of a table are short: deep objects read better as an outline. */
const isCell = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return true;
  return Array.isArray(value) ? value.length <= 8 && value.every(isScalar) : !isPlainRecord(value);
};

/** A property without running a getter. */
const propertyOf = (record: object, key: PropertyKey): unknown => {
  const property = Object.getOwnPropertyDescriptor(record, key);
  return property === undefined ? absent : 'value' in property ? (property.value as unknown) : '[Getter]';
};

/** Whether the first values of a record are all of a kind. */
const firstCells = (record: object, isOfKind: (cell: unknown) => boolean): boolean => {
  const keys = keysOf(record);
  for (let i = 0; i < keys.length && i < sampledCells; i++) if (!isOfKind(propertyOf(record, keys[i]))) return false;
  return keys.length > 0;
};

/** Rows by their properties. @param rowAt rows, some of which may be no objects */
function recordTable(rowCount: number, rowAt: (index: number) => unknown): TableData {
  const names = new Set<string>();
  for (let i = 0; i < Math.min(rowCount, sampledForNames); i++) {
    const row = rowAt(i);
    if (isObjectRow(row)) for (const name of Object.keys(row)) names.add(name);
  }
  const columns = [...names].map((name) => ({ name }));
  return {
    columns,
    rowCount,
    cell: (i, column) => {
      const row = rowAt(i);
      return isObjectRow(row) ? propertyOf(row, columns[column].name) : absent;
    },
  };
}

function listTable(rows: readonly List[]): TableData {
  let widest = 0;
  for (let i = 0; i < Math.min(rows.length, sampledForNames); i++) widest = Math.max(widest, rows[i].length);
  return {
    columns: Array.from({ length: widest }, (_, i) => ({ name: String(i) })),
    rowCount: rows.length,
    cell: (i, column) => (column < rows[i].length ? rows[i][column] : absent),
  };
}

function columnTable(columns: Readonly<Record<string, List>>): TableData {
  const names = Object.keys(columns);
  const lists = names.map((name) => columns[name]);
  return {
    columns: names.map((name) => ({ name })),
    rowCount: lists.reduce((most, list) => Math.max(most, list.length), 0),
    cell: (i, column) => (i < lists[column].length ? lists[column][i] : absent),
  };
}

const valueTable = (values: List): TableData => ({
  columns: [{ name: 'value' }],
  rowCount: values.length,
  cell: (i) => values[i],
});

/** A Map by its keys: with a column for each property of its values where these are records. */
function mapTable(map: ReadonlyMap<unknown, unknown>): TableData {
  // Entries are taken as far as rows are asked for: of a long Map only the first are shown.
  const entries: [unknown, unknown][] = [];
  const rest = Map.prototype.entries.call(map);
  const entryAt = (index: number): [unknown, unknown] | undefined => {
    while (entries.length <= index) {
      const next = rest.next();
      if (next.done) return undefined;
      entries.push(next.value as [unknown, unknown]);
    }
    return entries[index];
  };
  let areRecords = sizeOf(map) > 0;
  for (let i = 0; i < Math.min(sizeOf(map), sampledForShape); i++) areRecords &&= isPlainRecord(entryAt(i)?.[1]);
  if (!areRecords)
    return {
      columns: [{ name: 'key' }, { name: 'value' }],
      rowCount: sizeOf(map),
      cell: (i, column) => entryAt(i)?.[column],
    };
  const records = recordTable(sizeOf(map), (i) => entryAt(i)?.[1]);
  return {
    columns: [{ name: 'key' }, ...records.columns],
    rowCount: sizeOf(map),
    cell: (i, column) => (column === 0 ? entryAt(i)?.[0] : records.cell(i, column - 1)),
  };
}

const isRecordRow = (row: unknown): boolean => isPlainRecord(row) && !('$schema' in row) && firstCells(row, isCell);

function isMapTable(map: ReadonlyMap<unknown, unknown>): boolean {
  let left = sampledForShape;
  for (const [key, entry] of Map.prototype.entries.call(map)) {
    if (left-- === 0) break;
    if (!isCell(key) || !(isCell(entry) || isRecordRow(entry))) return false;
  }
  return sizeOf(map) > 0;
}

/** Lists of equal length; short ones are as often shapes and pairs as columns. */
function isColumns(value: PlainRecord): value is Readonly<Record<string, List>> {
  let length: number | undefined;
  const isColumn = (list: unknown): boolean => {
    if (!isList(list) || list.length < 5 || (length ??= list.length) !== list.length) return false;
    for (let i = 0; i < list.length && i < sampledForShape; i++) if (!isScalar(list[i])) return false;
    return true;
  };
  return (
    firstCells(value, isColumn) &&
    keysOf(value).length > 1 &&
    keysOf(value).every((key) => isColumn(propertyOf(value, key)))
  );
}

/** The value as a table, where a person would take it for one; undefined for others. */
export function plainTable(value: object): TableData | undefined {
  if (Array.isArray(value)) {
    const rows = value as readonly unknown[];
    const sample = rows.slice(0, sampledForShape);
    if (sample.length === 0) return undefined;
    if (sample.every(isRecordRow)) return recordTable(rows.length, (i) => rows[i]);
    const isGridRow = (row: unknown): boolean =>
      Array.isArray(row) &&
      row.length > 0 &&
      row.length === (sample[0] as List).length &&
      row.slice(0, sampledCells).every(isScalar);
    const isGrid = sample.length > 1 && sample.every(isGridRow) && rows.every(Array.isArray);
    return isGrid ? listTable(rows as readonly unknown[][]) : undefined;
  }
  if (types.isMap(value)) return isMapTable(value) ? mapTable(value) : undefined;
  return isPlainRecord(value) && isColumns(value) ? columnTable(value) : undefined;
}

/** What `display.table` takes: as `plainTable`, with nested cells and uneven rows; undefined for what has no rows at all. */
export function asTable(value: unknown): TableData | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (types.isMap(value)) return mapTable(value);
  if (types.isSet(value)) return asTable([...Set.prototype.values.call(value)]);
  if (Array.isArray(value)) {
    const rows = value as readonly unknown[];
    if (rows.length > 0 && rows.every(Array.isArray)) return listTable(rows as readonly unknown[][]);
    return rows.every(isObjectRow) ? recordTable(rows.length, (i) => rows[i]) : valueTable(rows);
  }
  if (isList(value)) return valueTable(value);
  if (!isPlainRecord(value)) return undefined;
  const lists = Object.values(value);
  if (lists.length > 0 && lists.every(isList)) return columnTable(value as Readonly<Record<string, List>>);
  return mapTable(new Map(Object.entries(value)));
}
