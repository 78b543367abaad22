/** @file Which logits a probability was made from, so that a cross-entropy can be computed from them without loss. */
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';

type Squashing = 'sigmoid' | 'softmax';

const origins = new WeakMap<Tensor, { readonly by: Squashing; readonly logits: Tensor }>();

/** Notes that `probabilities` is `by(logits)`. */
export function rememberLogits(by: Squashing, probabilities: Tensor, logits: Tensor): Tensor {
  origins.set(probabilities, { by, logits });
  return probabilities;
}

/**
 * The logits that `probabilities` came from, if the last thing done was this activation: log(softmax(x)) loses every
 * digit where the softmax is near 0, logSoftmax(x) does not.
 */
export function logitsOf(by: Squashing, probabilities: Tensor): Tensor | null {
  const origin = origins.get(probabilities);
  return origin?.by === by && !origin.logits.isDisposed ? origin.logits : null;
}

/** Notes for `cast`, the same probabilities in another dtype, which logits those came from. */
export function carryLogits(probabilities: Tensor, cast: Tensor): Tensor {
  const origin = origins.get(probabilities);
  return origin && !origin.logits.isDisposed
    ? rememberLogits(origin.by, cast, ops.cast(origin.logits, cast.dtype))
    : cast;
}
