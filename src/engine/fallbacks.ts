/** @file What a device left to the CPU, counted: the material of `tf.device.fallbacks()`. */
import type { DType } from '../tensor/dtype.ts';
import type { Fallback } from './engine.ts';

/** A list of fallbacks in which equal ones are one with a count. */
export class FallbackLog {
  private readonly entries = new Map<string, { -readonly [K in keyof Fallback]: Fallback[K] }>();

  add(operation: string, dtypes: readonly DType[], reason: string): this {
    const key = `${operation} ${dtypes.join()} ${reason}`;
    const known = this.entries.get(key);
    if (known) known.count++;
    else this.entries.set(key, { operation, dtypes, reason, count: 1 });
    return this;
  }

  list(): Fallback[] {
    return [...this.entries.values()].map((entry) => ({ ...entry }));
  }
}
