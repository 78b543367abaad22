/** @file Values and weights of any rank as one of each for each sample. */
import { inDType, matchRanks } from '../losses/operands.ts';
import { maskOf } from '../losses/value-mask.ts';
import { maskWeights } from '../losses/weighting.ts';
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Sums or means over the axes from `first` on. */
type Reduce = (x: Tensor, axes: readonly number[]) => Tensor;

const from = (x: Tensor, first: number, reduce: Reduce): Tensor =>
  x.rank > first ? reduce(x, x.shape.map((_, axis) => axis).slice(first)) : x; // prettier-ignore

interface Samplewise {
  /** Weighted, one for each sample. */
  readonly values: Tensor;
  /** One for each sample; null where none were given. */
  readonly weights: Tensor | null;
}

/**
 * Values and weights reduced to one a sample. Weights may have as many axes as values or fewer, where they weigh what is left
 * of the values when those are reduced to as many axes.
 *
 * @throws ShapeError where weights do not fit.
 */
export function samplewise(given: Tensor, sampleWeight: Tensor | null, reduce: Reduce, dtype: DType): Samplewise {
  const values = inDType(given, dtype);
  if (!sampleWeight) return { values: from(values, 1, reduce), weights: null };
  const masked = maskWeights(sampleWeight, maskOf(given), dtype, 'sum') as Tensor;
  const [matched, weights] = matchRanks(values, masked);
  const reduced = from(matched, weights.rank, reduce);
  if (weights.rank > reduced.rank || weights.shape.some((size, axis) => size !== 1 && size !== reduced.shape[axis]))
    throw new ShapeError(
      `sampleWeight of shape ${formatShape(sampleWeight.shape)} does not fit values of shape ${formatShape(given.shape)}; ` +
        `expected one weight for each sample, [${given.shape[0]}].`,
    );
  const all = ops.broadcastTo(weights, reduced.shape);
  return { values: from(ops.mul(reduced, all), 1, reduce), weights: from(all, 1, reduce) };
}
