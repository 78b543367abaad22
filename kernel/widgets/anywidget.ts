/**
 * @file Widgets whose front end is a module of one's own, by the convention of anywidget (https://anywidget.dev). The front
 * end needs its extension: `pip install anywidget` beside JupyterLab or Notebook; VS Code and Colab fetch it themselves.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isPlainObject } from './buffers.ts';
import { dom, domMethods, onPage } from './control.ts';
import type { ControlClass } from './control.ts';
import { type Trait, TraitError, keyed, text } from './traits.ts';
import { dereference, model, reference } from './model.ts';
import { Widget } from './widget.ts';

const anywidgetModule = 'anywidget';
/** Whatever version of the extension the front end has. */
const anywidgetVersion = '*';

export interface AnywidgetDefinition<State extends object> {
  /** What the widget is called in texts and errors. */
  readonly name?: string;
  /**
   * The module: its source, or the URL of a file or of a page. It exports `default { initialize?, render? }`; `render({ model, el })` draws,
   * `model.get(name)`, `model.set(name, value)`, `model.save_changes()` and `model.on('change:name', ...)` share the state.
   */
  readonly esm: string | URL;
  /** Style: its source, or the URL of a file or of a page. */
  readonly css?: string | URL;
  /**
   * The state that is shared, with its defaults: JSON, typed arrays, other widgets. The names are the same on both sides.
   * Assign a new value to change one (`counter.items = [...counter.items, 'new']`), or call `sendState('items')`.
   */
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
  // What stands on the web is the front end's to fetch.
  if (given instanceof URL) return /^https?:$/.test(given.protocol) ? given.href : readFileSync(given, 'utf8');
  if (typeof given === 'string') return given;
  throw new TraitError('source text or the URL of a file', given, `defineWidget: ${what}`);
};

/** A copy of a value as JSON has it, with each part that JSON lacks through `convert`. */
function converted(value: unknown, convert: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => converted(element, convert));
  if (!isPlainObject(value)) return convert(value);
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, converted(element, convert)]));
}

/** Takes a part of the state: typed arrays as copies, since their owner may go on drawing into them. */
function statePart(part: unknown): unknown {
  if (ArrayBuffer.isView(part)) return structuredClone(part);
  if (part instanceof ArrayBuffer) return new Uint8Array(part.slice(0));
  if (part === null || part instanceof Widget || ['string', 'number', 'boolean', 'undefined'].includes(typeof part))
    return part;
  throw new TraitError('JSON, typed arrays, widgets', part);
}

/** A value that the front end's module sees. */
const shared = <Value>(initial: Value): Trait<Value> => ({
  initial: () => converted(initial, statePart) as Value,
  check: (input) => {
    if (input !== undefined) return converted(input, statePart) as Value;
    throw new TraitError('a JSON value', input);
  },
  toWire: (value) => converted(value, (part) => (part instanceof Widget ? reference(part) : part)),
  fromWire: (wire) => converted(wire, dereference),
});

/** Names that every widget has. */
const reserved = new Set(['_esm', '_css', '_anywidget_id', 'modelId', ...Object.keys(dom), ...Object.keys(domMethods)]);
const isReserved = (name: string): boolean => reserved.has(name) || name in Widget.prototype;

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
  name = 'AnyWidget',
  esm,
  css = '',
  state = {} as State,
}: AnywidgetDefinition<State>): ControlClass<typeof dom & StateTraits<State>> {
  if (!isPlainObject(state)) throw new TraitError('an object with defaults', state, 'defineWidget: state');
  const wrong = Object.keys(state).find(isReserved);
  if (wrong !== undefined)
    throw new TypeError(`defineWidget: state.${wrong} is a name that every widget has; choose another one.`);
  const code = source(esm, 'esm');
  const style = source(css, 'css');
  // Front ends replace what they know of a widget with the same id: by its code, widgets of several definitions stay apart.
  const id = `tensorcell.${createHash('sha256').update(code).update('\0').update(style).digest('hex').slice(0, 16)}`;
  const own = Object.entries(state).map(
    ([key, value]) => [key, keyed(key, shared(converted(value, statePart)))] as const,
  );
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
  Object.defineProperty(type, 'name', { value: name });
  return onPage(type) as unknown as ControlClass<typeof dom & StateTraits<State>>;
}
