/** @file Elements of files' arrays as the host arrays of tensors: widths that tensors lack become the next that holds them. */
import { type ArrayDType, type TypedArray, allocateHostArray, hostArrayOf } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';

/** Elements, little-endian, as they lie in a file. */
export interface RawElements {
  readonly bytes: Uint8Array;
  readonly kind: 'float' | 'bfloat16' | 'int' | 'uint' | 'bool';
  /** Bytes of one element. */
  readonly size: number;
}

const alike: Readonly<Record<string, ArrayDType>> = {
  ...{ float2: 'float16', float4: 'float32', float8: 'float64' },
  ...{ int1: 'int8', int2: 'int16', int4: 'int32', int8: 'int64', uint1: 'uint8', bool1: 'bool' },
};

/**
 * Elements as a host array. uint16 becomes int32, uint32 and uint64 int64, bfloat16 float32: all without loss.
 * @throws ArgumentError for widths that do not exist, and a uint64 that no int64 holds.
 */
export function decodeElements(
  { bytes, kind, size }: RawElements,
  what: string,
): { readonly dtype: ArrayDType; readonly data: TypedArray } {
  const count = bytes.byteLength / size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === 'bfloat16' && size === 2) {
    const data = allocateHostArray('float32', count);
    // A bfloat16 is the upper half of a float32.
    const patterns = new Uint32Array(data.buffer);
    for (let i = 0; i < count; i++) patterns[i] = view.getUint16(2 * i, true) * 2 ** 16;
    return { dtype: 'float32', data };
  }
  if (kind === 'uint' && (size === 2 || size === 4 || size === 8)) {
    if (size === 2)
      return { dtype: 'int32', data: Int32Array.from({ length: count }, (_, i) => view.getUint16(2 * i, true)) };
    const wide = BigInt64Array.from({ length: count }, (_, i) =>
      size === 4 ? BigInt(view.getUint32(4 * i, true)) : view.getBigUint64(8 * i, true),
    );
    if (wide.some((value) => value < 0n)) throw new ArgumentError(`${what} holds a uint64 above what an int64 holds.`);
    return { dtype: 'int64', data: wide };
  }
  const dtype = alike[`${kind}${size}`];
  if (!dtype) throw new ArgumentError(`${what} holds numbers of ${size} bytes, which tensors do not.`);
  const copy = bytes.slice();
  return { dtype, data: new (hostArrayOf(dtype))(copy.buffer, 0, count) };
}
