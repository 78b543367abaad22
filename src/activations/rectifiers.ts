/** @file Activations that keep large inputs and hold back negative ones. */
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Activation } from './activation.ts';

/**
 * The rectified linear unit, `max(x, 0)`, or a bent one: `maxValue` where x reaches it, x from `threshold` on, below it
 * `negativeSlope (x - threshold)`.
 *
 * @param negativeSlope - Slope below the threshold; default 0.
 * @param maxValue - The largest result; default none.
 * @param threshold - Where the slope changes; default 0.
 * @example tf.activations.relu(tf.tensor([-2, 1, 9]), 0.1, 6) // [-0.2, 1, 6]
 */
export const relu = op(
  'activations.relu',
  function relu(x: Tensor, negativeSlope = 0, maxValue: number | null = null, threshold = 0): Tensor {
    const above = threshold === 0 ? ops.relu(x) : ops.where(ops.greater(x, threshold), x, ops.zerosLike(x));
    const kept = maxValue === null ? above : ops.minimum(above, maxValue);
    // What is missing below the threshold, as a number of at least 0: nothing of it is left where x is above.
    return negativeSlope === 0 ? kept : ops.sub(kept, ops.mul(ops.relu(ops.sub(threshold, x)), negativeSlope));
  },
);

/**
 * `min(max(x, 0), 6)` (Krizhevsky 2010).
 * @example tf.activations.relu6(tf.tensor([-1, 3, 8])) // [0, 3, 6]
 */
export const relu6: Activation = (x: Tensor): Tensor => ops.relu6(x);

/**
 * x where x > 0, else `negativeSlope` x.
 *
 * @param negativeSlope - Default 0.2.
 * @example tf.activations.leakyRelu(tf.tensor([-1, 2])) // [-0.2, 2]
 */
export const leakyRelu = (x: Tensor, negativeSlope = 0.2): Tensor => ops.leakyRelu(x, negativeSlope);

/**
 * The exponential linear unit (Clevert et al. 2015): x where x > 0, else `alpha (exp(x) - 1)`.
 *
 * @param alpha - Minus the limit far below 0; default 1.
 * @example tf.activations.elu(tf.tensor([-1, 2])) // [-0.632, 2]
 */
export const elu = op('activations.elu', (x: Tensor, alpha = 1): Tensor =>
  alpha === 1 ? ops.elu(x) : ops.add(ops.relu(x), ops.mul(ops.expm1(ops.minimum(x, 0)), alpha)),
);

/**
 * `1.0507 elu(x, 1.6733)`: keeps mean 0 and variance 1 from layer to layer (Klambauer et al. 2017), with weights from the
 * `lecunNormal` initializer.
 * @example tf.activations.selu(tf.tensor([-1, 2])) // [-1.111, 2.101]
 */
export const selu: Activation = (x: Tensor): Tensor => ops.selu(x);

/**
 * The elu with a continuous derivative (Barron 2017): `max(x, 0) + min(0, alpha (exp(x / alpha) - 1))`.
 *
 * @param alpha - Minus the limit far below 0; default 1.
 * @example tf.activations.celu(tf.tensor([-1, 2]), 2) // [-0.787, 2]
 */
export const celu = op('activations.celu', (x: Tensor, alpha = 1): Tensor =>
  ops.add(ops.relu(x), ops.mul(ops.expm1(ops.div(ops.minimum(x, 0), alpha)), alpha)),
);

/**
 * `x sigmoid(x)`, also called swish (Ramachandran et al. 2017).
 * @example tf.activations.silu(tf.tensor([-1, 2])) // [-0.269, 1.762]
 */
export const silu: Activation = (x: Tensor): Tensor => ops.silu(x);

/**
 * `x Phi(x)`, Phi the standard normal distribution (Hendrycks and Gimpel 2016).
 *
 * @param approximate - Takes Phi's tanh form instead; default false.
 * @example tf.activations.gelu(tf.tensor([-1, 2])) // [-0.159, 1.954]
 */
export const gelu = (x: Tensor, approximate = false): Tensor => ops.gelu(x, approximate);

/**
 * `x tanh(softplus(x))` (Misra 2019).
 * @example tf.activations.mish(tf.tensor([-1, 2])) // [-0.303, 1.944]
 */
export const mish: Activation = op('activations.mish', (x: Tensor): Tensor => ops.mul(x, ops.tanh(ops.softplus(x))));

/**
 * `x relu6(x + 3) / 6`, also called hard swish (Howard et al. 2019).
 * @example tf.activations.hardSilu(tf.tensor([-4, 1, 4])) // [0, 0.667, 4]
 */
export const hardSilu: Activation = op('activations.hardSilu', (x: Tensor): Tensor =>
  ops.mul(x, ops.mul(ops.relu6(ops.add(x, 3)), 1 / 6)),
);

/**
 * `log(1 + exp(x))`, without overflow.
 * @example tf.activations.softplus(tf.tensor([-1, 2])) // [0.313, 2.127]
 */
export const softplus: Activation = (x: Tensor): Tensor => ops.softplus(x);

/**
 * `(x + sqrt(x² + b)) / 2`: a softplus without exponentials (Barron 2021).
 *
 * @param b - How wide the bend is; default 4.
 * @example tf.activations.squareplus(tf.tensor([-1, 2])) // [0.618, 2.414]
 */
export const squareplus = op('activations.squareplus', (x: Tensor, b = 4): Tensor =>
  ops.mul(ops.add(x, ops.sqrt(ops.add(ops.square(x), b))), 0.5),
);

/**
 * 0 up to -1, x from 1 on, between them the parabola `(x + 1)² / 4`.
 * @example tf.activations.sparsePlus(tf.tensor([-2, 0, 2])) // [0, 0.25, 2]
 */
export const sparsePlus: Activation = op('activations.sparsePlus', (x: Tensor): Tensor => {
  const parabola = ops.mul(ops.square(ops.relu(ops.add(x, 1))), 0.25);
  return ops.where(ops.less(x, 1), parabola, x);
});

/**
 * x where x > `threshold`, else `defaultValue`.
 *
 * @throws ArgumentError without both numbers.
 * @example tf.activations.threshold(tf.tensor([-1, 0.5, 2]), 1, 7) // [7, 7, 2]
 */
export const threshold = op(
  'activations.threshold',
  function threshold(x: Tensor, threshold: number, defaultValue: number): Tensor {
    if (typeof threshold !== 'number' || typeof defaultValue !== 'number')
      throw new ArgumentError(
        `activations.threshold: expected two numbers, threshold and defaultValue; got ${threshold} and ${defaultValue}. ` +
          `As a layer's activation wrap it: (x) => tf.activations.threshold(x, 0.5, 0).`,
      );
    return ops.where(ops.greater(x, threshold), x, ops.mul(ops.onesLike(x), defaultValue));
  },
);
