/** @file Losses with a margin: a prediction on the right side by 1 or more costs nothing. */
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Loss, type LossOptions } from './loss.ts';
import { align } from './operands.ts';

/** max(0, 1 - t p) of targets t that are -1 and 1. Where all of them are 0 or 1, 0 means -1. */
function margins(loss: string, yTrue: ops.TensorLike, yPred: ops.TensorLike): Tensor {
  const [target, prediction] = align(loss, yTrue, yPred);
  const areBinary = ops.all(ops.logicalOr(ops.equal(target, 0), ops.equal(target, 1)));
  const signs = ops.where(areBinary, ops.sub(ops.mul(target, 2), 1), target);
  return ops.relu(ops.sub(1, ops.mul(signs, prediction)));
}

/**
 * mean(max(0, 1 - yTrue yPred)) over the last axis.
 *
 * @param yTrue - -1 or 1; where a batch has nothing but 0 and 1, 0 stands for -1.
 * @example `tf.losses.hinge([[-1, 1]], [[0.5, 0.5]])` is `[1]`
 */
export const hinge = op('losses.hinge', function hinge(yTrue: ops.TensorLike, yPred: ops.TensorLike): Tensor {
  return ops.mean(margins('hinge', yTrue, yPred), -1);
});

/** mean(max(0, 1 - yTrue yPred)²) over the last axis, with targets as {@link hinge} has them. */
export const squaredHinge = op(
  'losses.squaredHinge',
  function squaredHinge(yTrue: ops.TensorLike, yPred: ops.TensorLike): Tensor {
    return ops.mean(ops.square(margins('squaredHinge', yTrue, yPred)), -1);
  },
);

/**
 * max(0, 1 + max((1 - yTrue) yPred) - Σ yTrue yPred) over the last axis, of one-hot targets: how far the best wrong class comes
 * within 1 of the right one.
 *
 * @example `tf.losses.categoricalHinge([[0, 1]], [[0.6, 0.4]])` is `[1.2]`
 */
export const categoricalHinge = op(
  'losses.categoricalHinge',
  function categoricalHinge(yTrue: ops.TensorLike, yPred: ops.TensorLike): Tensor {
    const [target, prediction] = align('categoricalHinge', yTrue, yPred);
    const right = ops.sum(ops.mul(target, prediction), -1);
    const wrong = ops.max(ops.mul(ops.sub(1, target), prediction), -1);
    return ops.relu(ops.add(ops.sub(wrong, right), 1));
  },
);

/** See {@link hinge}. @example `new tf.losses.Hinge().apply([[0, 1]], [[0.5, 0.5]])` is 1 */
export class Hinge extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'hinge', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return hinge(yTrue, yPred);
  }
}

/** See {@link squaredHinge}. @example `new tf.losses.SquaredHinge().apply([[0, 1]], [[0.5, 0.5]])` is 1.25 */
export class SquaredHinge extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'squared_hinge', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return squaredHinge(yTrue, yPred);
  }
}

/** See {@link categoricalHinge}. @example `new tf.losses.CategoricalHinge().apply([[0, 1]], [[0.6, 0.4]])` is 1.2 */
export class CategoricalHinge extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'categorical_hinge', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalHinge(yTrue, yPred);
  }
}
