/** @file Means of the losses with a margin. */
import { categoricalHinge, hinge, squaredHinge } from '../losses/hinge.ts';
import type { MetricOptions } from './metric.ts';
import { FunctionMean } from './reduction.ts';

/** Mean of max(0, 1 - yTrue yPred), of targets -1 and 1, or 0 and 1. */
export class Hinge extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: hinge });
  }
}

/** Mean of max(0, 1 - yTrue yPred)², of targets -1 and 1, or 0 and 1. */
export class SquaredHinge extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: squaredHinge });
  }
}

/** Mean of max(0, 1 + the largest wrong prediction - the right one), of one-hot targets. */
export class CategoricalHinge extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: categoricalHinge });
  }
}
