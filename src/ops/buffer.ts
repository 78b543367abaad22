/** @file TensorBuffer: elements on the host, to be read and written one by one before they become a tensor. */
import { fromHost } from '../engine/index.ts';
import { type DType, type TypedArray, allocateHostArray, isArrayDType } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { fromFloat16Bits } from '../tensor/float16.ts';
import { toHostArray } from '../tensor/host.ts';
import { type Shape, formatShape, sizeOf, stridesOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * Elements that can be changed, with the places they have in a tensor. int64 elements are BigInts, those of bool 0 and 1.
 *
 * @example
 * ```ts
 * const buffer = tf.buffer([2, 2]);
 * buffer.set(3, 0, 0);
 * buffer.set(5, 1, 0);
 * buffer.toTensor().print();   // [[3, 0], [5, 0]]
 * ```
 */
export class TensorBuffer {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly size: number;
  /** How far apart neighbours along each axis are in `values`. */
  readonly strides: readonly number[];
  /** The elements, row-major; float16 as raw bits. */
  readonly values: TypedArray;

  /** Takes over `values`. Use {@link buffer}, or `x.buffer()`. */
  constructor(shape: Shape, dtype: DType, values: TypedArray) {
    this.shape = [...shape];
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.strides = stridesOf(shape);
    this.values = values;
    if (values.length !== this.size)
      throw new ShapeError(
        `buffer: ${values.length} values do not fill shape ${formatShape(shape)}, which holds ${this.size}.`,
      );
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Writes an element at its place: one number for each axis. @throws ShapeError out of range, ArgumentError */
  set(value: number | bigint | boolean, ...places: number[]): void {
    this.values[this.locToIndex(places)] = toHostArray([value], this.dtype)[0];
  }

  /** The element at a place: one number for each axis. @throws ShapeError out of range */
  get<T extends number | bigint = number>(...places: number[]): T {
    const value = this.values[this.locToIndex(places)];
    return (this.dtype === 'float16' ? fromFloat16Bits(value as number) : value) as T;
  }

  /** Where in `values` the element at a place is. @throws ShapeError */
  locToIndex(places: readonly number[]): number {
    const { shape, strides } = this;
    if (places.length !== shape.length)
      throw new ShapeError(
        `buffer: expected one number for each axis of shape ${formatShape(shape)}, got ${formatShape(places)}.`,
      );
    let index = 0;
    for (let axis = 0; axis < places.length; axis++) {
      const place = places[axis];
      if (!Number.isInteger(place) || place < 0 || place >= shape[axis])
        throw new ShapeError(
          `buffer: ${formatShape(places)} is out of shape ${formatShape(shape)}; axis ${axis} has the places 0 to ${shape[axis] - 1}.`,
        );
      index += place * strides[axis];
    }
    return index;
  }

  /** The place of an element of `values`. @throws ArgumentError out of range */
  indexToLoc(index: number): number[] {
    if (!Number.isInteger(index) || index < 0 || index >= this.size)
      throw new ArgumentError(`buffer: there is no element ${index}; expected 0 to ${this.size - 1}.`);
    return this.strides.map((stride, axis) => Math.floor(index / stride) % this.shape[axis]);
  }

  /** An immutable tensor of the elements as they are now. */
  toTensor(): Tensor {
    return fromHost(this.values.slice() as TypedArray, this.dtype, this.shape);
  }
}

function requireNumbers(dtype: DType): void {
  if (!isArrayDType(dtype))
    throw new DTypeError(
      `buffer: a TensorBuffer holds numbers and booleans, not ${dtype}; ` +
        (dtype === 'complex64' ? 'make two and join them with tf.complex().' : 'collect the texts in an array.'),
    );
}

/**
 * A buffer of zeros, or of `values`, to be written into.
 *
 * @param values Row-major; a typed array that has the dtype's own class is not copied.
 * @throws ShapeError where `values` do not fill `shape`; DTypeError for complex64 and string
 * @example `tf.buffer([2, 2], 'int32').set(3, 0, 0)`
 */
export function buffer(
  shape: Shape,
  dtype: DType = 'float32',
  values?: TypedArray | readonly (number | bigint | boolean)[],
): TensorBuffer {
  requireNumbers(dtype);
  const empty = allocateHostArray(dtype, values ? 0 : sizeOf(shape));
  const isOwn = values?.constructor === empty.constructor && dtype !== 'bool';
  return new TensorBuffer(
    shape,
    dtype,
    values ? (isOwn ? (values as TypedArray) : toHostArray(values as ArrayLike<number>, dtype)) : empty,
  );
}

/** The elements of a tensor in a buffer of their own, at once. @throws DTypeError for complex64 and string */
export function bufferOfSync(x: Tensor): TensorBuffer {
  requireNumbers(x.dtype);
  return new TensorBuffer(x.shape, x.dtype, x.dataSync());
}

/** The same without blocking the event loop. @throws DTypeError for complex64 and string */
export async function bufferOf(x: Tensor): Promise<TensorBuffer> {
  requireNumbers(x.dtype);
  return new TensorBuffer(x.shape, x.dtype, await x.data());
}
