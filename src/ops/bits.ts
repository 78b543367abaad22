/** @file Bits of integers. Operands broadcast and meet in one integer dtype. */
import * as p from '../primitives/calls.ts';
import type { BitOperation } from '../primitives/mathematics.ts';
import { isInteger } from '../tensor/dtype.ts';
import { DTypeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toPair, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

function expectInteger(x: Tensor, operation: string): Tensor {
  if (isInteger(x.dtype)) return x;
  throw new DTypeError(`${operation}: expected integers, got ${x.dtype}; use tf.cast(x, 'int32').`);
}
/** Plain numbers are whole here: int32 where nothing says otherwise. */
function toIntegers(x: TensorLike, operation: string): Tensor {
  return expectInteger(toTensor(x, operation, 'int32'), operation);
}
const operator =
  (operation: string, name: BitOperation) =>
  (a: TensorLike, b: TensorLike): Tensor => {
    const [x, y] = toPair(toIntegers(a, operation), b, operation);
    return p.bitwise(expectInteger(x, operation), y, name);
  };

/** Bits that both have. @example `tf.bitwiseAnd([12], [10])` is `[8]` */
export const bitwiseAnd: (a: TensorLike, b: TensorLike) => Tensor = op('bitwiseAnd', operator('bitwiseAnd', 'and'));
/** Bits that at least one has. @example `tf.bitwiseOr([12], [10])` is `[14]` */
export const bitwiseOr: (a: TensorLike, b: TensorLike) => Tensor = op('bitwiseOr', operator('bitwiseOr', 'or'));
/** Bits that exactly one has. @example `tf.bitwiseXor([12], [10])` is `[6]` */
export const bitwiseXor: (a: TensorLike, b: TensorLike) => Tensor = op('bitwiseXor', operator('bitwiseXor', 'xor'));
/**
 * Every bit turned: of signed integers `-x - 1`, of uint8 `255 - x`.
 *
 * @example `tf.bitwiseNot([0, 5])` is `[-1, -6]`
 */
export const bitwiseNot = op('bitwiseNot', function bitwiseNot(x: TensorLike): Tensor {
  const value = toIntegers(x, 'bitwiseNot');
  return p.bitwise(value, scalarLike(value.dtype === 'uint8' ? 255 : -1, value), 'xor');
});
/** Every bit turned; TensorFlow's name for {@link bitwiseNot}. */
export const invert: (x: TensorLike) => Tensor = bitwiseNot;
/**
 * `x · 2ⁿ`: bits moved to the left; those that leave are lost. `n` is held to 0 and the dtype's bits less one.
 *
 * @example `tf.leftShift([1, 3], [4, 1])` is `[16, 6]`
 */
export const leftShift: (x: TensorLike, n: TensorLike) => Tensor = op('leftShift', operator('leftShift', 'leftShift'));
/**
 * `⌊x / 2ⁿ⌋`: bits moved to the right; the sign stays. `n` is held to 0 and the dtype's bits less one.
 *
 * @example `tf.rightShift([16, -8], [2, 1])` is `[4, -4]`
 */
export const rightShift: (x: TensorLike, n: TensorLike) => Tensor = op(
  'rightShift',
  operator('rightShift', 'rightShift'),
);
/** How many bits are 1, as uint8. @example `tf.populationCount([7, 8])` is `[3, 1]` */
export const populationCount = op('populationCount', (x: TensorLike): Tensor =>
  p.populationCount(toIntegers(x, 'populationCount')),
);
