/** @file The seeds of initializers, and draws with them. */
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * A whole number gives the same values each time; a generator goes on from its state; left out (or null) the global generator
 * goes on, which `tf.random.setSeed` starts.
 */
export type Seed = number | ops.random.Generator | null;

export interface SeedOptions {
  seed?: Seed;
}

/** @throws ArgumentError */
export function checkSeed(initializer: string, seed: Seed | undefined): Seed {
  if (seed === null || seed === undefined) return null;
  if (seed instanceof ops.random.Generator || Number.isSafeInteger(seed)) return seed;
  throw new ArgumentError(
    `initializers.${initializer}: expected seed to be a whole number or a tf.random.Generator, got ${String(seed)}.`,
  );
}

/** What a config says for a seed. The state of a generator is no part of it. */
export const seedConfig = (seed: Seed): number | null => (typeof seed === 'number' ? seed : null);

export const drawNormal = (shape: Shape, mean: number, stddev: number, dtype: DType, seed: Seed): Tensor =>
  seed instanceof ops.random.Generator
    ? seed.normal([...shape], mean, stddev, dtype)
    : ops.randomNormal([...shape], mean, stddev, dtype, seed ?? undefined);

export const drawTruncated = (shape: Shape, mean: number, stddev: number, dtype: DType, seed: Seed): Tensor =>
  seed instanceof ops.random.Generator
    ? seed.truncatedNormal([...shape], mean, stddev, dtype)
    : ops.truncatedNormal([...shape], mean, stddev, dtype, seed ?? undefined);

export const drawUniform = (shape: Shape, minval: number, maxval: number, dtype: DType, seed: Seed): Tensor =>
  seed instanceof ops.random.Generator
    ? seed.uniform([...shape], minval, maxval, dtype)
    : ops.randomUniform([...shape], minval, maxval, dtype, seed ?? undefined);
