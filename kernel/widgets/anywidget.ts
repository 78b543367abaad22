/**
 * @file Widgets whose front end is a module of one's own, by the convention of anywidget (https://anywidget.dev). The front
 * end needs its extension: `pip install anywidget` beside JupyterLab or Notebook; VS Code and Colab fetch it themselves.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isPlainObject } from './buffers.ts';
import { dom, onPage } from './control.ts';
import type { ControlClass } from './control.ts';
import { type Trait, TraitError, json, keyed, text } from './traits.ts';
import { model } from './model.ts';

const anywidgetModule = 'anywidget';
/** Whatever version of the extension the front end has. */
const anywidgetVersion = '*';

/** A value that the front end's module sees: JSON, typed arrays among it. */
export type StateValue = unknown;

export interface AnywidgetDefinition<State extends object> {
  /**
   * The module: its source, or the URL of a file. It exports `default { initialize?, render? }`; `render({ model, el })` draws,
   * `model.get(name)`, `model.set(name, value)`, `model.save_changes()` and `model.on('change:name', ...)` share the state.
   */
  readonly esm: string | URL;
  /** Style: its source, or the URL of a file. */
  readonly css?: string | URL;
  /** The state that is shared, with its defaults. The names are the same on both sides. */
  readonly state?: State;
}

type StateTraits<State extends object> = { readonly [Name in keyof State]: Trait<Widened<State[Name]>> };
/** `3` as a default means any number. */
type Widened<Value> = Value extends number
  ? number
  : Value extends string
    ? string
    : Value extends boolean
      ? boolean
      : Value;

const source = (given: string | URL, what: string): string => {
  if (given instanceof URL) return readFileSync(given, 'utf8');
  if (typeof given === 'string') return given;
  throw new TraitError('source text or the URL of a file', given, `defineWidget: ${what}`);
};

const reserved = new Set(['_esm', '_css', '_anywidget_id']);

/**
 * A class of widgets with a front end of one's own. JupyterLab and Notebook draw them with anywidget's extension (`pip install
 * anywidget` where the server runs; no Python kernel is needed); others show them as text.
 *
 * @example
 * const Counter = widgets.defineWidget({
 *   esm: `export default {
 *     render({ model, el }) {
 *       const button = document.createElement('button');
 *       const draw = () => { button.textContent = model.get('count'); };
 *       button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); };
 *       model.on('change:count', draw);
 *       draw();
 *       el.append(button);
 *     },
 *   };`,
 *   state: { count: 0 },
 * });
 * const counter = new Counter({ count: 5 });
 * counter.observe('count', ({ value }) => console.log(value));
 */
export function defineWidget<State extends object = object>({
  esm,
  css = '',
  state = {} as State,
}: AnywidgetDefinition<State>): ControlClass<typeof dom & StateTraits<State>> {
  if (!isPlainObject(state)) throw new TraitError('an object with defaults', state, 'defineWidget: state');
  const wrong = Object.keys(state).find((name) => reserved.has(name) || Object.hasOwn(dom, name));
  if (wrong !== undefined)
    throw new TypeError(`defineWidget: state.${wrong} is a name that every widget has; choose another one.`);
  const code = source(esm, 'esm');
  const style = source(css, 'css');
  // Front ends replace what they know of a widget with the same id: by its code, widgets of several definitions stay apart.
  const id = `tensorcell.${createHash('sha256').update(code).update('\0').update(style).digest('hex').slice(0, 16)}`;
  const own = Object.entries(state).map(([name, value]) => [name, keyed(name, json(value))] as const);
  const type = model({
    model: 'AnyModel',
    view: 'AnyView',
    module: anywidgetModule,
    version: anywidgetVersion,
    traits: {
      ...dom,
      _esm: keyed('_esm', text(code)),
      _css: keyed('_css', text(style)),
      _anywidget_id: keyed('_anywidget_id', text(id)),
      ...Object.fromEntries(own),
    },
  });
  return onPage(type) as unknown as ControlClass<typeof dom & StateTraits<State>>;
}
