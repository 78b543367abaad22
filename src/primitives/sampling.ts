/** @file The primitive that draws random numbers of a state, which is its operand: so it is a pure function like the others. */
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';

/**
 * Distributions with their parameters, which are further operands and broadcast to the shape:
 * uniform in [0, 1); standard normal, whole or within two deviations; integers(low, high) from low up to but without high;
 * bits: any number of the dtype; gamma(alpha) of scale 1; poisson(rate); binomial(count, probability);
 * categorical(logits: [batch, classes]) of shape [batch, samples]; nothing(blocks), which leaves out blocks of words.
 */
export type Distribution =
  | 'uniform'
  | 'normal'
  | 'truncatedNormal'
  | 'integers'
  | 'bits'
  | 'gamma'
  | 'poisson'
  | 'binomial'
  | 'categorical'
  | 'nothing';

export interface SamplingParams {
  /**
   * (state: int32 [6], ...parameters of one floating dtype) -> [numbers, the state after them]. The state is the counter (four
   * words) and the key (two) of Philox4x32-10.
   */
  sample: { readonly distribution: Distribution; readonly shape: Shape; readonly dtype: DType };
}
