/** @file Elements back to the host language, and as text. */
import type { NumberArray, TypedArray } from '../tensor/dtype.ts';
import { ShapeError } from '../tensor/errors.ts';
import { type NestedBigInts, type NestedNumbers, type NestedStrings, nestElements, toNumbers } from '../tensor/host.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

export type { NestedBigInts, NestedNumbers, NestedStrings };

/** Elements in arrays nested as deep as the tensor has dimensions. */
export type NestedElements = NestedNumbers | NestedBigInts | NestedStrings;

/** int64 stays what no number can hold; half precision is decoded. */
const elementsOf = (x: Tensor, data: TypedArray | readonly string[]): ArrayLike<number | bigint | string> =>
  isNumbers(data) ? toNumbers(data, x.dtype) : data;
const isNumbers = (data: TypedArray | readonly string[]): data is NumberArray =>
  !Array.isArray(data) && !(data instanceof BigInt64Array);
const nested = (x: Tensor, data: TypedArray | readonly string[]): NestedElements =>
  nestElements<number | bigint | string>(elementsOf(x, data), nestingOf(x)) as NestedElements;

/** Complex numbers are pairs of real and imaginary part. */
const nestingOf = ({ dtype, shape }: Tensor): Shape => (dtype === 'complex64' ? [...shape, 2] : shape);

/**
 * The elements in nested arrays, at once. int64 elements come as BigInts, booleans as 0 and 1, strings as texts,
 * complex numbers as pairs.
 *
 * @example `const rows = tf.eye(2).arraySync<number[][]>();`
 */
export function arraySync<A extends NestedElements = NestedNumbers>(x: Tensor): A {
  return nested(x, x.dataSync()) as A;
}

/** The elements in nested arrays, without blocking the event loop; otherwise as `arraySync`. */
export async function array<A extends NestedElements = NestedNumbers>(x: Tensor): Promise<A> {
  return nested(x, await x.data()) as A;
}

/**
 * The only element of a tensor of size 1, as a number; of int64 as a BigInt, `item<bigint>()`, of a string tensor as text,
 * `item<string>()`.
 *
 * @throws ShapeError
 * @example `tf.scalar(3).item()` is `3`
 */
export function item<E extends number | bigint | string = number>(x: Tensor): E {
  if (x.size !== 1)
    throw new ShapeError(`item: expected a tensor with one element, got shape ${formatShape(x.shape)}.`);
  return elementsOf(x, x.dataSync())[0] as E;
}
