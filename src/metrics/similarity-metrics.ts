/** @file Means over samples of how well predictions go along with targets. */
import type { AxisOptions } from '../losses/regression.ts';
import type { MetricOptions } from './metric.ts';
import { FunctionMean } from './reduction.ts';
import { concordanceCorrelation, cosineSimilarity, pearsonCorrelation } from './similarity.ts';

/** Mean of the cosine of the angle between targets and predictions along `axis`: 1 for the same direction. */
export class CosineSimilarity extends FunctionMean {
  override readonly direction = 'up';

  constructor({ axis = -1, ...options }: MetricOptions & AxisOptions = {}) {
    super({ ...options, fn: cosineSimilarity, axis });
  }
}

/** Mean of {@link pearsonCorrelation} over samples. @param axis - Default the last; 0 correlates over the batch. */
export class PearsonCorrelation extends FunctionMean {
  override readonly direction = 'up';

  constructor({ axis = -1, ...options }: MetricOptions & AxisOptions = {}) {
    super({ ...options, fn: pearsonCorrelation, axis });
  }
}

/** Mean of {@link concordanceCorrelation} over samples. @param axis - Default the last; 0 correlates over the batch. */
export class ConcordanceCorrelation extends FunctionMean {
  override readonly direction = 'up';

  constructor({ axis = -1, ...options }: MetricOptions & AxisOptions = {}) {
    super({ ...options, fn: concordanceCorrelation, axis });
  }
}
