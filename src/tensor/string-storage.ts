/** @file StringStorage: the elements of a string tensor, byte strings that live on the host whatever the device is. */
import type { TypedArray } from './dtype.ts';
import { ArgumentError, DTypeError, DisposedError } from './errors.ts';
import type { Storage } from './storage.ts';

const encoder = new TextEncoder();
// A byte order mark is a character like any other: what was encoded comes back.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The bytes of a text in UTF-8. */
export const encodeText = (text: string): Uint8Array => encoder.encode(text);
/** Bytes as UTF-8 text; what is none becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes);

/** An element from what a user writes: a text, or its bytes. @throws ArgumentError */
export function toBytes(value: unknown, operation: string): Uint8Array {
  if (typeof value === 'string') return encodeText(value);
  if (value instanceof Uint8Array) return value.slice();
  throw new ArgumentError(
    `${operation}: the elements of a string tensor are strings or Uint8Arrays of their bytes, not ` +
      `${value === null ? 'null' : `the ${typeof value} ${String(value)}`}; tf.strings.asString(x) makes strings of numbers.`,
  );
}

/** Whether two byte strings are equal. */
export const bytesEqual = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(a, b) === 0;

/** Below, at or above 0 where `a` comes before, is, or comes after `b`: byte by byte, which in UTF-8 is by code point. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

let liveBytes = 0;
let liveStorages = 0;

/** What string tensors hold now. */
export const stringMemory = (): { readonly bytes: number; readonly storages: number } => ({
  bytes: liveBytes,
  storages: liveStorages,
});

/** The count of owners. A finalizer may hold it without keeping the strings alive. */
class Owners {
  private count = 1;
  private readonly byteLength: number;

  constructor(byteLength: number) {
    this.byteLength = byteLength;
    liveBytes += byteLength;
    liveStorages++;
  }

  get ended(): boolean {
    return this.count <= 0;
  }

  retain(): void {
    this.count++;
  }

  release(): void {
    if (--this.count !== 0) return;
    liveBytes -= this.byteLength;
    liveStorages--;
  }
}

/** Byte strings, row-major. */
export class StringStorage implements Storage {
  readonly byteLength: number;
  readonly device = 'cpu:0';
  readonly afterCollection: Owners;
  private held: readonly Uint8Array[];

  /** Takes over the list and its arrays, which nobody may write into. */
  constructor(elements: readonly Uint8Array[]) {
    this.held = elements;
    this.byteLength = elements.reduce((sum, { length }) => sum + length, 0);
    this.afterCollection = new Owners(this.byteLength);
  }

  /** The elements themselves: not to be written into. @throws DisposedError */
  get elements(): readonly Uint8Array[] {
    if (this.afterCollection.ended) throw new DisposedError('The memory of a tensor was used after it was released.');
    return this.held;
  }

  retain(): void {
    this.afterCollection.retain();
  }

  release(): void {
    this.afterCollection.release();
    if (this.afterCollection.ended) this.held = [];
  }

  readSync(): TypedArray {
    throw new DTypeError('Strings are no numbers; tf.strings.toNumber(x) reads numbers from them.');
  }

  async read(): Promise<TypedArray> {
    return this.readSync();
  }
}

/** The elements of a string tensor's memory. @throws DTypeError */
export function stringsOf(storage: Storage): readonly Uint8Array[] {
  if (storage instanceof StringStorage) return storage.elements;
  throw new DTypeError('Expected the memory of a string tensor.');
}
