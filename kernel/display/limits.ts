/** @file How much of a value is shown: as a rule, and when all of it is asked for. */

/** Bounds on the view of one value. Front ends stall on more, notebooks grow, and the value is still in its variable. */
export interface Limits {
  /** Characters of text/plain. */
  readonly text: number;
  /** Characters of one string inside a value. */
  readonly string: number;
  /** Entries of one array, Map or Set, and properties of one object. */
  readonly items: number;
  /** How deep objects are opened in text. */
  readonly depth: number;
  /** Lines of an outline, over all its levels. */
  readonly lines: number;
  /** Rows of a table that HTML carries, over all its pages. */
  readonly rows: number;
  readonly columns: number;
  /** Characters of a table's cells that HTML carries. */
  readonly tableText: number;
  /** Characters of one cell of a table. */
  readonly cell: number;
  /** Rows and width (in characters) of a table as text. */
  readonly textRows: number;
  readonly textWidth: number;
  /** Characters of a table as JSON; a larger one has none, because half a data set would be taken for the whole. */
  readonly tableJson: number;
  /** Bytes in a hexadecimal view. */
  readonly bytes: number;
  /** Bytes of an image, a sound or a film that is shown because a value holds one. */
  readonly media: number;
}

/** What a cell's result and `display(value)` show. */
export const usual: Limits = {
  text: 50_000,
  string: 10_000,
  items: 100,
  depth: 4,
  lines: 1_000,
  rows: 5_000,
  columns: 60,
  tableText: 128 * 1024,
  cell: 160,
  textRows: 20,
  textWidth: 120,
  tableJson: 64 * 1024,
  bytes: 256,
  media: 16 * 1024 * 1024,
};

/** What `display.full(value)` shows: all of what a person can want to see, and still no more than a front end bears. */
export const full: Limits = {
  text: 8_000_000,
  string: 4_000_000,
  items: 100_000,
  depth: 50,
  lines: 50_000,
  rows: 200_000,
  columns: 2_000,
  tableText: 16 * 1024 * 1024,
  cell: 20_000,
  textRows: 10_000,
  textWidth: 4_000,
  tableJson: 16 * 1024 * 1024,
  bytes: 64 * 1024,
  media: 256 * 1024 * 1024,
};

/** What is said below a view that leaves something out. */
export const howToSeeAll = (limits: Limits): string =>
  limits === full ? 'more than can be shown' : 'display.full(value) shows all';
