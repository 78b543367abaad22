/** @file Random numbers whose parameters are tensors: gamma, Poisson, binomial, categorical. */
import * as p from '../../primitives/calls.ts';
import type { DType } from '../../tensor/dtype.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { type Shape, formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toFloat } from '../convert.ts';
import { drawState } from '../random.ts';
import { drawBinomial, drawCategorical, drawGamma, drawPoisson, perParameter } from './draws.ts';
import { op } from '../../symbolic/op.ts';

/**
 * Numbers of gamma distributions, of density `βᵃ xᵃ⁻¹ e^(-βx) / Γ(a)`.
 *
 * Gradients pass to alpha, of the numbers as they would move with it (implicit reparameterisation), and to beta.
 *
 * @param shape How many for each pair of parameters; the result has the shape `[...shape, ...that of alpha with beta]`.
 * @param alpha The shape of the distribution, above 0; NaN otherwise.
 * @param beta One over its scale.
 * @param seed For the same numbers each time; otherwise the global generator goes on.
 * @example tf.randomGamma([1000], 2, 0.5).mean() // near 2 / 0.5 = 4
 */
export const randomGamma = op(
  'randomGamma',
  (shape: Shape, alpha: TensorLike, beta: TensorLike = 1, dtype: DType = 'float32', seed?: number): Tensor => {
    const full = perParameter(shape, [alpha, beta], 'randomGamma');
    return drawGamma(drawState(seed), full, alpha, beta, dtype, 'randomGamma')[0];
  },
);

/**
 * Whole numbers k of Poisson distributions, of probability `λᵏ e^(-λ) / k!`. No gradient flows through them.
 *
 * @param shape How many for each rate; the result has the shape `[...shape, ...lam.shape]`.
 * @param lam Rates λ of 0 or more; NaN otherwise.
 * @param seed As in {@link randomGamma}.
 * @example `tf.random.poisson([3], 2).shape` is `[3]`
 */
export const randomPoisson = op(
  'random.poisson',
  (shape: Shape, lam: TensorLike, dtype: DType = 'float32', seed?: number): Tensor =>
    drawPoisson(drawState(seed), perParameter(shape, [lam], 'randomPoisson'), lam, dtype, 'randomPoisson')[0],
);

/**
 * How many of `counts` trials succeed, each with probability `probs`. No gradient flows through them.
 *
 * @param shape Of the result; parameters broadcast to it.
 * @param seed As in {@link randomGamma}.
 * @example `tf.random.binomial([3], 5, 1)` is `[5, 5, 5]`
 */
export const randomBinomial = op(
  'random.binomial',
  (shape: Shape, counts: TensorLike, probs: TensorLike, dtype: DType = 'int32', seed?: number): Tensor =>
    drawBinomial(drawState(seed), shape, counts, probs, dtype, 'randomBinomial')[0],
);

/**
 * Places of classes by the logarithms of their probabilities, which need not be normalised.
 *
 * @param logits `[batch, classes]`
 * @param numSamples How many for each row.
 * @param seed As in {@link randomGamma}.
 * @returns `[batch, numSamples]`
 * @throws ArgumentError where a row has no finite logit, or one that is NaN or Infinity.
 * @example `tf.random.categorical([[0, -1e9]], 4)` is `[[0, 0, 0, 0]]`
 */
export const randomCategorical = op(
  'random.categorical',
  (logits: TensorLike, numSamples: number, dtype: DType = 'int32', seed?: number): Tensor =>
    drawCategorical(drawState(seed), logits, numSamples, dtype, 'randomCategorical')[0],
);

/**
 * Places of classes by their probabilities.
 *
 * @param logits `[classes]` or `[batch, classes]`: logarithms of probabilities, or with `normalized` probabilities themselves.
 * @param numSamples How many for each row.
 * @param seed As in {@link randomGamma}.
 * @returns int32 `[numSamples]` or `[batch, numSamples]`
 * @example `tf.multinomial([0, -1e9], 4)` is `[0, 0, 0, 0]`
 */
export const multinomial = op(
  'multinomial',
  function multinomial(logits: TensorLike, numSamples: number, seed?: number, normalized = false): Tensor {
    const given = toFloat(logits, 'multinomial');
    if (given.rank !== 1 && given.rank !== 2)
      throw new ShapeError(
        `multinomial: expected shape [classes] or [batch, classes], got ${formatShape(given.shape)}.`,
      );
    const value = normalized ? p.log(given) : given;
    const rows = given.rank === 1 ? p.reshape(value, [1, given.size]) : value;
    const [places] = drawCategorical(drawState(seed), rows, numSamples, 'int32', 'multinomial');
    return given.rank === 1 ? p.reshape(places, [numSamples]) : places;
  },
);
