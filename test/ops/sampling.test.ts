/** @file Random numbers by distribution against their moments and probabilities; stateless ones; generators; determinism. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { lgamma } from '../../src/engine/host/mathematics/gamma.ts';
import '../support/tensors.ts';

const size = 40_000;
const numbersOf = (x: Tensor): number[] => [...x.cast('float64').dataSync()];
function moments(x: Tensor): { mean: number; variance: number } {
  const numbers = numbersOf(x);
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return { mean, variance: numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numbers.length };
}
/** Within five standard errors of the mean, and near in variance. */
function expectMoments(x: Tensor, mean: number, variance: number): void {
  const found = moments(x);
  expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / x.size));
  expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.08);
}
/** Pearson's sum over classes with expected counts, which for k classes is near k - 1 with a deviation of √(2k). */
function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce(
    (sum, count, i) => sum + (count - total * probabilities[i]) ** 2 / (total * probabilities[i]),
    0,
  );
}
function expectProbabilities(x: Tensor, probabilityOf: (k: number) => number): void {
  const numbers = numbersOf(x);
  const likely = Array.from({ length: 400 }, (_, k) => k).filter((k) => probabilityOf(k) * numbers.length >= 10);
  const counts = likely.map((k) => numbers.filter((v) => v === k).length);
  const rest = numbers.length - counts.reduce((a, b) => a + b, 0);
  const probabilities = likely.map(probabilityOf);
  const left = 1 - probabilities.reduce((a, b) => a + b, 0);
  const classes = likely.length;
  expect(chiSquare([...counts, rest], [...probabilities, Math.max(left, 1e-9)])).toBeLessThan(
    classes + 5 * Math.sqrt(2 * classes) + (left < 1e-4 ? 1e3 * rest : 0),
  );
}
const digamma = (a: number): number => (lgamma(a + 1e-5) - lgamma(a - 1e-5)) / 2e-5;
const slopeOfDigamma = (a: number): number => (digamma(a + 1e-4) - digamma(a - 1e-4)) / 2e-4;
/** The distribution function of gamma numbers, by its power series. */
function P(a: number, x: number): number {
  let [term, sum] = [1 / a, 1 / a];
  for (let k = 1; term > sum * 1e-18; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - lgamma(a));
}
const logFactorial = (n: number): number => {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
};
const poissonProbability = (rate: number) => (k: number) => Math.exp(k * Math.log(rate) - rate - logFactorial(k));
const binomialProbability = (n: number, p: number) => (k: number) =>
  k > n
    ? 0
    : Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log(1 - p));

describe('gamma numbers', () => {
  it.each([
    [0.3, 1],
    [1, 2],
    [2.5, 0.5],
    [40, 3],
  ])('of alpha %d and beta %d', (alpha, beta) => {
    const x = tf.randomGamma([size], alpha, beta, 'float64', 7);
    expectMoments(x, alpha / beta, alpha / beta ** 2);
    // The mean logarithm is digamma(alpha) - ln beta: the whole shape, and the small numbers, count.
    const logarithm = moments(x.log()).mean;
    expect(Math.abs(logarithm - (digamma(alpha) - Math.log(beta)))).toBeLessThan(
      5 * Math.sqrt(slopeOfDigamma(alpha) / size),
    );
  });

  it('come for each parameter', () => {
    const x = tf.randomGamma([20_000], [[1, 10]], [[1], [2]], 'float32', 3);
    expect(x).toHaveType('float32', [20_000, 2, 2]);
    expect(x.mean(0)).toBeAllClose(
      [
        [1, 10],
        [0.5, 5],
      ],
      { rtol: 0.05 },
    );
    expect(tf.randomGamma([2], [1, -1, NaN], 1, 'float32', 3).isNaN().arraySync()).toEqual([
      [0, 1, 1],
      [0, 1, 1],
    ]);
    expect(tf.random.gamma([3], 1, 1, 'float16', 1)).toHaveType('float16', [3]);
    expect(() => tf.randomGamma([3], 1, 1, 'int32')).toThrow(/floating dtype, got int32/);
  });

  it('move with their parameters as their distribution does', () => {
    // P(alpha, x) stays the same: by finite differences of its inverse at each number.
    const alpha = tf.tensor([0.4, 1.5, 6], [3], 'float64');
    const draw = (a: Tensor): Tensor => tf.randomGamma([4], a, 2, 'float64', 11);
    const x = numbersOf(draw(alpha).mul(2));
    const expected = [0, 0, 0];
    x.forEach((at, i) => {
      const a = numbersOf(alpha)[i % 3];
      const step = 1e-5;
      const byAlpha = (P(a + step, at) - P(a - step, at)) / (2 * step);
      const byX = (P(a, at * (1 + step)) - P(a, at * (1 - step))) / (2 * step * at);
      expected[i % 3] += -byAlpha / byX / 2;
    });
    expect(tf.grad((a) => draw(a).sum())(alpha)).toBeAllClose(tf.tensor(expected, [3], 'float64'), { rtol: 1e-4 });
    // A scale moves them in proportion.
    const byBeta = tf.grad((b) => tf.randomGamma([5], 3, b, 'float64', 1).sum())(tf.scalar(2, 'float64'));
    expect(byBeta).toBeAllClose(tf.randomGamma([5], 3, 2, 'float64', 1).sum().div(-2));
    // E x = alpha / beta, so the mean slope is 1 / beta.
    const slope = tf.grad((a) => tf.randomGamma([size], a, 2, 'float64', 5).mean())(tf.scalar(3, 'float64'));
    expect(slope.item()).toBeCloseTo(0.5, 1);
  });
});

