/** @file What `compile` sets: optimizer, loss and metrics of a model, and their state. */
import { initScope } from '../tracing/trace.ts';
import { getLoss, type Loss, type LossIdentifier } from '../losses/index.ts';
import { checkMetric, getMetric, Mean, type Metric, type MetricIdentifier } from '../metrics/index.ts';
import * as ops from '../ops/index.ts';
import { getOptimizer, type Optimizer, type OptimizerIdentifier } from '../optimizers/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Batch } from './data.ts';

export interface CompileOptions {
  /** Default `rmsprop`. */
  optimizer?: OptimizerIdentifier;
  loss: LossIdentifier;
  /** Watched besides the loss. `accuracy` takes the one that fits the targets. */
  metrics?: MetricIdentifier | readonly MetricIdentifier[];
  /** Runs each step operation by operation instead of as one graph: slower, but can be debugged. Default false. */
  runEagerly?: boolean;
}

type HasShape = Pick<Tensor, 'shape'>;

/** Optimizer, loss and metrics of one model. */
export class Compilation {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly runEagerly: boolean;
  private readonly identifiers: readonly MetricIdentifier[];
  private readonly lossTracker = new Mean({ name: 'loss' });
  private resolved: readonly Metric[] | null = null;

  constructor({ optimizer = 'rmsprop', loss, metrics = [], runEagerly = false }: CompileOptions) {
    if (!loss) throw new ArgumentError(`compile: expected a loss, such as { loss: 'meanSquaredError' }; got ${loss}.`);
    this.optimizer = getOptimizer(optimizer);
    this.loss = getLoss(loss);
    this.identifiers = Array.isArray(metrics) ? metrics : [metrics as MetricIdentifier];
    this.identifiers.forEach(checkMetric);
    this.runEagerly = runEagerly;
  }

  /** Makes the metrics, once the shapes that `accuracy` depends on are known. */
  resolveMetrics(yTrue: HasShape, yPred: HasShape): readonly Metric[] {
    this.resolved ??= initScope(() => this.identifiers.map((identifier) => getMetric(identifier, yTrue, yPred)));
    return this.resolved;
  }

  /** The loss's mean, then the metrics. */
  get metrics(): readonly Metric[] {
    return [this.lossTracker, ...(this.resolved ?? [])];
  }

  resetMetrics(): void {
    for (const metric of this.metrics) metric.resetState();
  }

  /** Takes one batch into the loss's mean and the metrics (which go unweighted); gives their values so far. */
  updateMetrics({ x, y }: Batch, yPred: Tensor, loss: Tensor): Record<string, Tensor> {
    // Batches count by their samples: the last one may be smaller.
    this.lossTracker.updateState(loss, ops.scalar(x.shape[0]));
    for (const metric of this.resolveMetrics(y, yPred)) metric.updateState(y, yPred);
    return this.results();
  }

  /** Values so far by name. */
  results(): Record<string, Tensor> {
    return Object.fromEntries(this.metrics.map((metric) => [metric.name, metric.result()]));
  }
}
