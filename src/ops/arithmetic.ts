/** @file Arithmetic beside the operators: truncated division, neighbours of numbers, sums of exponentials, polynomials, prelu. */
import * as p from '../primitives/calls.ts';
import { isFloating } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toFloatPair, toOperands, toPair } from './convert.ts';
import { op } from '../symbolic/op.ts';

const isNegative = (x: Tensor): Tensor => p.less(x, scalarLike(0, x));

/** Booleans count as 0 and 1. */
function toNumbers(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const [x, y] = toPair(a, b, operation);
  return x.dtype === 'bool' ? [p.cast(x, 'int32'), p.cast(y, 'int32')] : [x, y];
}
/** Towards 0. */
const truncated = (x: Tensor): Tensor => p.select(isNegative(x), p.ceil(x), p.floor(x));

/** `x` without its fraction, towards 0. Its gradient is 0. @example `tf.trunc([1.7, -1.7])` is `[1, -1]` */
export const trunc = op('trunc', function trunc(x: TensorLike): Tensor {
  const value = toFloat(x, 'trunc');
  return truncated(value);
});

/** `a / b` rounded towards 0, as integers divide in C. Its gradient is 0. @example `tf.truncateDiv(-7, 2)` is -3 */
export const truncateDiv = op('truncateDiv', function truncateDiv(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toNumbers(a, b, 'truncateDiv');
  if (isFloating(x.dtype)) return truncated(p.div(x, y));
  // The floor lies one below where something is left over and the signs differ.
  const floor = p.floorDiv(x, y);
  const isExact = p.equal(p.mul(floor, y), x);
  const isBelow = p.logicalAnd(p.notEqual(isNegative(x), isNegative(y)), p.logicalNot(isExact));
  return p.select(isBelow, p.add(floor, scalarLike(1, floor)), floor);
});

/** `a - truncateDiv(a, b) · b`: the remainder with the sign of the dividend. @example `tf.truncateMod(-7, 2)` is -1 */
export const truncateMod = op('truncateMod', function truncateMod(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toNumbers(a, b, 'truncateMod');
  // The floored remainder has the divisor's sign: where that is not the dividend's, one divisor less.
  const floored = p.mod(x, y);
  const zero = scalarLike(0, x);
  const differs = p.logicalAnd(p.notEqual(floored, zero), p.notEqual(isNegative(x), isNegative(y)));
  return p.select(differs, p.sub(floored, y), floored);
});

/**
 * The floating number next to `a` in the direction of `b`. The gradient goes to `a`.
 *
 * @example `tf.nextAfter([1], [2]).greater(1)` is `[true]`
 */
export const nextAfter = op('nextAfter', (a: TensorLike, b: TensorLike): Tensor =>
  p.nextAfter(...toFloatPair(a, b, 'nextAfter')),
);

/**
 * The size of `a` with the sign of `b`, that of zeros as well.
 *
 * @example `tf.copySign([3, 4], [-1, 1])` is `[-3, 4]`
 */
export const copySign = op('copySign', function copySign(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toFloatPair(a, b, 'copySign');
  const differs = p.notEqual(signBit(x), signBit(y));
  return p.select(differs, p.neg(x), x);
});
/** Where the sign is negative, that of -0 as well. @example `tf.signBit([-2, 2])` is `[true, false]` */
export const signBit = op('signBit', function signBit(x: TensorLike): Tensor {
  const value = toFloat(x, 'signBit');
  // 1 / -0 is -Infinity.
  const isMinusZero = p.logicalAnd(p.equal(value, scalarLike(0, value)), isNegative(p.reciprocal(value)));
  return p.logicalOr(isNegative(value), isMinusZero);
});

/** `√(a² + b²)`, without overflow on the way. @example `tf.hypot([3, 5], [4, 12])` is `[5, 13]` */
export const hypot = op('hypot', function hypot(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toFloatPair(a, b, 'hypot');
  const [u, v] = [p.abs(x), p.abs(y)];
  const [large, small] = [p.maximum(u, v), p.minimum(u, v)];
  const infinity = scalarLike(Infinity, large);
  const usable = p.logicalAnd(p.less(scalarLike(0, large), large), p.less(large, infinity));
  const divisor = p.select(usable, large, scalarLike(1, large));
  const ratio = p.div(p.select(usable, small, scalarLike(0, small)), divisor);
  const size = p.mul(divisor, p.sqrt(p.add(p.square(ratio), scalarLike(1, ratio))));
  // One infinite side is enough, whatever the other one is.
  const anyInfinite = p.logicalOr(p.equal(u, infinity), p.equal(v, infinity));
  return p.select(usable, size, p.select(anyInfinite, infinity, large));
});

/** `ln(eᵃ + eᵇ)`, without overflow. @example `tf.logAddExp([0, 1000], [0, 1000])` is `[0.6931, 1001]` */
export const logAddExp = op('logAddExp', function logAddExp(a: TensorLike, b: TensorLike): Tensor {
  const [first, second] = toFloatPair(a, b, 'logAddExp');
  const infinity = scalarLike(Infinity, first);
  // Differences of infinities are NaN: there the larger one is the sum.
  const areFinite = p.logicalAnd(p.less(p.abs(first), infinity), p.less(p.abs(second), infinity));
  const [x, y] = [first, second].map((value) => p.select(areFinite, value, scalarLike(0, value)));
  // Each form is smooth at a tie, and exact where its first operand is the larger one.
  const fromX = p.add(x, p.softplus(p.sub(y, x)));
  const fromY = p.add(y, p.softplus(p.sub(x, y)));
  return p.select(areFinite, p.select(p.greaterEqual(x, y), fromX, fromY), p.maximum(first, second));
});

/**
 * A polynomial at `x`, by Horner's rule.
 *
 * @param coefficients The highest power's first; they broadcast with `x`.
 * @example `tf.polyval([2, 0, 1], 3)` is `2·9 + 1 = 19`
 */
export const polyval = op('polyval', function polyval(coefficients: readonly TensorLike[], x: TensorLike): Tensor {
  if (!Array.isArray(coefficients))
    throw new ArgumentError('polyval: expected a list of coefficients, the highest power first.');
  const operands = toOperands([...coefficients, x], 'polyval');
  const at = operands[operands.length - 1];
  const list = operands.slice(0, -1);
  if (list.length === 0) return p.mul(at, scalarLike(0, at));
  const [first, ...rest] = list;
  const start = p.add(p.mul(at, scalarLike(0, at)), first);
  return rest.reduce((sum, coefficient) => p.add(p.mul(sum, at), coefficient), start);
});

/**
 * `x` where positive, `alpha · x` elsewhere; `alpha` is learned and broadcasts (He et al., 2015).
 *
 * @example `tf.prelu([-2, 3], [0.5])` is `[-1, 3]`
 */
export const prelu = op('prelu', function prelu(x: TensorLike, alpha: TensorLike): Tensor {
  const [value, slope] = toFloatPair(x, alpha, 'prelu');
  return p.select(p.greater(value, scalarLike(0, value)), value, p.mul(value, slope));
});
