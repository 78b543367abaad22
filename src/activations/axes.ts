/** @file Activations along an axis: distributions over it, and gates between its halves. */
import { stopGradient } from '../autodiff/index.ts';
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { rememberLogits } from './logits.ts';

/** The axis counted from the front. @throws ShapeError */
function axisOf(name: string, { shape, rank }: Tensor, axis: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new ShapeError(
      `activations.${name}: expected an axis of a tensor of shape ${formatShape(shape)}, got ${axis}.`,
    );
  return axis < 0 ? axis + rank : axis;
}

/**
 * `exp(x) / sum(exp(x))` over `axis`: positive numbers that add up to 1.
 *
 * @param axis - Default the last.
 * @example tf.activations.softmax(tf.tensor([[0, Math.log(3)]])) // [[0.25, 0.75]]
 */
export const softmax = op('activations.softmax', function softmax(x: Tensor, axis = -1): Tensor {
  const probabilities = ops.softmax(x, axis);
  return axis === -1 || axis === x.rank - 1 ? rememberLogits('softmax', probabilities, x) : probabilities;
});

/**
 * `log(softmax(x))` over `axis`, without overflow.
 *
 * @param axis - Default the last.
 * @example tf.activations.logSoftmax(tf.tensor([[0, 0]])) // [[-0.693, -0.693]]
 */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => ops.logSoftmax(x, axis);

/**
 * The point of the probability simplex that is nearest to x along `axis` (Martins and Astudillo 2016): like a softmax, but
 * small probabilities become exactly 0. `max(x - t, 0)`, with the `t` for which that adds up to 1.
 *
 * @param axis - Default the last.
 * @example tf.activations.sparsemax(tf.tensor([[1, 0.5, -1]])) // [[0.75, 0.25, 0]]
 */
export const sparsemax = op('activations.sparsemax', function sparsemax(x: Tensor, axis = -1): Tensor {
  const along = axisOf('sparsemax', x, axis);
  const size = x.shape[along];
  const sorted = ops.sort(stopGradient(x), along, 'DESCENDING');
  const counts = ops.reshape(
    ops.range(1, size + 1, 1, 'float32'),
    x.shape.map((_, i) => (i === along ? size : 1)),
  );
  const excess = ops.sub(ops.cumsum(sorted, along), 1);
  const supported = ops.greater(ops.mul(sorted, ops.cast(counts, x.dtype)), excess);
  const least = ops.min(ops.where(supported, sorted, ops.mul(ops.onesLike(x), Infinity)), along, true);
  // The threshold once more, of x itself: gradients go through it and not through the order of the elements.
  const support = ops.cast(ops.greaterEqual(x, least), x.dtype);
  const total = ops.sum(ops.mul(x, support), along, true);
  return ops.relu(ops.sub(x, ops.div(ops.sub(total, 1), ops.sum(support, along, true))));
});

/**
 * The gated linear unit (Dauphin et al. 2016): the first half of `axis` times the sigmoid of the second half.
 *
 * @param axis - Its size is halved; default the last.
 * @throws ShapeError where its size is odd.
 * @example tf.activations.glu(tf.tensor([[2, 4, 0, 0]])) // [[1, 2]]
 */
export const glu = op('activations.glu', function glu(x: Tensor, axis = -1): Tensor {
  const along = axisOf('glu', x, axis);
  if (x.shape[along] % 2 !== 0)
    throw new ShapeError(
      `activations.glu: expected an axis of even size, got axis ${axis} of shape ${formatShape(x.shape)}.`,
    );
  const [values, gates] = ops.split(x, 2, along);
  return ops.mul(values, ops.sigmoid(gates));
});