describe('whole numbers', () => {
  it.each([0.2, 3, 9.5, 12, 60])('of Poisson, rate %d', (rate) => {
    const x = tf.random.poisson([size], rate, 'float32', 5);
    expectMoments(x, rate, rate);
    expectProbabilities(x, poissonProbability(rate));
  });

  it.each([
    [1, 0.3],
    [12, 0.5],
    [50, 0.9],
    [300, 0.2],
  ])('of %d trials of probability %d', (count, probability) => {
    const x = tf.random.binomial([size], count, probability, 'int32', 5);
    expectMoments(x, count * probability, count * probability * (1 - probability));
    expectProbabilities(x, binomialProbability(count, probability));
  });

  it('at their edges', () => {
    expect(tf.random.poisson([3], [0, -1, 1e12], 'float64', 1).slice([0, 0], [1, 2])).toBeAllClose([[0, NaN]]);
    const huge = moments(tf.random.poisson([1000], 1e12, 'float64', 1));
    expect(Math.abs(huge.mean / 1e12 - 1)).toBeLessThan(1e-6);
    expect(tf.random.binomial([4], [0, 10, 10, 5], [0.5, 0, 1, 2], 'float32', 1)).toBeAllClose([0, 0, 10, NaN]);
    expect(() => tf.random.binomial([2], [1, 2, 3], 0.5)).toThrow(/do not broadcast/);
    expect(() => tf.random.poisson([2], 1, 'bool')).toThrow(/floating or integer dtype/);
  });

  it('of classes', () => {
    const probabilities = [0.1, 0.2, 0.3, 0.4];
    const x = tf.random.categorical(tf.tensor([probabilities]).log().add(3), size, 'int32', 2);
    expect(x).toHaveType('int32', [1, size]);
    expectProbabilities(x, (k) => probabilities[k] ?? 0);
    expectProbabilities(tf.multinomial(probabilities, size, 4, true), (k) => probabilities[k] ?? 0);
    const rows = tf.multinomial(
      [
        [-Infinity, 0],
        [0, -Infinity],
      ],
      5,
      1,
    );
    expect(rows.arraySync()).toEqual([
      [1, 1, 1, 1, 1],
      [0, 0, 0, 0, 0],
    ]);
    expect(tf.multinomial([0, 0], 0)).toHaveType('int32', [0]);
    expect(() => tf.random.categorical([[NaN, 0]], 2)).toThrow(/row 0 of the logits has nothing to choose from/);
    expect(() => tf.random.categorical([0, 0], 2)).toThrow(/\[batch, classes\], got \[2\]/);
    expect(() => tf.multinomial([0, 0], -1)).toThrow(/number of samples/);
  });

  it("of functions of one's own", () => {
    let count = 0;
    expect(tf.rand([2, 2], () => count++)).toBeAllClose([
      [0, 1],
      [2, 3],
    ]);
    const traced = tf.function(() => tf.rand([2], () => count++));
    traced();
    expect(traced()).toBeAllClose([6, 7]);
    expectMoments(tf.randomStandardNormal([size], 'float64', 3), 0, 1);
  });
});

