/** @file The random number generator against published vectors, and distributions against their moments. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { Generator, philox4x32 } from '../../src/engine/random/philox.ts';
import { randomMask } from '../../src/ops/random.ts';
import '../support/tensors.ts';

describe('Philox4x32-10', () => {
  // Known answers of the authors' Random123 library (kat_vectors).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('gives the published words for counter %j and key %j', (counter, key, expected) => {
    const words = new Uint32Array(4);
    philox4x32(Uint32Array.from(counter), Uint32Array.from(key), words);
    expect([...words]).toEqual(expected);
  });

  it('counts blocks on from 0 under the seed as key', () => {
    const generator = new Generator(0x123456789a);
    const key = Uint32Array.of(0x3456789a, 0x12);
    const expected = new Uint32Array(8);
    philox4x32(Uint32Array.of(0, 0, 0, 0), key, expected, 0);
    philox4x32(Uint32Array.of(1, 0, 0, 0), key, expected, 4);
    expect(Array.from({ length: 8 }, () => generator.next())).toEqual([...expected]);
  });
});

/** Mean and standard deviation. */
const statistics = (x: Tensor): [number, number] => [x.cast('float64').mean().item(), x.cast('float64').std().item()];

describe('distributions', () => {
  const size = 40_000;
  // Of the mean of 40,000 draws the standard error is 0.005 standard deviations; bounds are at five of them.
  it.each([
    ['randomUniform', () => tf.randomUniform([size], -1, 3, 'float32', 1), 1, 4 / Math.sqrt(12), -1, 3],
    ['randomUniform, float64', () => tf.randomUniform([size], -1, 3, 'float64', 1), 1, 4 / Math.sqrt(12), -1, 3],
    ['randomNormal', () => tf.randomNormal([size], 2, 3, 'float32', 2), 2, 3, -14, 18],
    // The standard deviation of a normal distribution cut at two is 0.8796.
    ['truncatedNormal', () => tf.truncatedNormal([size], 1, 2, 'float32', 3), 1, 2 * 0.87962566, -3, 5],
    ['randomUniformInt', () => tf.randomUniformInt([size], -2, 4, 4), 0.5, Math.sqrt(35 / 12), -2, 3],
    ['randomMask', () => randomMask([size], 0.3, 5), 0.3, Math.sqrt(0.21), 0, 1],
    ['randomMask, a probability within a byte', () => randomMask([size], 0.001, 6), 0.001, Math.sqrt(0.000999), 0, 1],
  ] as const)('%s', (_, draw, mean, deviation, low, high) => {
    const x = draw();
    const [m, s] = statistics(x);
    expect(Math.abs(m - mean)).toBeLessThan(0.025 * deviation);
    expect(Math.abs(s / deviation - 1)).toBeLessThan(deviation < 0.1 ? 0.4 : 0.025);
    expect(x.cast('float32').min().item()).toBeGreaterThanOrEqual(low);
    expect(x.cast('float32').max().item()).toBeLessThanOrEqual(high);
  });

  it('are normal in shape: the fourth moment', () => {
    const z = tf.randomNormal([size], 0, 1, 'float64', 8);
    expect(z.square().square().mean().item()).toBeCloseTo(3, 0);
    // Neighbours come from one pair of uniform numbers; they must not depend on each other.
    const pairs = z.reshape([-1, 2]).prod(1).mean().item();
    expect(Math.abs(pairs)).toBeLessThan(0.04);
  });

  it('draw each whole number equally often', () => {
    const counts = tf.oneHot(tf.randomUniformInt([30_000], 0, 3, 1), 3).sum(0);
    for (const count of counts.arraySync<number[]>()) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('seeds', () => {
  it('of an operation give the same numbers, others different ones', () => {
    const draw = (seed: number): Tensor => tf.randomUniform([8], 0, 1, 'float32', seed);
    expect(draw(1)).toBeAllClose(draw(1));
    expect(draw(1)).not.toBeAllClose(draw(2));
    expect(draw(1)).not.toBeAllClose(draw(-1));
  });

  it('of the global generator start a sequence anew', () => {
    tf.random.setSeed(5);
    const first = [tf.randomNormal([3]), tf.randomNormal([3])];
    tf.setSeed(5);
    expect(tf.randomNormal([3])).toBeAllClose(first[0]);
    expect(tf.random.normal([3])).toBeAllClose(first[1]);
    expect(first[0]).not.toBeAllClose(first[1]);
    expect(() => tf.setSeed(0.5)).toThrow(/whole number/);
  });

  it('are not touched by operations with a seed of their own', () => {
    tf.setSeed(5);
    const plain = tf.randomUniform([2]);
    tf.setSeed(5);
    tf.randomUniform([2], 0, 1, 'float32', 9);
    expect(tf.randomUniform([2])).toBeAllClose(plain);
  });
});

describe('permutations', () => {
  it('hold every number once', () => {
    const order = tf.randomPermutation(50, 3).arraySync<number[]>();
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });

  it('shuffle rows and keep them whole', () => {
    const x = tf.stack([tf.range(0, 20), tf.range(0, 20).mul(10)], 1);
    const rows = tf.shuffle(x, 4).arraySync<number[][]>();
    expect(rows.every(([a, b]) => b === 10 * a)).toBe(true);
    expect(new Set(rows.map(([a]) => a)).size).toBe(20);
  });
});

describe('dropout', () => {
  it('zeroes the given fraction and scales the rest', () => {
    const y = tf.dropout(tf.ones([20_000]), 0.25, null, 1);
    const kept = y.greater(0).cast('float32').mean().item();
    expect(Math.abs(kept - 0.75)).toBeLessThan(0.02);
    expect(y.max()).toBeAllClose(1 / 0.75);
  });

  it('shares a mask along axes of size 1 of the noise', () => {
    const y = tf.dropout(tf.ones([50, 4]), 0.5, [50, 1], 2);
    expect(y.max(1)).toBeAllClose(y.min(1));
  });

  it('leaves everything at rate 0 and refuses 1', () => {
    expect(tf.dropout([1, 2], 0)).toBeAllClose([1, 2]);
    expect(() => tf.dropout([1], 1)).toThrow(/below 1, got 1/);
  });
});
