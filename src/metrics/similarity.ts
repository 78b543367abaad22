/** @file How well predictions go along with targets: the angle between them, and correlations. */
import { type AxisOptions, cosine } from '../losses/regression.ts';
import { align, epsilon } from '../losses/operands.ts';
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * The cosine of the angle between targets and predictions along `axis`, from -1 to 1: minus the loss of that name.
 *
 * @example `tf.metrics.cosineSimilarity([[0, 1]], [[1, 1]])` is `[0.707]`
 */
export const cosineSimilarity = op(
  'metrics.cosineSimilarity',
  function cosineSimilarity(yTrue: ops.TensorLike, yPred: ops.TensorLike, { axis = -1 }: AxisOptions = {}): Tensor {
    return cosine('cosineSimilarity', yTrue, yPred, axis);
  },
);

/** Deviations from the mean along an axis. */
const centred = (x: Tensor, axis: number): Tensor => ops.sub(x, ops.mean(x, axis, true));

/**
 * Pearson's correlation along `axis`: the covariance over the product of the standard deviations; NaN where one of them is 0.
 *
 * @example `tf.metrics.pearsonCorrelation([[0, 1, 0.5]], [[0.1, 0.9, 0.5]])` is `[1]`
 */
export const pearsonCorrelation = op(
  'metrics.pearsonCorrelation',
  function pearsonCorrelation(yTrue: ops.TensorLike, yPred: ops.TensorLike, { axis = -1 }: AxisOptions = {}): Tensor {
    const [target, prediction] = align('pearsonCorrelation', yTrue, yPred).map((x) => centred(x, axis));
    const scaled = (x: Tensor): Tensor => ops.div(x, ops.sqrt(ops.mean(ops.square(x), axis, true)));
    return ops.mean(ops.mul(scaled(target), scaled(prediction)), axis);
  },
);

/**
 * The concordance correlation along `axis`: 2 cov / (var(yTrue) + var(yPred) + (mean(yTrue) - mean(yPred))²), which is 1 only
 * for predictions that are the targets.
 *
 * @example `tf.metrics.concordanceCorrelation([[0, 1, 0.5]], [[0.1, 0.9, 0.5]])` is `[0.976]`
 */
export const concordanceCorrelation = op(
  'metrics.concordanceCorrelation',
  function concordanceCorrelation(
    yTrue: ops.TensorLike,
    yPred: ops.TensorLike,
    { axis = -1 }: AxisOptions = {},
  ): Tensor {
    const [target, prediction] = align('concordanceCorrelation', yTrue, yPred);
    const [t, p] = [centred(target, axis), centred(prediction, axis)];
    const spread = ops.add(ops.mean(ops.square(t), axis), ops.mean(ops.square(p), axis));
    const shift = ops.square(ops.sub(ops.mean(target, axis), ops.mean(prediction, axis)));
    const covariance = ops.mean(ops.mul(t, p), axis);
    return ops.div(ops.mul(covariance, 2), ops.add(ops.add(spread, shift), epsilon));
  },
);
