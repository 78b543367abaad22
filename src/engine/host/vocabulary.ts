/** @file Vocabularies as tables: where in a list of strings or whole numbers each of them stands. */
import type { Storage } from '../../tensor/storage.ts';
import { stringsOf } from '../../tensor/string-storage.ts';
import type { EngineValue } from '../engine.ts';

/** A byte string as a key of a map: each byte a character. */
export const bytesKey = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** The same vocabulary is asked again with each batch. */
const tables = new WeakMap<Storage, ReadonlyMap<string | bigint, number>>();

/** Place of each element of a vector of strings (by `bytesKey`) or of int64; the first one of equal elements. */
export function placesIn({ dtype, storage }: EngineValue): ReadonlyMap<string | bigint, number> {
  const known = tables.get(storage);
  if (known) return known;
  const table = new Map<string | bigint, number>();
  const keys = dtype === 'string' ? stringsOf(storage).map(bytesKey) : Array.from(storage.readSync() as BigInt64Array);
  keys.forEach((key, i) => {
    if (!table.has(key)) table.set(key, i);
  });
  tables.set(storage, table);
  return table;
}
