/**
 * @file How a concrete function lies in files. `function.json` holds the graph as data, `data.bin` the elements of constants and
 * variables. Loading reads data and checks it; it never runs code from a file.
 */
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';

export const formatName = 'tensorcell-function';
export const formatVersion = 1;
export const jsonFile = 'function.json';
export const dataFile = 'data.bin';

/** Elements in `data.bin`: little-endian and row-major, begun at multiples of 8 bytes. Strings are bytes one after another. */
export interface SavedTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
  /** Of strings: how many bytes each has. */
  readonly lengths?: readonly number[];
}

/** Values are numbered by their place in `values`; nodes stand in an order in which every value is made before it is used. */
export interface SavedGraph {
  readonly values: readonly (readonly [dtype: DType, shape: readonly number[]])[];
  readonly inputs: readonly number[];
  /** Values with the places of their tensors in `tensors`. */
  readonly constants: readonly (readonly [value: number, tensor: number])[];
  readonly nodes: readonly {
    readonly primitive: string;
    readonly inputs: readonly number[];
    /** Regions are `{ "$region": place in regions }`. */
    readonly params: unknown;
    readonly outputs: readonly number[];
  }[];
  readonly outputs: readonly number[];
}

/** `function.json`. */
export interface SavedJSON {
  readonly format: typeof formatName;
  readonly version: number;
  readonly name: string;
  readonly argumentNames: readonly string[];
  readonly operandNames: readonly string[];
  readonly argumentShapes: readonly (readonly number[])[];
  readonly structuredInputs: unknown;
  /** The result's structure; tensors are `{ "$values": [value] }`, complex ones have two values. */
  readonly result: unknown;
  readonly graph: SavedGraph;
  /** Graphs of branches and loops; each may refer to those before it. */
  readonly regions: readonly SavedGraph[];
  readonly tensors: readonly SavedTensor[];
  readonly variables: readonly { readonly name: string; readonly trainable: boolean; readonly tensor: number }[];
  /** Values that come from outside: operands by number, variables by their place. */
  readonly sources: readonly (readonly [value: number, kind: 'argument' | 'variable', index: number])[];
  readonly assignments: readonly (readonly [variable: number, value: number])[];
  readonly rereads: readonly (readonly [value: number, variables: readonly number[]])[];
}

/** Both files. */
export interface SavedFunction {
  readonly json: SavedJSON;
  readonly data: Uint8Array;
}

/** Where a function is saved to, other than files. */
export interface FunctionSaveHandler {
  save(saved: SavedFunction): unknown;
}
/** Where a function is loaded from, other than files. `json` is what `JSON.parse` gives. */
export interface FunctionLoadHandler {
  load(): Promise<{ json: unknown; data: Uint8Array }> | { json: unknown; data: Uint8Array };
}

const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * A structure as JSON, with what JSON has no words for as `{ "$...": ... }`.
 * @param special gives what stands for a value of its own kind; undefined for all others
 * @throws ArgumentError for what cannot be written
 */
export function encode(value: unknown, special: (value: unknown) => object | undefined, what: string): unknown {
  const write = (item: unknown): unknown => {
    const found = special(item);
    if (found !== undefined) return found;
    if (item === null || typeof item === 'string' || typeof item === 'boolean') return item;
    if (item === undefined) return { $undefined: true };
    if (typeof item === 'bigint') return { $bigint: String(item) };
    if (typeof item === 'number')
      return Number.isFinite(item) && !Object.is(item, -0)
        ? item
        : { $number: Object.is(item, -0) ? '-0' : String(item) };
    if (Array.isArray(item)) return item.map(write);
    if (isPlainObject(item)) {
      const entries = Object.entries(item).map(([key, child]) => [key, write(child)] as const);
      return entries.some(([key]) => key.startsWith('$')) ? { $object: entries } : Object.fromEntries(entries);
    }
    throw new ArgumentError(
      `${what} holds ${typeof item === 'function' ? 'a function' : `a ${(item as object).constructor?.name ?? typeof item}`}, which a file cannot hold.`,
    );
  };
  return write(value);
}

/** The structure that `encode` wrote. @param special reads what it wrote for values of their own kind */
export function decode(value: unknown, special: (item: Record<string, unknown>) => unknown): unknown {
  const read = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(read);
    if (!isPlainObject(item)) return item;
    if (item.$undefined === true) return undefined;
    if (typeof item.$bigint === 'string') return BigInt(item.$bigint);
    if (typeof item.$number === 'string') return Number(item.$number);
    if (Array.isArray(item.$object))
      return objectOf((item.$object as [string, unknown][]).map(([key, child]) => [key, read(child)]));
    const found = special(item);
    return found !== undefined ? found : objectOf(Object.entries(item).map(([key, child]) => [key, read(child)]));
  };
  return read(value);
}

/** Own properties alone: `__proto__` from a file is a name like others. */
const objectOf = (entries: readonly (readonly [string, unknown])[]): object => Object.fromEntries(entries);
