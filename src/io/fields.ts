/** @file Reading what files say: each value is checked for its kind, and messages say where it stood. */
import { ArgumentError } from '../tensor/errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? String(value);

const refuse = (what: string, expected: string, value: unknown): never => {
  throw new ArgumentError(
    `${what}: expected ${expected}, got ${shown(value)}; the file is damaged, or of another kind.`,
  );
};

/** @throws ArgumentError unless it is an object */
export const fieldsOf = (value: unknown, what: string): Fields =>
  isFields(value) ? value : refuse(what, 'an object', value);

/** @throws ArgumentError unless it is a list */
export const listOf = (value: unknown, what: string): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : refuse(what, 'a list', value);

/** @throws ArgumentError unless it is a text */
export const textOf = (value: unknown, what: string): string =>
  typeof value === 'string' ? value : refuse(what, 'a text', value);

/** @throws ArgumentError unless it is a whole number of at least 0 */
export const countOf = (value: unknown, what: string): number =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : refuse(what, 'a whole number of at least 0', value);

/** @throws ArgumentError unless it is a list of whole numbers of at least 0 */
export const sizesOf = (value: unknown, what: string): number[] =>
  listOf(value, what).map((size) => countOf(size, what));
