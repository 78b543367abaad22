/** @file Intersection over union, for segmentation: of some classes, of all, of one-hot and binary targets. */
import type { Config } from '../configuration.ts';
import { epsilon } from '../losses/operands.ts';
import { applyWeights } from '../losses/weighting.ts';
import { toTensor } from '../ops/convert.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { Metric, type MetricOptions, accumulate } from './metric.ts';

type TensorLike = ops.TensorLike;

export interface MeanIoUOptions extends MetricOptions {
  /** How many classes there are; targets and predictions beyond do not count. */
  numClasses: number;
  /** A class whose targets do not count. */
  ignoreClass?: number | null;
  /** Targets are class numbers (default), not one-hot. */
  sparseYTrue?: boolean;
  /** Predictions are class numbers (default), not scores of classes. */
  sparseYPred?: boolean;
  /** The axis of classes where they have one; default the last. */
  axis?: number;
}

export interface IoUOptions extends MeanIoUOptions {
  /** The classes whose mean is taken. */
  targetClassIds: readonly number[];
}

/**
 * The mean over some classes of true positives / (true positives + false positives + false negatives), gathered in a table of
 * confusion. Classes that neither targets nor predictions have do not count.
 *
 * The state is int32, so weights are cut to whole numbers; with `dtype: 'float32'` they may be fractions.
 *
 * @example `new tf.metrics.IoU({ numClasses: 2, targetClassIds: [0] }).apply([0, 0, 1, 1], [0, 1, 0, 1])` is 0.333
 */
export class IoU extends Metric {
  override readonly direction = 'up';
  readonly numClasses: number;
  readonly targetClassIds: readonly number[];
  readonly ignoreClass: number | null;
  readonly sparseYTrue: boolean;
  readonly sparseYPred: boolean;
  readonly axis: number;
  /** Targets by rows, predictions by columns. */
  readonly totalConfusion: Variable;

  constructor({
    numClasses,
    targetClassIds,
    ignoreClass = null,
    sparseYTrue = true,
    sparseYPred = true,
    axis = -1,
    ...options
  }: IoUOptions) {
    super({ ...options, dtype: options.dtype ?? 'int32' });
    if (!(Number.isInteger(numClasses) && numClasses > 0))
      throw new ArgumentError(`${this.name}: expected numClasses to be 1 or more, got ${String(numClasses)}.`);
    const wrong = targetClassIds.find((id) => !(Number.isInteger(id) && id >= 0 && id < numClasses));
    if (wrong !== undefined || targetClassIds.length === 0)
      throw new ArgumentError(
        `${this.name}: expected targetClassIds from 0 to ${numClasses - 1}, got [${targetClassIds.join(', ')}].`,
      );
    this.numClasses = numClasses;
    this.targetClassIds = [...targetClassIds];
    this.ignoreClass = ignoreClass;
    this.sparseYTrue = sparseYTrue;
    this.sparseYPred = sparseYPred;
    this.axis = axis;
    this.totalConfusion = this.addVariable('total_confusion_matrix', [numClasses, numClasses]);
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight: TensorLike | null = null): void {
    const [target, prediction] = [this.labels(yTrue, this.sparseYTrue), this.labels(yPred, this.sparseYPred)];
    if (target.size !== prediction.size)
      throw new ShapeError(
        `${this.name}: expected as many targets as predictions, got ${formatShape(target.shape)} and ${formatShape(prediction.shape)}.`,
      );
    const [t, p] = [target, prediction].map((labels) => ops.reshape(labels, [-1]));
    const exists = (labels: Tensor): Tensor =>
      ops.logicalAnd(ops.greaterEqual(labels, 0), ops.less(labels, this.numClasses));
    const known = ops.logicalAnd(exists(t), exists(p));
    const counts = this.ignoreClass === null ? known : ops.logicalAnd(known, ops.notEqual(t, this.ignoreClass));
    // A place in the table; nothing has a negative one.
    const place = ops.where(counts, ops.add(ops.mul(t, this.numClasses), p), -1);
    const table = ops.unsortedSegmentSum(this.weights(target, sampleWeight), place, this.numClasses ** 2);
    accumulate(this.totalConfusion, ops.reshape(table, [this.numClasses, this.numClasses]));
  }

