/** @file Where layers for augmentation take their random numbers from: a generator of their own, or the global one. */
import * as ops from '../../ops/index.ts';
import type { DType } from '../../tensor/dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * A stream of random numbers that goes on from call to call, inside `tf.function` too. With a seed it is a stream of its own, which is
 * the same each time; without one the global generator's, which `tf.random.setSeed` starts anew.
 */
export class RandomSource {
  private readonly generator: ops.random.Generator | null;

  constructor(seed: number | null) {
    this.generator = seed === null ? null : ops.random.Generator.fromSeed(seed);
  }

  /** Uniform numbers in [low, high). */
  uniform(shape: readonly number[], low = 0, high = 1, dtype: DType = 'float32'): Tensor {
    if (low === high) return ops.fill([...shape], low, dtype);
    const drawn = this.generator ? this.generator.uniform([...shape], low, high) : ops.randomUniform(shape, low, high);
    return ops.cast(drawn, dtype);
  }

  /** Whole numbers from `low` up to but without `high`, int32. */
  integers(shape: readonly number[], low: number, high: number): Tensor {
    return this.generator
      ? this.generator.uniform([...shape], low, high, 'int32')
      : ops.randomUniformInt(shape, low, high);
  }

  /** Standard normal numbers. */
  normal(shape: readonly number[], dtype: DType = 'float32'): Tensor {
    return ops.cast(this.generator ? this.generator.normal([...shape]) : ops.randomNormal(shape), dtype);
  }

  /** True with a probability that is itself drawn between two, for each image anew. */
  happens(count: number, [least, greatest]: readonly [number, number]): Tensor {
    const probability = this.uniform([count], least, greatest);
    return ops.less(this.uniform([count]), probability);
  }

  /** 1 or -1. */
  sign(shape: readonly number[], dtype: DType = 'float32'): Tensor {
    return ops.cast(ops.where(ops.greater(this.uniform(shape), 0.5), ops.scalar(-1), ops.scalar(1)), dtype);
  }

  /** Numbers of the gamma distribution with rate 1; `alpha` is a number or a scalar. */
  gamma(shape: readonly number[], alpha: number | Tensor): Tensor {
    if (this.generator) {
      const seed = ops.reshape(this.generator.makeSeeds(1), [2]);
      return ops.random.statelessGamma([...shape], seed, alpha);
    }
    return ops.randomGamma([...shape], alpha);
  }

  /** Numbers in [0, 1] of the beta distribution with both parameters alike. */
  beta(shape: readonly number[], alpha: number | Tensor): Tensor {
    const [a, b] = [this.gamma(shape, alpha), this.gamma(shape, alpha)];
    const total = ops.add(a, b);
    // Both may be too small for float32 where alpha is small: then one of the ends, by a coin.
    const coin = ops.cast(ops.less(this.uniform(shape), 0.5), 'float32');
    const isThere = ops.greater(total, 0);
    return ops.where(isThere, ops.div(a, ops.where(isThere, total, ops.onesLike(total))), coin);
  }

  /** The numbers 0 to `count - 1` in random order, int32. */
  permutation(count: number): Tensor {
    return this.generator ? ops.argsort(this.generator.uniform([count])) : ops.randomPermutation(count);
  }
}
