/** @file The types of `display` and `clearOutput`, as cells see them. */
/** Where a value is shown. */
export interface DisplayOptions {
  /** A name for the place; showing with `update` under the same name replaces what is there. */
  readonly id?: string;
  /** Replace what was shown under `id`, in every cell that shows it, instead of adding to the output. */
  readonly update?: boolean;
  /** The value is a MIME bundle (`{'text/html': ...}`) and is to be shown as such. */
  readonly raw?: boolean;
}

/** How a picture, a sound or a film is shown. */
export interface MediaOptions {
  /** In CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  /** What is to be seen, for who cannot see it. */
  readonly alt?: string;
}

/** What the reader asked for. */
export interface TableOptions {
  /** Which columns, in which order; all of them where left out. */
  readonly columns?: readonly string[];
  /** Rows on one page. Default 20. */
  readonly page?: number;
  /** The column by which the rows stand at first; with a minus before it, the greatest value first. */
  readonly sort?: string;
  /** A line above the table. */
  readonly caption?: string;
}

/** As `DisplayOptions`, with the size in CSS pixels at which it is shown, and words for who cannot see it. */
export interface ImageDisplayOptions extends DisplayOptions, MediaOptions {}

/** As `DisplayOptions`, with what is shown of a table and how. */
export interface TableDisplayOptions extends DisplayOptions, TableOptions {}

export interface JsonDisplayOptions extends DisplayOptions {
  /** The tree begins with all of its branches open. */
  readonly expanded?: boolean;
}

export interface FrameDisplayOptions extends DisplayOptions {
  /** CSS pixels, or a CSS length. Default: the whole width, and 400 pixels high. */
  readonly width?: number | string;
  readonly height?: number | string;
}

export interface FileDisplayOptions extends DisplayOptions {
  /** The name under which it is saved. Bytes have none of their own. */
  readonly name?: string;
  /** MIME type; `application/octet-stream` where left out. */
  readonly type?: string;
}

export interface ProgressOptions {
  /** What is being done; stands before the bar. */
  readonly label?: string;
}

/** Something on display, and the way to change it. */
export interface DisplayHandle<Value> {
  readonly id: string;
  /** Shows `value` in place of what is there. */
  update(value: Value): DisplayHandle<Value>;
}

/** A bar that its caller keeps up to date. Most changes draw nothing: an eye sees ten pictures a second at most. */
export interface Progress {
  readonly id: string;
  /** How much is done. */
  readonly value: number;
  /** Sets how much is done, and what is being done now. */
  update(value: number, label?: string): Progress;
  /** Adds to what is done; 1 where left out. */
  advance(by?: number): Progress;
  /** Draws the bar as it is, at once: at the end of work that was broken off. */
  done(): Progress;
}

type Show<Value, Options = DisplayOptions> = (value: Value, options?: Options) => DisplayHandle<Value>;

/** A file by its path or URL, or its bytes. */
export type MediaSource = string | URL | Uint8Array | ArrayBuffer;

/**
 * Shows a value in the cell's output, now, in the middle of a cell too.
 *
 * @example
 * const status = display.html('<b>working</b>');
 * status.update('<b>done</b>');
 */
export interface Display {
  <Value>(value: Value, options?: DisplayOptions): DisplayHandle<unknown>;
  /** As `display(value)`, with as much of a big value as a front end bears. */
  full: Show<unknown>;
  /**
   * Shows rows as a table that turns pages and sorts.
   *
   * @param rows records, lists, columns by name, a Map, or a table of Arrow, Polars, DuckDB, Arquero or Danfo.js
   * @example
   * display.table(orders, { columns: ['customer', 'total'], sort: '-total', page: 50 })
   */
  table: Show<object, TableDisplayOptions>;
  /** Shows HTML. Scripts in it run where the front end allows it. */
  html: Show<string>;
  /** Shows Markdown; formulas between dollar signs are typeset. */
  markdown: Show<string>;
  /** Shows a formula; give it with its dollar signs, or an environment of its own. */
  latex: Show<string>;
  /** Shows a diagram in Mermaid's language, where the front end knows it (JupyterLab does). */
  mermaid: Show<string>;
  svg: Show<string>;
  /** Shows a PNG image from its bytes, or from base64. */
  png: Show<Uint8Array | string, ImageDisplayOptions>;
  /** Shows a JPEG image from its bytes, or from base64. */
  jpeg: Show<Uint8Array | string, ImageDisplayOptions>;
  /** Shows an image from its path, its URL or its bytes: PNG, JPEG, GIF, WebP, AVIF, SVG. */
  image: Show<MediaSource, ImageDisplayOptions>;
  /** Plays a sound from its path, its URL or its bytes: WAV, MP3, Ogg, FLAC, M4A. */
  audio: Show<MediaSource, ImageDisplayOptions>;
  /** Plays a film from its path, its URL or its bytes: MP4, WebM. */
  video: Show<MediaSource, ImageDisplayOptions>;
  /** Shows a page in a frame. */
  iframe: Show<string | URL, FrameDisplayOptions>;
  /** Shows a link by which a file, or bytes, can be saved; the notebook holds them. */
  file: Show<MediaSource, FileDisplayOptions>;
  /** Shows data as a tree that can be opened and closed, where the front end has one. */
  json: Show<unknown, JsonDisplayOptions>;
  /** Shows GeoJSON as a map, where the front end has one. */
  geoJson: Show<object>;
  /** Shows a Vega-Lite specification as a plot. */
  vegaLite: Show<Readonly<Record<string, unknown>>>;
  /** Shows a Plotly figure, `{data, layout}`; where the front end does not know Plotly, as a still picture of the common kinds. */
  plotly: Show<Readonly<Record<string, unknown>>>;
  /** Shows text as it is: without the quotes that a string has as a value. */
  text: Show<string>;
  /**
   * Shows a progress bar.
   *
   * @param total how much there is to do
   * @example
   * const bar = display.progress(files.length, { label: 'Reading' });
   * for (const file of files) { await read(file); bar.advance(); }
   */
  progress(total: number, options?: ProgressOptions): Progress;
}

/** Takes away what the cell has shown so far; with `wait` not before something new comes, which avoids flicker. */
export type ClearOutput = (options?: { wait?: boolean }) => void;
