/** @file Elements back to the host language, and as text. */
import type { TypedArray } from '../tensor/dtype.ts';
import { ShapeError } from '../tensor/errors.ts';
import { type NestedNumbers, type NestedStrings, nestElements, toNumbers } from '../tensor/host.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

export type { NestedNumbers, NestedStrings };

const nested = (x: Tensor, data: TypedArray | readonly string[]): NestedNumbers | NestedStrings =>
  isTexts(data) ? nestElements(data, x.shape) : nestElements(toNumbers(data, x.dtype), nestingOf(x));
const isTexts = (data: TypedArray | readonly string[]): data is readonly string[] => Array.isArray(data);

/** Complex numbers are pairs of real and imaginary part. */
const nestingOf = ({ dtype, shape }: Tensor): Shape => (dtype === 'complex64' ? [...shape, 2] : shape);

/**
 * The elements in nested arrays, at once. Booleans come as 0 and 1, strings as texts.
 *
 * @example `const rows = tf.eye(2).arraySync<number[][]>();`
 */
export function arraySync<A extends NestedNumbers | NestedStrings = NestedNumbers>(x: Tensor): A {
  return nested(x, x.dataSync()) as A;
}

/** The elements in nested arrays, without blocking the event loop. Booleans come as 0 and 1. */
export async function array<A extends NestedNumbers | NestedStrings = NestedNumbers>(x: Tensor): Promise<A> {
  return nested(x, await x.data()) as A;
}

/** The only element of a tensor of size 1, as a number; of a string tensor as text, `item<string>()`. @throws ShapeError */
export function item<E extends number | string = number>(x: Tensor): E {
  if (x.size !== 1)
    throw new ShapeError(`item: expected a tensor with one element, got shape ${formatShape(x.shape)}.`);
  const data: TypedArray | readonly string[] = x.dataSync();
  return (isTexts(data) ? data[0] : toNumbers(data, x.dtype)[0]) as E;
}
