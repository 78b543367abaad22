/** @file Random numbers of a seed alone: the same seed and arguments give the same numbers, always and on each engine. */
import * as p from '../../primitives/calls.ts';
import { type DType, isInteger } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { type Shape, formatShape, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import {
  drawBinomial,
  drawBits,
  drawCategorical,
  drawGamma,
  drawNormal,
  drawPoisson,
  drawShuffled,
  drawUniform,
} from './draws.ts';
import { op } from '../../symbolic/op.ts';

/** Two whole numbers of 32 bits, such as `[1, 2]`; or a tensor of them, int32 or int64 of shape `[2]`. */
export type StatelessSeed = TensorLike;

/** The seed as the key of a stream, after words that say which of a seed's streams. */
function stateOf(seed: StatelessSeed, operation: string, stream: readonly [TensorLike, TensorLike] = [0, 0]): Tensor {
  if (Array.isArray(seed) && !seed.every((word) => Number.isInteger(word) && word >= -(2 ** 31) && word < 2 ** 32))
    throw new ArgumentError(
      `${operation}: expected a seed of two whole numbers of 32 bits, got ${JSON.stringify(seed)}.`,
    );
  const words = Array.isArray(seed) ? Int32Array.from(seed as number[], (word) => word | 0) : seed;
  const value = toTensor(words, operation, 'int32');
  if (!isInteger(value.dtype) || !shapesEqual(value.shape, [2]))
    throw new ArgumentError(
      `${operation}: expected a seed of two whole numbers such as [1, 2], got ${value.dtype} ${formatShape(value.shape)}.`,
    );
  const counter = stream.map((word) => p.reshape(p.cast(toTensor(word, operation, 'int32'), 'int32'), [1]));
  return p.concat([toTensor(new Int32Array(2), operation), ...counter, p.cast(value, 'int32')], 0);
}

const normalOf =
  (distribution: 'normal' | 'truncatedNormal', operation: string) =>
  (shape: Shape, seed: StatelessSeed, mean: TensorLike = 0, stddev: TensorLike = 1, dtype: DType = 'float32'): Tensor =>
    drawNormal(stateOf(seed, operation), distribution, shape, mean, stddev, dtype, operation)[0];

/**
 * Normally distributed numbers of a seed. Gradients pass to mean and standard deviation, which broadcast to the shape.
 *
 * @example tf.random.statelessNormal([2, 3], [1, 2]) // the same six numbers each time
 */
export const statelessNormal = op('random.statelessNormal', normalOf('normal', 'statelessNormal'));

/**
 * As {@link statelessNormal}, without numbers more than two standard deviations from the mean.
 *
 * @example `tf.random.statelessTruncatedNormal([3], [1, 2]).shape` is `[3]`
 */
export const statelessTruncatedNormal = op(
  'random.statelessTruncatedNormal',
  normalOf('truncatedNormal', 'statelessTruncatedNormal'),
);

/**
 * Uniform numbers of a seed in [minval, maxval), by default [0, 1); whole ones for an integer dtype, where `null` for both bounds means all numbers
 * of the dtype.
 *
 * @example `tf.random.statelessUniform([3], [1, 2]).shape` is `[3]`
 */
export const statelessUniform = op(
  'random.statelessUniform',
  function statelessUniform(
    shape: Shape,
    seed: StatelessSeed,
    minval: TensorLike | null = 0,
    maxval?: TensorLike | null,
    dtype: DType = 'float32',
  ): Tensor {
    const operation = 'statelessUniform';
    const state = stateOf(seed, operation);
    if (minval === null && maxval === null) return drawBits(state, shape, dtype, operation)[0];
    if (minval === null || maxval === null)
      throw new ArgumentError(`${operation}: expected both bounds, or null for both.`);
    return drawUniform(state, shape, minval, maxval, dtype, operation)[0];
  },
);

/**
 * Gamma numbers of a seed, of the given shape, to which the parameters broadcast; else as `tf.randomGamma`.
 *
 * @example `tf.random.statelessGamma([3], [1, 2], 2).shape` is `[3]`
 */
export const statelessGamma = op(
  'random.statelessGamma',
  (shape: Shape, seed: StatelessSeed, alpha: TensorLike, beta: TensorLike = 1, dtype: DType = 'float32'): Tensor =>
    drawGamma(stateOf(seed, 'statelessGamma'), shape, alpha, beta, dtype, 'statelessGamma')[0],
);

/**
 * Poisson numbers of a seed, of the given shape, to which the rates broadcast; else as `tf.random.poisson`.
 *
 * @example `tf.random.statelessPoisson([3], [1, 2], 4).shape` is `[3]`
 */
export const statelessPoisson = op(
  'random.statelessPoisson',
  (shape: Shape, seed: StatelessSeed, lam: TensorLike, dtype: DType = 'int32'): Tensor =>
    drawPoisson(stateOf(seed, 'statelessPoisson'), shape, lam, dtype, 'statelessPoisson')[0],
);

/**
 * Numbers of successes, of a seed; else as `tf.random.binomial`.
 *
 * @example `tf.random.statelessBinomial([3], [1, 2], 5, 1)` is `[5, 5, 5]`
 */
export const statelessBinomial = op(
  'random.statelessBinomial',
  (shape: Shape, seed: StatelessSeed, counts: TensorLike, probs: TensorLike, dtype: DType = 'int32'): Tensor =>
    drawBinomial(stateOf(seed, 'statelessBinomial'), shape, counts, probs, dtype, 'statelessBinomial')[0],
);

/**
 * Places of classes, of a seed; else as `tf.random.categorical`.
 *
 * @example `tf.random.statelessCategorical([[0, -1e9]], 3, [1, 2])` is `[[0, 0, 0]]`
 */
export const statelessCategorical = op(
  'random.statelessCategorical',
  (logits: TensorLike, numSamples: number, seed: StatelessSeed, dtype: DType = 'int32'): Tensor =>
    drawCategorical(stateOf(seed, 'statelessCategorical'), logits, numSamples, dtype, 'statelessCategorical')[0],
);

/**
 * The slices along the first axis in an order of a seed.
 *
 * @example `tf.sort(tf.random.statelessShuffle([3, 1, 2], [1, 2]))` is `[1, 2, 3]`
 */
export const statelessShuffle = op(
  'random.statelessShuffle',
  (x: TensorLike, seed: StatelessSeed): Tensor =>
    drawShuffled(stateOf(seed, 'statelessShuffle'), x, 'statelessShuffle')[0],
);

/**
 * So many new seeds of one, int32 `[num, 2]`, whose numbers are independent.
 *
 * @example `tf.random.split([1, 2], 3).shape` is `[3, 2]`
 */
export const split = op(
  'random.split',
  (seed: StatelessSeed, num = 2): Tensor =>
    drawBits(stateOf(seed, 'random.split', [1, 0]), [num, 2], 'int32', 'random.split')[0],
);

/**
 * A new seed of one and a whole number, int32 `[2]`: of the number of a step, say.
 *
 * @example `tf.random.foldIn([1, 2], 7).shape` is `[2]`
 */
export const foldIn = op(
  'random.foldIn',
  (seed: StatelessSeed, data: TensorLike): Tensor =>
    drawBits(stateOf(seed, 'random.foldIn', [2, data]), [2], 'int32', 'random.foldIn')[0],
);
