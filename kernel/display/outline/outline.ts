/** @file A value as an outline: lines that open into lines, bounded whatever the value, made without running code of its. */
import { inspect, types } from 'node:util';
import { keysOf } from '../keys.ts';
import type { Limits } from '../limits.ts';
import { shortened } from '../markup.ts';

/** What a line's text is, which gives it its colour. */
export type Kind = 'string' | 'number' | 'word' | 'object' | 'failure';

/** One line, and what it opens into. */
export interface Line {
  /** Property name, index or key; the root has none. */
  readonly name?: string;
  /** The value in few words. */
  readonly text: string;
  readonly kind: Kind;
  /** How its members are enclosed. */
  readonly brackets: '{}' | '[]';
  members: Line[];
  /** How many members are left out. */
  rest: number;
  /** Whether it has members, shown or not. */
  readonly isOpenable: boolean;
}

export interface Outline {
  readonly root: Line;
  /** Something is left out. */
  readonly shortened: boolean;
}

/** A line waiting for its members. */
interface Pending {
  readonly line: Line;
  readonly value: object;
  readonly depth: number;
  /** The objects it lies in. */
  readonly above: Pending | undefined;
}

/** The members of an object: how many there are, and the first of them. */
interface Members {
  readonly count: number;
  readonly first: Iterable<readonly [name: string, member: () => unknown]>;
}

/** Names and texts inside of lines are cut here; a string that is a member of its own at the limit for strings. */
const longestBrief = 100;

/**
 * Opens a value level by level, so that what lies deep never takes the place of what lies on top, until the number of lines
 * is reached.
 */
export function outlineOf(value: unknown, limits: Limits): Outline {
  let left = limits.lines;
  let cut = false;
  const lineOf = (member: unknown, name?: string): Line => {
    const { text, kind } = describe(member, Math.min(limits.string, 2_000));
    if (kind === 'string' && text.endsWith('…')) cut = true;
    const brackets = Array.isArray(member) ? '[]' : '{}';
    return { name, text, kind, brackets, members: [], rest: 0, isOpenable: isOpenable(member) };
  };
  const root = lineOf(value);
  const queue: Pending[] = root.isOpenable ? [{ line: root, value: value as object, depth: 0, above: undefined }] : [];
  for (let at = 0; at < queue.length; at++) {
    const pending = queue[at];
    const { line, value: object, depth } = pending;
    if (left <= 0 || depth >= Math.max(limits.depth, 8)) {
      cut = true;
      line.rest = -1;
      continue;
    }
    const { count, first } = membersOf(object);
    const most = Math.min(count, left, depth === 0 ? limits.items : Math.max(20, limits.items / 2));
    let taken = 0;
    for (const [name, read] of first) {
      if (taken === most) break;
      taken++;
      const member = read();
      const memberLine = isAbove(member, pending)
        ? { ...lineOf(undefined, name), text: '[Circular]', kind: 'word' as const }
        : lineOf(member, name);
      line.members.push(memberLine);
      if (memberLine.isOpenable)
        queue.push({ line: memberLine, value: member as object, depth: depth + 1, above: pending });
    }
    left -= taken;
    line.rest = count - taken;
    if (line.rest > 0) cut = true;
  }
  return { root, shortened: cut };
}

const isAbove = (value: unknown, pending: Pending | undefined): boolean => {
  for (let at = pending; at; at = at.above) if (at.value === value) return true;
  return false;
};

/** The getter stands for its value: reading it would run code. */
class Accessor {
  readonly words: string;

  constructor({ get, set }: PropertyDescriptor) {
    this.words = get && set ? '[Getter/Setter]' : get ? '[Getter]' : '[Setter]';
  }
}

/** A value in few words. Runs none of its code but an inspection method. */
export function describe(value: unknown, longestString = longestBrief): { text: string; kind: Kind } {
  switch (typeof value) {
    case 'string':
      return {
        text: shortened(inspect(shortened(value, longestString), { maxStringLength: null }), longestString + 40),
        kind: 'string',
      };
    case 'number':
    case 'bigint':
      return { text: inspect(value), kind: 'number' };
    case 'function':
      return { text: shortened(brief(value), longestBrief), kind: 'word' };
    case 'object':
      break;
    default:
      return { text: inspect(value), kind: 'word' };
  }
  if (value === null) return { text: 'null', kind: 'word' };
  if (value instanceof Accessor) return { text: value.words, kind: 'word' };
  try {
    if (types.isNativeError(value)) return { text: shortened(errorTitle(value), longestBrief * 2), kind: 'failure' };
    return { text: isOpenable(value) ? preview(value) : shortened(brief(value), longestBrief), kind: 'object' };
  } catch (error) {
    return { text: `[cannot be shown: ${error instanceof Error ? error.message : typeof error}]`, kind: 'failure' };
  }
}

/** As inspect writes it, on one line, closed. */
const brief = (value: unknown): string =>
  inspect(value, {
    depth: 0,
    maxArrayLength: 5,
    maxStringLength: longestBrief,
    breakLength: Infinity,
    compact: true,
  }).replace(/\s*\n\s*/g, ' ');

const errorTitle = (error: Error): string => {
  const name = dataOf(error, 'name') ?? classNameOf(error) ?? 'Error';
  const message = dataOf(error, 'message');
  return typeof message === 'string' && message !== '' ? `${String(name)}: ${message}` : String(name);
};

const dataOf = (object: object, key: PropertyKey): unknown =>
  Object.getOwnPropertyDescriptor(object, key)?.value as unknown;

