/** @file F-scores: precision and recall in one number. */
import { type Config, lookUp } from '../configuration.ts';
import { epsilon, inDType } from '../losses/operands.ts';
import { applyWeights } from '../losses/weighting.ts';
import { toTensor } from '../ops/convert.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { Metric, type MetricOptions, accumulate } from './metric.ts';

const averages = { micro: 'micro', macro: 'macro', weighted: 'weighted' } as const;

export interface F1ScoreOptions extends MetricOptions {
  /**
   * `micro` counts all classes together, `macro` takes the mean of their scores, `weighted` the mean weighted by how many targets
   * each has; null (default) leaves the scores.
   */
  average?: keyof typeof averages | null;
  /** Above it a prediction means yes; by default the largest prediction of a sample does. */
  threshold?: number | null;
}

export interface FBetaScoreOptions extends F1ScoreOptions {
  /** How many times as much recall counts as precision; default 1. */
  beta?: number;
}

/** Sums over samples, one for each class, or one for all. */
interface Counts {
  readonly truePositives: Variable;
  readonly falsePositives: Variable;
  readonly falseNegatives: Variable;
  readonly weights: Variable;
}

/**
 * (1 + `beta`²) precision · recall / (`beta`² precision + recall), of one-hot (or several-hot) targets `[samples, classes]`.
 *
 * @example
 * const metric = new tf.metrics.FBetaScore({ beta: 2, threshold: 0.5 });
 * metric.apply([[1, 1, 1], [1, 0, 0], [1, 1, 0]], [[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0]]); // [0.385, 0.909, 0.833]
 */
export class FBetaScore extends Metric {
  override readonly direction = 'up';
  readonly average: keyof typeof averages | null;
  readonly beta: number;
  readonly threshold: number | null;
  private counts: Counts | null = null;

  constructor({ average = null, beta = 1, threshold = null, ...options }: FBetaScoreOptions = {}) {
    super({ name: 'fbeta_score', ...options });
    if (!(beta > 0)) throw new ArgumentError(`${this.name}: expected beta > 0, got ${beta}.`);
    if (threshold !== null && !(threshold > 0 && threshold <= 1))
      throw new ArgumentError(`${this.name}: expected a threshold above 0 and up to 1, got ${threshold}.`);
    this.average = average === null ? null : lookUp('average', averages, average);
    this.beta = beta;
    this.threshold = threshold;
  }

  private makeCounts(classes: number): Counts {
    const shape = this.average === 'micro' ? [] : [classes];
    return {
      truePositives: this.addVariable('true_positives', shape),
      falsePositives: this.addVariable('false_positives', shape),
      falseNegatives: this.addVariable('false_negatives', shape),
      weights: this.addVariable('intermediate_weights', shape),
    };
  }

  override updateState(yTrue: ops.TensorLike, yPred: ops.TensorLike, sampleWeight: ops.TensorLike | null = null): void {
    const [target, scores] = [yTrue, yPred].map((x) => inDType(toTensor(x, this.name, this.dtype), this.dtype));
    if (target.rank !== 2 || scores.rank !== 2)
      throw new ShapeError(
        `${this.name}: expected targets and predictions of shape [samples, classes], got ${formatShape(target.shape)} and ${formatShape(scores.shape)}.`,
      );
    this.counts ??= this.makeCounts(scores.shape[1]);
    const prediction = ops.cast(this.isYes(scores), this.dtype);
    const weights = sampleWeight === null ? null : toTensor(sampleWeight, this.name, this.dtype);
    const add = (variable: Variable, each: Tensor): void =>
      accumulate(variable, ops.sum(weights ? applyWeights(each, weights) : each, this.average === 'micro' ? null : 0));
    add(this.counts.truePositives, ops.mul(prediction, target));
    add(this.counts.falsePositives, ops.mul(prediction, ops.sub(1, target)));
    add(this.counts.falseNegatives, ops.mul(ops.sub(1, prediction), target));
    add(this.counts.weights, target);
  }

  private isYes(scores: Tensor): Tensor {
    if (this.threshold !== null) return ops.greater(scores, this.threshold);
    // A sample without any score says nothing.
    return ops.logicalAnd(ops.greaterEqual(scores, ops.max(scores, -1, true)), ops.greater(ops.abs(scores), 1e-9));
  }

  override result(): Tensor {
    if (!this.counts) return ops.scalar(0, this.dtype);
    const right = this.counts.truePositives.read();
    const shareOf = (wrong: Variable): Tensor => ops.div(right, ops.add(ops.add(right, wrong.read()), epsilon));
    const [precision, recall] = [shareOf(this.counts.falsePositives), shareOf(this.counts.falseNegatives)];
    const weighted = ops.add(ops.add(ops.mul(precision, this.beta ** 2), recall), epsilon);
    const score = ops.mul(ops.div(ops.mul(precision, recall), weighted), 1 + this.beta ** 2);
    if (this.average === null) return score;
    if (this.average !== 'weighted') return ops.mean(score);
    const weights = this.counts.weights.read();
    return ops.sum(ops.mul(score, ops.div(weights, ops.add(ops.sum(weights), epsilon))));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), average: this.average, beta: this.beta, threshold: this.threshold };
  }
}

/** 2 precision · recall / (precision + recall): {@link FBetaScore} with `beta` 1. */
export class F1Score extends FBetaScore {
  constructor(options: F1ScoreOptions = {}) {
    super({ name: 'f1_score', ...options, beta: 1 });
  }

  override getConfig(): Config {
    const { beta: _one, ...config } = super.getConfig();
    return config;
  }
}
