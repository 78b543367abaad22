/** @file Tables of data libraries, known by their public methods: Arrow, Polars, DuckDB, Arquero, Danfo.js, data-forge. */
import { propertiesOf } from '../properties.ts';
import type { Column, TableData } from './table-data.ts';

type Method<Arguments extends unknown[], Result> = (...args: Arguments) => Result;

/** Members of an object by name, those of another type left out. */
const has = <Name extends string>(
  value: object,
  ...names: readonly Name[]
): value is Record<Name, Method<never[], unknown>> =>
  Object.values(propertiesOf(value, ...names)).every((member) => typeof member === 'function');

const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : undefined;

/** Reads blocks of rows once, because libraries are slow at one row at a time; the last block is kept. */
function inBlocks(
  size: number,
  read: (from: number, to: number) => readonly (readonly unknown[])[],
): (row: number, column: number) => unknown {
  let start = -1;
  let rows: readonly (readonly unknown[])[] = [];
  return (row, column) => {
    const from = row - (row % size);
    if (from !== start) {
      rows = read(from, from + size);
      start = from;
    }
    return rows[row - from]?.[column];
  };
}

/** A library's table as one; undefined for other values. */
type Reader = (value: object) => TableData | undefined;

/** apache-arrow's Table and RecordBatch, and what speaks their interface. */
const arrowTable: Reader = (value) => {
  const { schema, numRows } = propertiesOf(value, 'schema', 'numRows') as {
    schema?: { fields?: readonly { name?: unknown; type?: unknown }[] };
    numRows?: unknown;
  };
  if (!Array.isArray(schema?.fields) || typeof numRows !== 'number' || !has(value, 'get')) return undefined;
  const columns = schema.fields.map(({ name, type }): Column => ({ name: String(name), ...typed(type) }));
  const get = (i: number) => value.get.call(value, i as never) as { toJSON?: () => Record<string, unknown> } | null;
  const childAt = has(value, 'getChildAt')
    ? columns.map((_, i) => value.getChildAt.call(value, i as never) as { get(row: number): unknown } | null)
    : undefined;
  return {
    columns,
    rowCount: numRows,
    cell: (row, column) => (childAt ? childAt[column]?.get(row) : get(row)?.toJSON?.()[columns[column].name]),
  };
};

/** apache-arrow's Vector: one column. */
const arrowVector: Reader = (value) => {
  const { type, length, numChildren } = propertiesOf(value, 'type', 'length', 'numChildren');
  if (typeof type !== 'object' || type === null || !('typeId' in type) || typeof length !== 'number') return undefined;
  if (numChildren === undefined || !has(value, 'get', 'isValid')) return undefined;
  return {
    columns: [{ name: 'value', ...typed(type) }],
    rowCount: length,
    cell: (row) => value.get.call(value, row as never),
  };
};

/** nodejs-polars's DataFrame. */
const polarsFrame: Reader = (value) => {
  const { columns, dtypes, height } = propertiesOf(value, 'columns', 'dtypes', 'height');
  if (!Array.isArray(columns) || !Array.isArray(dtypes) || !has(value, 'slice', 'rows', 'getColumn')) return undefined;
  const rowCount = number(height);
  if (rowCount === undefined) return undefined;
  const slice = value.slice as unknown as Method<[number, number], { rows(): unknown[][] }>;
  return {
    columns: columns.map((name, i): Column => ({ name: String(name), type: polarsType(dtypes[i]) })),
    rowCount,
    cell: inBlocks(1_000, (from, to) => slice.call(value, from, Math.min(to, rowCount) - from).rows()),
  };
};

/** nodejs-polars's Series. */
const polarsSeries: Reader = (value) => {
  const { name, dtype, length } = propertiesOf(value, 'name', 'dtype', 'length');
  if (typeof name !== 'string' || dtype === undefined || !has(value, 'toArray', 'toFrame')) return undefined;
  const rowCount = number(length);
  if (rowCount === undefined) return undefined;
  let list: readonly unknown[] | undefined;
  return {
    columns: [{ name, type: polarsType(dtype) }],
    rowCount,
    cell: (row) => (list ??= (value.toArray as Method<[], unknown[]>).call(value))[row],
  };
};

/** `DataType(Float64)` is what its types say of themselves. */
const polarsType = (type: unknown): string => String(type).replace(/^DataType\((.*)\)$/, '$1');

