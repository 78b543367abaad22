/** @file A value as plain text: as `util.inspect` writes it, in bounded time whatever the value. */
import { inspect, types } from 'node:util';
import { keysOf } from './keys.ts';
import { type Limits, howToSeeAll, usual } from './limits.ts';
import { wellFormed } from './markup.ts';
import { outlineOf } from './outline/outline.ts';
import { outlineText } from './outline/outline-text.ts';

/** `inspect` bounds arrays and depth but not the properties of objects: a value of more parts than this is written by the outline. */
const partsForInspect = 20_000;

/** A value as text without colours, abbreviated where it is big; the last line says so then. */
export function plainText(value: unknown, limits: Limits = usual): string {
  let text: string;
  try {
    text = hasFewParts(value, limits) ? inspected(value, limits) : outlineText(outlineOf(value, limits));
  } catch (error) {
    // A proxy or an inspection method of the user's can throw anything, at any depth.
    text = `${outlined(value, limits)}[cannot be inspected: ${messageOf(error)}]`;
  }
  return withinText(text, limits, isAbbreviated(text));
}

/** Text cut to the limit, with a last line that says how to see all of it where something is left out. */
export function withinText(text: string, limits: Limits, abbreviated = false): string {
  const whole = wellFormed(text);
  if (whole.length > limits.text)
    return `${wellFormed(whole.slice(0, limits.text))}\n... ${whole.length - limits.text} more characters (${howToSeeAll(limits)})`;
  return abbreviated ? `${whole}\n(shortened; ${howToSeeAll(limits)})` : whole;
}

/** What of a value can be seen without its own code; nothing where that is nothing either. */
function outlined(value: unknown, limits: Limits): string {
  try {
    const outline = outlineOf(value, limits);
    return outline.root.members.length === 0 ? '' : `${outlineText(outline)}\n`;
  } catch {
    return '';
  }
}

function inspected(value: unknown, limits: Limits): string {
  return inspect(value, {
    colors: false,
    depth: limits.depth,
    maxArrayLength: limits.items,
    maxStringLength: limits.string,
    breakLength: 100,
    compact: 3,
  });
}

/** Whether inspect left something out. Its marks are looked for outside of strings, which may hold anything. */
function isAbbreviated(text: string): boolean {
  if (text.length > 100_000 || !/ more |\[\w+\]/.test(text)) return text.length > 100_000;
  if (/\.\.\. \d+ more characters?$/.test(text)) return true;
  const outside = text.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, '""');
  return /\.\.\. \d+ more (?:item|character|propert|entr)|\[(?:Object|Array|Map|Set|Object: null prototype)\]/.test(
    outside,
  );
}

/** Whether what `inspect` would visit has few parts. Runs no code of the value's: getters and proxies are not looked into. */
function hasFewParts(value: unknown, limits: Limits): boolean {
  let left = partsForInspect;
  const visit = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null || types.isProxy(part) || --left < 0 || depth > limits.depth) return;
    if (Array.isArray(part)) {
      // Only entries are cut by inspect, so a long array costs as much as its first entries.
      for (let i = 0; i < part.length && i < limits.items && left > 0; i++) visit(dataProperty(part, i), depth + 1);
      return;
    }
    if (ArrayBuffer.isView(part) || types.isAnyArrayBuffer(part)) return;
    if (types.isMap(part) || types.isSet(part)) {
      let visited = 0;
      for (const entry of entriesOf(part)) {
        if (++visited > limits.items || left < 0) break;
        for (const each of entry) visit(each, depth + 1);
      }
    }
    const keys = keysOf(part);
    left -= keys.length;
    for (const key of keys) {
      if (left < 0) return;
      visit(dataProperty(part, key), depth + 1);
    }
  };
  visit(value, 0);
  return left >= 0;
}

/** Entries as the collection has them, whatever a subclass makes of its iterators. */
export const entriesOf = (collection: object): Iterable<[unknown, unknown]> =>
  types.isMap(collection)
    ? Map.prototype.entries.call(collection)
    : Set.prototype.entries.call(collection as Set<unknown>);

/** A property's value, where it is no getter. */
const dataProperty = (object: object, key: PropertyKey): unknown =>
  Object.getOwnPropertyDescriptor(object, key)?.value as unknown;

/** What can be said of anything that was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'an error that cannot be shown';
  }
}
