/** @file `display` and `clearOutput` as cells see them, and the port through which the runtime shows live views. */
import { randomUUID } from 'node:crypto';
import type { DisplayPort } from '../../src/display.ts';
import type { FormattedValue, SendDisplayEvent } from './contract.ts';
import { type Formatting, formatAsSoonAsPossible, plainText, shownAlready } from './format-value.ts';

/** Where a value is shown. */
export interface DisplayOptions {
  /** A name for the place; showing with `update` under the same name replaces what is there. */
  readonly id?: string;
  /** Replace what was shown under `id`, in every cell that shows it, instead of adding to the output. */
  readonly update?: boolean;
  /** The value is a MIME bundle (`{'text/html': ...}`) and is to be shown as such. */
  readonly raw?: boolean;
}

/** As `DisplayOptions`, with the size in CSS pixels at which an image is shown. */
export interface ImageDisplayOptions extends DisplayOptions {
  readonly width?: number;
  readonly height?: number;
}

/** Something on display, and the way to change it. */
export interface DisplayHandle<Value> {
  readonly id: string;
  /** Shows `value` in place of what is there. */
  update(value: Value): DisplayHandle<Value>;
}

type Show<Value, Options = DisplayOptions> = (value: Value, options?: Options) => DisplayHandle<Value>;

/**
 * Shows a value in the cell's output, now, in the middle of a cell too.
 *
 * @example
 * const status = display.html('<b>working</b>');
 * status.update('<b>done</b>');
 */
export interface Display {
  <Value>(value: Value, options?: DisplayOptions): DisplayHandle<unknown>;
  /** Shows HTML. Scripts in it run where the front end allows it. */
  html: Show<string>;
  /** Shows Markdown; formulas between dollar signs are typeset. */
  markdown: Show<string>;
  /** Shows a formula; give it with its dollar signs, or an environment of its own. */
  latex: Show<string>;
  svg: Show<string>;
  /** Shows a PNG image from its bytes, or from base64. */
  png: Show<Uint8Array | string, ImageDisplayOptions>;
  /** Shows a JPEG image from its bytes, or from base64. */
  jpeg: Show<Uint8Array | string, ImageDisplayOptions>;
  /** Shows data as a tree that can be opened and closed, where the front end has one. */
  json: Show<unknown>;
  /** Shows a Vega-Lite specification as a plot. */
  vegaLite: Show<Readonly<Record<string, unknown>>>;
  /** Shows a Plotly figure, `{data, layout}`, where the front end knows Plotly. */
  plotly: Show<Readonly<Record<string, unknown>>>;
  /** Shows text as it is: without the quotes that a string has as a value. */
  text: Show<string>;
}

/** Takes away what the cell has shown so far; with `wait` not before something new comes, which avoids flicker. */
export type ClearOutput = (options?: { wait?: boolean }) => void;

/** What the cell process installs. */
export interface DisplayApi {
  readonly display: Display;
  readonly clearOutput: ClearOutput;
  readonly port: DisplayPort;
  /** Resolves when everything that was displayed so far has been sent: a cell is not over before that. */
  settled(): Promise<void>;
  /** Stops waiting for pictures that are still being made (the cell was interrupted), so that none blocks later ones. */
  abandon(): void;
}

const portSymbol = Symbol.for('tensorcell.display');

/** Puts `display`, `clearOutput` and the runtime's display port on a global object. */
export function installDisplayApi(api: DisplayApi, target: object = globalThis): void {
  const define = (key: PropertyKey, value: unknown) =>
    Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
  define('display', api.display);
  define('clearOutput', api.clearOutput);
  define(portSymbol, api.port);
}

/** How each helper turns its argument into a bundle. */
const helpers = {
  html: textual('text/html', 'HTML'),
  markdown: textual('text/markdown', 'Markdown', (source) => source),
  latex: textual('text/latex', 'LaTeX', (source) => source),
  svg: textual('image/svg+xml', 'SVG image'),
  png: image('image/png'),
  jpeg: image('image/jpeg'),
  json: (value: unknown) => bundle({ 'application/json': asJson(value), 'text/plain': plainText(value) }),
  vegaLite: (spec: unknown) => {
    if (typeof spec !== 'object' || spec === null)
      throw new TypeError(`display.vegaLite expects a specification object, got ${plainText(spec)}.`);
    return formatAsSoonAsPossible({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...spec });
  },
  plotly: (figure: unknown) => {
    if (!Array.isArray((figure as { data?: unknown } | null)?.data))
      throw new TypeError(`display.plotly expects a figure {data: [...], layout: {...}}, got ${plainText(figure)}.`);
    const traces = (figure as { data: unknown[] }).data.length;
    return bundle({
      'application/vnd.plotly.v1+json': asJson(figure),
      'text/plain': `Plotly figure with ${traces} ${traces === 1 ? 'trace' : 'traces'}`,
    });
  },
  text: (value: unknown) => bundle({ 'text/plain': String(value) }),
} satisfies Record<keyof Display, (value: unknown, options: ImageDisplayOptions) => Formatting>;

