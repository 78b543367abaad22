/** @file What every loss is: values per sample, weighted and reduced. */
import type { Config } from '../configuration.ts';
import { snakeCase } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

const reductions = ['sumOverBatchSize', 'mean', 'sum', 'meanWithSampleWeight', 'none'] as const;

/**
 * How per-sample values become the loss: `sumOverBatchSize` (and `mean`, the same) divides their sum by how many there
 * are, `meanWithSampleWeight` by the sum of the weights, `sum` adds them up, `none` leaves them.
 */
export type Reduction = (typeof reductions)[number];

export interface LossOptions {
  /** Default `sumOverBatchSize`. */
  reduction?: Reduction;
  name?: string;
}

/** Adds or drops a last axis of 1 where two ranks differ by it, so that [n] meets [n, 1] and does not broadcast to [n, n]. */
export function matchRanks(a: Tensor, b: Tensor): [Tensor, Tensor] {
  if (a.rank === b.rank + 1 && a.shape.at(-1) === 1)
    return b.rank === 1 ? [a, ops.expandDims(b, -1)] : [ops.squeeze(a, [-1]), b];
  if (b.rank === a.rank + 1 && b.shape.at(-1) === 1)
    return a.rank === 1 ? [ops.expandDims(a, -1), b] : [a, ops.squeeze(b, [-1])];
  return [a, b];
}

/** Values times weights; weights of lower rank apply to everything below their axes. */
export function applyWeights(values: Tensor, sampleWeight: Tensor): Tensor {
  const [matched, weights] = matchRanks(values, ops.cast(sampleWeight, values.dtype));
  if (weights.rank > matched.rank || weights.shape.some((size, axis) => size !== 1 && size !== matched.shape[axis]))
    throw new ShapeError(
      `sampleWeight of shape ${formatShape(sampleWeight.shape)} does not fit values of shape ${formatShape(values.shape)}; ` +
        `expected one weight for each sample, [${values.shape[0]}].`,
    );
  const missing = matched.rank - weights.rank;
  return ops.mul(matched, missing > 0 ? ops.reshape(weights, [...weights.shape, ...Array(missing).fill(1)]) : weights);
}

/** Subclass it with a `call` that gives one value for each sample. */
export abstract class Loss {
  readonly name: string;
  readonly reduction: Reduction;

  constructor({ reduction = 'sumOverBatchSize', name }: LossOptions = {}) {
    if (!reductions.includes(reduction))
      throw new ArgumentError(`Loss: expected reduction ${reductions.join(', ')}; got '${reduction}'.`);
    this.name = name ?? snakeCase(this.constructor.name);
    this.reduction = reduction;
  }

  /** One value for each sample. */
  abstract call(yTrue: Tensor, yPred: Tensor): Tensor;

  /** The reduced loss: a scalar, or with reduction `none` the weighted value of each sample. */
  apply(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor | null): Tensor {
    const unweighted = this.call(yTrue, yPred);
    const values = sampleWeight ? applyWeights(unweighted, sampleWeight) : unweighted;
    if (this.reduction === 'none') return values;
    if (this.reduction === 'sum') return ops.sum(values);
    if (this.reduction === 'meanWithSampleWeight' && sampleWeight)
      return ops.divNoNan(ops.sum(values), ops.sum(ops.cast(sampleWeight, values.dtype)));
    return ops.mean(values);
  }

  getConfig(): Config {
    return { name: this.name, reduction: this.reduction };
  }

  /**
   * Refuses targets that would give a wrong number or a crash in the engine. `fit` and `evaluate` call it once with all
   * targets, before the first step.
   */
  checkTargets(_yTrue: Tensor, _outputShape: readonly (number | null)[]): void {}
}

/** A loss made of a function of (yTrue, yPred) that gives one value for each sample. */
export class FunctionLoss extends Loss {
  private readonly fn: LossFunction;

  constructor(fn: LossFunction, options?: LossOptions) {
    super({ ...options, name: options?.name ?? (snakeCase(fn.name) || 'custom_loss') });
    this.fn = fn;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return this.fn(yTrue, yPred);
  }
}

/** One value for each sample, of targets and predictions. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;
