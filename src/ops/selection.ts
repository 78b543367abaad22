/** @file Choosing elements by a condition. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type TensorLike, toPair, toTensor } from './convert.ts';
import { nonzero } from './sets.ts';
import { op } from '../symbolic/op.ts';

/**
 * `whenTrue` where `condition` holds, `whenFalse` elsewhere; all three broadcast.
 *
 * The gradient of a branch is 0 where it is not taken; if the branch itself is not finite there, the result is NaN, so
 * guard the argument of a function that has a pole, not only its result.
 *
 * With the condition alone: the indices where it holds, int32 `[count, rank]`, as `tf.nonzero`.
 *
 * @example `tf.where(x.greater(0), x, 0)`
 */
export const where = op(
  'where',
  function where(condition: TensorLike, whenTrue?: TensorLike | null, whenFalse?: TensorLike | null): Tensor {
    if (whenTrue == null && whenFalse == null) return nonzero(condition);
    if (whenTrue == null || whenFalse == null)
      throw new ArgumentError(
        'where: expected what is taken where the condition holds and what is taken elsewhere, or neither.',
      );
    const [yes, no] = toPair(whenTrue, whenFalse, 'where');
    return p.select(p.cast(toTensor(condition, 'where'), 'bool'), yes, no);
  },
);