/** Makes the display side of a cell process; `send` carries its events to the front end. */
export function createDisplayApi(send: SendDisplayEvent): DisplayApi {
  // What waits for a picture that is still being made; later displays wait behind it, so that order is kept.
  let last: Promise<void> | undefined;

  const inOrder = (ready: Formatting, emit: (value: FormattedValue | null) => void): void => {
    if (!last && !(ready instanceof Promise)) return emit(ready);
    const turn: Promise<void> = Promise.all([ready, last]).then(([value]) => {
      if (last === turn) last = undefined;
      emit(value);
    });
    last = turn;
  };

  const show = (ready: Formatting, id: string | undefined, update: boolean): void =>
    inOrder(ready, (value) => {
      const { data, metadata } = value ?? { data: { 'text/plain': 'undefined' }, metadata: {} };
      send({ type: 'display', update, data, metadata, transient: id === undefined ? {} : { display_id: id } });
    });

  const shower =
    <Value, Options extends DisplayOptions>(format: (value: Value, options: Options) => Formatting) =>
    (value: Value, options: Options = {} as Options): DisplayHandle<Value> => {
      if (options.update && options.id === undefined)
        throw new TypeError(
          'display: `update` needs the `id` of what is to be replaced: display(value, {id, update: true}).',
        );
      const id = options.id ?? randomUUID();
      show(format(value, options), id, options.update ?? false);
      const handle = {
        id,
        update(next: Value) {
          show(format(next, options), id, true);
          return handle;
        },
        [shownAlready]: true,
      };
      return handle;
    };

  const anyValue = shower((value: unknown, options: DisplayOptions) =>
    options.raw ? rawBundle(value) : formatAsSoonAsPossible(value),
  );
  const byHelper = Object.fromEntries(
    Object.entries(helpers).map(([name, format]) => [name, shower(format)]),
  ) as unknown as Pick<Display, keyof Display>;
  return {
    display: Object.assign(anyValue, byHelper),
    clearOutput: ({ wait = false } = {}) => inOrder(null, () => send({ type: 'clear', wait })),
    port: {
      display: (data, { id, update = false } = {}) => show(bundle(data), id, update),
    },
    settled: async () => {
      while (last) await last;
    },
    abandon() {
      last = undefined;
    },
  };
}

const bundle = (data: Record<string, unknown>, metadata: Record<string, unknown> = {}): FormattedValue => ({
  data,
  metadata,
});

function rawBundle(value: unknown): FormattedValue {
  if (typeof value !== 'object' || value === null || !Object.keys(value).some((key) => key.includes('/')))
    throw new TypeError(
      `display with {raw: true} expects data by MIME type, {'text/html': ...}, got ${plainText(value)}.`,
    );
  return bundle({ 'text/plain': Object.keys(value).join(', '), ...value });
}

function textual(type: string, name: string, plain?: (source: string) => string) {
  return (source: unknown): FormattedValue => {
    if (typeof source !== 'string') throw new TypeError(`display: ${name} must be a string, got ${plainText(source)}.`);
    return bundle({
      [type]: source,
      'text/plain': plain ? plain(source) : `<${name}, ${source.length.toLocaleString('en-US')} characters>`,
    });
  };
}

function image(type: string) {
  return (source: unknown, { width, height }: ImageDisplayOptions = {}): FormattedValue => {
    if (!(source instanceof Uint8Array) && typeof source !== 'string')
      throw new TypeError(`display: ${type} must be bytes or a base64 string, got ${plainText(source)}.`);
    const base64 = typeof source === 'string' ? source : Buffer.from(source).toString('base64');
    const size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
    return bundle({ [type]: base64, 'text/plain': `<${type}>` }, (width ?? height) ? { [type]: size } : {});
  };
}

/** A copy that JSON can carry: BigInts as numbers or text, typed arrays as lists, what has no JSON left out. */
const asJson = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return Number.isSafeInteger(Number(part)) ? Number(part) : part.toString();
      if (part instanceof Map) return Object.fromEntries(part);
      if (part instanceof Set) return [...part];
      if (ArrayBuffer.isView(part) && !(part instanceof DataView)) return Array.from(part as Uint8Array);
      return part;
    }) ?? 'null',
  );
