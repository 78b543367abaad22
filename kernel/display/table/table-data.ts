/** @file What a table is to the views: columns, a number of rows, and cells that are read when they are needed. */

/** A column's values decide how it stands and how it is sorted. */
export interface Column {
  readonly name: string;
  /** Type as its library names it; worked out from the values where it names none. */
  readonly type?: string;
}

export interface TableData {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** What stands in a row under a column. Rows are asked for from the first on, or all of them for an order. */
  cell(row: number, column: number): unknown;
  /** What the source calls itself, for a line above the table: `DuckDB result`. */
  readonly title?: string;
  /** Something that the reader must know of the source: that there is more than it holds. */
  readonly remark?: string;
}

/** A cell that the row does not have (a record without this property), which is not the same as undefined. */
export const absent: unique symbol = Symbol('absent');
