/** @file Images changed at random, for training. With a seed the change is the same each time. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { type Shape, formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toTensor } from '../convert.ts';
import { hostTensor } from '../host-tensor.ts';
import { randomUniform, randomUniformInt } from '../random.ts';
import { type StatelessSeed, statelessUniform } from '../sampling/stateless.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './color.ts';
import { withBatch } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/** A whole number; or two of them, also as a tensor, as TensorFlow's stateless functions have it. */
export type Seed = number | StatelessSeed;

/** Numbers in [low, high), drawn anew at each call of a traced function where there is no seed. */
const uniform = (shape: Shape, low: number, high: number, seed?: Seed): Tensor =>
  seed === undefined || typeof seed === 'number'
    ? randomUniform(shape, low, high, 'float32', seed)
    : statelessUniform(shape, seed, low, high);
const between = (low: number, high: number, seed?: Seed): Tensor => uniform([], low, high, seed);

function checkRange(low: number, high: number, operation: string): void {
  if (!(low >= 0 && low < high))
    throw new ArgumentError(`${operation}: expected 0 <= lower < upper, got ${low} and ${high}.`);
}

const flip = (image: TensorLike, axis: number, operation: string, seed?: Seed): Tensor =>
  withBatch(image, operation, (x) => {
    const coins = p.less(uniform([x.shape[0], 1, 1, 1], 0, 1, seed), hostTensor([0.5], [], 'float32'));
    return p.select(coins, p.reverse(x, [axis]), x);
  });

/**
 * Each image of the batch, or its mirror image, left and right changed.
 *
 * @example `tf.image.randomFlipLeftRight(tf.ones([2, 3, 1])).shape` is `[2, 3, 1]`
 */
export const randomFlipLeftRight = op('image.randomFlipLeftRight', (image: TensorLike, seed?: Seed): Tensor =>
  flip(image, 2, 'image.randomFlipLeftRight', seed),
);
/**
 * Each image of the batch, or its mirror image, top and bottom changed.
 *
 * @example `tf.image.randomFlipUpDown(tf.ones([2, 3, 1])).shape` is `[2, 3, 1]`
 */
export const randomFlipUpDown = op('image.randomFlipUpDown', (image: TensorLike, seed?: Seed): Tensor =>
  flip(image, 1, 'image.randomFlipUpDown', seed),
);

/**
 * `adjustBrightness` by a number in [-maxDelta, maxDelta).
 *
 * @example `tf.image.randomBrightness(tf.ones([2, 3, 1]), 0.2).shape` is `[2, 3, 1]`
 */
export const randomBrightness = op(
  'image.randomBrightness',
  function randomBrightness(image: TensorLike, maxDelta: number, seed?: Seed): Tensor {
    if (!(maxDelta >= 0))
      throw new ArgumentError(`image.randomBrightness: expected a maxDelta of 0 or more, got ${maxDelta}.`);
    return adjustBrightness(image, between(-maxDelta, maxDelta, seed));
  },
);

/**
 * `adjustContrast` by a factor in [lower, upper).
 *
 * @example `tf.image.randomContrast(tf.ones([2, 3, 1]), 0.5, 2)` is `[[[1], [1], [1]], [[1], [1], [1]]]`
 */
export const randomContrast = op(
  'image.randomContrast',
  function randomContrast(image: TensorLike, lower: number, upper: number, seed?: Seed): Tensor {
    checkRange(lower, upper, 'image.randomContrast');
    return adjustContrast(image, between(lower, upper, seed));
  },
);

/**
 * `adjustHue` by a number in [-maxDelta, maxDelta), of at most half the circle.
 *
 * @example `tf.image.randomHue(tf.ones([2, 3, 3]), 0.2).shape` is `[2, 3, 3]`
 */
export const randomHue = op(
  'image.randomHue',
  function randomHue(image: TensorLike, maxDelta: number, seed?: Seed): Tensor {
    if (!(maxDelta >= 0 && maxDelta <= 0.5))
      throw new ArgumentError(`image.randomHue: expected a maxDelta from 0 to 0.5, got ${maxDelta}.`);
    return adjustHue(image, between(-maxDelta, maxDelta, seed));
  },
);

/**
 * `adjustSaturation` by a factor in [lower, upper).
 *
 * @example `tf.image.randomSaturation(tf.ones([2, 3, 3]), 0.5, 2).shape` is `[2, 3, 3]`
 */
export const randomSaturation = op(
  'image.randomSaturation',
  function randomSaturation(image: TensorLike, lower: number, upper: number, seed?: Seed): Tensor {
    checkRange(lower, upper, 'image.randomSaturation');
    return adjustSaturation(image, between(lower, upper, seed));
  },
);

