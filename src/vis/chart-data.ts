/** @file The forms in which charts take their data, brought to one: rows of x, y and series. */
import { ArgumentError } from '../tensor/errors.ts';
import { type NumericInput, isRecord, readVector } from './numbers.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

/** A value of a row; null is a gap. */
export type Datum = number | string | null;
/** A record. Not a `Record`, which an interface does not fit: it has no index signature. */
export type DataRow = object;
type Fields = Readonly<Record<string, unknown>>;

/** Columns of a chart: `{x, y}`, or `{y}` against 0, 1, 2, ..., with a series name for each point or for all of them. */
export interface XYColumns {
  readonly x?: NumericInput | readonly string[];
  readonly y: NumericInput;
  readonly series?: readonly (string | number)[];
}

/**
 * What `tf.vis.line` and its kin take: one list of values, columns `{x, y}`, several lists by name, or records
 * (then the options `x`, `y` and `color` name their fields).
 */
export type ChartData = NumericInput | XYColumns | Readonly<Record<string, NumericInput>> | readonly DataRow[];

/** Which fields of records mean what. */
export interface FieldOptions {
  /** Field of records for the x axis. Default `x`. */
  x?: string;
  /** Field of records for the y axis. Default `y`. */
  y?: string;
  /** Field of records that tells series apart. */
  color?: string;
}

export interface ChartRow {
  readonly x: Datum;
  readonly y: Datum;
  readonly series?: string;
}
export interface ChartRows {
  readonly rows: readonly ChartRow[];
  /** Names of the series in order of appearance; empty where there is only one. */
  readonly series: readonly string[];
  readonly xName?: string;
  readonly yName?: string;
}

const isNumeric = (data: unknown): data is NumericInput =>
  data instanceof Tensor ||
  data instanceof Variable ||
  ArrayBuffer.isView(data) ||
  (Array.isArray(data) && !isRecord(data[0]));

/** Brings chart data to rows. @throws ArgumentError where columns differ in length or a field is missing */
export function chartRows(data: ChartData, fields: FieldOptions, operation: string): ChartRows {
  if (isNumeric(data)) return { rows: zip(undefined, readVector(data, operation)), series: [] };
  if (Array.isArray(data)) return fromRecords(data as readonly Fields[], fields, operation);
  if (!isRecord(data))
    throw new ArgumentError(
      `${operation} expects numbers, {x, y}, lists by name or an array of records; got ${data === null ? 'null' : typeof data}.`,
    );
  return 'y' in data
    ? fromColumns(data as unknown as XYColumns, operation)
    : fromLists(data as Record<string, NumericInput>, operation);
}

function fromColumns({ x, y, series }: XYColumns, operation: string): ChartRows {
  const ys = readVector(y, operation);
  const names = Array.isArray(x) && typeof x[0] === 'string' ? (x as readonly string[]) : undefined;
  const xs: readonly Datum[] | undefined =
    names ?? (x === undefined ? undefined : readVector(x as NumericInput, operation));
  for (const [name, column] of Object.entries({ x: xs, series }))
    if (column && column.length !== ys.length)
      throw new ArgumentError(
        `${operation}: ${name} has ${column.length} values and y has ${ys.length}; they must be as many.`,
      );
  const rows = zip(xs, ys).map((row, i) => (series ? { ...row, series: String(series[i]) } : row));
  return { rows, series: series ? [...new Set(series.map(String))] : [] };
}

function fromLists(lists: Readonly<Record<string, NumericInput>>, operation: string): ChartRows {
  const series = Object.keys(lists);
  const rows = series.flatMap((name) =>
    zip(undefined, readVector(lists[name], operation)).map((row) => ({ ...row, series: name })),
  );
  return { rows, series };
}

function fromRecords(
  records: readonly Fields[],
  { x = 'x', y = 'y', color }: FieldOptions,
  operation: string,
): ChartRows {
  for (const field of [x, y, ...(color === undefined ? [] : [color])])
    if (!records.some((record) => field in record))
      throw new ArgumentError(
        `${operation}: no record has a field '${field}'; the first has ${Object.keys(records[0] ?? {}).join(', ') || 'none'}. ` +
          `Name the fields: {x: 'field', y: 'field', color: 'field'}.`,
      );
  const rows = records.map((record) => ({
    x: datum(record[x]),
    y: datum(record[y]),
    ...(color !== undefined && { series: String(record[color]) }),
  }));
  return { rows, series: color === undefined ? [] : [...new Set(rows.map((row) => row.series!))], xName: x, yName: y };
}

const zip = (xs: readonly Datum[] | undefined, ys: readonly number[]): ChartRow[] =>
  ys.map((y, i) => ({ x: datum(xs ? xs[i] : i), y: datum(y) }));

/** JSON has no NaN and no infinity: such a point is a gap. */
function datum(value: unknown): Datum {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return value === null || value === undefined ? null : String(value);
}
