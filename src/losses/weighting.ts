/** @file How the values of a loss become one number: masks, weights, reduction. */
import { sameSpelling } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inDType, matchRanks } from './operands.ts';

const reductions = ['sumOverBatchSize', 'mean', 'sum', 'meanWithSampleWeight', 'none'] as const;

/**
 * How values become the loss: `sumOverBatchSize` (and `mean`, the same) divides their sum by how many there are,
 * `meanWithSampleWeight` by the sum of the weights, `sum` adds them up, `none` leaves them.
 */
export type Reduction = (typeof reductions)[number];

/** A reduction as options and configs name it: in camelCase or as Keras does; null is `none`. */
export type ReductionName = Reduction | 'sum_over_batch_size' | 'mean_with_sample_weight' | null;

/** @throws ArgumentError for a name that no reduction has. */
export function toReduction(name: ReductionName): Reduction {
  const known = name === null ? 'none' : reductions.find((reduction) => sameSpelling(reduction, name));
  if (!known)
    throw new ArgumentError(`Loss: expected reduction ${reductions.join(', ')} or null; got '${String(name)}'.`);
  return known;
}

/** Values times weights; weights of lower rank apply to everything below their axes, those of a single value to it. */
export function applyWeights(values: Tensor, sampleWeight: Tensor): Tensor {
  const [matched, weights] = matchRanks(values, inDType(sampleWeight, values.dtype));
  if (matched.rank === 0) return ops.mul(matched, weights);
  if (weights.rank > matched.rank || weights.shape.some((size, axis) => size !== 1 && size !== matched.shape[axis]))
    throw new ShapeError(
      `sampleWeight of shape ${formatShape(sampleWeight.shape)} does not fit values of shape ${formatShape(values.shape)}; ` +
        `expected one weight for each sample, [${values.shape[0]}]` +
        (values.rank > 1 ? `, or for each value, ${formatShape(values.shape)}.` : '.'),
    );
  const missing = matched.rank - weights.rank;
  return ops.mul(matched, missing > 0 ? ops.reshape(weights, [...weights.shape, ...Array(missing).fill(1)]) : weights);
}

/**
 * Weights that leave out what a mask leaves out. For a mean over all values those that count are given more weight, so that
 * it is the mean of them alone.
 */
export function maskWeights(
  sampleWeight: Tensor | null | undefined,
  mask: Tensor | null | undefined,
  dtype: DType,
  reduction: Reduction,
): Tensor | null {
  const weights = sampleWeight ? inDType(sampleWeight, dtype) : null;
  if (!mask) return weights;
  const valid = ops.cast(mask, dtype);
  const isMean = reduction === 'mean' || reduction === 'sumOverBatchSize';
  const share = isMean ? ops.mul(valid, ops.divNoNan(valid.size, ops.sum(valid))) : valid;
  if (!weights) return share;
  return weights.rank > share.rank ? applyWeights(weights, share) : applyWeights(share, weights);
}

/** Values weighted, with what a mask leaves out left out, and reduced. */
export function reduceValues(
  values: Tensor,
  reduction: Reduction,
  sampleWeight?: Tensor | null,
  mask?: Tensor | null,
): Tensor {
  const weights = maskWeights(sampleWeight, mask, values.dtype, reduction);
  const weighted = weights ? applyWeights(values, weights) : values;
  if (reduction === 'none') return weighted;
  if (reduction === 'sum') return ops.sum(weighted);
  if (reduction === 'meanWithSampleWeight' && weights) return ops.divNoNan(ops.sum(weighted), ops.sum(weights));
  // The mean of nothing is NaN; a batch without samples adds nothing.
  return weighted.size === 0 ? ops.sum(weighted) : ops.mean(weighted);
}