/**
 * A block of `size` at a random place; every place is as likely.
 *
 * @param value A tensor of any rank, for example an image `[height, width, channels]`.
 * @param size How many elements on each axis; -1 for all.
 * @example `tf.image.randomCrop(tf.ones([5, 5, 3]), [2, 2, 3]).shape` is `[2, 2, 3]`
 */
export const randomCrop = op(
  'image.randomCrop',
  function randomCrop(value: TensorLike, size: readonly number[], seed?: Seed): Tensor {
    const x = toTensor(value, 'image.randomCrop');
    const sizes = x.shape.map((length, axis) => (size[axis] === -1 ? length : size[axis]));
    if (size.length !== x.rank || sizes.some((n, axis) => !Number.isInteger(n) || n < 0 || n > x.shape[axis]))
      throw new ShapeError(
        `image.randomCrop: a block of ${formatShape(size)} does not lie within shape ${formatShape(x.shape)}.`,
      );
    const firstOf = (axis: number, room: number): Tensor => {
      if (seed === undefined || typeof seed === 'number')
        return randomUniformInt([], 0, room + 1, seed === undefined ? undefined : seed + axis);
      const share = p.slice(statelessUniform([x.rank], seed), [axis], [1]);
      return p.reshape(p.cast(p.mul(share, scalarLike(room + 1, share)), 'int32'), []);
    };
    return sizes.reduce((cropped, length, axis) => {
      const room = x.shape[axis] - length;
      if (room === 0) return cropped;
      const places = Array.from({ length }, (_, i) => i);
      return p.gather(cropped, p.add(hostTensor(places), firstOf(axis, room)), axis);
    }, x);
  },
);

/**
 * {@link randomFlipLeftRight} with a seed that must be given.
 *
 * @example `tf.image.statelessRandomFlipLeftRight([[[1], [2]]], [3, 4]).shape` is `[1, 2, 1]`
 */
export const statelessRandomFlipLeftRight = op(
  'image.statelessRandomFlipLeftRight',
  (image: TensorLike, seed: Seed): Tensor => randomFlipLeftRight(image, seed),
);
/**
 * {@link randomFlipUpDown} with a seed that must be given.
 *
 * @example `tf.image.statelessRandomFlipUpDown([[[1], [2]]], [3, 4])` is `[[[1], [2]]]`
 */
export const statelessRandomFlipUpDown = op(
  'image.statelessRandomFlipUpDown',
  (image: TensorLike, seed: Seed): Tensor => randomFlipUpDown(image, seed),
);
/**
 * {@link randomBrightness} with a seed that must be given.
 *
 * @example `tf.image.statelessRandomBrightness(tf.ones([2, 3, 1]), 0.2, [3, 4]).shape` is `[2, 3, 1]`
 */
export const statelessRandomBrightness = op(
  'image.statelessRandomBrightness',
  (image: TensorLike, maxDelta: number, seed: Seed): Tensor => randomBrightness(image, maxDelta, seed),
);
/**
 * {@link randomContrast} with a seed that must be given.
 *
 * @example `tf.image.statelessRandomContrast([[[1], [1]]], 0.5, 2, [3, 4])` is `[[[1], [1]]]`
 */
export const statelessRandomContrast = op(
  'image.statelessRandomContrast',
  (image: TensorLike, lower: number, upper: number, seed: Seed): Tensor => randomContrast(image, lower, upper, seed),
);
/**
 * {@link randomHue} with a seed that must be given.
 *
 * @example `tf.image.statelessRandomHue(tf.ones([2, 3, 3]), 0.2, [3, 4]).shape` is `[2, 3, 3]`
 */
export const statelessRandomHue = op(
  'image.statelessRandomHue',
  (image: TensorLike, maxDelta: number, seed: Seed): Tensor => randomHue(image, maxDelta, seed),
);
/**
 * {@link randomSaturation} with a seed that must be given.
 *
 * @example `tf.image.statelessRandomSaturation(tf.ones([2, 3, 3]), 0.5, 2, [3, 4]).shape` is `[2, 3, 3]`
 */
export const statelessRandomSaturation = op(
  'image.statelessRandomSaturation',
  (image: TensorLike, lower: number, upper: number, seed: Seed): Tensor => randomSaturation(image, lower, upper, seed),
);
/**
 * {@link randomCrop} with a seed that must be given.
 *
 * @example `tf.image.statelessRandomCrop(tf.ones([5, 5, 3]), [2, 2, 3], [3, 4]).shape` is `[2, 2, 3]`
 */
export const statelessRandomCrop = op(
  'image.statelessRandomCrop',
  (value: TensorLike, size: readonly number[], seed: Seed): Tensor => randomCrop(value, size, seed),
);
