/** @file Initializers that draw from one fixed distribution. */
import type { Config } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Initializer } from './initializer.ts';
import { type Seed, type SeedOptions, checkSeed, drawNormal, drawTruncated, drawUniform, seedConfig } from './seed.ts';

export interface NormalOptions extends SeedOptions {
  /** Default 0. */
  mean?: number;
  /** Standard deviation; default 0.05. */
  stddev?: number;
}

export interface UniformOptions extends SeedOptions {
  /** Lower bound; default -0.05. */
  minval?: number;
  /** Upper bound, not included; default 0.05. */
  maxval?: number;
}

/** An initializer that draws random numbers. */
export abstract class RandomInitializer extends Initializer {
  readonly seed: Seed;

  constructor(name: string, seed: Seed | undefined) {
    super();
    this.seed = checkSeed(name, seed);
  }

  override getConfig(): Config {
    return { seed: seedConfig(this.seed) };
  }
}

/**
 * Normally distributed values.
 *
 * @example tf.initializers.randomNormal({ stddev: 0.1, seed: 1 }).apply([2, 3])
 */
export class RandomNormal extends RandomInitializer {
  readonly mean: number;
  readonly stddev: number;

  constructor({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}) {
    super('randomNormal', seed);
    if (!(stddev >= 0)) throw new ArgumentError(`initializers: expected stddev of at least 0, got ${stddev}.`);
    this.mean = mean;
    this.stddev = stddev;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return drawNormal(shape, this.mean, this.stddev, dtype, this.seed);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), mean: this.mean, stddev: this.stddev };
  }
}

/**
 * Normally distributed values, those beyond two standard deviations drawn again: the variance is 0.774 stddev².
 *
 * @example tf.initializers.truncatedNormal({ stddev: 0.1 }).apply([2, 3]) // all within ±0.2
 */
export class TruncatedNormal extends RandomNormal {
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return drawTruncated(shape, this.mean, this.stddev, dtype, this.seed);
  }
}

/**
 * Values uniform in [minval, maxval).
 *
 * @example tf.initializers.randomUniform({ minval: -1, maxval: 1 }).apply([2, 3])
 */
export class RandomUniform extends RandomInitializer {
  readonly minval: number;
  readonly maxval: number;

  constructor({ minval = -0.05, maxval = 0.05, seed }: UniformOptions = {}) {
    super('randomUniform', seed);
    this.minval = minval;
    this.maxval = maxval;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return drawUniform(shape, this.minval, this.maxval, dtype, this.seed);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), minval: this.minval, maxval: this.maxval };
  }
}
