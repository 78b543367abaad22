/** @file The options of a selection: labels and values from a list, pairs, an object or a Map. */
import { isPlainObject } from './buffers.ts';
import { type Trait, TraitError } from './traits.ts';

/** Values; or `[label, value]` pairs; or values by label. */
export type Options =
  readonly unknown[] | ReadonlySet<unknown> | Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** The values of options of such a type. */
export type OptionValue<Given> =
  Given extends ReadonlyMap<string, infer Value>
    ? Value
    : Given extends ReadonlySet<infer Value>
      ? Value
      : Given extends readonly []
        ? unknown
        : Given extends readonly (readonly [string, unknown])[]
          ? Given[number][1]
          : Given extends readonly (infer Value)[]
            ? Value
            : Given[keyof Given];

export interface LabelledValue {
  readonly label: string;
  readonly value: unknown;
}

const isPair = (element: unknown): element is readonly [unknown, unknown] =>
  Array.isArray(element) && element.length === 2;

/** The options in order, each with its label. */
export function labelled(options: Options): readonly LabelledValue[] {
  const pairs = options instanceof Map ? [...options] : Array.isArray(options) ? options : Object.entries(options);
  return pairs.length > 0 && pairs.every(isPair)
    ? pairs.map(([label, value]) => ({ label: String(label), value }))
    : pairs.map((value) => ({ label: String(value), value: value as unknown }));
}

export const optionsTrait: Trait<Options> = {
  initial: () => [],
  check: (input) => {
    if (Array.isArray(input)) return Object.freeze([...(input as unknown[])]);
    if (input instanceof Set) return Object.freeze([...(input as Set<unknown>)]);
    if (input instanceof Map) return new Map(input as Map<string, unknown>);
    if (isPlainObject(input)) return Object.freeze({ ...input });
    throw new TraitError('options: a list of values, [label, value] pairs, an object or a Map', input);
  },
  key: null,
};
