/** @file Initializers that draw from one fixed distribution. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Initializer } from './initializer.ts';

export interface NormalOptions {
  /** Default 0. */
  mean?: number;
  /** Standard deviation; default 0.05. */
  stddev?: number;
  /** The same seed gives the same values each time; left out, the global generator is used. */
  seed?: number;
}

export interface UniformOptions {
  /** Lower bound; default -0.05. */
  minval?: number;
  /** Upper bound, not included; default 0.05. */
  maxval?: number;
  seed?: number;
}

/** Normally distributed values. */
export class RandomNormal extends Initializer {
  readonly mean: number;
  readonly stddev: number;
  readonly seed: number | undefined;

  constructor({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}) {
    super();
    this.mean = mean;
    this.stddev = stddev;
    this.seed = seed;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.randomNormal([...shape], this.mean, this.stddev, dtype, this.seed);
  }

  override getConfig(): Config {
    return { mean: this.mean, stddev: this.stddev, seed: this.seed ?? null };
  }
}

/** Normally distributed values, those beyond two standard deviations drawn again. */
export class TruncatedNormal extends RandomNormal {
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.truncatedNormal([...shape], this.mean, this.stddev, dtype, this.seed);
  }
}

/** Values uniform in [minval, maxval). */
export class RandomUniform extends Initializer {
  readonly minval: number;
  readonly maxval: number;
  readonly seed: number | undefined;

  constructor({ minval = -0.05, maxval = 0.05, seed }: UniformOptions = {}) {
    super();
    this.minval = minval;
    this.maxval = maxval;
    this.seed = seed;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.randomUniform([...shape], this.minval, this.maxval, dtype, this.seed);
  }

  override getConfig(): Config {
    return { minval: this.minval, maxval: this.maxval, seed: this.seed ?? null };
  }
}
