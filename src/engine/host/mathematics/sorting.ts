/** @file Kernels that put elements in order, or find their places in an order. */
import { type HostKernel, type HostOperand, numbersOf } from '../kernel.ts';

/** Elements that `<` orders exactly: int64 stays BigInt. */
const ordered = (x: HostOperand): ArrayLike<number> | BigInt64Array =>
  x.data instanceof BigInt64Array ? x.data : numbersOf(x);

/** Whether a comes before b: NaN after everything else. */
const before = (a: number | bigint, b: number | bigint): boolean => a < b || (a === a && b !== b);

export const argsort: HostKernel<'argsort'> = ([x], { descending }) => {
  const elements = ordered(x);
  const length = x.shape[x.shape.length - 1];
  const places = new Int32Array(elements.length);
  for (let start = 0; start < elements.length; start += length) {
    const line = places.subarray(start, start + length);
    for (let i = 0; i < length; i++) line[i] = i;
    line.sort((i, j) => {
      const [a, b] = [elements[start + i], elements[start + j]];
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
