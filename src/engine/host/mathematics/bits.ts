/** @file Kernels of bits: logic, shifts, counts, and the next number of a floating dtype. */
import type { BitOperation } from '../../../primitives/mathematics.ts';
import { type NumberArray, allocateHostArray, bytesPerElement } from '../../../tensor/dtype.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import { type HostKernel, type HostOperand, numbersOf } from '../kernel.ts';
import { placesOf } from './broadcasting.ts';

/** Up to 32 bits; the array that they are stored in wraps around what is left over. */
const narrow: Readonly<Record<BitOperation, (a: number, b: number) => number>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  leftShift: (a, b) => a << b,
  rightShift: (a, b) => a >> b,
};
const wide: Readonly<Record<BitOperation, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  leftShift: (a, b) => a << b,
  rightShift: (a, b) => a >> b,
};

export const bitwise: HostKernel<'bitwise'> = ([a, b], { operation }, [{ dtype, shape }]) => {
  const result = allocateHostArray(dtype, sizeOf(shape));
  const [atA, atB] = [placesOf(a.shape, shape), placesOf(b.shape, shape)];
  const isShift = operation === 'leftShift' || operation === 'rightShift';
  const most = 8 * bytesPerElement(dtype) - 1;
  if (result instanceof BigInt64Array) {
    const apply = wide[operation];
    const [x, y] = [a.data as BigInt64Array, b.data as BigInt64Array];
    const held = (by: bigint): bigint => (by < 0n ? 0n : by > BigInt(most) ? BigInt(most) : by);
    for (let i = 0; i < result.length; i++) {
      const second = y[atB(i)];
      result[i] = apply(x[atA(i)], isShift ? held(second) : second);
    }
  } else {
    const apply = narrow[operation];
    const [x, y] = [a.data as NumberArray, b.data as NumberArray];
    for (let i = 0; i < result.length; i++) {
      const second = y[atB(i)];
      result[i] = apply(x[atA(i)], isShift ? Math.min(Math.max(second, 0), most) : second);
    }
  }
  return [result];
};

export const populationCount: HostKernel<'populationCount'> = ([x]) => {
  const bytes = new Uint8Array(x.data.buffer, x.data.byteOffset, x.data.byteLength);
  const width = bytesPerElement(x.dtype);
  const counts = new Uint8Array(x.data.length);
  for (let i = 0; i < bytes.length; i++) {
    let count = 0;
    for (let rest = bytes[i]; rest > 0; rest &= rest - 1) count++;
    counts[Math.floor(i / width)] += count;
  }
  return [counts];
};

/** The bits of a floating dtype as signed integers: for numbers of one sign they stand in the order of the numbers' size. */
function bitsOf({ data, dtype }: HostOperand): {
  size: (place: number) => bigint;
  negative: (place: number) => boolean;
} {
  const width = 8 * bytesPerElement(dtype);
  const mask = (1n << BigInt(width - 1)) - 1n;
  const { buffer, byteOffset, length } = data;
  const words =
    dtype === 'float64'
      ? new BigUint64Array(buffer, byteOffset, length)
      : dtype === 'float32'
        ? new Uint32Array(buffer, byteOffset, length)
        : new Uint16Array(buffer, byteOffset, length);
  return {
    size: (place) => BigInt(words[place]) & mask,
    negative: (place) => BigInt(words[place]) > mask,
  };
}

export const nextAfter: HostKernel<'nextAfter'> = ([x, y], _, [{ dtype, shape }]) => {
  const [from, towards] = [numbersOf(x), numbersOf(y)];
  const [atX, atY] = [placesOf(x.shape, shape), placesOf(y.shape, shape)];
  const bits = bitsOf(x);
  const result = allocateHostArray(dtype, sizeOf(shape));
  const width = 8 * bytesPerElement(dtype);
  const words = new DataView(result.buffer, result.byteOffset, result.byteLength);
  const write = (place: number, size: bigint, negative: boolean): void => {
    const word = negative ? size | (1n << BigInt(width - 1)) : size;
    if (width === 64) words.setBigUint64(8 * place, word, true);
    else if (width === 32) words.setUint32(4 * place, Number(word), true);
    else words.setUint16(2 * place, Number(word), true);
  };
  for (let i = 0; i < sizeOf(shape); i++) {
    const [a, b] = [from[atX(i)], towards[atY(i)]];
    const size = bits.size(atX(i));
    const negative = bits.negative(atX(i));
    if (Number.isNaN(a) || a === b) write(i, size, negative);
    else if (Number.isNaN(b)) write(i, bitsOf(y).size(atY(i)), bitsOf(y).negative(atY(i)));
    else if (a === 0) write(i, 1n, b < 0);
    else write(i, size + (b > a !== negative ? 1n : -1n), negative);
  }
  return [result];
};
