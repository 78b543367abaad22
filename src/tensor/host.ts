/** @file Values of the host language to and from a tensor's elements: numbers, nested arrays, typed arrays. */
import { type DType, type TypedArray, allocateHostArray, promote } from './dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from './errors.ts';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';
import { type Shape, formatShape, sizeOf } from './shape.ts';
import { toBytes } from './string-storage.ts';

/** Numbers or booleans in arrays nested as deep as the tensor has dimensions. */
export type NestedArray = number | boolean | bigint | TypedArray | readonly NestedArray[];
/** Strings in arrays nested as deep as the tensor has dimensions. */
export type NestedText = string | readonly NestedText[];
/** Host values of any dtype. */
export type NestedValues = NestedArray | NestedText;
/** Elements in arrays nested as deep as the tensor has dimensions. */
export type Nested<Element> = Element | Nested<Element>[];
/** Numbers in arrays nested as deep as the tensor has dimensions. */
export type NestedNumbers = Nested<number>;
/** BigInts in arrays nested as deep as the tensor has dimensions. */
export type NestedBigInts = Nested<bigint>;
/** Strings in arrays nested as deep as the tensor has dimensions. */
export type NestedStrings = Nested<string>;

/** One element as user code writes it. */
export type HostElement = number | boolean | bigint | string;

/** Host values as one row-major list, with the shape their nesting says and the dtype they suggest. */
export interface HostValues {
  readonly values: ArrayLike<HostElement>;
  readonly shape: number[];
  /**
   * The typed arrays' own; float32 for numbers, int64 for bigints, bool for booleans, of a mixture the first of these; string
   * for strings.
   */
  readonly dtype: DType;
}

const isTypedArray = (value: unknown): value is TypedArray => ArrayBuffer.isView(value) && !(value instanceof DataView);

function dtypeOfTypedArray(array: TypedArray): DType {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof Int8Array) return 'int8';
  if (array instanceof Int16Array) return 'int16';
  if (array instanceof BigInt64Array) return 'int64';
  if (array instanceof Uint16Array) return 'float16';
  if (array instanceof Uint8Array || (array as object) instanceof Uint8ClampedArray) return 'uint8';
  throw new DTypeError(
    `No dtype holds the elements of a ${(array as object).constructor.name}; expected a Float32Array, Float64Array, Int8Array, ` +
      `Int16Array, Int32Array, BigInt64Array, Uint8Array, or a Uint16Array of half precision bits.`,
  );
}

/** Flattens a number, a boolean, a string, a typed array or nested arrays. @throws ShapeError where the nesting is ragged. */
export function readHostValues(value: NestedValues, operation: string): HostValues {
  if (isTypedArray(value)) return { values: value, shape: [value.length], dtype: dtypeOfTypedArray(value) };
  if (!Array.isArray(value)) {
    const scalar = checkElement(value, operation);
    return { values: [scalar], shape: [], dtype: dtypeOfElement(scalar) };
  }
  const shape: number[] = [];
  let probe: NestedValues = value;
  while (Array.isArray(probe) || isTypedArray(probe)) {
    shape.push(probe.length);
    if (probe.length === 0) break;
    probe = probe[0] as NestedValues;
  }
  const values: HostElement[] = [];
  const dtypes = new Set<DType>();
  const visit = (node: NestedValues, axis: number): void => {
    const isArray = Array.isArray(node) || isTypedArray(node);
    if (isArray !== axis < shape.length || (isArray && node.length !== shape[axis]))
      throw new ShapeError(
        `${operation}: the nested arrays are ragged: expected shape ${formatShape(shape)}, but at depth ${axis} there is ` +
          `${isArray ? `an array of length ${node.length}` : `the value ${String(node)}`}.`,
      );
    if (isTypedArray(node) && axis === shape.length - 1) {
      dtypes.add(dtypeOfTypedArray(node));
      const elements = node instanceof Uint16Array ? Float64Array.from(node, fromFloat16Bits) : node;
      for (let i = 0; i < elements.length; i++) values.push(elements[i]);
    } else if (isArray) for (const child of node as readonly NestedValues[]) visit(child, axis + 1);
    else {
      values.push(checkElement(node, operation));
      dtypes.add(dtypeOfElement(values[values.length - 1]));
    }
  };
  visit(value, 0);
  return { values, shape, dtype: dtypes.size > 0 ? [...dtypes].reduce(promote) : 'float32' };
}

