/** @file The best of one quantity where another is at least so much: recall at a precision, sensitivity at a specificity, ... */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type ConfusionCounts, evenThresholds } from './confusion.ts';
import { ConfusionCurve, share } from './confusion-curve.ts';
import type { MetricOptions } from './metric.ts';

export interface OperatingPointOptions extends MetricOptions {
  /** How many thresholds between 0 and 1 are tried; default 200. */
  numThresholds?: number;
  /** Only this class counts, by its place along the last axis. */
  classId?: number | null;
}

type Quantity = (counts: ConfusionCounts) => Tensor;
/** Of the true ones, how many are found; also called recall. */
const sensitivity: Quantity = ({ truePositives, falseNegatives }) => share(truePositives, falseNegatives);
/** Of the false ones, how many are left alone. */
const specificity: Quantity = ({ trueNegatives, falsePositives }) => share(trueNegatives, falsePositives);
/** Of what is predicted, how much is true. */
const precision: Quantity = ({ truePositives, falsePositives }) => share(truePositives, falsePositives);

/** What the four share: thresholds, and the search among them. */
abstract class OperatingPoint extends ConfusionCurve {
  readonly thresholds: readonly number[];
  readonly numThresholds: number;
  readonly classId: number | null;
  private readonly least: number;
  private readonly key: string;
  private readonly required: Quantity;
  private readonly wanted: Quantity;

  /** @param key - The option that holds the least value of `required`. */
  constructor(
    key: string,
    least: number,
    required: Quantity,
    wanted: Quantity,
    { numThresholds = 200, classId = null, ...options }: OperatingPointOptions,
  ) {
    super(options);
    if (!(least >= 0 && least <= 1))
      throw new ArgumentError(`${this.name}: expected ${key} between 0 and 1, got ${String(least)}.`);
    if (!(Number.isInteger(numThresholds) && numThresholds > 0))
      throw new ArgumentError(`${this.name}: expected numThresholds to be 1 or more, got ${numThresholds}.`);
    this.numThresholds = numThresholds;
    this.thresholds = numThresholds === 1 ? [0.5] : evenThresholds(numThresholds);
    this.classId = classId;
    this.least = least;
    this.key = key;
    this.required = required;
    this.wanted = wanted;
    this.makeCounts();
  }

  override updateState(yTrue: ops.TensorLike, yPred: ops.TensorLike, sampleWeight: ops.TensorLike | null = null): void {
    this.count(yTrue, yPred, sampleWeight, { classId: this.classId });
  }

  override result(): Tensor {
    const counts = this.counts();
    const isEnough = ops.greaterEqual(this.required(counts), this.least);
    return ops.max(ops.where(isEnough, this.wanted(counts), 0));
  }

  override getConfig(): Config {
    const { numThresholds, classId, key, least } = this;
    return { ...super.getConfig(), numThresholds, classId, [key]: least };
  }
}

/**
 * The largest sensitivity (recall) of all thresholds whose specificity is at least `specificity`.
 *
 * @example `new tf.metrics.SensitivityAtSpecificity({ specificity: 0.5 }).apply([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8])` is 0.5
 */
export class SensitivityAtSpecificity extends OperatingPoint {
  constructor({ specificity: least, ...options }: OperatingPointOptions & { specificity: number }) {
    super('specificity', least, specificity, sensitivity, options);
  }
}

/** The largest specificity of all thresholds whose sensitivity (recall) is at least `sensitivity`. */
export class SpecificityAtSensitivity extends OperatingPoint {
  constructor({ sensitivity: least, ...options }: OperatingPointOptions & { sensitivity: number }) {
    super('sensitivity', least, sensitivity, specificity, options);
  }
}

/** The largest precision of all thresholds whose recall is at least `recall`. */
export class PrecisionAtRecall extends OperatingPoint {
  constructor({ recall, ...options }: OperatingPointOptions & { recall: number }) {
    super('recall', recall, sensitivity, precision, options);
  }
}

/** The largest recall of all thresholds whose precision is at least `precision`. */
export class RecallAtPrecision extends OperatingPoint {
  constructor({ precision: least, ...options }: OperatingPointOptions & { precision: number }) {
    super('precision', least, precision, sensitivity, options);
  }
}
