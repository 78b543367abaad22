/** @file Choosing elements by a condition. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toPair, toTensor } from './convert.ts';

/**
 * `whenTrue` where `condition` holds, `whenFalse` elsewhere; all three broadcast.
 *
 * The gradient of a branch is 0 where it is not taken; if the branch itself is not finite there, the result is NaN, so
 * guard the argument of a function that has a pole, not only its result.
 *
 * @example `tf.where(x.greater(0), x, 0)`
 */
export function where(condition: TensorLike, whenTrue: TensorLike, whenFalse: TensorLike): Tensor {
  const [yes, no] = toPair(whenTrue, whenFalse, 'where');
  return p.select(p.cast(toTensor(condition, 'where'), 'bool'), yes, no);
}
