/** @file Element types: names, host arrays, sizes and promotion. */

/** Every element type a tensor can have. */
export type DType = 'float16' | 'float32' | 'float64' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'bool';

/** A host array that holds the elements of a tensor, row-major. */
export type TypedArray =
  Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array;

/** A host array of plain numbers: of every element type but int64. */
export type NumberArray = Exclude<TypedArray, BigInt64Array>;

interface HostArrayConstructor {
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
}

interface DTypeFacts {
  /** float16 is held as raw 16-bit patterns, bool as 0 and 1 in bytes. */
  readonly hostArray: HostArrayConstructor;
  readonly kind: 'float' | 'int' | 'bool';
  /** Place in the promotion order: the higher one wins. */
  readonly rank: number;
}

const facts: Record<DType, DTypeFacts> = {
  bool: { hostArray: Uint8Array as unknown as HostArrayConstructor, kind: 'bool', rank: 0 },
  uint8: { hostArray: Uint8Array as unknown as HostArrayConstructor, kind: 'int', rank: 1 },
  int8: { hostArray: Int8Array as unknown as HostArrayConstructor, kind: 'int', rank: 2 },
  int16: { hostArray: Int16Array as unknown as HostArrayConstructor, kind: 'int', rank: 3 },
  int32: { hostArray: Int32Array as unknown as HostArrayConstructor, kind: 'int', rank: 4 },
  int64: { hostArray: BigInt64Array as unknown as HostArrayConstructor, kind: 'int', rank: 5 },
  float16: { hostArray: Uint16Array as unknown as HostArrayConstructor, kind: 'float', rank: 6 },
  float32: { hostArray: Float32Array as unknown as HostArrayConstructor, kind: 'float', rank: 7 },
  float64: { hostArray: Float64Array as unknown as HostArrayConstructor, kind: 'float', rank: 8 },
};

/** All element types, lowest promotion rank first. */
export const dtypes = Object.keys(facts) as readonly DType[];

export const isDType = (name: unknown): name is DType => typeof name === 'string' && Object.hasOwn(facts, name);
export const isFloating = (dtype: DType): boolean => facts[dtype].kind === 'float';
export const isInteger = (dtype: DType): boolean => facts[dtype].kind === 'int';
export const bytesPerElement = (dtype: DType): number => facts[dtype].hostArray.BYTES_PER_ELEMENT;

/** A zeroed host array for `length` elements. */
export const allocateHostArray = (dtype: DType, length: number): TypedArray => new facts[dtype].hostArray(length);

/** The host array class of a dtype, for views over existing memory. */
export const hostArrayOf = (dtype: DType): HostArrayConstructor => facts[dtype].hostArray;

/** Least and greatest number of an integer dtype; of int64 the greatest that a double can name. */
export function integerRange(dtype: DType): readonly [least: number, greatest: number] {
  if (dtype === 'uint8') return [0, 255];
  const half = 2 ** (8 * bytesPerElement(dtype) - 1);
  return [-half, dtype === 'int64' ? half - 1024 : half - 1];
}

/**
 * The dtype two operands meet in: the one that ranks higher (bool < ints < floats, narrow < wide). uint8 and int8, of which
 * neither holds the other, meet in int16.
 */
export function promote(a: DType, b: DType): DType {
  if ((a === 'uint8' && b === 'int8') || (a === 'int8' && b === 'uint8')) return 'int16';
  return facts[a].rank >= facts[b].rank ? a : b;
}
