/** @file How many predictions are right and wrong: true and false positives and negatives, precision, recall. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { type ConfusionCounts, belowAll, countConfusion, toThresholds } from './confusion.ts';
import { Metric, type MetricOptions, accumulate } from './metric.ts';

type TensorLike = ops.TensorLike;

/** A scalar for one threshold, else a value for each. */
const forThresholds = (values: Tensor): Tensor => (values.size === 1 ? ops.reshape(values, []) : values);

export interface ThresholdsOptions {
  /** Above it a prediction is positive; of a list there is a result for each. From 0 to 1, default 0.5. */
  thresholds?: number | readonly number[] | null;
}

/** How many (or of what weight) predictions are in one field of the table of confusion. */
abstract class ConfusionCount extends Metric {
  readonly thresholds: readonly number[];
  readonly accumulator: Variable;
  protected abstract readonly field: keyof ConfusionCounts;
  private readonly givenThresholds: ThresholdsOptions['thresholds'];

  constructor({ thresholds = null, ...options }: MetricOptions & ThresholdsOptions = {}) {
    super(options);
    this.givenThresholds = thresholds;
    this.thresholds = toThresholds(this.name, thresholds, 0.5);
    this.accumulator = this.addVariable('accumulator', [this.thresholds.length]);
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight: TensorLike | null = null): void {
    accumulate(this.accumulator, countConfusion(yTrue, yPred, sampleWeight, this)[this.field]);
  }

  override result(): Tensor {
    return forThresholds(this.accumulator.read());
  }

  override getConfig(): Config {
    return { ...super.getConfig(), thresholds: this.givenThresholds };
  }
}

/** How many targets of 1 are predicted. @example `new tf.metrics.TruePositives().apply([0, 1, 1], [1, 0, 1])` is 1 */
export class TruePositives extends ConfusionCount {
  protected override readonly field = 'truePositives';
}

/** How many targets of 0 are predicted to be 1. @example `new tf.metrics.FalsePositives().apply([0, 1, 0], [1, 0, 1])` is 2 */
export class FalsePositives extends ConfusionCount {
  protected override readonly field = 'falsePositives';
}

/** How many targets of 0 are predicted. @example `new tf.metrics.TrueNegatives().apply([0, 1, 0], [1, 0, 0])` is 1 */
export class TrueNegatives extends ConfusionCount {
  protected override readonly field = 'trueNegatives';
}

/** How many targets of 1 are predicted to be 0. @example `new tf.metrics.FalseNegatives().apply([0, 1, 1], [1, 0, 0])` is 2 */
export class FalseNegatives extends ConfusionCount {
  protected override readonly field = 'falseNegatives';
}

export interface PrecisionRecallOptions extends ThresholdsOptions {
  /** Positive are only the k largest predictions of a sample; then thresholds are none by default. */
  topK?: number | null;
  /** Only this class counts, by its place along the last axis. */
  classId?: number | null;
}

/** What precision and recall share: true positives, and wrong ones of a kind. */
abstract class RightAmong extends Metric {
  override readonly direction = 'up';
  readonly thresholds: readonly number[];
  readonly topK: number | null;
  readonly classId: number | null;
  readonly truePositives: Variable;
  private readonly wrong: Variable;
  private readonly wrongField: 'falsePositives' | 'falseNegatives';
  private readonly givenThresholds: ThresholdsOptions['thresholds'];

  constructor(
    wrongField: 'falsePositives' | 'falseNegatives',
    { thresholds = null, topK = null, classId = null, ...options }: MetricOptions & PrecisionRecallOptions,
  ) {
    super(options);
    if (topK !== null && !(Number.isInteger(topK) && topK > 0))
      throw new ArgumentError(`${this.name}: expected topK to be 1 or more, got ${topK}.`);
    if (classId !== null && !(Number.isInteger(classId) && classId >= 0))
      throw new ArgumentError(`${this.name}: expected classId to be 0 or more, got ${classId}.`);
    this.givenThresholds = thresholds;
    this.thresholds = toThresholds(this.name, thresholds, topK === null ? 0.5 : belowAll);
    this.topK = topK;
    this.classId = classId;
    this.wrongField = wrongField;
    this.truePositives = this.addVariable('true_positives', [this.thresholds.length]);
    const fieldName = wrongField === 'falsePositives' ? 'false_positives' : 'false_negatives';
    this.wrong = this.addVariable(fieldName, [this.thresholds.length]);
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight: TensorLike | null = null): void {
    const counts = countConfusion(yTrue, yPred, sampleWeight, this);
    accumulate(this.truePositives, counts.truePositives);
    accumulate(this.wrong, counts[this.wrongField]);
  }

  override result(): Tensor {
    const right = this.truePositives.read();
    return forThresholds(ops.divNoNan(right, ops.add(right, this.wrong.read())));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), thresholds: this.givenThresholds, topK: this.topK, classId: this.classId };
  }
}

/**
 * How many of the positive predictions are right: true positives over true and false ones; 0 without any.
 *
 * @example `new tf.metrics.Precision().apply([0, 1, 1, 1], [1, 0, 1, 1])` is 0.667
 */
export class Precision extends RightAmong {
  constructor(options: MetricOptions & PrecisionRecallOptions = {}) {
    super('falsePositives', options);
  }
}

/**
 * How many of the true ones are found: true positives over these and false negatives; 0 without any.
 *
 * @example `new tf.metrics.Recall().apply([0, 1, 1, 1], [1, 0, 1, 1])` is 0.667
 */
export class Recall extends RightAmong {
  constructor(options: MetricOptions & PrecisionRecallOptions = {}) {
    super('falseNegatives', options);
  }
}
