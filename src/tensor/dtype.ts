/** @file Element types: names, host arrays, sizes and promotion. */
import { DTypeError } from './errors.ts';

/** Element types that engines hold, in host arrays and on devices. */
export type ArrayDType = 'float16' | 'float32' | 'float64' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'bool';

/** Every element type a tensor can have: complex numbers are held as two tensors of float32, strings on the host. */
export type DType = ArrayDType | 'complex64' | 'string';

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

const arrays: Record<ArrayDType, DTypeFacts> = {
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

/** All element types, those that arithmetic knows in the order of promotion. */
export const dtypes: readonly DType[] = [...(Object.keys(arrays) as ArrayDType[]), 'complex64', 'string'];

export const isDType = (name: unknown): name is DType => (dtypes as readonly unknown[]).includes(name);
export const isArrayDType = (dtype: DType): dtype is ArrayDType => Object.hasOwn(arrays, dtype);
/** Real numbers with fractions. */
export const isFloating = (dtype: DType): boolean => isArrayDType(dtype) && arrays[dtype].kind === 'float';
/** Real or complex numbers with fractions. */
export const isInexact = (dtype: DType): boolean => dtype === 'complex64' || isFloating(dtype);
export const isInteger = (dtype: DType): boolean => isArrayDType(dtype) && arrays[dtype].kind === 'int';

function factsOf(dtype: DType): DTypeFacts {
  if (isArrayDType(dtype)) return arrays[dtype];
  throw new DTypeError(`There is no host array of ${dtype}.`);
}
export const bytesPerElement = (dtype: DType): number => factsOf(dtype).hostArray.BYTES_PER_ELEMENT;

/** A zeroed host array for `length` elements. */
export const allocateHostArray = (dtype: DType, length: number): TypedArray => new (factsOf(dtype).hostArray)(length);

/** The host array class of a dtype, for views over existing memory. */
export const hostArrayOf = (dtype: DType): HostArrayConstructor => factsOf(dtype).hostArray;

/** Least and greatest number of an integer dtype; of int64 the greatest that a double can name. */
export function integerRange(dtype: DType): readonly [least: number, greatest: number] {
  if (dtype === 'uint8') return [0, 255];
  const half = 2 ** (8 * bytesPerElement(dtype) - 1);
  return [-half, dtype === 'int64' ? half - 1024 : half - 1];
}

/** The same, exactly: of int64 as BigInts. */
export const exactIntegerRange = (dtype: DType): readonly [least: number | bigint, greatest: number | bigint] =>
  dtype === 'int64' ? [-(2n ** 63n), 2n ** 63n - 1n] : integerRange(dtype);

/**
 * The dtype two operands meet in: the one that ranks higher (bool < ints < floats < complex64, narrow < wide). uint8 and
 * int8, of which neither holds the other, meet in int16.
 *
 * @throws DTypeError for strings and anything else
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  if (a === 'string' || b === 'string')
    throw new DTypeError(
      `${a} and ${b} cannot meet in one dtype; use tf.strings to make numbers of strings or strings of numbers.`,
    );
  if (a === 'complex64' || b === 'complex64') return 'complex64';
  if ((a === 'uint8' && b === 'int8') || (a === 'int8' && b === 'uint8')) return 'int16';
  return arrays[a].rank >= arrays[b].rank ? a : b;
}
