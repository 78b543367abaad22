/** @file Activations with bounds, and those that shrink: x less a bounded one. */
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Activation } from './activation.ts';
import { rememberLogits } from './logits.ts';

/**
 * x
 * @example tf.activations.linear(tf.tensor([-1, 2])) // [-1, 2]
 */
export const linear: Activation = (x) => x;

/**
 * `exp(x)`
 * @example tf.activations.exponential(tf.tensor([-1, 2])) // [0.368, 7.389]
 */
export const exponential: Activation = (x: Tensor): Tensor => ops.exp(x);

/**
 * `1 / (1 + exp(-x))`
 * @example tf.activations.sigmoid(tf.tensor([-1, 2])) // [0.269, 0.881]
 */
export const sigmoid: Activation = op('activations.sigmoid', (x: Tensor): Tensor =>
  rememberLogits('sigmoid', ops.sigmoid(x), x),
);

/**
 * `relu6(x + 3) / 6`: a sigmoid of straight lines.
 * @example tf.activations.hardSigmoid(tf.tensor([-4, 0, 1])) // [0, 0.5, 0.667]
 */
export const hardSigmoid: Activation = op('activations.hardSigmoid', (x: Tensor): Tensor =>
  ops.mul(ops.relu6(ops.add(x, 3)), 1 / 6),
);

/**
 * 0 up to -1, 1 from 1 on, between them `(x + 1) / 2`.
 * @example tf.activations.sparseSigmoid(tf.tensor([-2, 0, 2])) // [0, 0.5, 1]
 */
export const sparseSigmoid: Activation = op('activations.sparseSigmoid', (x: Tensor): Tensor => {
  const line = ops.mul(ops.add(x, 1), 0.5);
  const bounded = ops.where(ops.lessEqual(x, -1), ops.zerosLike(x), line);
  return ops.where(ops.greaterEqual(x, 1), ops.onesLike(x), bounded);
});

/**
 * `log(sigmoid(x)) = -softplus(-x)`, without overflow.
 * @example tf.activations.logSigmoid(tf.tensor([-1, 2])) // [-1.313, -0.127]
 */
export const logSigmoid: Activation = (x: Tensor): Tensor => ops.logSigmoid(x);

/**
 * `(exp(x) - exp(-x)) / (exp(x) + exp(-x))`
 * @example tf.activations.tanh(tf.tensor([-1, 2])) // [-0.762, 0.964]
 */
export const tanh: Activation = (x: Tensor): Tensor => ops.tanh(x);

/**
 * `min(max(x, -1), 1)`
 * @example tf.activations.hardTanh(tf.tensor([-2, 0.5])) // [-1, 0.5]
 */
export const hardTanh: Activation = op('activations.hardTanh', (x: Tensor): Tensor => ops.clipByValue(x, -1, 1));

/**
 * `x / (1 + |x|)`
 * @example tf.activations.softsign(tf.tensor([-1, 3])) // [-0.5, 0.75]
 */
export const softsign: Activation = op('activations.softsign', (x: Tensor): Tensor =>
  ops.div(x, ops.add(ops.abs(x), 1)),
);

/**
 * `x - tanh(x)`
 * @example tf.activations.tanhShrink(tf.tensor([-1, 2])) // [-0.238, 1.036]
 */
export const tanhShrink: Activation = op('activations.tanhShrink', (x: Tensor): Tensor => ops.sub(x, ops.tanh(x)));

/**
 * x where `|x| > threshold`, else 0.
 *
 * @param threshold - Default 0.5.
 * @example tf.activations.hardShrink(tf.tensor([-1, 0.3, 2])) // [-1, 0, 2]
 */
export const hardShrink = op('activations.hardShrink', (x: Tensor, threshold = 0.5): Tensor =>
  ops.where(ops.greater(ops.abs(x), threshold), x, ops.zerosLike(x)),
);

/**
 * x moved towards 0 by `threshold`, and 0 within it.
 *
 * @param threshold - Default 0.5.
 * @example tf.activations.softShrink(tf.tensor([-1, 0.3, 2])) // [-0.5, 0, 1.5]
 */
export const softShrink = op('activations.softShrink', (x: Tensor, threshold = 0.5): Tensor =>
  ops.sub(ops.relu(ops.sub(x, threshold)), ops.relu(ops.sub(ops.neg(x), threshold))),
);
