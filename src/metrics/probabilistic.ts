/** @file Means of cross-entropies and of what else compares distributions. */
import {
  type CrossentropyOptions,
  type SparseCrossentropyOptions,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from '../losses/crossentropy.ts';
import { klDivergence, poisson } from '../losses/distributions.ts';
import type { MetricOptions } from './metric.ts';
import { FunctionMean } from './reduction.ts';

/** Mean of Σ yTrue log(yTrue / yPred). */
export class KLDivergence extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: klDivergence });
  }
}

/** Mean of yPred - yTrue log(yPred). */
export class Poisson extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: poisson });
  }
}

/** Mean cross-entropy of independent yes-or-no targets. */
export class BinaryCrossentropy extends FunctionMean {
  constructor({
    fromLogits = false,
    labelSmoothing = 0,
    ...options
  }: MetricOptions & Omit<CrossentropyOptions, 'axis'> = {}) {
    super({ ...options, fn: binaryCrossentropy, fromLogits, labelSmoothing });
  }
}

/** Mean cross-entropy of one-hot targets. */
export class CategoricalCrossentropy extends FunctionMean {
  constructor({
    fromLogits = false,
    labelSmoothing = 0,
    axis = -1,
    ...options
  }: MetricOptions & CrossentropyOptions = {}) {
    super({ ...options, fn: categoricalCrossentropy, fromLogits, labelSmoothing, axis });
  }
}

/** Mean cross-entropy of class numbers. */
export class SparseCategoricalCrossentropy extends FunctionMean {
  constructor({
    fromLogits = false,
    ignoreClass = null,
    axis = -1,
    ...options
  }: MetricOptions & SparseCrossentropyOptions = {}) {
    super({ ...options, fn: sparseCategoricalCrossentropy, fromLogits, ignoreClass, axis });
  }
}
