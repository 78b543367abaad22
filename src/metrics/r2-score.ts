/** @file R²: how much of the targets' variance predictions explain. */
import { type Config, lookUp } from '../configuration.ts';
import { align } from '../losses/operands.ts';
import { applyWeights } from '../losses/weighting.ts';
import { toTensor } from '../ops/convert.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { Metric, type MetricOptions, accumulate } from './metric.ts';

type Aggregation = 'uniform_average' | 'variance_weighted_average';
const aggregations: Record<Aggregation, Aggregation> = {
  uniform_average: 'uniform_average',
  variance_weighted_average: 'variance_weighted_average',
};

export interface R2ScoreOptions extends MetricOptions {
  /**
   * What becomes of the scores of several outputs: their mean (`uniform_average`, default), their mean weighted by the variances
   * of the targets (`variance_weighted_average`), or null to leave them.
   */
  classAggregation?: Aggregation | 'uniformAverage' | 'varianceWeightedAverage' | null;
  /** How many independent variables the model has: above 0 the score is adjusted for them. Default 0. */
  numRegressors?: number;
}

/** Sums over samples, one for each output. */
interface Sums {
  readonly squares: Variable;
  readonly values: Variable;
  readonly residuals: Variable;
  readonly weights: Variable;
}

/**
 * 1 - Σ (yTrue - yPred)² / Σ (yTrue - mean)², for each output of targets `[samples, outputs]`: 1 for perfect predictions, 0 for
 * such as always say the mean.
 *
 * With `numRegressors` p and n samples it becomes 1 - (1 - R²) (n - 1) / (n - p - 1), where n is large enough for that.
 *
 * @example `new tf.metrics.R2Score().apply([[1], [4], [3]], [[2], [4], [4]])` is 0.571
 */
export class R2Score extends Metric {
  override readonly direction = 'up';
  readonly classAggregation: Aggregation | null;
  readonly numRegressors: number;
  private readonly numSamples: Variable;
  private sums: Sums | null = null;

  constructor({ classAggregation = 'uniform_average', numRegressors = 0, ...options }: R2ScoreOptions = {}) {
    super({ name: 'r2_score', ...options });
    if (!(Number.isInteger(numRegressors) && numRegressors >= 0))
      throw new ArgumentError(`${this.name}: expected numRegressors to be 0 or more, got ${numRegressors}.`);
    this.classAggregation =
      classAggregation === null ? null : lookUp('classAggregation', aggregations, classAggregation);
    this.numRegressors = numRegressors;
    this.numSamples = this.addVariable('num_samples');
  }

  private makeSums(outputs: number): Sums {
    return {
      squares: this.addVariable('squared_sum', [outputs]),
      values: this.addVariable('sum', [outputs]),
      residuals: this.addVariable('residual', [outputs]),
      weights: this.addVariable('count', [outputs]),
    };
  }

  override updateState(yTrue: ops.TensorLike, yPred: ops.TensorLike, sampleWeight: ops.TensorLike | null = null): void {
    const [target, prediction] = align(this.name, yTrue, ops.cast(yPred, this.dtype));
    if (target.rank !== 2 || prediction.rank !== 2)
      throw new ShapeError(
        `${this.name}: expected targets and predictions of shape [samples, outputs], got ${formatShape(target.shape)} and ${formatShape(prediction.shape)}.`,
      );
    this.sums ??= this.makeSums(prediction.shape[1]);
    const ones = ops.onesLike(prediction);
    const weights = sampleWeight === null ? ones : applyWeights(ones, toTensor(sampleWeight, this.name, this.dtype));
    const weighted = ops.mul(target, weights);
    accumulate(this.sums.values, ops.sum(weighted, 0));
    accumulate(this.sums.squares, ops.sum(ops.mul(target, weighted), 0));
    accumulate(this.sums.residuals, ops.sum(ops.mul(ops.square(ops.sub(target, prediction)), weights), 0));
    accumulate(this.sums.weights, ops.sum(weights, 0));
    accumulate(this.numSamples, ops.scalar(target.size, this.dtype));
  }

  override result(): Tensor {
    if (!this.sums) return ops.scalar(NaN, this.dtype);
    const [values, squares] = [this.sums.values.read(), this.sums.squares.read()];
    const spread = ops.sub(squares, ops.div(ops.square(values), this.sums.weights.read()));
    const raw = ops.sub(1, ops.div(this.sums.residuals.read(), spread));
    const scores = ops.where(ops.isInf(raw), 0, raw);
    return this.adjusted(this.aggregate(scores, spread));
  }

  private aggregate(scores: Tensor, spread: Tensor): Tensor {
    if (this.classAggregation === null) return scores;
    if (this.classAggregation === 'uniform_average') return ops.mean(scores);
    return ops.div(ops.sum(ops.mul(spread, scores)), ops.sum(spread));
  }

  private adjusted(score: Tensor): Tensor {
    if (this.numRegressors === 0) return score;
    const last = ops.sub(this.numSamples.read(), 1);
    const free = ops.sub(last, this.numRegressors);
    const isEnough = ops.greater(free, 0);
    const adjusted = ops.sub(1, ops.div(ops.mul(ops.sub(1, score), last), ops.where(isEnough, free, 1)));
    return ops.where(isEnough, adjusted, score);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), classAggregation: this.classAggregation, numRegressors: this.numRegressors };
  }
}
