/** @file Scalars that operations meet again and again (0, 1, 0.5, ...): uploaded once for each engine. */
import type { DType } from '../tensor/dtype.ts';
import { toHostArray } from '../tensor/host.ts';
import type { Storage } from '../tensor/storage.ts';
import type { Engine, EngineMemory } from './engine.ts';

interface Scalars {
  readonly byDType: Map<DType, Map<number, Storage>>;
  count: number;
  bytes: number;
}

/** A learning rate that changes at every step must not fill the memory. */
const capacity = 512;
const known = new WeakMap<Engine, Scalars>();

/** Memory with one number; the caller owns one reference. */
export function scalarStorage(engine: Engine, value: number, dtype: DType): Storage {
  let scalars = known.get(engine);
  if (!scalars) known.set(engine, (scalars = { byDType: new Map(), count: 0, bytes: 0 }));
  const kept = scalars.byDType.get(dtype)?.get(value);
  // A Map takes -0 for 0.
  if (kept !== undefined && (value !== 0 || !Object.is(value, -0))) {
    kept.retain();
    return kept;
  }
  const storage = engine.upload(toHostArray([value], dtype), dtype, []);
  if (scalars.count < capacity && !Object.is(value, -0)) {
    storage.retain();
    const numbers = scalars.byDType.get(dtype) ?? new Map<number, Storage>();
    scalars.byDType.set(dtype, numbers.set(value, storage));
    scalars.count++;
    scalars.bytes += storage.byteLength;
  }
  return storage;
}

/** What is kept here: nobody's tensors, so reports of memory leave it out. */
export function scalarMemory(engine: Engine): EngineMemory {
  const scalars = known.get(engine);
  return { bytes: scalars?.bytes ?? 0, storages: scalars?.count ?? 0 };
}
