/** @file Elementwise arithmetic of two operands, which broadcast and meet in one dtype. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloatPair, toPair } from './convert.ts';
import { squaredModulus } from './modulus.ts';

/** Booleans count as 0 and 1 in arithmetic. */
function toNumbers(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const [x, y] = toPair(a, b, operation);
  return x.dtype === 'bool' ? [p.cast(x, 'int32'), p.cast(y, 'int32')] : [x, y];
}

/** `a + b` @example `tf.add([1, 2], 3)` is `[4, 5]` */
export const add = (a: TensorLike, b: TensorLike): Tensor => p.add(...toNumbers(a, b, 'add'));
/** `a - b` */
export const sub = (a: TensorLike, b: TensorLike): Tensor => p.sub(...toNumbers(a, b, 'sub'));
/** `a · b`, element by element (`matMul` is the product of matrices). */
export const mul = (a: TensorLike, b: TensorLike): Tensor => p.mul(...toNumbers(a, b, 'mul'));
/** `a / b`; integers give float32 (`floorDiv` gives integers). */
export const div = (a: TensorLike, b: TensorLike): Tensor => p.div(...toFloatPair(a, b, 'div'));
/** `a / b`, and 0 where `b` is 0. */
export function divNoNan(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toFloatPair(a, b, 'divNoNan');
  const isZero = p.equal(y, scalarLike(0, y));
  // Dividing by 1 instead keeps the gradient of the branch that is not taken finite.
  const quotient = p.div(x, p.select(isZero, scalarLike(1, y), y));
  return p.select(isZero, scalarLike(0, y), quotient);
}
/** `⌊a / b⌋`. Its gradient is 0. */
export const floorDiv = (a: TensorLike, b: TensorLike): Tensor => p.floorDiv(...toNumbers(a, b, 'floorDiv'));
/** `a - ⌊a / b⌋ · b`: the remainder with the sign of the divisor. */
export const mod = (a: TensorLike, b: TensorLike): Tensor => p.mod(...toNumbers(a, b, 'mod'));
/** `aᵇ` */
export const pow = (a: TensorLike, b: TensorLike): Tensor => p.pow(...toNumbers(a, b, 'pow'));
/** The larger of each pair; where they are equal `a` gets the gradient. */
export const maximum = (a: TensorLike, b: TensorLike): Tensor => p.maximum(...toNumbers(a, b, 'maximum'));
/** The smaller of each pair; where they are equal `a` gets the gradient. */
export const minimum = (a: TensorLike, b: TensorLike): Tensor => p.minimum(...toNumbers(a, b, 'minimum'));
/** `(a - b)²`; of complex numbers `|a - b|²`. */
export function squaredDifference(a: TensorLike, b: TensorLike): Tensor {
  const difference = p.sub(...toNumbers(a, b, 'squaredDifference'));
  return p.cast(squaredModulus(difference), difference.dtype);
}
/** The angle of the point (b, a), in radians from -π to π. */
export const atan2 = (a: TensorLike, b: TensorLike): Tensor => p.atan2(...toFloatPair(a, b, 'atan2'));
