/** @file Random tensors from a counter-based generator: the same seed gives the same numbers on every engine. */
import { fromHost } from '../engine/index.ts';
import { currentFeeding } from '../tracing/batching.ts';
import * as p from '../primitives/calls.ts';
import { type DType, type TypedArray, allocateHostArray, isFloating } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { toHostArray, toNumbers } from '../tensor/host.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toTensor } from './convert.ts';
import { normals, truncatedNormals } from '../engine/random/distributions.ts';
import { Generator } from '../engine/random/philox.ts';
import { op } from '../symbolic/op.ts';

let global = new Generator(Math.floor(Math.random() * 2 ** 52));
let isSeeded = false;
let needsSeed = false;

/**
 * @internal From now on numbers of the global generator are refused until it has a seed, as nobody could have them again.
 */
export function requireSeed(): void {
  needsSeed = true;
}

function globalGenerator(): Generator {
  if (needsSeed && !isSeeded)
    throw new ArgumentError(
      'Random numbers need a seed where operations must be deterministic; call tf.random.setSeed(1) first, or give the operation a seed.',
    );
  return global;
}

/**
 * Starts the global generator anew: random operations without a seed of their own, in and out of `tf.function`, then give
 * the same numbers in the same order.
 */
export function setSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) throw new ArgumentError(`setSeed: expected a whole number, got ${seed}.`);
  global = new Generator(seed);
  isSeeded = true;
}

/**
 * @internal The state from which the global generator goes on, here as after `restoreGenerator`: what a training that is cut off
 * and resumed draws is what it would have drawn.
 */
export function checkpointGenerator(): Int32Array {
  const state = globalGenerator().state();
  // Numbers left of its block are dropped here too.
  global = new Generator(state);
  return state;
}

/** @internal Lets the global generator go on from a state of `checkpointGenerator`. */
export function restoreGenerator(state: Int32Array): void {
  global = new Generator(state);
  isSeeded = true;
}

/** @internal @throws ShapeError */
export function requireShape(shape: Shape): void {
  if (!Array.isArray(shape) || shape.some((dimension) => !Number.isInteger(dimension) || dimension < 0))
    throw new ShapeError(`Random numbers need a shape such as [2, 3], got ${JSON.stringify(shape)}.`);
}

/**
 * A tensor of numbers that `sample` takes from a new generator of `seed`, from the generator given, or from the global one.
 * In a trace the latter two are an input that is drawn again at each call, in tf.vectorizedMap each element has its own.
 */
function draw(
  shape: Shape,
  dtype: DType,
  seed: number | Generator | undefined,
  sample: (generator: Generator, size: number) => TypedArray,
): Tensor {
  requireShape(shape);
  const size = sizeOf(shape);
  const produce = (): TypedArray =>
    sample(typeof seed === 'number' ? new Generator(seed) : (seed ?? globalGenerator()), size);
  const feeding = typeof seed === 'number' ? null : currentFeeding();
  return feeding ? feeding.feed({ dtype, shape: [...shape] }, produce) : fromHost(produce(), dtype, [...shape]);
}

/**
 * @internal The state of a new stream, for the primitive that draws numbers whose parameters are tensors: that of `seed`, or one
 * that the global generator chooses, in a trace at each call.
 */
export const drawState = (seed?: number): Tensor =>
  draw([6], 'int32', seed, (generator) => Int32Array.of(0, 0, 0, 0, generator.next(), generator.next()));

/** Fills a host array of `dtype`, number by number; `uniform` has as many random bits as the dtype can hold. */
function fillWith(
  dtype: DType,
  next: (uniform: () => number) => number,
): (generator: Generator, size: number) => TypedArray {
  return (generator, size) => {
    const uniform = dtype === 'float64' ? () => generator.uniform53() : () => generator.uniform();
    const values = dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
    for (let i = 0; i < size; i++) values[i] = next(uniform);
    return dtype === 'float32' || dtype === 'float64' ? values : toHostArray(values, dtype);
  };
}

/** @internal @throws DTypeError */
export function requireFloat(dtype: DType, operation: string): void {
  if (!isFloating(dtype)) throw new DTypeError(`${operation}: expected a floating dtype, got ${dtype}.`);
}

/**
 * Uniform numbers in [minval, maxval); whole ones for an integer dtype.
 *
 * @param seed For the same numbers each time; otherwise the global generator goes on.
 * @example `tf.randomUniform([2, 3]).shape` is `[2, 3]`
 */
export const randomUniform = (shape: Shape, minval = 0, maxval = 1, dtype: DType = 'float32', seed?: number): Tensor =>
  isFloating(dtype)
    ? draw(shape, dtype, seed, fillWith(dtype, below(minval, maxval, dtype)))
    : randomUniformInt(shape, minval, maxval, seed, dtype);