/** @duckdb/node-api: a reader, which holds rows that were read. */
const duckdbReader: Reader = (value) => {
  if (!has(value, 'columnNames', 'columnTypes', 'getRows', 'readAll')) return undefined;
  const { currentRowCount, done } = propertiesOf(value, 'currentRowCount', 'done');
  if (typeof currentRowCount !== 'number') return undefined;
  let rows: unknown[][] | undefined;
  return {
    columns: duckdbColumns(value),
    rowCount: currentRowCount,
    // All rows at once are many, where the first of them are shown.
    cell: has(value, 'value')
      ? (row, column) => (value.value as Method<[number, number], unknown>).call(value, column, row)
      : (row, column) => (rows ??= (value.getRows as Method<[], unknown[][]>).call(value))[row]?.[column],
    ...(done === false && { remark: 'not all rows were read: await reader.readAll()' }),
  };
};

/** @duckdb/node-api: a result in memory, whose chunks can be looked at without taking them from its reader. */
const duckdbResult: Reader = (value) => {
  if (!has(value, 'columnNames', 'columnTypes', 'getChunk', 'fetchChunk')) return undefined;
  const { rowCount, chunkCount } = propertiesOf(value, 'rowCount', 'chunkCount');
  const total = number(rowCount);
  const chunks = number(chunkCount);
  if (total === undefined || chunks === undefined) return undefined;
  const rows: unknown[][] = [];
  let read = 0;
  const getChunk = value.getChunk as Method<[number], { getRows(): unknown[][] }>;
  return {
    columns: duckdbColumns(value),
    rowCount: total,
    cell: (at, column) => {
      while (rows.length <= at && read < chunks)
        for (const row of getChunk.call(value, read++).getRows()) rows.push(row);
      return rows[at]?.[column];
    },
  };
};

function duckdbColumns(value: Record<'columnNames' | 'columnTypes', Method<never[], unknown>>): Column[] {
  const types = value.columnTypes.call(value) as unknown[];
  return (value.columnNames.call(value) as string[]).map((name, i) => ({ name, type: String(types[i]) }));
}

/** Arquero's tables: `columnNames()`, `numRows()` and rows in the order that they stand in. */
const arqueroTable: Reader = (value) => {
  if (!has(value, 'columnNames', 'numRows', 'numCols', 'column', 'indices')) return undefined;
  const names = value.columnNames.call(value) as string[];
  const columns = names.map(
    (name) => value.column.call(value, name as never) as { at?(row: number): unknown; get?(row: number): unknown },
  );
  let order: ArrayLike<number> | undefined;
  return {
    columns: names.map((name) => ({ name })),
    rowCount: value.numRows.call(value) as number,
    cell: (row, i) => {
      order ??= value.indices.call(value) as ArrayLike<number>;
      const column = columns[i];
      return column.at ? column.at(order[row]) : column.get?.(order[row]);
    },
  };
};

/** Danfo.js's DataFrame and Series: `shape`, `columns`, `dtypes`, `index`, and `values` by rows. */
const danfoFrame: Reader = (value) => {
  const { shape, columns, dtypes, values, index } = propertiesOf(
    value,
    'shape',
    'columns',
    'dtypes',
    'values',
    'index',
  );
  if (![shape, columns, dtypes, values, index].every(Array.isArray)) return undefined;
  const rows = values as unknown[];
  const labels = index as unknown[];
  const names = columns as unknown[];
  const isLabelled = labels.some((label, i) => label !== i);
  return {
    columns: [
      ...(isLabelled ? [{ name: 'index' }] : []),
      ...names.map((name, i): Column => ({ name: String(name), type: String((dtypes as unknown[])[i]) })),
    ],
    rowCount: rows.length,
    cell: (row, column) => {
      if (isLabelled && column === 0) return labels[row];
      const cells = rows[row];
      return Array.isArray(cells) ? (cells as unknown[])[isLabelled ? column - 1 : column] : cells;
    },
  };
};

/** data-forge's DataFrame. */
const dataForgeFrame: Reader = (value) => {
  if (!has(value, 'getColumnNames', 'toRows', 'bake')) return undefined;
  const rows = value.toRows.call(value) as unknown[][];
  const names = value.getColumnNames.call(value) as string[];
  return {
    columns: names.map((name) => ({ name })),
    rowCount: rows.length,
    cell: (row, column) => rows[row]?.[column],
  };
};

const typed = (type: unknown): { type?: string } => (type === undefined ? {} : { type: String(type) });

const readers: readonly Reader[] = [
  arrowTable,
  arrowVector,
  polarsFrame,
  polarsSeries,
  duckdbReader,
  duckdbResult,
  arqueroTable,
  danfoFrame,
  dataForgeFrame,
];

/** A data library's table as one; undefined for other values. Lazy queries are not run, and streams are not read. */
export function libraryTable(value: object): TableData | undefined {
  for (const reader of readers) {
    const table = reader(value);
    if (table) return table;
  }
  return undefined;
}
