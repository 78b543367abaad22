/** @file Elements back to the host language, and as text. */
import { ShapeError } from '../tensor/errors.ts';
import { type NestedNumbers, nestNumbers, toNumbers } from '../tensor/host.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

export type { NestedNumbers };

/** Complex numbers are pairs of real and imaginary part. */
const nestingOf = ({ dtype, shape }: Tensor): Shape => (dtype === 'complex64' ? [...shape, 2] : shape);

/**
 * The elements in nested arrays, at once. Booleans come as 0 and 1.
 *
 * @example `const rows = tf.eye(2).arraySync<number[][]>();`
 */
export function arraySync<A extends NestedNumbers = NestedNumbers>(x: Tensor): A {
  return nestNumbers(toNumbers(x.dataSync(), x.dtype), nestingOf(x)) as A;
}

/** The elements in nested arrays, without blocking the event loop. Booleans come as 0 and 1. */
export async function array<A extends NestedNumbers = NestedNumbers>(x: Tensor): Promise<A> {
  return nestNumbers(toNumbers(await x.data(), x.dtype), nestingOf(x)) as A;
}

/** The only element of a tensor of size 1, as a number. @throws ShapeError */
export function item(x: Tensor): number {
  if (x.size !== 1)
    throw new ShapeError(`item: expected a tensor with one element, got shape ${formatShape(x.shape)}.`);
  return toNumbers(x.dataSync(), x.dtype)[0];
}
