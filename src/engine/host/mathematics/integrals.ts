/** @file Functions that are integrals: exponential integral, Dawson's and Spence's functions, Fresnel's integrals; in float64. */

const eulerGamma = 0.5772156649015329;

/** `Ei(x) = -∫₋ₓ^∞ e⁻ᵗ/t dt`, for x on either side of 0. */
export function expint(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x === 0) return -Infinity;
  if (x === -Infinity) return 0;
  if (x < -1) {
    // -E₁(-x), by its continued fraction from the end.
    const y = -x;
    let tail = 0;
    for (let k = Math.ceil(20 + 260 / y); k >= 1; k--) tail = k / (1 + k / (y + tail));
    return -Math.exp(-y) / (y + tail);
  }
  if (x > 40) {
    let term = 1;
    let sum = 1;
    for (let k = 1; term > 1e-17 * sum && k < x; k++) sum += term *= k / x;
    return Math.exp(x / 2) * (sum / x) * Math.exp(x / 2);
  }
  let term = 1;
  let sum = 0;
  for (let k = 1; k < 3 || Math.abs(term / k) > 1e-18 * Math.abs(sum); k++) {
    term *= x / k;
    sum += term / k;
  }
  return eulerGamma + Math.log(Math.abs(x)) + sum;
}

/** Dawson's integral `e^(-x²) ∫₀ˣ e^(t²) dt`, by Rybicki's method: a sum over a grid of odd steps, of which x is moved to 0. */
export function dawsn(x: number): number {
  if (!Number.isFinite(x)) return 1 / x;
  const size = Math.abs(x);
  if (size < 0.3) {
    let term = x;
    let sum = x;
    for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) sum += term *= (-2 * x * x) / (2 * k + 1);
    return sum;
  }
  const step = 0.2;
  const even = 2 * Math.round(size / (2 * step));
  const rest = size - even * step;
  let sum = 0;
  for (let n = -41; n <= 41; n += 2) sum += Math.exp(-((rest - n * step) ** 2)) / (n + even);
  return (Math.sign(x) * sum) / Math.sqrt(Math.PI);
}

/** Spence's function `-∫₁ˣ ln t / (t - 1) dt`, the dilogarithm of 1 - x. */
export function spence(x: number): number {
  if (!(x >= 0)) return NaN;
  if (x === 0) return Math.PI ** 2 / 6;
  if (x === Infinity) return -Infinity;
  if (x > 1.5) return -0.5 * Math.log(x) ** 2 - spence(1 / x);
  if (x < 0.5) return Math.PI ** 2 / 6 - Math.log(x) * Math.log1p(-x) - spence(1 - x);
  const z = 1 - x;
  let power = z;
  let sum = z;
  for (let k = 2; Math.abs(power) > 1e-18 * Math.abs(sum); k++) {
    power *= z;
    sum += power / (k * k);
  }
  return sum;
}

/** `[∫₀ˣ sin(πt²/2) dt, ∫₀ˣ cos(πt²/2) dt]` */
function fresnel(x: number): readonly [sin: number, cos: number] {
  if (Number.isNaN(x)) return [x, x];
  if (x < 0) {
    const [s, c] = fresnel(-x);
    return [-s, -c];
  }
  if (x === Infinity) return [0.5, 0.5];
  const angle = (Math.PI / 2) * x * x;
  if (x < 1.5) {
    const sums = [0, 0];
    // Terms of x e^(i angle), each over its exponent; even ones make the cosine's.
    let term = x;
    for (let k = 0; k < 60 && term > 1e-20 * x; k++) {
      sums[(k + 1) % 2] += ((k % 4 < 2 ? 1 : -1) * term) / (2 * k + 1);
      term *= angle / (k + 1);
    }
    return [sums[0], sums[1]];
  }
  // Auxiliary functions, integrals of bells over the line: sums over a grid have all the digits.
  const step = Math.min(0.1, 0.7 / (Math.sqrt(Math.PI) * x));
  let [f, g] = [0.5, 0];
  for (let k = 1; ; k++) {
    const square = (k * step) ** 2;
    const bell = Math.exp(-angle * square) / (1 + square * square);
    if (bell < 1e-18) break;
    f += bell;
    g += bell * square;
  }
  const scale = (Math.SQRT2 * step) / Math.PI;
  // x² loses digits in the angle: its whole turns are taken off first, x in two parts.
  const turns = quarterTurns(x);
  const [c, s] = [Math.cos((Math.PI / 2) * turns), Math.sin((Math.PI / 2) * turns)];
  return [0.5 - scale * (f * c + g * s), 0.5 + scale * (f * s - g * c)];
}
/** x² modulo 4, exactly but for one rounding. */
function quarterTurns(x: number): number {
  const head = Math.fround(x);
  const rest = x - head;
  return (((head * head) % 4) + ((2 * head * rest) % 4) + rest * rest) % 4;
}

export const fresnelSin = (x: number): number => fresnel(x)[0];
export const fresnelCos = (x: number): number => fresnel(x)[1];