/** What of an object is worth opening; the rest says all in its words. */
export function isOpenable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || value instanceof Accessor || types.isProxy(value)) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (types.isMap(value) || types.isSet(value)) return sizeOf(value) > 0;
  if (types.isNativeError(value)) return true;
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value) || types.isDate(value) || types.isRegExp(value))
    return false;
  if (types.isPromise(value) || types.isBoxedPrimitive(value) || types.isGeneratorObject(value)) return false;
  if (types.isMapIterator(value) || types.isSetIterator(value) || types.isWeakMap(value) || types.isWeakSet(value))
    return false;
  if (value instanceof URL || value instanceof URLSearchParams) return false;
  // An object that writes itself (decimals, dates of libraries, tensors) says it better.
  if (inspect.custom in value) return false;
  return keysOf(value).length > 0 || enumerableSymbols(value).length > 0;
}

/** As the collection has it, whatever a subclass says. */
export const sizeOf = (collection: object): number =>
  types.isMap(collection)
    ? (sizeOfMap.call(collection) as number)
    : (sizeOfSet.call(collection as Set<unknown>) as number);

const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get as () => number;

const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')?.get as () => number;

const enumerableSymbols = (value: object): symbol[] =>
  Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));

function membersOf(value: object): Members {
  if (Array.isArray(value)) return { count: value.length, first: elements(value) };
  if (types.isMap(value))
    return {
      count: sizeOf(value),
      first: mapped(Map.prototype.entries.call(value), ([key, entry]) => [`${describe(key).text} =>`, entry]),
    };
  if (types.isSet(value))
    return { count: sizeOf(value), first: mapped(Set.prototype.values.call(value), (entry, i) => [String(i), entry]) };
  const keys: PropertyKey[] = [...keysOf(value), ...enumerableSymbols(value)];
  if (types.isNativeError(value))
    for (const key of ['stack', 'cause', 'errors'])
      if (Object.hasOwn(value, key) && !keys.includes(key)) keys.push(key);
  return {
    count: keys.length,
    first: mapped(keys, (key) => {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (!property) return [nameOf(key), undefined];
      return [nameOf(key), 'value' in property ? (property.value as unknown) : new Accessor(property)];
    }),
  };
}

function* elements(array: readonly unknown[]): Generator<readonly [string, () => unknown]> {
  for (let i = 0; i < array.length; i++) {
    const property = Object.getOwnPropertyDescriptor(array, i);
    yield [
      String(i),
      () =>
        property === undefined ? undefined : 'value' in property ? (property.value as unknown) : new Accessor(property),
    ];
  }
}

function* mapped<Item>(
  items: Iterable<Item>,
  member: (item: Item, index: number) => readonly [string, unknown],
): Generator<readonly [string, () => unknown]> {
  let index = 0;
  for (const item of items) {
    const [name, value] = member(item, index++);
    yield [name, () => value];
  }
}

const nameOf = (key: PropertyKey): string =>
  typeof key === 'symbol'
    ? `[${shortened(String(key), longestBrief)}]`
    : /^[\w$]+$/.test(String(key))
      ? shortened(String(key), longestBrief)
      : shortened(inspect(shortened(String(key), longestBrief)), longestBrief);

/** The name of an object's class, undefined for plain objects. Getters are not run. */
export function classNameOf(value: object): string | undefined {
  if (types.isProxy(value)) return 'Proxy';
  let at: object | null = value;
  for (
    let steps = 0;
    at && !types.isProxy(at) && steps < 100;
    at = Object.getPrototypeOf(at) as object | null, steps++
  ) {
    const constructor = dataOf(at, 'constructor');
    if (typeof constructor !== 'function' || types.isProxy(constructor)) continue;
    const name = dataOf(constructor, 'name');
    if (at === value || typeof name !== 'string' || name === '') continue;
    return at === Object.prototype ? undefined : name;
  }
  return at === null && Object.getPrototypeOf(value) === null ? 'null prototype' : undefined;
}

/** `Point { x: 1, y: 2 }`, `Array(3) [1, 2, {…}]`: the first members of an object, on one line. */
function preview(value: object): string {
  const { count, first } = membersOf(value);
  const name = classNameOf(value);
  const parts: string[] = [];
  let length = 0;
  for (const [key, read] of first) {
    if (parts.length === 5 || length > 60) break;
    const member = read();
    const isList = Array.isArray(value) || types.isSet(value);
    const text = memberInPreview(member);
    const part = isList ? text : types.isMap(value) ? `${key} ${text}` : `${key}: ${text}`;
    length += part.length;
    parts.push(part);
  }
  if (parts.length < count) parts.push('…');
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }'];
  const isCollection = Array.isArray(value) || types.isMap(value) || types.isSet(value);
  const title = isCollection
    ? `${name ?? 'Array'}(${count}) `
    : name === undefined
      ? ''
      : name === 'null prototype'
        ? '[null prototype] '
        : `${name} `;
  return `${title}${open}${parts.join(', ')}${close}`;
}

function memberInPreview(member: unknown): string {
  if (typeof member === 'string') return describe(member, 30).text;
  if (typeof member === 'function') return 'ƒ';
  if (typeof member !== 'object' || member === null) return describe(member).text;
  if (member instanceof Accessor) return member.words;
  if (Array.isArray(member)) return `Array(${member.length})`;
  if (types.isDate(member)) return describe(member).text;
  const name = classNameOf(member);
  return name === undefined ? '{…}' : name;
}
