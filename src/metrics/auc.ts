/** @file The area under a curve over all thresholds: ROC, precision-recall, or their gains. */
import { type Config, lookUp } from '../configuration.ts';
import { epsilon } from '../losses/operands.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { toTensor } from '../ops/convert.ts';
import { type ConfusionCounts, evenThresholds, toThresholds } from './confusion.ts';
import { ConfusionCurve, share } from './confusion-curve.ts';
import type { MetricOptions } from './metric.ts';

/** The points of a curve, from the lowest threshold to the highest: from right to left. */
type Curve = (counts: ConfusionCounts) => readonly [x: Tensor, y: Tensor];

const recall = ({ truePositives, falseNegatives }: ConfusionCounts): Tensor => share(truePositives, falseNegatives);
const precision = ({ truePositives, falsePositives }: ConfusionCounts): Tensor => share(truePositives, falsePositives);

/** 1 - (P / N) · wrong / right (Flach and Kull 2015); `none` where nothing is right. */
function gain(counts: ConfusionCounts, wrong: Tensor, none: number): Tensor {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = counts;
  const odds = ops.divNoNan(ops.add(truePositives, falseNegatives), ops.add(trueNegatives, falsePositives));
  const value = ops.sub(1, ops.mul(odds, ops.divNoNan(wrong, truePositives)));
  return ops.where(ops.equal(truePositives, 0), none, value);
}

const curves: Record<'ROC' | 'PR' | 'PRGAIN', Curve> = {
  ROC: (counts) => [share(counts.falsePositives, counts.trueNegatives), recall(counts)],
  PR: (counts) => [recall(counts), precision(counts)],
  PRGAIN: (counts) => [ops.relu(gain(counts, counts.falseNegatives, 0)), gain(counts, counts.falsePositives, 1)],
};

const summations = {
  interpolation: (left: Tensor, right: Tensor): Tensor => ops.mul(ops.add(left, right), 0.5),
  majoring: (left: Tensor, right: Tensor): Tensor => ops.maximum(left, right),
  minoring: (left: Tensor, right: Tensor): Tensor => ops.minimum(left, right),
};

/** All but the last, and all but the first, along the axis of thresholds. */
function neighbours(x: Tensor): [lower: Tensor, upper: Tensor] {
  const size = [x.shape[0] - 1, ...x.shape.slice(1)];
  const rest = size.slice(1).map(() => 0);
  return [ops.slice(x, [0, ...rest], size), ops.slice(x, [1, ...rest], size)];
}

/**
 * Areas under the precision-recall curve between thresholds. Between two of them true positives grow in proportion to positive
 * predictions, which bends the curve (Davis and Goadrich 2006).
 */
function precisionRecallAreas({ truePositives, falsePositives, falseNegatives }: ConfusionCounts): Tensor {
  const [lower, upper] = neighbours(truePositives);
  const [more, less] = neighbours(ops.add(truePositives, falsePositives));
  const gained = ops.sub(lower, upper);
  const slope = ops.divNoNan(gained, ops.relu(ops.sub(more, less)));
  const intercept = ops.sub(upper, ops.mul(slope, less));
  const ratio = ops.where(
    ops.logicalAnd(ops.greater(more, 0), ops.greater(less, 0)),
    ops.divNoNan(more, ops.relu(less)),
    1,
  );
  const area = ops.mul(slope, ops.add(gained, ops.mul(intercept, ops.log(ratio))));
  const [, missed] = neighbours(falseNegatives);
  return ops.divNoNan(area, ops.relu(ops.add(upper, missed)));
}

export interface AUCOptions extends MetricOptions {
  /** How many thresholds the curve has; default 200. */
  numThresholds?: number;
  /** `ROC` (default), `PR` for precision over recall, or `PRGAIN` for their gains. */
  curve?: 'ROC' | 'PR' | 'PRGAIN' | (string & {});
  /** Between thresholds the mean of both ends (`interpolation`, default), the higher one (`majoring`) or the lower one. */
  summationMethod?: keyof typeof summations | (string & {});
  /** Thresholds between 0 and 1, instead of even ones; -1e-7 and 1 + 1e-7 are added. */
  thresholds?: readonly number[] | null;
  /** A curve for each label, [samples, labels], and the mean of their areas; default all of them in one curve. */
  multiLabel?: boolean;
  /** How many labels there are, so that the state can be made before the first batch. */
  numLabels?: number | null;
  /** Weights of the labels: of their areas with `multiLabel`, else of their predictions. */
  labelWeights?: readonly number[] | null;
  /** Predictions are logits, not probabilities; default false. */
  fromLogits?: boolean;
}

