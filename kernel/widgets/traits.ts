/** @file Traits: what kind of value a widget's property takes, its default, and how it goes over the wire. */
import { inspect } from 'node:util';
import { colorNames } from './color-names.ts';

/** A property of a widget. `Value` is what reading it gives, `Input` what may be assigned at construction and by `set`. */
export interface Trait<Value, Input = Value> {
  /** The default; a new one for each widget where it is made of others (a layout). */
  readonly initial: () => Value;
  /** Gives the value to keep, or throws a {@link TraitError} that says what was expected. */
  readonly check: (input: unknown) => Value;
  /** To a JSON value in which widgets and bytes may still stand; the value itself where absent. */
  readonly toWire?: (value: Value) => unknown;
  /** What came from the front end, before it is checked. */
  readonly fromWire?: (wire: unknown) => unknown;
  /** The key in the state; the property's name in snake case where absent. Null: the front end does not know it. */
  readonly key?: string | null;
  /** There is no default: it must be given. */
  readonly required?: true;
  /** False: what the front end sends is not sent back to other views (a big upload). */
  readonly echo?: false;
  /** Type only. */
  readonly input?: Input;
}

// Traits of every kind of value stand in one table; only `unknown` of the others would not do, since `check` and `toWire`
// are on opposite sides.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyTrait = Trait<any, any>;
export type Traits = Readonly<Record<string, AnyTrait>>;

export type ValueOf<Of> = Of extends Trait<infer Value, unknown> ? Value : never;
export type InputOf<Of> = Of extends { readonly input?: infer Input } ? Exclude<Input, undefined> : never;

/** What the properties of a table of traits hold. */
export type ValuesOf<Table extends Traits> = { -readonly [Name in keyof Table]: ValueOf<Table[Name]> };
/** What may be given for them. */
export type InputsOf<Table extends Traits> = { readonly [Name in keyof Table]?: InputOf<Table[Name]> };

/** A value that a property does not take. */
export class TraitError extends TypeError {
  override readonly name = 'TraitError';
  readonly #expected: string;

  /** @param where the property: `IntSlider.value` */
  constructor(expected: string, got: unknown, where?: string) {
    super(`${where === undefined ? '' : `${where}: `}expected ${expected}, got ${shortly(got)}`);
    this.#expected = expected;
  }

  /** What would have been right: `a whole number`. */
  get expected(): string {
    return this.#expected;
  }
}

/** Properties that do not go together; the widget's class is put before the message. */
export class Refusal extends RangeError {
  override readonly name = 'RangeError';
}

/** A value as error messages show it. */
export const shortly = (value: unknown): string => {
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 5, maxStringLength: 60 });
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
};

/** A trait whose values are those that `accepts` takes. */
const kind = <Value>(expected: string, accepts: (input: unknown) => boolean, initial: Value): Trait<Value> => ({
  initial: () => initial,
  check: (input) => {
    if (accepts(input)) return input as Value;
    throw new TraitError(expected, input);
  },
});

/** A whole number. What the front end has a control for any numbers (a linked one) make of it loses its fraction. */
export const int = (initial = 0): Trait<number> => ({
  ...kind('a whole number', Number.isSafeInteger, initial),
  fromWire: (wire) => (typeof wire === 'number' ? Math.trunc(wire) : wire),
});
/** Any number that JSON has. */
export const float = (initial = 0): Trait<number> => kind('a finite number', Number.isFinite, initial);
export const bool = (initial = false): Trait<boolean> =>
  kind('true or false', (input) => typeof input === 'boolean', initial);
export const text = (initial = ''): Trait<string> => kind('a string', (input) => typeof input === 'string', initial);

/** One of some strings. */
export const oneOf = <const Choice extends string>(initial: Choice, ...others: Choice[]): Trait<Choice> => {
  const choices = [initial, ...others];
  const expected = `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`;
  return kind(expected, (input) => choices.includes(input as Choice), initial);
};

/** The trait with another default. */
export const withDefault = <Value, Input>(trait: Trait<Value, Input>, initial: Value): Trait<Value, Input> => ({
  ...trait,
  initial: () => initial,
});