/** Uniform numbers from `minval` up to `maxval`, drawn again where the dtype's rounding would make them `maxval`. */
function below(minval: number, maxval: number, dtype: DType): (uniform: () => number) => number {
  const stored = (value: number): number => toNumbers(toHostArray([value], dtype), dtype)[0];
  const draw = (uniform: () => number): number => minval + (maxval - minval) * uniform();
  if (dtype === 'float64' || !(stored(minval) < stored(maxval))) return draw;
  const end = stored(maxval);
  const round = dtype === 'float32' ? Math.fround : stored;
  return (uniform) => {
    let value = draw(uniform);
    while (round(value) >= end) value = draw(uniform);
    return value;
  };
}

/**
 * Whole numbers from `minval` up to but without `maxval`, each with the same probability.
 *
 * @example `tf.randomUniformInt([4], 7, 8)` is `[7, 7, 7, 7]`
 */
export function randomUniformInt(
  shape: Shape,
  minval: number,
  maxval: number,
  seed?: number,
  dtype: DType = 'int32',
): Tensor {
  if (!Number.isInteger(minval) || !Number.isInteger(maxval) || maxval <= minval || maxval - minval > 2 ** 32)
    throw new ArgumentError(
      `randomUniformInt: expected whole numbers minval < maxval at most 2^32 apart, got ${minval} and ${maxval}.`,
    );
  return draw(shape, dtype, seed, (generator, size) =>
    toHostArray(
      Float64Array.from({ length: size }, () => minval + generator.below(maxval - minval)),
      dtype,
    ),
  );
}

/**
 * Normally distributed numbers. @param seed As in {@link randomUniform}.
 *
 * @example `tf.randomNormal([2, 3]).shape` is `[2, 3]`
 */
export function randomNormal(shape: Shape, mean = 0, stdDev = 1, dtype: DType = 'float32', seed?: number): Tensor {
  requireFloat(dtype, 'randomNormal');
  return draw(shape, dtype, seed, (generator, size) => {
    const normal = normals();
    return fillWith(dtype, (uniform) => mean + stdDev * normal(uniform))(generator, size);
  });
}

/**
 * Normally distributed numbers; those more than two standard deviations from the mean are drawn again.
 *
 * @example `tf.truncatedNormal([1000]).abs().max().less(2.01)` is `true`
 */
export function truncatedNormal(shape: Shape, mean = 0, stdDev = 1, dtype: DType = 'float32', seed?: number): Tensor {
  requireFloat(dtype, 'truncatedNormal');
  return draw(shape, dtype, seed, (generator, size) => {
    const normal = truncatedNormals();
    return fillWith(dtype, (uniform) => mean + stdDev * normal(uniform))(generator, size);
  });
}

/**
 * @internal bool: true with the given probability. A byte decides for nearly every element; only where it is the
 * probability's own first byte do further bits, so this takes a quarter of the words that comparing uniforms would.
 */
export const randomMask = (shape: Shape, probability: number, seed?: number | Generator): Tensor =>
  draw(shape, 'bool', seed, (generator, size) => {
    const mask = allocateHostArray('bool', size) as Uint8Array;
    const scaled = probability * 256;
    const threshold = Math.floor(scaled);
    const rest = scaled - threshold;
    for (let i = 0; i < size;) {
      const end = Math.min(size, i + 4);
      for (let word = generator.next(); i < end; i++, word >>>= 8) {
        const byte = word & 0xff;
        mask[i] = byte < threshold || (byte === threshold && generator.uniform() < rest) ? 1 : 0;
      }
    }
    return mask;
  });

/**
 * The numbers 0 to `n - 1` in random order, as int32 (Fisher-Yates).
 *
 * @example `tf.sort(tf.randomPermutation(3))` is `[0, 1, 2]`
 */
export const randomPermutation = (n: number, seed?: number): Tensor =>
  draw([n], 'int32', seed, (generator) => {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = generator.below(i + 1);
      const last = order[i];
      order[i] = order[j];
      order[j] = last;
    }
    return order;
  });

/**
 * The slices of `x` along its first axis, in random order.
 *
 * @example `tf.sort(tf.shuffle([3, 1, 2]))` is `[1, 2, 3]`
 */
export const shuffle = op('shuffle', function shuffle(x: TensorLike, seed?: number): Tensor {
  const value = toTensor(x, 'shuffle');
  if (value.rank === 0) throw new ArgumentError('shuffle: expected a tensor of rank 1 or more, got a scalar.');
  return p.gather(value, randomPermutation(value.shape[0], seed), 0);
});

/**
 * Standard normal numbers: of mean 0 and standard deviation 1.
 *
 * @example `tf.randomStandardNormal([5]).shape` is `[5]`
 */
export const randomStandardNormal = (shape: Shape, dtype: DType = 'float32', seed?: number): Tensor =>
  randomNormal(shape, 0, 1, dtype, seed);

/**
 * Numbers from a function of your own, which is called for each element; in a traced function at each call again.
 *
 * @example `tf.rand([2, 3], () => Math.random())`
 */
export function rand(shape: Shape, randFunction: () => number, dtype: DType = 'float32'): Tensor {
  const generator = new Generator(0);
  return draw(shape, dtype, generator, (_, size) => toHostArray(Array.from({ length: size }, randFunction), dtype));
}