describe('stateless numbers', () => {
  const draws: Readonly<Record<string, (seed: tf.TensorLike) => Tensor>> = {
    normal: (seed) => tf.random.statelessNormal([size], seed, 1, 2),
    truncatedNormal: (seed) => tf.random.statelessTruncatedNormal([size], seed, 1, 2),
    uniform: (seed) => tf.random.statelessUniform([size], seed, -1, 3),
    integers: (seed) => tf.random.statelessUniform([size], seed, -2, 4, 'int32'),
    gamma: (seed) => tf.random.statelessGamma([size], seed, 2, 0.5),
    poisson: (seed) => tf.random.statelessPoisson([size], seed, 4),
    binomial: (seed) => tf.random.statelessBinomial([size], seed, 20, 0.3),
    categorical: (seed) => tf.random.statelessCategorical([[0, 0]], size, seed),
  };
  it.each([
    ['normal', 1, 4],
    ['truncatedNormal', 1, 4 * 0.87962566 ** 2],
    ['uniform', 1, 16 / 12],
    ['integers', 0.5, 35 / 12],
    ['gamma', 4, 8],
    ['poisson', 4, 4],
    ['binomial', 6, 4.2],
    ['categorical', 0.5, 0.25],
  ] as const)('%s', (name, mean, variance) => {
    const draw = draws[name];
    const x = draw([1, 2]);
    expectMoments(x, mean, variance);
    tf.randomNormal([3]);
    expect(draw(tf.tensor([1, 2], [2], 'int64'))).toBeAllClose(x);
    expect(draw([2, 1])).not.toBeAllClose(x);
    // A traced seed, of which the graph does not know the numbers.
    const traced = tf.function((seed: Tensor) => draw(seed));
    expect(traced(tf.tensor([1, 2], [2], 'int32'))).toBeAllClose(x, { rtol: 0, atol: 0 });
  });

  it('are these, on every engine and in every version', () => {
    expect(tf.random.statelessUniform([3], [1, 2], null, null, 'int32').arraySync()).toMatchInlineSnapshot(`
      [
        93904442,
        -1731035090,
        655331230,
      ]
    `);
    expect(tf.random.statelessNormal([3], [1, 2]).arraySync()).toMatchInlineSnapshot(`
      [
        -0.17243866622447968,
        -0.12032312154769897,
        0.4986783564090729,
      ]
    `);
    expect(tf.randomUniform([3], 0, 1, 'float32', 42).arraySync()).toMatchInlineSnapshot(`
      [
        0.6129598617553711,
        0.4685865044593811,
        0.07323169708251953,
      ]
    `);
    expect(tf.randomGamma([3], 2, 1, 'float32', 42).arraySync()).toMatchInlineSnapshot(`
      [
        1.23340904712677,
        1.6178855895996094,
        1.168124794960022,
      ]
    `);
  });

  it('have parameters with gradients', () => {
    const loss = (mean: Tensor): Tensor => tf.random.statelessNormal([4, 2], [1, 2], mean, mean.exp()).sum();
    const mean = tf.tensor([0, 1]);
    const z = tf.random.statelessNormal([4, 2], [1, 2]);
    expect(tf.grad(loss)(mean)).toBeAllClose(z.sum(0).mul(mean.exp()).add(4));
    expect(() => tf.grad((p) => tf.random.statelessPoisson([2], [1, 2], p, 'float32').sum())(mean)).toThrow(
      /does not depend on argument 1/,
    );
  });

  it('come of seeds that are split and folded', () => {
    const seeds = tf.random.split([1, 2], 3);
    expect(seeds).toHaveType('int32', [3, 2]);
    expect(tf.random.split([1, 2], 3)).toBeAllClose(seeds);
    const words = [
      ...seeds.dataSync(),
      ...tf.random.foldIn([1, 2], 1).dataSync(),
      ...tf.random.foldIn([1, 2], 2).dataSync(),
    ];
    expect(new Set(words).size).toBe(10);
    const order = tf.random.statelessShuffle(tf.range(0, 50), [3, 4]).arraySync() as number[];
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });

  it('fill whole dtypes', () => {
    const bytes = tf.random.statelessUniform([5000], [0, 1], null, null, 'uint8');
    expect([bytes.min().item(), bytes.max().item()]).toEqual([0, 255]);
    const small = tf.random.statelessUniform([5000], [0, 1], null, null, 'int8');
    expect([small.min().item(), small.max().item()]).toEqual([-128, 127]);
    const wide = tf.random.statelessUniform([100], [0, 1], null, null, 'int64').dataSync<BigInt64Array>();
    expect([...wide].some((v) => v > 2n ** 61n) && [...wide].some((v) => v < -(2n ** 61n))).toBe(true);
  });

  it('say what they expect', () => {
    expect(() => tf.random.statelessNormal([2], [1, 2, 3])).toThrow(/seed of two whole numbers.*int32 \[3\]/);
    expect(() => tf.random.statelessNormal([2], [1.5, 2])).toThrow(/two whole numbers of 32 bits/);
    expect(() => tf.random.statelessUniform([2], [1, 2], 0, undefined, 'int32')).toThrow(/need an upper bound/);
    expect(() => tf.random.statelessUniform([2], [1, 2], 3, 3, 'int32')).toThrow(/minval < maxval/);
    expect(() => tf.random.statelessUniform([2], [1, 2], null)).toThrow(/both bounds/);
    expect(() => tf.random.statelessNormal([-1], [1, 2])).toThrow(/need a shape/);
  });

  it('leave out the upper bound', () => {
    const x = tf.random.statelessUniform([200_000], [5, 6], 1, 1 + 2 ** -22);
    expect(x.max().item()).toBeLessThan(1 + 2 ** -22);
    expect(tf.random.statelessUniform([3], [5, 6], 2, 2)).toBeAllClose([2, 2, 2]);
  });
});

