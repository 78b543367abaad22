/** @file How often predictions are right. */
import {
  type SparseTopKOptions,
  type ThresholdOptions,
  type TopKOptions,
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from './accuracy.ts';
import type { MetricOptions } from './metric.ts';
import { FunctionMean } from './reduction.ts';

/** How often predictions equal targets. @example `new tf.metrics.Accuracy().apply([1, 2], [1, 3])` is 0.5 */
export class Accuracy extends FunctionMean {
  override readonly direction = 'up';

  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: accuracy });
  }
}

/** How often predictions above `threshold` (default 0.5) are those with target 1. */
export class BinaryAccuracy extends FunctionMean {
  override readonly direction = 'up';

  constructor({ threshold = 0.5, ...options }: MetricOptions & ThresholdOptions = {}) {
    super({ ...options, fn: binaryAccuracy, threshold });
  }
}

/** How often the most likely class is the one-hot target's. */
export class CategoricalAccuracy extends FunctionMean {
  override readonly direction = 'up';

  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: categoricalAccuracy });
  }
}

/** How often the most likely class is the one whose number is the target. */
export class SparseCategoricalAccuracy extends FunctionMean {
  override readonly direction = 'up';

  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: sparseCategoricalAccuracy });
  }
}

/** How often the one-hot target's class is among the `k` (default 5) most likely ones. */
export class TopKCategoricalAccuracy extends FunctionMean {
  override readonly direction = 'up';

  constructor({ k = 5, ...options }: MetricOptions & TopKOptions = {}) {
    super({ ...options, fn: topKCategoricalAccuracy, k });
  }
}

/** How often the class whose number is the target is among the `k` (default 5) most likely ones. */
export class SparseTopKCategoricalAccuracy extends FunctionMean {
  override readonly direction = 'up';

  constructor({ k = 5, fromSortedIds = false, ...options }: MetricOptions & SparseTopKOptions = {}) {
    // Versions of Keras before it came refuse the key.
    super({ ...options, fn: sparseTopKCategoricalAccuracy, k, ...(fromSortedIds && { fromSortedIds }) });
  }
}
