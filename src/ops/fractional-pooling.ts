/** @file Pooling with windows of two sizes in random order, so that images shrink by a ratio that is not whole (Graham, 2015). */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toFloat } from './convert.ts';
import { hostTensor } from './host-tensor.ts';
import { Generator } from '../engine/random/philox.ts';
import { seedOrDrawn } from './drawn-seed.ts';

export interface FractionalPooling {
  readonly result: Tensor;
  /** Where windows begin, and the last one ends, along the height. */
  readonly rowPoolingSequence: Tensor;
  /** The same along the width. */
  readonly colPoolingSequence: Tensor;
}

export interface FractionalPoolingOptions {
  /** Sequences from one random number (Graham's pseudorandom ones) instead of a random order of steps. */
  readonly pseudoRandom?: boolean;
  /** Whether windows share the element at their common border. */
  readonly overlapping?: boolean;
  /** For the same windows each time. */
  readonly seed?: number;
}

/** Borders of `count` windows over `size` elements, each one or the other of two neighbouring sizes. */
function sequence(size: number, count: number, pseudoRandom: boolean, generator: Generator): number[] {
  const ratio = size / count;
  if (pseudoRandom) {
    const least = Math.floor(ratio);
    // The largest offset with which all windows lie within the input.
    const most = Math.min((size + 2) / ratio - count, (size + 1) / ratio - (count - 1));
    const offset = least === ratio ? 0 : generator.uniform53() * Math.max(0, Math.min(1, most));
    const start = Math.floor(ratio * offset);
    const borders = Array.from({ length: count }, (_, i) => Math.floor(ratio * (i + offset)) - start);
    return [...borders, size];
  }
  const short = Math.floor(ratio);
  const steps = Array.from({ length: count }, (_, i) => (i < size - short * count ? short + 1 : short));
  for (let i = count - 1; i > 0; i--) {
    const j = generator.below(i + 1);
    [steps[i], steps[j]] = [steps[j], steps[i]];
  }
  return steps.reduce((borders, step) => [...borders, borders[borders.length - 1] + step], [0]);
}

/** Elements of each window; short windows repeat their last element, or have -1 there. */
function places(borders: readonly number[], size: number, overlapping: boolean): number[][] {
  const windows = borders.slice(1).map((end, i) => {
    const last = Math.min(size - 1, overlapping ? end : end - 1);
    return Array.from({ length: last - borders[i] + 1 }, (_, k) => borders[i] + k);
  });
  const longest = Math.max(...windows.map((window) => window.length));
  return windows.map((window) => [...window, ...new Array<number>(longest - window.length).fill(-1)]);
}

function fractional(
  type: 'max' | 'avg',
  x: TensorLike,
  poolingRatio: readonly number[],
  { pseudoRandom = false, overlapping = false, seed }: FractionalPoolingOptions,
): FractionalPooling {
  const operation = type === 'max' ? 'fractionalMaxPool' : 'fractionalAvgPool';
  const images = toFloat(x, operation);
  if (images.rank !== 4)
    throw new ShapeError(
      `${operation}: expected images of shape [batch, height, width, channels], got ${formatShape(images.shape)}.`,
    );
  const ratios = poolingRatio.length === 4 ? poolingRatio.slice(1, 3) : poolingRatio;
  if (ratios.length !== 2 || ratios.some((ratio) => !(ratio >= 1)))
    throw new ArgumentError(
      `${operation}: expected a poolingRatio of two numbers of at least 1 (or [1, height, width, 1]), got ${JSON.stringify(poolingRatio)}.`,
    );
  const generator = new Generator(seedOrDrawn(seed));
  const borders = [0, 1].map((axis) => {
    const size = images.shape[axis + 1];
    return sequence(size, Math.floor(size / ratios[axis]), pseudoRandom, generator);
  });
  const reduce = (value: Tensor, axis: number): Tensor => {
    const windows = places(borders[axis], images.shape[axis + 1], overlapping);
    const flat = windows.flatMap((window) => window.map((place) => (place < 0 ? window[0] : place)));
    const gathered = p.gather(value, hostTensor(flat, [windows.length, windows[0].length]), axis + 1);
    // A repeated element changes no maximum.
    if (type === 'max') return p.max(gathered, [axis + 2]);
    const weights = windows.flatMap((window) => {
      const count = window.filter((place) => place >= 0).length;
      return window.map((place) => (place < 0 ? 0 : 1 / count));
    });
    const shape = new Array<number>(5)
      .fill(1)
      .with(axis + 1, windows.length)
      .with(axis + 2, windows[0].length);
    return p.sum(p.mul(gathered, hostTensor(weights, shape, value.dtype)), [axis + 2]);
  };
  return {
    result: reduce(reduce(images, 0), 1),
    rowPoolingSequence: hostTensor(borders[0]),
    colPoolingSequence: hostTensor(borders[1]),
  };
}

/**
 * The largest element of windows whose sizes are random, so that the output is `floor(size / ratio)` on each axis.
 *
 * @param x Images `[batch, height, width, channels]`.
 * @param poolingRatio How much smaller height and width become: two numbers of at least 1.
 * @example tf.fractionalMaxPool(images, [1.44, 1.44], { seed: 1 }).result
 */
export const fractionalMaxPool = (
  x: TensorLike,
  poolingRatio: readonly number[],
  options: FractionalPoolingOptions = {},
): FractionalPooling => fractional('max', x, poolingRatio, options);

/** The mean of such windows; see {@link fractionalMaxPool}. */
export const fractionalAvgPool = (
  x: TensorLike,
  poolingRatio: readonly number[],
  options: FractionalPoolingOptions = {},
): FractionalPooling => fractional('avg', x, poolingRatio, options);
