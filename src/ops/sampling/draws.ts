/** @file Random numbers of a state, with the state after them: what global, stateless and generators' operations share. */
import { unbroadcast } from '../../autodiff/adjoints.ts';
import { customGrad } from '../../autodiff/custom-gradient.ts';
import * as p from '../../primitives/calls.ts';
import type { Distribution } from '../../primitives/sampling.ts';
import { type DType, isFloating, isInteger } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { type Shape, broadcastShapes, formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toTensor } from '../convert.ts';
import { requireFloat, requireShape } from '../random.ts';

/** Numbers, and the state from which the next ones are drawn. */
export type Drawn = readonly [values: Tensor, state: Tensor];

/** float16 numbers and whole ones have parameters in float32. */
const dtypeOfParameters = (dtype: DType): DType => (dtype === 'float64' ? 'float64' : 'float32');

/** Parameters in one dtype. */
const parametersOf = (values: readonly TensorLike[], dtype: DType, operation: string): Tensor[] =>
  values.map((value) => p.cast(toTensor(value, operation, dtype), dtype));

function sampled(
  state: Tensor,
  distribution: Distribution,
  parameters: readonly Tensor[],
  shape: Shape,
  dtype: DType,
): Drawn {
  requireShape(shape);
  const [values, next] = p.sample(state, parameters, { distribution, shape: [...shape], dtype });
  return [values, next];
}

function requireNumber(dtype: DType, operation: string): void {
  if (!isFloating(dtype) && !isInteger(dtype))
    throw new DTypeError(`${operation}: expected a floating or integer dtype, got ${dtype}.`);
}

/** Standard normal numbers, scaled and shifted: gradients pass to mean and deviation. */
export function drawNormal(
  state: Tensor,
  distribution: 'normal' | 'truncatedNormal',
  shape: Shape,
  mean: TensorLike,
  stddev: TensorLike,
  dtype: DType,
  operation: string,
): Drawn {
  requireFloat(dtype, operation);
  const [values, next] = sampled(state, distribution, [], shape, dtype);
  const [center, deviation] = parametersOf([mean, stddev], dtype, operation);
  return [p.add(p.mul(values, deviation), center), next];
}

/** Uniform numbers from `minval` up to but without `maxval`, which is 1 where it is left out. */
export function drawUniform(
  state: Tensor,
  shape: Shape,
  minval: TensorLike,
  maxval: TensorLike | undefined,
  dtype: DType,
  operation: string,
): Drawn {
  requireNumber(dtype, operation);
  if (isInteger(dtype)) {
    if (maxval === undefined) throw new ArgumentError(`${operation}: whole numbers need an upper bound, maxval.`);
    return drawIntegers(state, shape, minval, maxval, dtype, operation);
  }
  const [values, next] = sampled(state, 'uniform', [], shape, dtype);
  const [low, high] = parametersOf([minval, maxval ?? 1], dtype, operation);
  const numbers = p.add(p.mul(values, p.sub(high, low)), low);
  // Rounding may end at the upper bound, which is not among the numbers.
  return [p.minimum(numbers, p.nextAfter(high, low)), next];
}

function drawIntegers(
  state: Tensor,
  shape: Shape,
  minval: TensorLike,
  maxval: TensorLike,
  dtype: DType,
  operation: string,
): Drawn {
  for (const bound of [minval, maxval])
    if (typeof bound === 'number' && !Number.isInteger(bound))
      throw new ArgumentError(`${operation}: expected whole numbers as bounds of ${dtype}, got ${bound}.`);
  if (typeof minval === 'number' && typeof maxval === 'number' && !(maxval > minval && maxval - minval <= 2 ** 32))
    throw new ArgumentError(`${operation}: expected minval < maxval at most 2^32 apart, got ${minval} and ${maxval}.`);
  return sampled(state, 'integers', parametersOf([minval, maxval], 'float64', operation), shape, dtype);
}

/** All numbers of an integer dtype with the same probability. */
export function drawBits(state: Tensor, shape: Shape, dtype: DType, operation: string): Drawn {
  if (!isInteger(dtype)) throw new DTypeError(`${operation}: expected an integer dtype, got ${dtype}.`);
  return sampled(state, 'bits', [], shape, dtype);
}

