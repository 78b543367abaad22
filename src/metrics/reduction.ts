/** @file Metrics that add values up: Sum, Mean, and the mean of a function of targets and predictions. */
import { type Config, snakeCase } from '../configuration.ts';
import {
  type LossFunction,
  type SerializedFunction,
  isLossFunction,
  isSerializedFunction,
  serializeFunction,
} from '../losses/functions.ts';
import { inDType } from '../losses/operands.ts';
import { maskWeights } from '../losses/weighting.ts';
import { toTensor } from '../ops/convert.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { functionNamed, metricFunctions } from './functions.ts';
import { Metric, type MetricOptions, accumulate } from './metric.ts';
import { samplewise } from './samplewise.ts';

type TensorLike = ops.TensorLike;

/** The (weighted) sum of all values. @example `new tf.metrics.Sum().apply([1, 3, 5])` is 9 */
export class Sum extends Metric {
  readonly total: Variable;

  constructor(options: MetricOptions = {}) {
    super({ name: 'sum', ...options });
    this.total = this.addVariable('total');
  }

  override updateState(values: TensorLike, sampleWeight: TensorLike | null = null): void {
    const given = toTensor(values, this.name);
    const weights = sampleWeight === null ? null : toTensor(sampleWeight, this.name);
    accumulate(this.total, ops.sum(samplewise(given, weights, ops.sum, this.dtype).values));
  }

  override result(): Tensor {
    return this.total.read();
  }
}

/**
 * The (weighted) mean of all values: of the mean of each sample, the weighted sum over the sum of the weights; 0 before the
 * first.
 *
 * @example `new tf.metrics.Mean().apply([1, 3, 5], [1, 1, 0])` is 2
 */
export class Mean extends Metric {
  readonly total: Variable;
  readonly count: Variable;

  constructor(options: MetricOptions = {}) {
    super({ name: 'mean', ...options });
    this.total = this.addVariable('total');
    this.count = this.addVariable('count');
  }

  override updateState(values: TensorLike, sampleWeight: TensorLike | null = null): void {
    const given = toTensor(values, this.name);
    if (sampleWeight === null) return this.addUnweighted(given);
    const { values: each, weights } = samplewise(given, toTensor(sampleWeight, this.name), ops.mean, this.dtype);
    this.addTotals(ops.sum(each), ops.sum(weights as Tensor));
  }

  private addUnweighted(given: Tensor): void {
    const samples = given.shape[0] ?? 1;
    const sum = ops.sum(inDType(given, this.dtype));
    const share = given.size > 0 ? samples / given.size : 1;
    this.addTotals(share === 1 ? sum : ops.mul(sum, share), ops.scalar(samples, this.dtype));
  }

  private addTotals(sum: Tensor, count: Tensor): void {
    accumulate(this.total, sum);
    accumulate(this.count, count);
  }

  override result(): Tensor {
    return ops.divNoNan(this.total.read(), this.count.read());
  }
}

/** One value for each sample (or each prediction), of targets and predictions; `options` are the function's own. */
export type MetricFunction = LossFunction;

export interface FunctionMetricOptions extends MetricOptions {
  /** Gives values of targets and predictions, one for each sample or each prediction. */
  fn: MetricFunction | SerializedFunction;
  /** All other options go to the function. */
  [option: string]: unknown;
}

/**
 * The mean of `fn(yTrue, yPred)` over all samples. `compile` makes it of a plain function.
 *
 * @example `new tf.metrics.MeanMetricWrapper({ fn: tf.metrics.binaryAccuracy, threshold: 0.7 })`
 */
export class MeanMetricWrapper extends Mean {
  override readonly direction: 'up' | 'down' | null;
  readonly fn: MetricFunction;
  protected readonly fnOptions: Config;

  constructor({ fn, name, dtype, ...fnOptions }: FunctionMetricOptions) {
    const own = isSerializedFunction(fn) ? functionNamed(fn) : fn;
    if (typeof own !== 'function')
      throw new ArgumentError(`MeanMetricWrapper: expected fn to be a function of (yTrue, yPred), got ${String(fn)}.`);
    super({ name: name ?? (snakeCase(own.name) || 'custom_metric'), dtype });
    this.fn = own;
    this.fnOptions = fnOptions;
    this.direction = isLossFunction(own) ? 'down' : null;
  }

  override updateState(
    yTrue: TensorLike,
    yPred: TensorLike,
    sampleWeight: TensorLike | null = null,
    mask: TensorLike | null = null,
  ): void {
    const [target, prediction] = [toTensor(yTrue, this.name), toTensor(yPred, this.name)];
    const values =
      Object.keys(this.fnOptions).length > 0
        ? this.fn(target, prediction, this.fnOptions)
        : this.fn(target, prediction);
    const weights = sampleWeight === null ? null : toTensor(sampleWeight, this.name);
    super.updateState(
      values,
      maskWeights(weights, mask === null ? null : toTensor(mask, this.name), this.dtype, 'sum'),
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), fn: serializeFunction(this.fn, metricFunctions), ...this.fnOptions };
  }
}

/** The mean of a function that the class is named after: its config does not hold the function. */
export abstract class FunctionMean extends MeanMetricWrapper {
  override getConfig(): Config {
    const { fn: _fn, ...config } = super.getConfig();
    return config;
  }
}