  private labels(values: TensorLike, areSparse: boolean): Tensor {
    const given = toTensor(values, this.name);
    return ops.cast(areSparse ? given : ops.argMax(given, this.axis), 'int32');
  }

  /** One for each target: as many are given, or one for a sample and all in it. */
  private weights(target: Tensor, sampleWeight: TensorLike | null): Tensor {
    const ones = ops.ones([...target.shape], this.dtype);
    if (sampleWeight === null) return ops.reshape(ones, [-1]);
    const given = ops.cast(sampleWeight, this.dtype);
    return ops.reshape(given.size === target.size ? given : applyWeights(ones, given), [-1]);
  }

  override result(): Tensor {
    const table = ops.cast(this.totalConfusion.read(), 'float32');
    const right = ops.sum(ops.mul(table, ops.eye(this.numClasses)), 0);
    const union = ops.sub(ops.add(ops.sum(table, 0), ops.sum(table, 1)), right);
    const chosen = (x: Tensor): Tensor => ops.gather(x, [...this.targetClassIds]);
    const [intersections, unions] = [chosen(right), chosen(union)];
    const isThere = ops.greater(unions, 1e-9);
    const each = ops.where(isThere, ops.div(intersections, ops.add(unions, epsilon)), 0);
    return ops.div(ops.sum(each), ops.add(ops.sum(ops.cast(isThere, 'float32')), epsilon));
  }

  override getConfig(): Config {
    const { numClasses, targetClassIds, ignoreClass, sparseYTrue, sparseYPred, axis } = this;
    return { ...super.getConfig(), numClasses, targetClassIds, ignoreClass, sparseYTrue, sparseYPred, axis };
  }
}

export interface BinaryIoUOptions extends MetricOptions {
  /** Whose mean is taken: `[0]`, `[1]`, or both (default). */
  targetClassIds?: readonly number[];
  /** From it on a prediction means 1; default 0.5. */
  threshold?: number;
}

/** {@link IoU} of targets 0 and 1 and predictions between them. @example `new tf.metrics.BinaryIoU({ threshold: 0.3 })` */
export class BinaryIoU extends IoU {
  readonly threshold: number;

  constructor({ targetClassIds = [0, 1], threshold = 0.5, ...options }: BinaryIoUOptions = {}) {
    super({ ...options, numClasses: 2, targetClassIds });
    this.threshold = threshold;
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight: TensorLike | null = null): void {
    const isOne = ops.greaterEqual(ops.cast(yPred, 'float32'), this.threshold);
    super.updateState(yTrue, ops.cast(isOne, 'int32'), sampleWeight);
  }

  override getConfig(): Config {
    const { name, dtype, targetClassIds, threshold } = this;
    return { name, dtype, targetClassIds, threshold };
  }
}

/** All classes. */
const upTo = (count: number): number[] => Array.from({ length: Math.max(0, count) }, (_, i) => i);

/** {@link IoU} of all classes. @example `new tf.metrics.MeanIoU({ numClasses: 2 }).apply([0, 0, 1, 1], [0, 1, 0, 1])` is 0.333 */
export class MeanIoU extends IoU {
  constructor(options: MeanIoUOptions) {
    super({ ...options, targetClassIds: upTo(options.numClasses) });
  }

  override getConfig(): Config {
    const { targetClassIds: _all, ...config } = super.getConfig();
    return config;
  }
}

/** {@link IoU} of one-hot targets, and predictions that are scores of classes unless `sparseYPred` says otherwise. */
export class OneHotIoU extends IoU {
  constructor({ sparseYPred = false, ...options }: Omit<IoUOptions, 'sparseYTrue'>) {
    super({ ...options, sparseYTrue: false, sparseYPred });
  }

  override getConfig(): Config {
    const { sparseYTrue: _never, ...config } = super.getConfig();
    return config;
  }
}

/** {@link MeanIoU} of one-hot targets, and predictions that are scores of classes unless `sparseYPred` says otherwise. */
export class OneHotMeanIoU extends MeanIoU {
  constructor({ sparseYPred = false, ...options }: Omit<MeanIoUOptions, 'sparseYTrue'>) {
    super({ ...options, sparseYTrue: false, sparseYPred });
  }

  override getConfig(): Config {
    const { sparseYTrue: _never, ...config } = super.getConfig();
    return config;
  }
}
