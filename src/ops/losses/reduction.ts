/** @file How values become one loss in TensorFlow.js's `tf.losses`. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { broadcastShapes } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toTensor } from '../convert.ts';

/**
 * How weighted values become a loss: `NONE` leaves them, `SUM` adds them up, `MEAN` divides their sum by that of the weights,
 * `SUM_BY_NONZERO_WEIGHTS` by how many weights are not 0.
 */
export const Reduction = { NONE: 0, MEAN: 1, SUM: 2, SUM_BY_NONZERO_WEIGHTS: 3 } as const;
export type Reduction = (typeof Reduction)[keyof typeof Reduction];

/** The quotient, or 0 where all weights are 0. */
function divide(total: Tensor, count: Tensor): Tensor {
  const isZero = p.equal(count, scalarLike(0, count));
  return p.select(isZero, scalarLike(0, total), p.div(total, p.select(isZero, scalarLike(1, count), count)));
}

/**
 * Values times weights, reduced. Where all weights are 0, so is the loss.
 *
 * @param weights Broadcast to the values; 1 by default.
 * @param reduction See {@link Reduction}.
 */
export function computeWeightedLoss(
  losses: TensorLike,
  weights?: TensorLike | null,
  reduction: Reduction = Reduction.SUM_BY_NONZERO_WEIGHTS,
): Tensor {
  const values = toFloat(losses, 'computeWeightedLoss');
  if (!Object.values(Reduction).includes(reduction))
    throw new ArgumentError(
      `computeWeightedLoss: expected a reduction of tf.Reduction (NONE, MEAN, SUM, SUM_BY_NONZERO_WEIGHTS), got ${String(reduction)}.`,
    );
  const factors = p.cast(toTensor(weights ?? 1, 'computeWeightedLoss'), values.dtype);
  const weighted = p.mul(values, factors);
  if (reduction === Reduction.NONE) return weighted;
  const total = p.sum(weighted);
  if (reduction === Reduction.SUM) return total;
  const all = p.broadcastTo(factors, broadcastShapes(values.shape, factors.shape, 'computeWeightedLoss'));
  const counted = reduction === Reduction.MEAN ? all : p.cast(p.notEqual(all, scalarLike(0, all)), values.dtype);
  return divide(total, p.sum(counted));
}
