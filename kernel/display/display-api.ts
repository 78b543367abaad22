/** @file `display` and `clearOutput` as cells see them, and the port through which the runtime shows live views. */
import { randomUUID } from 'node:crypto';
import type { DisplayPort } from '../../src/display.ts';
import type { FormattedValue, SendDisplayEvent } from './contract.ts';
import type { ClearOutput, Display, DisplayHandle, DisplayOptions } from './display-types.ts';
import { type Formatting, formatAsSoonAsPossible, shownAlready } from './format-value.ts';
import { messageOf } from './plain-text.ts';
import { type ProgressView, createProgress } from './progress.ts';
import { loadViews, loadedViews } from './views-loader.ts';

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

type HelperName = Exclude<keyof Display, 'progress'>;
/** The helpers by name, so that they can stand on `display` before they are loaded. */
const helperNames = Object.keys({
  full: 0,
  table: 0,
  html: 0,
  markdown: 0,
  latex: 0,
  mermaid: 0,
  svg: 0,
  png: 0,
  jpeg: 0,
  image: 0,
  audio: 0,
  video: 0,
  iframe: 0,
  file: 0,
  json: 0,
  geoJson: 0,
  vegaLite: 0,
  plotly: 0,
  text: 0,
} satisfies Record<HelperName, 0>) as HelperName[];

/** Uses the views now; code that no cell mentions (a local module's) may run before they are there, and gets a promise. */
const withViews = (use: (views: Awaited<ReturnType<typeof loadViews>>) => Formatting): Formatting => {
  const views = loadedViews();
  if (views) return use(views);
  return loadViews()
    .then(use)
    .catch((error: unknown) => ({ data: { 'text/plain': messageOf(error) }, metadata: {} }));
};

const bundle = (data: Record<string, unknown>): FormattedValue => ({ data, metadata: {} });

/** Marks a handle as shown, unseen by those who print it. */
const shownHandle = <Handle extends object>(handle: Handle): Handle =>
  Object.defineProperty(handle, shownAlready, { value: true });

/** Puts `display`, `clearOutput` and the runtime's display port on a global object. */
export function installDisplayApi(api: DisplayApi, target: object = globalThis): void {
  const define = (key: PropertyKey, value: unknown) =>
    Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
  define('display', api.display);
  define('clearOutput', api.clearOutput);
  define(portSymbol, api.port);
}

/** Makes the display side of a cell process; `send` carries its events to the front end. */
export function createDisplayApi(send: SendDisplayEvent): DisplayApi {
  // What waits for a picture that is still being made; later displays wait behind it, so that order is kept.
  let last: Promise<void> | undefined;

  const settled = async (): Promise<void> => {
    while (last) await last;
  };

  const inOrder = (ready: Formatting, emit: (value: FormattedValue | null) => void): void => {
    if (!last && !(ready instanceof Promise)) return emit(ready);
    // One that cannot be sent is its cell's error, and takes none that come later with it.
    const before = last?.catch(() => undefined);
    const turn: Promise<void> = Promise.all([ready, before]).then(([value]) => {
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
      };
      return shownHandle(handle);
    };

  const anyValue = shower((value: unknown, options: DisplayOptions) =>
    options.raw ? withViews(({ rawBundle }) => rawBundle(value)) : formatAsSoonAsPossible(value),
  );
  const byHelper = Object.fromEntries(
    helperNames.map((name) => {
      const format = (value: unknown, options: DisplayOptions) =>
        withViews(({ helpers }) =>
          (helpers[name] as (value: unknown, options: DisplayOptions) => Formatting)(value, options),
        );
      return [name, shower(format)];
    }),
  ) as unknown as Pick<Display, HelperName>;
  const progress: Display['progress'] = (total, options) => {
    const id = randomUUID();
    const draw = (view: ProgressView, update: boolean): void => show(bundle({ ...view }), id, update);
    return shownHandle(createProgress(id, total, options ?? {}, draw));
  };
  return {
    display: Object.assign(anyValue, byHelper, { progress }),
    clearOutput: ({ wait = false } = {}) => inOrder(null, () => send({ type: 'clear', wait })),
    port: {
      display: (data, { id, update = false } = {}) => show(bundle(data), id, update),
      pending: () => last && settled(),
    },
    settled,
    abandon() {
      last = undefined;
    },
  };
}
