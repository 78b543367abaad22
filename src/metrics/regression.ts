/** @file Metrics of numbers: means of errors and the root of the squared one. */
import {
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from '../losses/regression.ts';
import { align } from '../losses/operands.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { MetricOptions } from './metric.ts';
import { FunctionMean, Mean } from './reduction.ts';

/** Mean of (yTrue - yPred)². @example `new tf.metrics.MeanSquaredError().apply([[0, 1]], [[1, 3]])` is 2.5 */
export class MeanSquaredError extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: meanSquaredError });
  }
}

/** Mean of |yTrue - yPred|. */
export class MeanAbsoluteError extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: meanAbsoluteError });
  }
}

/** Mean of 100 |(yTrue - yPred) / yTrue|. */
export class MeanAbsolutePercentageError extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: meanAbsolutePercentageError });
  }
}

/** Mean of (log(yTrue + 1) - log(yPred + 1))². */
export class MeanSquaredLogarithmicError extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, fn: meanSquaredLogarithmicError });
  }
}

/** Mean of log(cosh(yPred - yTrue)). */
export class LogCoshError extends FunctionMean {
  constructor(options: MetricOptions = {}) {
    super({ name: 'logcosh', ...options, fn: logCosh });
  }
}

/** √(mean of (yTrue - yPred)²). @example `new tf.metrics.RootMeanSquaredError().apply([[0, 1]], [[1, 1]])` is 0.707 */
export class RootMeanSquaredError extends Mean {
  override readonly direction = 'down';

  constructor(options: MetricOptions = {}) {
    super({ name: 'root_mean_squared_error', ...options });
  }

  override updateState(yTrue: ops.TensorLike, yPred: ops.TensorLike, sampleWeight: ops.TensorLike | null = null): void {
    const [target, prediction] = align(this.name, yTrue, ops.cast(yPred, this.dtype));
    super.updateState(ops.square(ops.sub(prediction, target)), sampleWeight);
  }

  override result(): Tensor {
    return ops.sqrt(super.result());
  }
}