describe('generators', () => {
  it('go on, begin anew, and take up a state', () => {
    const g = tf.random.Generator.fromSeed(1);
    const first = g.normal([3]);
    const second = g.normal([3]);
    expect(first).not.toBeAllClose(second);
    const state = g.state.read();
    const third = g.uniform([2], 5, 6);
    expect(third.min().item()).toBeGreaterThanOrEqual(5);
    expect(tf.random.Generator.fromState(state).uniform([2], 5, 6)).toBeAllClose(third);
    g.resetFromSeed(1);
    expect(g.normal([3])).toBeAllClose(first);
    g.reset(state);
    expect(g.uniform([2], 5, 6)).toBeAllClose(third);
    expect(tf.random.Generator.fromSeed(2).normal([3])).not.toBeAllClose(first);
    expect(tf.random.Generator.fromNonDeterministicState().normal([3])).not.toBeAllClose(
      tf.random.Generator.fromNonDeterministicState().normal([3]),
    );
    expect(() => tf.random.Generator.fromSeed(0.5)).toThrow(/whole number/);
    expect(() => g.reset([1, 2])).toThrow(/six whole numbers/);
  });

  it('skip blocks of words, with carries', () => {
    const words = (g: ReturnType<typeof tf.random.Generator.fromSeed>): Tensor => g.uniformFullInt([4]);
    const g = tf.random.Generator.fromKeyCounter(9, 0);
    words(g);
    const second = words(g);
    const skipping = tf.random.Generator.fromKeyCounter(9, 0);
    skipping.skip(1);
    expect(words(skipping)).toBeAllClose(second);
    expect(words(tf.random.Generator.fromKeyCounter(9, 1))).toBeAllClose(second);
    const far = tf.random.Generator.fromKeyCounter(9, 2 ** 32 - 1);
    far.skip(2);
    expect([...far.state.read().dataSync()]).toEqual([1, 1, 0, 0, 9, 0]);
    expect(() => g.skip(-1)).toThrow(/whole number of 0 or more/);
  });

  it('have independent children', () => {
    const g = tf.random.Generator.fromSeed(3);
    const [a, b] = g.split(2);
    expect(a.normal([4])).not.toBeAllClose(b.normal([4]));
    expect(g.makeSeeds(3)).toHaveType('int32', [2, 3]);
    expect(g.key).toHaveType('int32', [2]);
    const shared = tf.random.getGlobalGenerator();
    expect(tf.random.getGlobalGenerator()).toBe(shared);
    tf.random.setGlobalGenerator(g);
    expect(tf.random.getGlobalGenerator()).toBe(g);
  });

  it('go on inside of traced functions', () => {
    const g = tf.random.Generator.fromSeed(4);
    const eager = [g.truncatedNormal([2]), g.binomial([2], 10, 0.5), g.normal([2])];
    g.resetFromSeed(4);
    const traced = tf.function(() => [g.truncatedNormal([2]), g.binomial([2], 10, 0.5)]);
    const [x, y] = traced();
    expect(x).toBeAllClose(eager[0]);
    expect(y).toBeAllClose(eager[1]);
    expect(g.normal([2])).toBeAllClose(eager[2]);
    expect(traced()[0]).not.toBeAllClose(x);
    // A loop draws other numbers in each turn.
    const looped = tf.function(() => tf.scan((_: Tensor, __: Tensor) => g.normal([]), tf.zeros([5])));
    expect(new Set(looped().dataSync()).size).toBeGreaterThan(3);
  });

  it('are carried through loops of unknown length', () => {
    const g = tf.random.Generator.fromSeed(6);
    const walk = (limit: Tensor): Tensor =>
      tf.whileLoop(
        (x) => x.abs().less(limit),
        (x) => x.add(g.normal([])),
        tf.scalar(0),
      );
    const eager = walk(tf.scalar(3));
    const after = g.state.read();
    g.resetFromSeed(6);
    expect(tf.function(walk)(tf.scalar(3))).toBeAllClose(eager);
    expect(g.state.read()).toBeAllClose(after);
  });

  it('global ones draw anew at each call of a traced function', () => {
    tf.setSeed(8);
    const traced = tf.function((alpha: Tensor) => tf.randomGamma([3], alpha));
    const [a, b] = [traced(tf.scalar(2)), traced(tf.scalar(2))];
    expect(a).not.toBeAllClose(b);
    tf.setSeed(8);
    expect(traced(tf.scalar(2))).toBeAllClose(a);
    tf.setSeed(8);
    expect(tf.randomGamma([3], 2)).toBeAllClose(a);
    const turns = tf.function((rate: Tensor) => tf.scan(() => tf.random.poisson([], rate), tf.zeros([6])));
    expect(new Set(turns(tf.scalar(1000)).dataSync()).size).toBeGreaterThan(3);
    const each = tf.vectorizedMap((alpha: Tensor) => tf.randomGamma([2], alpha), tf.tensor([1, 1, 1]));
    expect(new Set(each.dataSync()).size).toBe(6);
  });
});