export function drawGamma(
  state: Tensor,
  shape: Shape,
  alpha: TensorLike,
  beta: TensorLike,
  dtype: DType,
  operation: string,
): Drawn {
  requireFloat(dtype, operation);
  const wide = dtypeOfParameters(dtype);
  const [a, b] = parametersOf([alpha, beta], wide, operation);
  let next = state;
  const values = customGrad((at: Tensor, save: (tensors: Tensor[]) => void) => {
    const [value, after] = sampled(state, 'gamma', [at], shape, wide);
    next = after;
    save([value]);
    const gradFunc = (dy: Tensor, [x]: Tensor[]): Tensor => unbroadcast(p.mul(dy, slopeOfGamma(at, x)), at.shape);
    return { value, gradFunc };
  })(a);
  return [p.cast(p.div(values, b), dtype), next];
}

/**
 * How gamma numbers x move with alpha where their place in the distribution stays: the total derivative of P(alpha, x) is 0
 * (implicit reparameterisation; Figurnov, Mohamed & Mnih, 2018), so `dx/da = -∂P/∂a / (xᵃ⁻¹ e⁻ˣ / Γ(a))`.
 */
function slopeOfGamma(alpha: Tensor, values: Tensor): Tensor {
  const [a, x] = [p.cast(alpha, 'float64'), p.cast(values, 'float64')];
  const logDensity = p.sub(p.sub(p.mul(p.sub(a, scalarLike(1, a)), p.log(x)), x), p.special('lgamma', [a]));
  return p.cast(p.neg(p.div(p.special('igamma', [a, x], 1), p.exp(logDensity))), values.dtype);
}

export function drawPoisson(state: Tensor, shape: Shape, rate: TensorLike, dtype: DType, operation: string): Drawn {
  requireNumber(dtype, operation);
  return sampled(state, 'poisson', parametersOf([rate], dtypeOfParameters(dtype), operation), shape, dtype);
}

export function drawBinomial(
  state: Tensor,
  shape: Shape,
  counts: TensorLike,
  probs: TensorLike,
  dtype: DType,
  operation: string,
): Drawn {
  requireNumber(dtype, operation);
  return sampled(state, 'binomial', parametersOf([counts, probs], 'float64', operation), shape, dtype);
}

/** Places of classes, `[batch, numSamples]`, by unnormalised logarithms of their probabilities. */
export function drawCategorical(
  state: Tensor,
  logits: TensorLike,
  numSamples: number,
  dtype: DType,
  operation: string,
): Drawn {
  if (!isInteger(dtype)) throw new DTypeError(`${operation}: expected an integer dtype, got ${dtype}.`);
  const given = toTensor(logits, operation);
  const value = isFloating(given.dtype) ? given : p.cast(given, 'float32');
  if (value.rank !== 2)
    throw new ShapeError(`${operation}: expected logits of shape [batch, classes], got ${formatShape(value.shape)}.`);
  if (!Number.isInteger(numSamples) || numSamples < 0)
    throw new ArgumentError(`${operation}: expected a whole number of samples of 0 or more, got ${numSamples}.`);
  return sampled(state, 'categorical', [value], [value.shape[0], numSamples], dtype);
}

/** The shape of as many numbers for each of the parameters' elements. */
export function perParameter(shape: Shape, parameters: readonly TensorLike[], operation: string): Shape {
  requireShape(shape);
  const shapes = parameters.map((value) => (typeof value === 'number' ? [] : toTensor(value, operation).shape));
  return [...shape, ...shapes.reduce((a, b) => broadcastShapes(a, b, operation))];
}

/** Numbers in a random order by sorting others. */
export function drawShuffled(state: Tensor, x: TensorLike, operation: string): Drawn {
  const value = toTensor(x, operation);
  if (value.rank === 0) throw new ArgumentError(`${operation}: expected a tensor of rank 1 or more, got a scalar.`);
  const [keys, next] = sampled(state, 'uniform', [], [value.shape[0]], 'float64');
  return [p.gather(value, p.argsort(keys, false), 0), next];
}

/** Leaves out so many blocks of four random words. */
export const skipBlocks = (state: Tensor, blocks: number): Tensor =>
  sampled(state, 'nothing', [scalarLike(blocks, toTensor(0, 'skip', 'float64'))], [], 'float64')[1];
