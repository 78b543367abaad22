/** @file Metrics that add values up: Sum, Mean, and the mean of a function of targets and predictions. */
import { snakeCase } from '../configuration.ts';
import { applyWeights } from '../losses/weighting.ts';
import * as ops from '../ops/index.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { Metric, type MetricOptions } from './metric.ts';

type Values = Tensor | number;

const toFloat = (values: Values): Tensor =>
  typeof values === 'number' ? ops.scalar(values) : ops.cast(values, 'float32');

/** The (weighted) sum of all values. */
export class Sum extends Metric {
  readonly total: Variable;

  constructor(options?: MetricOptions) {
    super(options);
    this.total = this.addVariable('total');
  }

  override updateState(values: Values, sampleWeight?: Tensor | null): void {
    const floats = toFloat(values);
    const weighted = sampleWeight ? applyWeights(floats, sampleWeight) : floats;
    this.total.assign(ops.add(this.total.read(), ops.sum(weighted)));
  }

  override result(): Tensor {
    return this.total.read();
  }
}

/** The (weighted) mean of all values: their weighted sum over the sum of the weights; 0 before the first. */
export class Mean extends Metric {
  readonly total: Variable;
  readonly count: Variable;

  constructor(options?: MetricOptions) {
    super(options);
    this.total = this.addVariable('total');
    this.count = this.addVariable('count');
  }

  override updateState(values: Values, sampleWeight?: Tensor | null): void {
    const floats = toFloat(values);
    if (!sampleWeight) return this.addTotals(ops.sum(floats), ops.scalar(floats.size));
    const weighted = applyWeights(floats, sampleWeight);
    // A weight that stands for several values below it counts once for each of them.
    const perWeight = weighted.size / sizeOf(sampleWeight.shape);
    this.addTotals(ops.sum(weighted), ops.mul(ops.sum(ops.cast(sampleWeight, 'float32')), perWeight));
  }

  private addTotals(sum: Tensor, count: Tensor): void {
    this.total.assign(ops.add(this.total.read(), sum));
    this.count.assign(ops.add(this.count.read(), count));
  }

  override result(): Tensor {
    return ops.divNoNan(this.total.read(), this.count.read());
  }
}

/** One value for each sample (or each prediction), of targets and predictions. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** The mean of `fn(yTrue, yPred)` over all samples. */
export class MeanMetric extends Metric {
  private readonly fn: MetricFunction;
  private readonly mean: Mean;

  constructor(fn: MetricFunction, options: MetricOptions = {}) {
    super({ name: options.name ?? (snakeCase(fn.name) || 'custom_metric') });
    this.fn = fn;
    this.mean = new Mean({ name: this.name });
    this.variables.push(...this.mean.variables);
  }

  override updateState(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor | null): void {
    this.mean.updateState(this.fn(yTrue, yPred), sampleWeight);
  }

  override result(): Tensor {
    return this.mean.result();
  }
}
