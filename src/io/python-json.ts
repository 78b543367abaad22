/** @file JSON as Python writes and reads it: with NaN and infinities. */
import { ArgumentError } from '../tensor/errors.ts';

const words: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };
const mark = '\u0000number:';

/**
 * What a text of JSON says.
 * @param what - What messages call the text.
 * @throws ArgumentError where it is none.
 */
export function parseJSON(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Texts first, so that words in them stay as they are.
    const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (part) =>
      part.startsWith('"') ? part : JSON.stringify(mark + part),
    );
    try {
      return JSON.parse(marked, (_, value: unknown) =>
        typeof value === 'string' && value.startsWith(mark) ? words[value.slice(mark.length)] : value,
      );
    } catch {
      throw new ArgumentError(`${what} is no JSON, or is damaged: ${(error as Error).message}.`);
    }
  }
}

/** Options that Keras refuses unless they are floating, also where they are whole. */
const floating: ReadonlySet<string> = new Set(['beta', 'threshold']);

/** A number as Python must read it, where JSON alone does not say so. */
function markNumber(key: string, value: number): unknown {
  if (!Number.isFinite(value)) return mark + String(value);
  return floating.has(key) && Number.isInteger(value) ? `${mark}${value}.0` : value;
}

/** A value as JSON. */
export const writeJSON = (value: unknown, space?: number): string =>
  JSON.stringify(
    value,
    (key, item: unknown) =>
      typeof item === 'number' ? markNumber(key, item) : typeof item === 'bigint' ? Number(item) : item,
    space,
  ).replace(/"\\u0000number:(-?[\w.]+)"/g, '$1');
