/** @file `display` and `clearOutput` as cells see them, and the port through which the runtime shows live views. */
import { randomUUID } from 'node:crypto';
import type { DisplayPort } from '../../src/display.ts';
import type { FormattedValue, SendDisplayEvent } from './contract.ts';
import type { ClearOutput, Display, DisplayHandle, DisplayOptions } from './display-types.ts';
import { type Formatting, formatAsSoonAsPossible, shownAlready } from './format-value.ts';
import { bundle, helpers, rawBundle } from './helpers.ts';
import { type ProgressView, createProgress } from './progress.ts';

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

/** Makes the display side of a cell process; `send` carries its events to the front end. */
export function createDisplayApi(send: SendDisplayEvent): DisplayApi {
  // What waits for a picture that is still being made; later displays wait behind it, so that order is kept.
  let last: Promise<void> | undefined;

  const settled = async (): Promise<void> => {
    while (last) await last;
  };

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
    Object.entries(helpers).map(([name, format]) => [name, shower(format as (value: unknown) => Formatting)]),
  ) as unknown as Pick<Display, keyof typeof helpers>;
  const progress: Display['progress'] = (total, options) => {
    const id = randomUUID();
    const draw = (view: ProgressView, update: boolean): void => show(bundle({ ...view }), id, update);
    return Object.assign(createProgress(id, total, options ?? {}, draw), { [shownAlready]: true });
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
