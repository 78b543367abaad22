/**
 * @file Looks at the values of the notebook's names for completion and inspection, without running code of theirs: no getter,
 * no proxy's trap, no `toString`.
 */
import { inspect, types } from 'node:util';
import { registerCall } from './calls.ts';
import type { Evaluator } from './evaluator.ts';
import type { LiveMember, LivePath, LiveValue } from './live-contract.ts';

/** More members than this are no help in a list. */
const mostMembers = 500;
const longestText = 400;
/** Elements of a list that are written out. */
const shownElements = 6;

type Found = { readonly value: unknown } | undefined;

/** A property as it is stored: nothing where only code could tell it. */
function storedProperty(value: unknown, key: PropertyKey): Found {
  if (value === null || value === undefined) return undefined;
  for (
    let holder: object | null = Object(value);
    holder !== null;
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    if (types.isProxy(holder)) return undefined;
    const descriptor = Reflect.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return 'value' in descriptor ? { value: descriptor.value } : undefined;
  }
  return undefined;
}

const className = (value: object): string => {
  const constructor = storedProperty(value, 'constructor')?.value;
  const name = typeof constructor === 'function' ? storedProperty(constructor, 'name')?.value : undefined;
  return typeof name === 'string' && name !== '' ? name : 'Object';
};

/** The element type and shape of what has both, as tensors do. */
function tensorText(value: object): string | undefined {
  const [dtype, shape] = [storedProperty(value, 'dtype')?.value, storedProperty(value, 'shape')?.value];
  const isTensor = typeof dtype === 'string' && Array.isArray(shape) && shape.every((each) => typeof each === 'number');
  return isTensor ? `${dtype} [${shape.join(', ')}]` : undefined;
}

/** What a value is, in a few words: `number`, `Array(3)`, `Map(2)`, `Tensor float32 [2, 3]`. */
export function typeText(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'function')
    return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  if (typeof value !== 'object') return typeof value;
  if (types.isProxy(value)) return 'Proxy';
  const name = className(value);
  if (Array.isArray(value)) return `${name}(${value.length})`;
  if (types.isMap(value) || types.isSet(value)) {
    const prototype = types.isMap(value) ? Map.prototype : Set.prototype;
    return `${name}(${Reflect.get(prototype, 'size', value) as number})`;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const length = Reflect.get(Object.getPrototypeOf(Uint8Array.prototype) as object, 'length', value) as number;
    return `${name}(${length})`;
  }
  const tensor = tensorText(value);
  return tensor === undefined ? name : `${name} ${tensor}`;
}

/** Objects with more properties are not written out: unlike lists they would be to the last one. */
const mostProperties = 50;

/** Whether a value and those in it are written out in no time. */
function isShort(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return true;
  if (hasComputedTag(value)) return false;
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const keys = isList ? Array.from({ length: shownElements }, (_none, index) => index) : Object.keys(value);
  if (keys.length > mostProperties) return false;
  if (depth === 0) return true;
  const entries = [...keys.map((key) => storedProperty(value, key)?.value), ...firstEntries(value)];
  return entries.every((entry) => isShort(entry, depth - 1));
}

/** What is written out of a Map or Set. */
function firstEntries(value: object): unknown[] {
  const entries: unknown[] = [];
  const take = (...parts: unknown[]): boolean => entries.push(...parts) >= 2 * shownElements;
  if (types.isMap(value)) for (const [key, entry] of mapEntries.call(value)) if (take(key, entry)) break;
  if (types.isSet(value)) for (const entry of setValues.call(value)) if (take(entry)) break;
  return entries;
}

const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;

/** Whether the name that `inspect` reads beside the class is computed by code of the user's. */
function hasComputedTag(value: object): boolean {
  if (ArrayBuffer.isView(value)) return false;
  for (let holder: object | null = value; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (types.isProxy(holder)) return true;
    const descriptor = Reflect.getOwnPropertyDescriptor(holder, Symbol.toStringTag);
    if (descriptor !== undefined) return !('value' in descriptor);
  }
  return false;
}

/** A value on a few lines. */
function shortText(value: unknown): string {
  // What a tensor consists of is ours; its elements are not to be had without work.
  if (typeof value === 'object' && value !== null && !types.isProxy(value) && tensorText(value) !== undefined)
    return '';
  if (!isShort(value, 1)) return '';
  const text =
    typeof value === 'function'
      ? Function.prototype.toString.call(value)
      : inspect(value, {
          customInspect: false,
          getters: false,
          showProxy: true,
          depth: 1,
          maxArrayLength: shownElements,
          maxStringLength: 100,
          breakLength: 80,
        });
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

function membersOf(value: unknown): LiveMember[] {
  if (value === null || value === undefined) return [];
  const members = new Map<string, LiveMember>();
  let isOwn = true;
  for (let holder: object | null = Object(value); holder !== null; isOwn = false) {
    if (types.isProxy(holder) || (holder === Object.prototype && !isOwn)) break;
    // What a list has of its own are its elements, and they may be millions.
    const isList = isOwn && (typeof value === 'string' || Array.isArray(value) || ArrayBuffer.isView(value));
    for (const name of isList ? ['length'] : Object.getOwnPropertyNames(holder)) {
      const isNoName = name === 'constructor' || name.startsWith('__');
      if (isNoName || members.has(name)) continue;
      if (members.size === mostMembers) return [...members.values()];
      const descriptor = Reflect.getOwnPropertyDescriptor(holder, name);
      const isKnown = descriptor !== undefined && 'value' in descriptor;
      const kind = isKnown && typeof descriptor.value === 'function' ? 'method' : 'property';
      members.set(name, { name, kind, ...(isKnown && kind === 'property' && { type: typeText(descriptor.value) }) });
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return [...members.values()];
}

/** Answers the calls of {@link LiveMember} and {@link LiveValue}. */
export function registerLiveValues(evaluator: Evaluator): void {
  const find = ([root, ...keys]: LivePath): Found => {
    let found = evaluator.lookUp(String(root));
    for (const key of keys) {
      if (found === undefined) return undefined;
      found = storedProperty(found.value, key);
    }
    return found;
  };
  registerCall('live:members', (path) => {
    const found = find(path as LivePath);
    return found === undefined ? [] : membersOf(found.value);
  });
  registerCall('live:value', (path): LiveValue | null => {
    const found = find(path as LivePath);
    return found === undefined ? null : { type: typeText(found.value), text: shortText(found.value) };
  });
}
