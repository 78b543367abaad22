/** @file From uniform random words to numbers of other distributions, in float64. */
import { lgamma } from '../host/mathematics/gamma.ts';
import type { Generator } from './philox.ts';

/** Standard normal numbers of uniform ones by the method of Box and Muller, which makes two at a time. */
export function normals(): (uniform: () => number) => number {
  let spare: number | null = null;
  return (uniform) => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    // 1 - uniform is in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** The same without those beyond two standard deviations. */
export function truncatedNormals(): (uniform: () => number) => number {
  const normal = normals();
  return (uniform) => {
    let value = normal(uniform);
    while (Math.abs(value) > 2) value = normal(uniform);
    return value;
  };
}

/** Gamma numbers of scale 1 by squeezed cubes of normal ones (Marsaglia & Tsang, 2000). */
export function gammas(generator: Generator): (alpha: number) => number {
  const normal = normals();
  const uniform = (): number => generator.uniform53();
  const ofAtLeastOne = (alpha: number): number => {
    const d = alpha - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const z = normal(uniform);
      const root = 1 + c * z;
      if (root <= 0) continue;
      const v = root * root * root;
      if (Math.log(1 - uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return (alpha) => {
    if (!(alpha > 0)) return NaN;
    if (alpha === Infinity) return Infinity;
    return alpha >= 1 ? ofAtLeastOne(alpha) : ofAtLeastOne(alpha + 1) * (1 - uniform()) ** (1 / alpha);
  };
}

/** Poisson numbers: as counts of exponential times for small rates, else by transformed rejection (Hörmann, 1993, PTRS). */
export function poisson(generator: Generator, rate: number): number {
  if (!(rate >= 0 && rate < Infinity)) return NaN;
  if (rate < 10) {
    const limit = Math.exp(-rate);
    let count = 0;
    for (let product = 1 - generator.uniform53(); product > limit; count++) product *= 1 - generator.uniform53();
    return count;
  }
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  for (;;) {
    const u = generator.uniform53() - 0.5;
    const v = 1 - generator.uniform53();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + rate + 0.43);
    if (edge >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0) || (edge < 0.013 && v > edge)) continue;
    if (Math.log((v * inverseAlpha) / (a / (edge * edge) + b)) <= k * Math.log(rate) - rate - lgamma(k + 1)) return k;
  }
}

/** How many of `count` trials of probability `p` succeed. */
export function binomial(generator: Generator, count: number, p: number): number {
  if (!(count >= 0 && count < Infinity && p >= 0 && p <= 1)) return NaN;
  const trials = Math.floor(count);
  if (p > 0.5) return trials - successes(generator, trials, 1 - p);
  return successes(generator, trials, p);
}

/** Of a probability of at most a half: by inversion where few are expected, else by transformed rejection (Hörmann, 1993, BTRS). */
function successes(generator: Generator, n: number, p: number): number {
  if (n === 0 || p === 0) return 0;
  const odds = p / (1 - p);
  if (n * p < 10) {
    for (;;) {
      let u = generator.uniform53();
      let mass = Math.exp(n * Math.log1p(-p));
      for (let k = 0; k <= n; k++) {
        if (u < mass) return k;
        u -= mass;
        mass *= ((n - k) / (k + 1)) * odds;
      }
      // What rounding left over belongs to no number: another try.
    }
  }
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((n + 1) * p);
  const atMode = lgamma(mode + 1) + lgamma(n - mode + 1);
  for (;;) {
    const u = generator.uniform53() - 0.5;
    const v = 1 - generator.uniform53();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + n * p + 0.5);
    if (edge >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0 && k <= n)) continue;
    const bound = atMode - lgamma(k + 1) - lgamma(n - k + 1) + (k - mode) * Math.log(odds);
    if (Math.log((v * alpha) / (a / (edge * edge) + b)) <= bound) return k;
  }
}

/** Running sums of `e^logits`, which need not add up to 1; null where there is nothing to choose from. */
export function cumulative(logits: ArrayLike<number>, begin: number, end: number): Float64Array | null {
  let largest = -Infinity;
  for (let i = begin; i < end; i++) largest = Math.max(largest, logits[i]);
  if (!Number.isFinite(largest)) return null;
  const sums = new Float64Array(end - begin);
  let sum = 0;
  for (let i = begin; i < end; i++) {
    sum += Math.exp(logits[i] - largest);
    sums[i - begin] = sum;
  }
  return sums;
}

/** A place with the probability of its step in the running sums. */
export function choose(generator: Generator, sums: Float64Array): number {
  const target = generator.uniform53() * sums[sums.length - 1];
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