/** The trait, or null, which is also its default. */
export const optional = <Value, Input>(trait: Trait<Value, Input>): Trait<Value | null, Input | null> => {
  const { toWire, fromWire } = trait;
  return {
    ...(trait as object),
    initial: () => null,
    check: (input) => {
      if (input === null || input === undefined) return null;
      try {
        return trait.check(input);
      } catch (error) {
        if (error instanceof TraitError) throw new TraitError(`${error.expected}, or null`, input);
        throw error;
      }
    },
    toWire: (value) => (value === null ? null : toWire ? toWire(value) : value),
    ...(fromWire && { fromWire: (wire: unknown) => (wire === null ? null : fromWire(wire)) }),
  };
};

/** A list of values of a trait. Assign a new list to change it: the old one does not tell of its own changes. */
export const list = <Value, Input>(
  trait: Trait<Value, Input>,
  initial: readonly Value[] = [],
): Trait<readonly Value[], readonly Input[]> => {
  const { toWire, fromWire } = trait;
  return {
    initial: () => initial,
    check: (input) => {
      if (!Array.isArray(input) && !(input instanceof Set)) throw new TraitError('a list', input);
      return Object.freeze(
        [...input].map((element: unknown, index) => {
          try {
            return trait.check(element);
          } catch (error) {
            if (error instanceof TraitError) throw new TraitError(`${error.expected} at index ${index}`, element);
            throw error;
          }
        }),
      );
    },
    ...(toWire && { toWire: (value) => value.map(toWire) }),
    ...(fromWire && { fromWire: (wire: unknown) => (Array.isArray(wire) ? wire.map(fromWire) : wire) }),
  };
};

/** Two values of a trait, in order. */
export const pair = <Value>(trait: Trait<Value>, initial: readonly [Value, Value]): Trait<readonly [Value, Value]> => ({
  initial: () => initial,
  check: (input) => {
    if (!Array.isArray(input) || input.length !== 2) throw new TraitError('a list of two, [lower, upper]', input);
    return Object.freeze([trait.check(input[0]), trait.check(input[1])] as const);
  },
  fromWire: (wire) => (Array.isArray(wire) && trait.fromWire ? wire.map(trait.fromWire) : wire),
});

const hexColor = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;
const functionalColor = /^(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\([^()]*\)$|^var\(--[^()]+(?:\([^()]*\))?\)$/i;

const isColor = (input: unknown): boolean =>
  typeof input === 'string' &&
  (hexColor.test(input) || functionalColor.test(input) || colorNames.has(input.toLowerCase()));

/** A CSS colour. */
export const color = (initial = 'black'): Trait<string> =>
  kind("a CSS colour such as 'teal', '#08f' or 'rgb(0, 128, 255)'", isColor, initial);

/** A format of d3-format's, as `.2f`. */
const formatPattern = /^(?:(?:.)?[<>=^])?[+\-( ]?[$#]?0?\d*,?(?:\.\d+)?~?[efgrs%pbodxXc]?$/;
export const numberFormat = (initial: string): Trait<string> =>
  kind(
    "a number format such as '.2f', 'd' or '.0%'",
    (input) => typeof input === 'string' && formatPattern.test(input),
    initial,
  );

/** Bytes, as a copy: who draws into an array and assigns it again has changed something. Text is taken as UTF-8. */
export const bytes: Trait<Uint8Array, ArrayBufferView | ArrayBuffer | string> = {
  initial: () => new Uint8Array(),
  check: (input) => {
    if (typeof input === 'string') return new TextEncoder().encode(input);
    if (input instanceof ArrayBuffer) return new Uint8Array(input.slice(0));
    if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength).slice();
    throw new TraitError('bytes (a Uint8Array, an ArrayBuffer) or text', input);
  },
};

/** A trait under a key of its own in the state. */
export const keyed = <Value, Input>(key: string | null, trait: Trait<Value, Input>): Trait<Value, Input> => ({
  ...trait,
  key,
});
