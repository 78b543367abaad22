/** @file Elementwise arithmetic of two operands, which broadcast and meet in one dtype. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloatPair, toPair } from './convert.ts';
import { squaredModulus } from './modulus.ts';
import { op } from '../symbolic/op.ts';

/** Booleans count as 0 and 1 in arithmetic. */
function toNumbers(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const [x, y] = toPair(a, b, operation);
  return x.dtype === 'bool' ? [p.cast(x, 'int32'), p.cast(y, 'int32')] : [x, y];
}

/** `a + b` @example `tf.add([1, 2], 3)` is `[4, 5]` */
export const add = op('add', (a: TensorLike, b: TensorLike): Tensor => p.add(...toNumbers(a, b, 'add')));
/**
 * `a - b`
 *
 * @example `tf.sub([1, 2], 1)` is `[0, 1]`
 */
export const sub = op('sub', (a: TensorLike, b: TensorLike): Tensor => p.sub(...toNumbers(a, b, 'sub')));
/**
 * `a · b`, element by element (`matMul` is the product of matrices).
 *
 * @example `tf.mul([1, 2], [3, 4])` is `[3, 8]`
 */
export const mul = op('mul', (a: TensorLike, b: TensorLike): Tensor => p.mul(...toNumbers(a, b, 'mul')));
/**
 * `a / b`; integers give float32 (`floorDiv` gives integers).
 *
 * @example `tf.div([1, 2], 4)` is `[0.25, 0.5]`
 */
export const div = op('div', (a: TensorLike, b: TensorLike): Tensor => p.div(...toFloatPair(a, b, 'div')));
/**
 * `a / b`, and 0 where `b` is 0.
 *
 * @example `tf.divNoNan([1, 2], [0, 4])` is `[0, 0.5]`
 */
export const divNoNan = op('divNoNan', function divNoNan(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toFloatPair(a, b, 'divNoNan');
  const isZero = p.equal(y, scalarLike(0, y));
  // Dividing by 1 instead keeps the gradient of the branch that is not taken finite.
  const quotient = p.div(x, p.select(isZero, scalarLike(1, y), y));
  return p.select(isZero, scalarLike(0, y), quotient);
});
/**
 * `⌊a / b⌋`. Its gradient is 0.
 *
 * @example `tf.floorDiv([7, -7], 2)` is `[3, -4]`
 */
export const floorDiv = op('floorDiv', (a: TensorLike, b: TensorLike): Tensor =>
  p.floorDiv(...toNumbers(a, b, 'floorDiv')),
);
/**
 * `a - ⌊a / b⌋ · b`: the remainder with the sign of the divisor.
 *
 * @example `tf.mod([5, -5], 3)` is `[2, 1]`
 */
export const mod = op('mod', (a: TensorLike, b: TensorLike): Tensor => p.mod(...toNumbers(a, b, 'mod')));
/**
 * `aᵇ`
 *
 * @example `tf.pow([2, 3], 2)` is `[4, 9]`
 */
export const pow = op('pow', (a: TensorLike, b: TensorLike): Tensor => p.pow(...toNumbers(a, b, 'pow')));
/**
 * The larger of each pair; where they are equal `a` gets the gradient.
 *
 * @example `tf.maximum([1, 5], 3)` is `[3, 5]`
 */
export const maximum = op('maximum', (a: TensorLike, b: TensorLike): Tensor =>
  p.maximum(...toNumbers(a, b, 'maximum')),
);
/**
 * The smaller of each pair; where they are equal `a` gets the gradient.
 *
 * @example `tf.minimum([1, 5], 3)` is `[1, 3]`
 */
export const minimum = op('minimum', (a: TensorLike, b: TensorLike): Tensor =>
  p.minimum(...toNumbers(a, b, 'minimum')),
);
/**
 * `(a - b)²`; of complex numbers `|a - b|²`.
 *
 * @example `tf.squaredDifference([1, 5], 3)` is `[4, 4]`
 */
export const squaredDifference = op(
  'squaredDifference',
  function squaredDifference(a: TensorLike, b: TensorLike): Tensor {
    const difference = p.sub(...toNumbers(a, b, 'squaredDifference'));
    return p.cast(squaredModulus(difference), difference.dtype);
  },
);
/**
 * The angle of the point (b, a), in radians from -π to π.
 *
 * @example `tf.atan2([1, -1], [1, 1])` is `[0.7854, -0.7854]`
 */
export const atan2 = op('atan2', (a: TensorLike, b: TensorLike): Tensor => p.atan2(...toFloatPair(a, b, 'atan2')));
