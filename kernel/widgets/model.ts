/** @file Classes of widgets from tables of traits, and traits whose values are widgets. */
import { isPlainObject } from './buffers.ts';
import { models } from './registry.ts';
import { type InputOf, type Trait, TraitError, type Traits, type ValueOf } from './traits.ts';
import { type Definition } from './definition.ts';
import { Widget, madeFor } from './widget.ts';

/** A class of widgets with the properties of a table. */
export interface WidgetClass<Table extends Traits> {
  // The mapped types are written out, so that editors show properties rather than the table.
  new (options?: { readonly [Name in keyof Table]?: InputOf<Table[Name]> }): Widget<
    { -readonly [Name in keyof Table]: ValueOf<Table[Name]> },
    { readonly [Name in keyof Table]?: InputOf<Table[Name]> }
  > & { -readonly [Name in keyof Table]: ValueOf<Table[Name]> };
}

/** A class of widgets from its definition: the table of its traits becomes its properties. */
export function model<Table extends Traits>(definition: Definition<Table>): WidgetClass<Table> {
  class Model extends Widget {
    static readonly definition = definition;

    constructor(options?: Readonly<Record<string, unknown>>) {
      super(definition as unknown as Definition, options);
    }
  }
  for (const name of Object.keys(definition.traits))
    Object.defineProperty(Model.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Model) {
        return this.valueOf_(name);
      },
      set(this: Model, value: unknown) {
        this.set({ [name]: value });
      },
    });
  return Model as unknown as WidgetClass<Table>;
}

/** A widget of a class, or the options to make one. */
export const instance = <Made extends Widget, Options extends object>(
  type: new (options?: Options) => Made,
): Trait<Made, Made | Options> => ({
  initial: () => madeFor(new type()),
  check: (input) => {
    if (input instanceof type) return input;
    if (isPlainObject(input)) return madeFor(new type(input as Options));
    throw new TraitError(`a ${type.name}, or an object with its properties`, input);
  },
  toWire: reference,
  fromWire: dereference,
});

/** Any widget. */
export const anyWidget: Trait<Widget> = {
  initial: () => {
    throw new Error('A widget is required.');
  },
  check: (input) => {
    if (input instanceof Widget) return input;
    throw new TraitError('a widget', input);
  },
  toWire: reference,
  fromWire: dereference,
};

const referencePrefix = 'IPY_MODEL_';

/** How a state names another model. */
export function reference(widget: Widget): string {
  return `${referencePrefix}${widget.modelId}`;
}

/** The widget that a state names; anything else as it is. */
export function dereference(wire: unknown): unknown {
  if (typeof wire !== 'string' || !wire.startsWith(referencePrefix)) return wire;
  return models.get(wire.slice(referencePrefix.length)) ?? wire;
}
