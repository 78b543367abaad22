/** @file Activation functions: the nonlinearities that layers end in, by formula. */
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { rememberLogits } from './logits.ts';

/** What a layer applies to its result, elementwise unless its text says otherwise. */
export type Activation = (x: Tensor) => Tensor;

/** x */
export const linear: Activation = (x) => x;

/** max(x, 0) */
export const relu: Activation = (x) => ops.relu(x);

/** min(max(x, 0), 6) */
export const relu6: Activation = (x) => ops.minimum(ops.relu(x), 6);

/** x where x > 0, else `negativeSlope` x. */
export const leakyRelu = (x: Tensor, negativeSlope = 0.2): Tensor =>
  ops.where(ops.greater(x, 0), x, ops.mul(x, negativeSlope));

/** x where x > 0, else `alpha` (exp(x) - 1). */
export const elu = (x: Tensor, alpha = 1): Tensor => ops.add(ops.relu(x), ops.mul(ops.expm1(ops.minimum(x, 0)), alpha));

/** 1.0507 elu(x, 1.6733): keeps mean 0 and variance 1 from layer to layer (Klambauer et al. 2017). */
export const selu: Activation = (x) => ops.mul(elu(x, 1.6732632423543772), 1.0507009873554805);

/** Continuously differentiable elu: max(x, 0) + min(0, `alpha` (exp(x / `alpha`) - 1)). */
export const celu = (x: Tensor, alpha = 1): Tensor =>
  ops.add(ops.relu(x), ops.mul(ops.expm1(ops.div(ops.minimum(x, 0), alpha)), alpha));

/** 1 / (1 + exp(-x)) */
export const sigmoid: Activation = (x) => rememberLogits('sigmoid', ops.sigmoid(x), x);

/** log(sigmoid(x)) = -softplus(-x) */
export const logSigmoid: Activation = (x) => ops.neg(ops.softplus(ops.neg(x)));

/** (exp(x) - exp(-x)) / (exp(x) + exp(-x)) */
export const tanh: Activation = (x) => ops.tanh(x);

/** x - tanh(x) */
export const tanhShrink: Activation = (x) => ops.sub(x, ops.tanh(x));

/** exp(x) / sum(exp(x)) over `axis`: a distribution. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const probabilities = ops.softmax(x, axis);
  return axis === -1 || axis === x.rank - 1 ? rememberLogits('softmax', probabilities, x) : probabilities;
}

/** log(softmax(x)) over `axis`, computed without overflow. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => ops.logSoftmax(x, axis);

/** log(1 + exp(x)) */
export const softplus: Activation = (x) => ops.softplus(x);

/** x / (1 + |x|) */
export const softsign: Activation = (x) => ops.div(x, ops.add(ops.abs(x), 1));

/** x sigmoid(x), also called swish. */
export const silu: Activation = (x) => ops.mul(x, ops.sigmoid(x));

/** x Phi(x), Phi the standard normal distribution; `approximate` takes its tanh form. */
export function gelu(x: Tensor, approximate = false): Tensor {
  const distribution = approximate
    ? ops.tanh(ops.mul(ops.add(x, ops.mul(ops.mul(ops.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI)))
    : ops.erf(ops.mul(x, Math.SQRT1_2));
  return ops.mul(ops.mul(x, 0.5), ops.add(distribution, 1));
}

/** x tanh(softplus(x)) (Misra 2019). */
export const mish: Activation = (x) => ops.mul(x, ops.tanh(ops.softplus(x)));

/** min(max(x, -1), 1) */
export const hardTanh: Activation = (x) => ops.minimum(ops.maximum(x, -1), 1);

/** relu6(x + 3) / 6 */
export const hardSigmoid: Activation = (x) => ops.mul(relu6(ops.add(x, 3)), 1 / 6);

/** x hardSigmoid(x), also called hard swish. */
export const hardSilu: Activation = (x) => ops.mul(x, hardSigmoid(x));

/** x where |x| > `threshold`, else 0. */
export const hardShrink = (x: Tensor, threshold = 0.5): Tensor =>
  ops.where(ops.greater(ops.abs(x), threshold), x, ops.zerosLike(x));

/** x moved towards 0 by `threshold`, and 0 within it. */
export const softShrink = (x: Tensor, threshold = 0.5): Tensor =>
  ops.sub(ops.relu(ops.sub(x, threshold)), ops.relu(ops.sub(ops.neg(x), threshold)));

/** x where x > `threshold`, else `defaultValue`. */
export const threshold = (x: Tensor, threshold: number, defaultValue: number): Tensor =>
  ops.where(ops.greater(x, threshold), x, ops.fill([...x.shape], defaultValue, x.dtype));

/** (x + sqrt(x^2 + `b`)) / 2 */
export const squareplus = (x: Tensor, b = 4): Tensor => ops.mul(ops.add(x, ops.sqrt(ops.add(ops.square(x), b))), 0.5);

/** exp(x) */
export const exponential: Activation = (x) => ops.exp(x);
