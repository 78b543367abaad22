/** @file How layers, losses, optimizers and their like are named and described: any spelling in, plain JSON out. */
import { ArgumentError } from './tensor/errors.ts';

/** Plain JSON from which an object can be made again. */
export type Config = Record<string, unknown>;

/** One key for every spelling: `meanSquaredError`, `mean_squared_error` and `MeanSquaredError` are the same name. */
const spellingKey = (name: string): string => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** Whether two names are one name in two spellings. */
export const sameSpelling = (a: string, b: string): boolean => spellingKey(a) === spellingKey(b);

/**
 * The entry of `table` that `name` means, in any spelling.
 * @throws ArgumentError that lists the known names.
 */
export function lookUp<T>(kind: string, table: Readonly<Record<string, T>>, name: string): T {
  const key = spellingKey(name);
  const known = Object.keys(table).find((candidate) => spellingKey(candidate) === key);
  if (known === undefined)
    throw new ArgumentError(`Unknown ${kind} '${name}'; expected one of: ${Object.keys(table).join(', ')}.`);
  return table[known];
}

/** `MaxPooling2D` -> `max_pooling2d`: how Keras writes a class in a name. */
export const snakeCase = (className: string): string =>
  className
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

const timesUsed = new Map<string, number>();

/** `dense`, then `dense_1`, `dense_2`, ... */
export function uniqueName(prefix: string): string {
  const count = timesUsed.get(prefix) ?? 0;
  timesUsed.set(prefix, count + 1);
  return count === 0 ? prefix : `${prefix}_${count}`;
}
