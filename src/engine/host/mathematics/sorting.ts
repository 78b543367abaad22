/** @file Kernels that put elements in order, or find their places in an order. */
import { bytesPerElement, isFloating } from '../../../tensor/dtype.ts';
import { type HostKernel, type HostOperand, numbersOf } from '../kernel.ts';

/** Elements that `<` orders exactly: int64 stays BigInt. */
const ordered = (x: HostOperand): ArrayLike<number> | BigInt64Array =>
  x.data instanceof BigInt64Array ? x.data : numbersOf(x);

/** Whether a comes before b: NaN after everything else. */
const before = (a: number | bigint, b: number | bigint): boolean => a < b || (a === a && b !== b);

/** Numbers of up to 32 bits as unsigned integers in the same order: NaN last, both zeros equal. */
function sortableKeys(x: HostOperand): Uint32Array {
  const numbers = numbersOf(x);
  const keys = new Uint32Array(numbers.length);
  if (!isFloating(x.dtype)) {
    for (let i = 0; i < keys.length; i++) keys[i] = numbers[i] ^ 0x80000000;
    return keys;
  }
  const floats = new Float32Array(1);
  const bits = new Int32Array(floats.buffer);
  for (let i = 0; i < keys.length; i++) {
    const value = numbers[i];
    floats[0] = value === 0 ? 0 : value;
    // Negative numbers have the sign's bit, and their size runs the other way.
    keys[i] = value !== value ? 0xffffffff : bits[0] < 0 ? ~bits[0] : bits[0] | 0x80000000;
  }
  return keys;
}

/** By one native sort of 64-bit words: the key above, the place below, so that equal keys stay in order. */
function argsortWords(keys: Uint32Array, length: number, descending: boolean): Int32Array {
  const places = new Int32Array(keys.length);
  const words = new BigUint64Array(length);
  const halves = new Uint32Array(words.buffer);
  for (let start = 0; start < keys.length; start += length) {
    for (let i = 0; i < length; i++) {
      halves[2 * i] = i;
      halves[2 * i + 1] = descending ? ~keys[start + i] : keys[start + i];
    }
    words.sort();
    for (let i = 0; i < length; i++) places[start + i] = halves[2 * i];
  }
  return places;
}

export const argsort: HostKernel<'argsort'> = ([x], { descending }) => {
  const length = x.shape[x.shape.length - 1];
  if (bytesPerElement(x.dtype) <= 4) return [argsortWords(sortableKeys(x), length, descending)];
  const elements = ordered(x);
  const places = new Int32Array(elements.length);
  for (let start = 0; start < elements.length; start += length) {
    const line = places.subarray(start, start + length);
    for (let i = 0; i < length; i++) line[i] = i;
    line.sort((i, j) => {
      const a = elements[start + i];
      const b = elements[start + j];
      if (before(a, b)) return descending ? 1 : -1;
      if (before(b, a)) return descending ? -1 : 1;
      return i - j;
    });
  }
  return [places];
};

export const searchSorted: HostKernel<'searchSorted'> = ([sorted, values], { right }) => {
  const [line, wanted] = [ordered(sorted), ordered(values)];
  const [n, m] = [sorted.shape[sorted.shape.length - 1], values.shape[values.shape.length - 1]];
  const places = new Int32Array(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const start = Math.floor(i / m) * n;
    let [low, high] = [0, n];
    while (low < high) {
      const middle = (low + high) >> 1;
      const element = line[start + middle];
      const isBefore = right ? !before(wanted[i], element) : before(element, wanted[i]);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    places[i] = low;
  }
  return [places];
};
