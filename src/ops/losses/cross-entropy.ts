/** @file Cross-entropies of logits, and other losses of single predictions: one value for each, not reduced. */
import * as p from '../../primitives/calls.ts';
import { isInteger } from '../../tensor/dtype.ts';
import { DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxis, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toFloatPair, toTensor } from '../convert.ts';
import { op } from '../../symbolic/op.ts';

/** Labels and logits of one shape, in one floating dtype. */
function aligned(labels: TensorLike, logits: TensorLike, operation: string): [Tensor, Tensor] {
  const [target, prediction] = toFloatPair(labels, logits, operation);
  if (!shapesEqual(target.shape, prediction.shape))
    throw new ShapeError(
      `${operation}: expected labels and logits of one shape, got ${formatShape(target.shape)} and ${formatShape(prediction.shape)}.`,
    );
  return [target, prediction];
}

/**
 * `-z log σ(x) - (1 - z) log(1 - σ(x))` of labels z in [0, 1] and logits x, without overflow: yes-or-no questions that do
 * not exclude each other.
 *
 * @returns A value for each element.
 * @example `tf.sigmoidCrossEntropyWithLogits([1, 0], [0, 0])` is `[0.6931, 0.6931]`
 */
export const sigmoidCrossEntropyWithLogits = op(
  'sigmoidCrossEntropyWithLogits',
  function sigmoidCrossEntropyWithLogits(labels: TensorLike, logits: TensorLike): Tensor {
    const [target, x] = aligned(labels, logits, 'sigmoidCrossEntropyWithLogits');
    return p.sub(p.softplus(x), p.mul(x, target));
  },
);

/**
 * {@link sigmoidCrossEntropyWithLogits} with `posWeight` times the loss where the label is 1: above 1 it costs more to miss a
 * yes than to give a false one.
 *
 * @example `tf.weightedCrossEntropyWithLogits([1, 0], [0, 0], 2)` is `[1.386, 0.6931]`
 */
export const weightedCrossEntropyWithLogits = op(
  'weightedCrossEntropyWithLogits',
  function weightedCrossEntropyWithLogits(
    labels: TensorLike,
    logits: TensorLike,
    posWeight: number | TensorLike,
  ): Tensor {
    const operation = 'weightedCrossEntropyWithLogits';
    const [target, x] = aligned(labels, logits, operation);
    const weight =
      typeof posWeight === 'number' ? scalarLike(posWeight, x) : p.cast(toTensor(posWeight, operation), x.dtype);
    const one = scalarLike(1, x);
    const factor = p.add(one, p.mul(p.sub(weight, one), target));
    return p.add(p.mul(p.sub(one, target), x), p.mul(factor, p.softplus(p.neg(x))));
  },
);

/**
 * `-Σ z log softmax(x)` of labels z, which are a distribution over classes, and logits x.
 *
 * @param axis The axis of classes, which the result has not.
 * @example `tf.softmaxCrossEntropyWithLogits([[0, 1]], [[0, 0]])` is `[0.6931]`
 */
export const softmaxCrossEntropyWithLogits = op(
  'softmaxCrossEntropyWithLogits',
  function softmaxCrossEntropyWithLogits(labels: TensorLike, logits: TensorLike, axis = -1): Tensor {
    const [target, x] = aligned(labels, logits, 'softmaxCrossEntropyWithLogits');
    const at = normalizeAxis(axis, x.rank, 'softmaxCrossEntropyWithLogits');
    return p.neg(p.sum(p.mul(target, p.logSoftmax(x, at)), [at]));
  },
);

/**
 * {@link softmaxCrossEntropyWithLogits} of labels that are numbers of classes.
 *
 * @param labels Integers of shape `[...]`; one that is no class makes NaN.
 * @param logits `[..., classes]`
 * @example `tf.sparseSoftmaxCrossEntropyWithLogits([1], [[0, 0]])` is `[0.6931]`
 */
export const sparseSoftmaxCrossEntropyWithLogits = op(
  'sparseSoftmaxCrossEntropyWithLogits',
  function sparseSoftmaxCrossEntropyWithLogits(labels: TensorLike, logits: TensorLike): Tensor {
    const operation = 'sparseSoftmaxCrossEntropyWithLogits';
    const x = toFloat(logits, operation);
    const given = toTensor(labels, operation, 'int32');
    if (!isInteger(given.dtype)) throw new DTypeError(`${operation}: expected integer labels, got ${given.dtype}.`);
    const target = p.cast(given, 'int32');
    if (x.rank === 0 || !shapesEqual(target.shape, x.shape.slice(0, -1)))
      throw new ShapeError(
        `${operation}: expected labels of shape ${formatShape(x.shape.slice(0, -1))} for logits ${formatShape(x.shape)}, got ${formatShape(target.shape)}.`,
      );
    const [zero, last] = [scalarLike(0, target), scalarLike(x.shape[x.rank - 1] - 1, target)];
    const bounded = p.minimum(p.maximum(target, zero), last);
    const chosen = p.gatherAlong(p.logSoftmax(x, x.rank - 1), p.reshape(bounded, [...target.shape, 1]), x.rank - 1);
    return p.select(p.equal(bounded, target), p.neg(p.reshape(chosen, target.shape)), scalarLike(NaN, x));
  },
);

/**
 * `eˣ - z x`, the loss of counts z whose mean has the logarithm x, up to what does not depend on x.
 *
 * @param computeFullLoss Whether to add Stirling's approximation of `log z!`, 0 where z is at most 1.
 * @example `tf.logPoissonLoss([1], [0])` is `[1]`
 */
export const logPoissonLoss = op(
  'logPoissonLoss',
  function logPoissonLoss(targets: TensorLike, logInput: TensorLike, computeFullLoss = false): Tensor {
    const [target, x] = aligned(targets, logInput, 'logPoissonLoss');
    const loss = p.sub(p.exp(x), p.mul(x, target));
    if (!computeFullLoss) return loss;
    const number = (n: number): Tensor => scalarLike(n, x);
    const isSmall = p.logicalAnd(p.greaterEqual(target, number(0)), p.lessEqual(target, number(1)));
    const z = p.select(isSmall, number(1), target);
    const half = p.mul(p.log(p.mul(z, number(2 * Math.PI))), number(0.5));
    const stirling = p.add(p.sub(p.mul(z, p.log(z)), z), half);
    return p.add(loss, p.select(isSmall, number(0), stirling));
  },
);

/** `Σ x² / 2`. @example `tf.l2Loss([3, 4])` is `12.5` */
export const l2Loss = op('l2Loss', function l2Loss(x: TensorLike): Tensor {
  const value = toFloat(x, 'l2Loss');
  return p.mul(p.sum(p.square(value)), scalarLike(0.5, value));
});