/**
 * The area under the ROC curve (the recall over the share of false ones that are taken for true), or another one; from
 * 0.5 for guessing to 1 for predictions that keep true and false apart.
 *
 * @example `new tf.metrics.AUC({ numThresholds: 3 }).apply([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])` is 0.75
 */
export class AUC extends ConfusionCurve {
  readonly thresholds: readonly number[];
  readonly numThresholds: number;
  readonly curve: keyof typeof curves;
  readonly summationMethod: keyof typeof summations;
  readonly multiLabel: boolean;
  readonly numLabels: number | null;
  readonly labelWeights: readonly number[] | null;
  readonly fromLogits: boolean;
  private readonly hasOwnThresholds: boolean;

  constructor({
    numThresholds = 200,
    curve = 'ROC',
    summationMethod = 'interpolation',
    thresholds = null,
    multiLabel = false,
    numLabels = null,
    labelWeights = null,
    fromLogits = false,
    ...options
  }: AUCOptions = {}) {
    super(options);
    const names = <K extends string>(table: Record<K, unknown>): Record<K, K> =>
      Object.fromEntries(Object.keys(table).map((name) => [name, name])) as Record<K, K>;
    this.curve = lookUp('curve', names(curves), curve);
    this.summationMethod = lookUp('summation method', names(summations), summationMethod);
    this.hasOwnThresholds = thresholds !== null;
    if (thresholds) {
      const inner = [...toThresholds(this.name, thresholds, 0)].sort((a, b) => a - b);
      this.thresholds = [-epsilon, ...inner, 1 + epsilon];
    } else {
      if (!(Number.isInteger(numThresholds) && numThresholds > 1))
        throw new ArgumentError(`${this.name}: expected numThresholds to be 2 or more, got ${numThresholds}.`);
      this.thresholds = evenThresholds(numThresholds, epsilon);
    }
    this.numThresholds = this.thresholds.length;
    if (numLabels && !multiLabel)
      throw new ArgumentError(`${this.name}: numLabels is for multiLabel: true, which was not given.`);
    this.multiLabel = multiLabel;
    this.numLabels = numLabels;
    this.labelWeights = labelWeights;
    this.fromLogits = fromLogits;
    if (!multiLabel) this.makeCounts();
    else if (numLabels) this.makeCounts(numLabels);
  }

  override updateState(yTrue: ops.TensorLike, yPred: ops.TensorLike, sampleWeight: ops.TensorLike | null = null): void {
    const given = toTensor(yPred, this.name);
    if (this.multiLabel && given.rank !== 2)
      throw new ShapeError(
        `${this.name}: with multiLabel expected predictions of shape [samples, labels], got ${formatShape(given.shape)}.`,
      );
    if (!this.hasCounts) this.makeCounts(given.shape[1]);
    this.count(yTrue, this.fromLogits ? ops.sigmoid(given) : given, sampleWeight, this);
  }

  override result(): Tensor {
    const areas = this.areas(this.counts());
    if (!this.multiLabel || areas.rank === 1) return ops.sum(areas);
    const ofLabels = ops.sum(areas, 0);
    if (!this.labelWeights) return ops.mean(ofLabels);
    const weights = ops.tensor([...this.labelWeights], null, this.dtype);
    return ops.divNoNan(ops.sum(ops.mul(ofLabels, weights)), ops.sum(weights));
  }

  /** Between each two thresholds. */
  private areas(counts: ConfusionCounts): Tensor {
    if (this.curve === 'PR' && this.summationMethod === 'interpolation') return precisionRecallAreas(counts);
    const [x, y] = curves[this.curve](counts);
    const [right, left] = neighbours(x);
    return ops.mul(ops.sub(right, left), summations[this.summationMethod](...neighbours(y)));
  }

  override getConfig(): Config {
    const { numThresholds, curve, summationMethod, multiLabel, numLabels, labelWeights, fromLogits } = this;
    return {
      ...super.getConfig(),
      numThresholds,
      curve,
      summationMethod,
      multiLabel,
      numLabels,
      labelWeights,
      fromLogits,
      ...(this.hasOwnThresholds && { thresholds: this.thresholds.slice(1, -1) }),
    };
  }
}
