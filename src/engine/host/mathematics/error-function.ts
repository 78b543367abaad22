/** @file The error function's family, in float64. */

const halfRootPi = Math.sqrt(Math.PI) / 2;

/** e^(-x²), for large x as well: the rounding of x² would cost digits. */
function gaussian(x: number): number {
  const head = Math.round(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** By the series of positive terms `2/√π x e^(-x²) Σ (2x²)ᵏ / (1·3···(2k + 1))`. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) sum += term *= (2 * x * x) / (2 * k + 1);
  return (sum * Math.exp(-x * x)) / halfRootPi;
}

/** Distance of the points at which the integral below is summed, and the bell curve there. */
const step = 0.5;
const bell = Array.from({ length: 14 }, (_, n) => Math.exp(-((n * step) ** 2)));

/**
 * `1 - erf(x)`, with all its digits where it is small: the integral `x/π e^(-x²) ∫ e^(-t²) / (t² + x²) dt`, as a sum over a grid, which
 * is exact but for the residue at `t = ix` (Chiarella & Reichel, 1968).
 */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0) return 2 - erfc(-x);
  if (x < 1) return 1 - erfSeries(x);
  if (x > 27.3) return 0;
  const square = x * x;
  let sum = 0;
  for (let n = bell.length - 1; n >= 1; n--) sum += bell[n] / (n * n * step * step + square);
  const integral = (gaussian(x) * step * x * (1 / square + 2 * sum)) / Math.PI;
  return x < 5 ? integral - 2 / Math.expm1((2 * Math.PI * x) / step) : integral;
}

/** x >= 0 with erf(x) = y, given y and 1 - y; by Halley's steps from Winitzki's approximation. */
function inverse(y: number, complement: number): number {
  const logarithm = Math.log(complement * (1 + y));
  const shift = 2 / (Math.PI * 0.147) + logarithm / 2;
  let x = Math.sqrt(Math.sqrt(shift * shift - logarithm / 0.147) - shift);
  for (let step = 0; step < 4; step++) {
    const error = y < 0.5 ? erfSeries(x) - y : complement - erfc(x);
    const u = (error / gaussian(x)) * halfRootPi;
    x -= u / (1 + x * u);
  }
  return x;
}

/** x with erf(x) = y. */
export function erfInv(y: number): number {
  if (Math.abs(y) === 1) return y * Infinity;
  if (!(Math.abs(y) < 1)) return NaN;
  // The first step would divide 0 by 0.
  if (Math.abs(y) < 1e-8) return y * halfRootPi;
  return Math.sign(y) * inverse(Math.abs(y), 1 - Math.abs(y));
}

/** The quantile function of the normal distribution. */
export function ndtri(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return NaN;
  if (probability === 0) return -Infinity;
  if (probability === 1) return Infinity;
  if (probability > 0.5) return -ndtri(1 - probability);
  if (probability > 0.25) return Math.SQRT2 * erfInv(2 * probability - 1);
  return -Math.SQRT2 * inverse(1 - 2 * probability, 2 * probability);
}
