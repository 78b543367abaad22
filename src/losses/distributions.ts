/** @file Losses of distributions: Kullback-Leibler divergence and the likelihood of counts. */
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Loss, type LossOptions } from './loss.ts';
import { align, epsilon } from './operands.ts';

/**
 * Σ yTrue log(yTrue / yPred) over the last axis, with probabilities kept between 1e-7 and 1.
 *
 * @example `tf.losses.klDivergence([[0.5, 0.5]], [[0.25, 0.75]])` is `[0.144]`
 */
export const klDivergence = op(
  'losses.klDivergence',
  function klDivergence(yTrue: ops.TensorLike, yPred: ops.TensorLike): Tensor {
    const [target, prediction] = align('klDivergence', yTrue, yPred).map((p) => ops.clipByValue(p, epsilon, 1));
    return ops.sum(ops.mul(target, ops.log(ops.div(target, prediction))), -1);
  },
);

/**
 * mean(yPred - yTrue log(yPred)) over the last axis: of counts and the means predicted for them, up to what does not depend on
 * the prediction.
 *
 * @example `tf.losses.poisson([[1, 2]], [[1, 2]])` is `[0.807]`
 */
export const poisson = op('losses.poisson', function poisson(yTrue: ops.TensorLike, yPred: ops.TensorLike): Tensor {
  const [target, prediction] = align('poisson', yTrue, yPred);
  return ops.mean(ops.sub(prediction, ops.mul(target, ops.log(ops.add(prediction, epsilon)))), -1);
});

/** See {@link klDivergence}. @example `new tf.losses.KLDivergence().apply([[0.5, 0.5]], [[0.25, 0.75]])` is 0.144 */
export class KLDivergence extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'kl_divergence', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return klDivergence(yTrue, yPred);
  }
}

/** See {@link poisson}. @example `new tf.losses.Poisson().apply([[1, 2]], [[1, 2]])` is 0.807 */
export class Poisson extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'poisson', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return poisson(yTrue, yPred);
  }
}
