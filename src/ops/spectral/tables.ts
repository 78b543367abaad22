/** @file Roots of unity and what is made of them for Fourier transforms: computed in float64, kept while they are few. */

/** Primes up to this length are transformed by one product with a matrix; longer ones by Bluestein's algorithm. */
const longestPrime = 256;
/** The product of small factors that one stage takes at once. */
const stageLimit = 64;

const budget = 2 ** 21;
const kept = new Map<string, Float64Array>();
let keptElements = 0;

/** A table made once; the oldest ones go when there are many. */
function table(key: string, make: () => Float64Array): Float64Array {
  const known = kept.get(key);
  if (known) return known;
  const made = make();
  keptElements += made.length;
  kept.set(key, made);
  for (const [oldest, { length }] of kept) {
    if (keptElements <= budget || oldest === key) break;
    kept.delete(oldest);
    keptElements -= length;
  }
  return made;
}

/** Which way a transform goes: `e^(direction · 2πi · jk/n)`. */
export type Direction = 1 | -1;

/** `e^(2πi · turns)`, exact at the quarters. */
function rootOfUnity(numerator: number, denominator: number): readonly [re: number, im: number] {
  const place = (((numerator % denominator) + denominator) % denominator) / denominator;
  if ((place * 4) % 1 === 0) return [[1, 0, -1, 0][place * 4], [0, 1, 0, -1][place * 4]];
  return [Math.cos(2 * Math.PI * place), Math.sin(2 * Math.PI * place)];
}

function primeFactors(n: number): number[] {
  const factors: number[] = [];
  for (let prime = 2; prime * prime <= n; prime++) for (; n % prime === 0; n /= prime) factors.push(prime);
  return n > 1 ? [...factors, n] : factors;
}

/** The lengths of the stages of a transform, of which `n` is the product; null where a prime factor is too long. */
export function stagesOf(n: number): readonly number[] | null {
  const primes = primeFactors(n).reverse();
  const limit = Math.max(stageLimit, primes[0] ?? 1);
  if (limit > longestPrime) return null;
  for (let count = 1; ; count++) {
    const stages = new Array<number>(count).fill(1);
    for (const prime of primes) stages[stages.indexOf(Math.min(...stages))] *= prime;
    if (Math.max(...stages) <= limit) return stages;
  }
}

/**
 * The matrix of a transform of length n, of real and imaginary parts one above the other: `[2n, 2n]`, or `[2n, n]` where the
 * operand has no imaginary parts.
 */
export const fourierMatrix = (n: number, direction: Direction, ofReal: boolean): Float64Array =>
  table(`matrix ${n} ${direction} ${ofReal}`, () => {
    const width = ofReal ? n : 2 * n;
    const matrix = new Float64Array(2 * n * width);
    const roots = Array.from({ length: n }, (_, i) => rootOfUnity(direction * i, n));
    for (let k = 0; k < n; k++)
      for (let j = 0; j < n; j++) {
        const [re, im] = roots[(j * k) % n];
        matrix[k * width + j] = re;
        matrix[(n + k) * width + j] = im;
        if (ofReal) continue;
        matrix[k * width + n + j] = -im;
        matrix[(n + k) * width + n + j] = re;
      }
    return matrix;
  });

/** Complex factors: all real parts, then all imaginary ones. */
const factors = (length: number, at: (i: number) => readonly [number, number]): Float64Array => {
  const made = new Float64Array(2 * length);
  for (let i = 0; i < length; i++) [made[i], made[length + i]] = at(i);
  return made;
};

/** Between two stages: `e^(direction · 2πi · jk / (rows · columns))`, of `[rows, columns]` elements. */
export const twiddles = (rows: number, columns: number, direction: Direction): Float64Array =>
  table(`twiddles ${rows} ${columns} ${direction}`, () =>
    factors(rows * columns, (i) => rootOfUnity(direction * Math.floor(i / columns) * (i % columns), rows * columns)),
  );

/** `e^(πi · (start + step · j) / denominator)` for j from 0 to length - 1. */
export const phases = (length: number, start: number, step: number, denominator: number): Float64Array =>
  table(`phases ${length} ${start} ${step} ${denominator}`, () =>
    factors(length, (j) => rootOfUnity(start + step * j, 2 * denominator)),
  );

/** Bluestein's chirp `e^(direction · πi · j²/n)`. */
export const chirp = (n: number, direction: Direction): Float64Array =>
  table(`chirp ${n} ${direction}`, () => factors(n, (j) => rootOfUnity(direction * squareModulo(j, 2 * n), 2 * n)));

/** The square by halves, as doubles have 53 bits. */
function squareModulo(j: number, modulus: number): number {
  if (j < 2 ** 26) return (j * j) % modulus;
  return Number(BigInt(j) ** 2n % BigInt(modulus));
}

/** The length of the circular convolution that Bluestein's algorithm takes: a power of two. */
export const bluesteinLength = (n: number): number => 2 ** Math.ceil(Math.log2(2 * n - 1));

/** The spectrum of the conjugate chirp, with which that convolution is. */
export const chirpSpectrum = (n: number, direction: Direction): Float64Array =>
  table(`spectrum ${n} ${direction}`, () => {
    const length = bluesteinLength(n);
    const filter = new Float64Array(2 * length);
    const conjugate = chirp(n, -direction as Direction);
    for (let j = 0; j < n; j++)
      for (const place of j === 0 ? [0] : [j, length - j]) {
        filter[place] = conjugate[j];
        filter[length + place] = conjugate[n + j];
      }
    powerOfTwoTransform(filter);
    return filter;
  });

/** The forward transform in place, of real parts followed by imaginary parts (Cooley & Tukey, 1965). */
function powerOfTwoTransform(parts: Float64Array): void {
  const n = parts.length / 2;
  const [re, im] = [parts.subarray(0, n), parts.subarray(n)];
  for (let i = 0, j = 0; i < n; i++) {
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
  }
  for (let half = 1; half < n; half *= 2)
    for (let j = 0; j < half; j++) {
      const [c, s] = rootOfUnity(-j, 2 * half);
      for (let low = j; low < n; low += 2 * half) {
        const high = low + half;
        const [a, b] = [re[high] * c - im[high] * s, re[high] * s + im[high] * c];
        [re[high], im[high]] = [re[low] - a, im[low] - b];
        re[low] += a;
        im[low] += b;
      }
    }
}