describe('the same program', () => {
  /** A model with everything that draws: initial weights, dropout, the order of samples. */
  async function train(): Promise<number[][]> {
    tf.random.setSeed(17);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [4] }),
        tf.layers.dropout({ rate: 0.3 }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const x = tf.randomNormal([32, 4]);
    const y = x.sum(1, true).add(tf.randomGamma([32, 1], 2));
    await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: true, verbose: 0 });
    return model.weights.map((weight) => [...weight.value.dataSync()]);
  }

  it('trained twice gives the same bits', async () => {
    const first = await train();
    expect(first.map(({ length }) => length)).toEqual([32, 8, 8, 1]);
    expect(await train()).toEqual(first);
  });

  it('is asked for a seed where it must be deterministic', async () => {
    // A module of its own, as there is no way back.
    const { vi } = await import('vitest');
    vi.resetModules();
    const fresh = await import('../../src/index.ts');
    fresh.config.enableOpDeterminism();
    expect(() => fresh.randomNormal([2])).toThrow(/call tf.random.setSeed\(1\) first/);
    expect(() => fresh.randomGamma([2], 1)).toThrow(/setSeed/);
    fresh.randomNormal([2], 0, 1, 'float32', 5);
    fresh.random.setSeed(1);
    expect(fresh.randomNormal([2]).size).toBe(2);
  });
});
