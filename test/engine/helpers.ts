/** @file Tensors from plain numbers and back, and the comparison the tests make. */
import { expect } from 'vitest';
import { type DType, type TypedArray, allocateHostArray } from '../../src/tensor/dtype.ts';
import { sizeOf } from '../../src/tensor/shape.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { fromHost } from '../../src/engine/index.ts';
import type { Plain } from './references.ts';

/** The 16 bits of the half-precision number nearest to `x` (small normal numbers, infinities and NaN). */
function toHalf(x: number): number {
  if (Number.isNaN(x)) return 0x7e00;
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  if (size === 0) return sign;
  if (size === Infinity) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const mantissa = Math.round((size / 2 ** exponent) * 1024);
  return sign | (mantissa < 1024 ? mantissa : ((exponent + 15) << 10) + (mantissa - 1024));
}
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15));
}

/** Numbers as a dtype stores them: rounded, or wrapped around. */
export function store(values: readonly number[], dtype: DType): TypedArray {
  const array = allocateHostArray(dtype, values.length);
  values.forEach((value, i) => {
    if (array instanceof BigInt64Array) array[i] = BigInt(Math.trunc(value));
    else array[i] = dtype === 'float16' ? toHalf(value) : value;
  });
  return array;
}

export const numbersOf = (array: TypedArray, dtype: DType): number[] =>
  Array.from(array as ArrayLike<number | bigint>, (value) =>
    dtype === 'float16' ? fromHalf(Number(value)) : Number(value),
  );

/** What is left of `plain` after it was stored as `dtype`. */
export const rounded = (plain: Plain, dtype: DType): Plain => ({
  shape: plain.shape,
  data: numbersOf(store(plain.data, dtype), dtype),
});

export const toTensor = (plain: Plain, dtype: DType): Tensor => fromHost(store(plain.data, dtype), dtype, plain.shape);

export const generate = (shape: readonly number[], values: (place: number) => number): Plain => ({
  shape,
  data: Array.from({ length: sizeOf(shape) }, (_, i) => values(i)),
});

/** Relative to max(1, |expected|), except that small results must keep their leading digits too. */
const tolerances: Partial<Record<DType, number>> = { float16: 4e-3, float32: 1e-5, float64: 2e-14 };

/** @param looser How many times the usual tolerance is allowed: functions of GPUs have fewer digits. */
export function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  dtype: DType,
  what: string,
  looser = 1,
): void {
  expect(actual.length, what).toBe(expected.length);
  const tolerance = (tolerances[dtype] ?? 0) * looser;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i], expected[i]];
    if (Object.is(a, e) || a === e) continue;
    if (!Number.isFinite(e) || !(Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e))))
      expect.fail(
        `${what}: element ${i} is ${a}, expected ${e} (all: ${actual.slice(0, 12).join(' ')}; expected ${expected.slice(0, 12).join(' ')})`,
      );
  }
}
