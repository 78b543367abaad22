/** @file What a kind of widget is: its names in the front end, its traits, and the state that follows from their values. */
import { type InspectOptions, inspect } from 'node:util';
import { sameValue, splitBuffers } from './buffers.ts';
import { snakeCase } from './spelling.ts';
import type { AnyTrait, Traits, ValuesOf } from './traits.ts';

/** What a kind of widget is. */
export interface Definition<Table extends Traits = Traits> {
  /** Names in the front end's library. */
  readonly model: string;
  readonly view: string | null;
  /** Module and version of the model, and of the view where they differ. */
  readonly module: string;
  readonly version: string;
  readonly viewModule?: string;
  readonly viewVersion?: string;
  readonly traits: Table;
  /**
   * Keeps properties that depend on each other right, in `next`; throws a Refusal where they cannot be. `given` are the
   * names of those that were assigned; `isNew` is true for a widget that is being made.
   */
  readonly refine?: (next: ValuesOf<Table>, given: ReadonlySet<string>, isNew: boolean) => void;
  /** More keys of the state that follow from the properties. */
  readonly computed?: Readonly<Record<string, (values: ValuesOf<Table>) => unknown>>;
}

export type Values = Readonly<Record<string, unknown>>;

/** The key of a trait in the state; null where the front end does not know it. */
export const keyOf = (name: string, trait: AnyTrait): string | null =>
  trait.key === undefined ? snakeCase(name) : trait.key;

/** What the definition computes of the values. */
export function computedState({ computed = {} }: Definition, values: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(computed).map(([key, compute]) => [key, compute(values as never)]));
}

/** The state as the front end knows it; all of it, or some keys. */
export function stateOf(definition: Definition, values: Values, keys?: readonly string[]): Record<string, unknown> {
  const { model, module, version, view, viewModule = module, viewVersion = version, traits } = definition;
  const state: Record<string, unknown> = {
    _model_name: model,
    _model_module: module,
    _model_module_version: version,
    _view_name: view,
    _view_module: viewModule,
    _view_module_version: viewVersion,
    _view_count: null,
    ...computedState(definition, values),
  };
  for (const [name, trait] of Object.entries(traits)) {
    const key = keyOf(name, trait);
    if (key === null || (keys && !keys.includes(key))) continue;
    state[key] = trait.toWire ? trait.toWire(values[name]) : values[name];
  }
  return keys ? Object.fromEntries(keys.map((key) => [key, state[key]])) : state;
}

/** A value as JSON gives it back. */
export function asJson(value: unknown): unknown {
  if (ArrayBuffer.isView(value) || value === undefined) return value;
  const { state, buffers } = splitBuffers({ value });
  return { buffers, ...(JSON.parse(JSON.stringify(state)) as object) };
}

/** Properties that say nothing of the widget's meaning. */
const hiddenInText = new Set(['layout', 'style', 'classes', 'index', 'label', 'msgId']);

/** A widget as text: its class and what differs from the defaults. */
export function textOf(name: string, { traits }: Definition, values: Values, options: InspectOptions): string {
  const { depth } = options;
  if (typeof depth === 'number' && depth < 0) return `${name} {...}`;
  const isDefault = (key: string, value: unknown): boolean => {
    const { initial, required } = traits[key];
    return required !== true && sameValue(value, initial());
  };
  const shown = Object.entries(values).filter(([key, value]) => !hiddenInText.has(key) && !isDefault(key, value));
  return shown.length === 0 ? `${name} {}` : `${name} ${inspect(Object.fromEntries(shown), options)}`;
}