const dtypesOfElements: Readonly<Record<string, DType>> = { boolean: 'bool', bigint: 'int64', string: 'string' };
const dtypeOfElement = (element: HostElement): DType => dtypesOfElements[typeof element] ?? 'float32';

function checkElement(value: unknown, operation: string): HostElement {
  if (typeof value === 'number' || Object.hasOwn(dtypesOfElements, typeof value)) return value as HostElement;
  throw new ArgumentError(
    `${operation}: expected a tensor, a number, a boolean, a string, a typed array or nested arrays of them, not ` +
      `${value === null ? 'null' : typeof value === 'object' ? value.constructor?.name : typeof value}.`,
  );
}

/** Flattens strings, or Uint8Arrays of their bytes, in nested arrays. @throws ShapeError where the nesting is ragged. */
export function readHostStrings(value: unknown, operation: string): { strings: Uint8Array[]; shape: number[] } {
  const shape: number[] = [];
  for (let probe = value; Array.isArray(probe); probe = probe[0]) {
    shape.push(probe.length);
    if (probe.length === 0) break;
  }
  const strings: Uint8Array[] = [];
  const visit = (node: unknown, axis: number): void => {
    if (Array.isArray(node) !== axis < shape.length || (Array.isArray(node) && node.length !== shape[axis]))
      throw new ShapeError(
        `${operation}: the nested arrays are ragged: expected shape ${formatShape(shape)}; tf.ragged.constant(values) takes rows ` +
          `of different length.`,
      );
    if (Array.isArray(node)) for (const child of node as unknown[]) visit(child, axis + 1);
    else strings.push(toBytes(node, operation));
  };
  visit(value, 0);
  return { strings, shape };
}

/** A new host array of `dtype` with the values; floats are truncated towards zero for integer dtypes. */
export function toHostArray(values: ArrayLike<HostElement>, dtype: DType): TypedArray {
  const array = allocateHostArray(dtype, values.length);
  if (array instanceof BigInt64Array) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      array[i] = typeof value === 'bigint' ? value : toBigInt(Number(value));
    }
  } else if (dtype === 'bool') for (let i = 0; i < values.length; i++) array[i] = Number(values[i]) === 0 ? 0 : 1;
  else if (dtype === 'float16' && !(values instanceof Uint16Array))
    for (let i = 0; i < values.length; i++) array[i] = toFloat16Bits(Number(values[i]));
  else if (isTypedArray(values) && !(values instanceof BigInt64Array)) array.set(values);
  else for (let i = 0; i < values.length; i++) array[i] = Number(values[i]);
  return array;
}

function toBigInt(value: number): bigint {
  if (Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw new ArgumentError(`int64 has no ${value}; only floating dtypes do.`);
}

/** The elements as numbers: half precision decoded, int64 as the nearest double, bool as 0 and 1. */
export function toNumbers(data: TypedArray, dtype: DType): ArrayLike<number> {
  if (dtype === 'float16') return Float64Array.from(data as Uint16Array, fromFloat16Bits);
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  return data;
}

/** Row-major elements as arrays nested by `shape`; a plain element for `[]`. */
export function nestElements<Element>(elements: ArrayLike<Element>, shape: Shape): Nested<Element> {
  if (shape.length === 0) return elements[0];
  let offset = 0;
  const build = (axis: number): Nested<Element>[] =>
    Array.from({ length: shape[axis] }, () => (axis === shape.length - 1 ? elements[offset++] : build(axis + 1)));
  return build(0);
}

/** `shape` with a single -1 replaced by what `size` elements leave for it. @throws ShapeError */
export function resolveShape(shape: Shape, size: number, operation: string): number[] {
  const unknown = shape.filter((dimension) => dimension === -1).length;
  const known = sizeOf(shape.filter((dimension) => dimension !== -1));
  const fits = unknown === 0 ? known === size : unknown === 1 && known > 0 && size % known === 0;
  if (!fits || shape.some((dimension) => !Number.isInteger(dimension) || dimension < -1))
    throw new ShapeError(
      `${operation}: ${size} elements do not fill shape ${formatShape(shape)}; ` +
        (unknown > 1
          ? 'at most one dimension may be -1.'
          : `that shape holds ${unknown ? `a multiple of ${known}` : known}.`),
    );
  return shape.map((dimension) => (dimension === -1 ? size / known : dimension));
}
