/** @file Bessel functions of orders 0 and 1, in float64. */

const eulerGamma = 0.5772156649015329;
/** From here on the asymptotic series have all the digits. */
const far = 26;

/**
 * Hankel's coefficients `aₖ / xᵏ` of order `n`: products of `(4n² - (2k - 1)²) / (8 k x)`. They shrink at first, and end where
 * they would grow.
 */
function hankelTerms(order: number, x: number): number[] {
  const terms = [1];
  for (let k = 1; k < 60; k++) {
    const next = (terms[k - 1] * (4 * order * order - (2 * k - 1) ** 2)) / (8 * k * x);
    if (Math.abs(next) < 1e-18 || Math.abs(next) > Math.abs(terms[k - 1])) break;
    terms.push(next);
  }
  return terms;
}

/** `Iₙ(x) e⁻ˣ` for x >= 0. */
function scaledI(order: 0 | 1, x: number): number {
  if (x === Infinity) return 0;
  if (x > far)
    return (
      hankelTerms(order, x).reduceRight((sum, term, k) => sum + (k % 2 === 0 ? term : -term), 0) /
      Math.sqrt(2 * Math.PI * x)
    );
  return seriesI(order, x) * Math.exp(-x);
}
/** `Σ (x/2)^(2k + n) / (k! (k + n)!)`, all terms positive. */
function seriesI(order: 0 | 1, x: number): number {
  let term = order === 0 ? 1 : x / 2;
  let sum = term;
  for (let k = 1; term > 1e-17 * sum; k++) sum += term *= (x * x) / 4 / (k * (k + order));
  return sum;
}

export const besselI0e = (x: number): number => scaledI(0, Math.abs(x));
export const besselI1e = (x: number): number => Math.sign(x) * scaledI(1, Math.abs(x));
const unscaled = (order: 0 | 1, x: number): number => {
  if (x === Infinity) return x;
  // In two factors, of which neither overflows before the product does.
  return x > far ? scaledI(order, x) * Math.exp(x / 2) * Math.exp(x / 2) : seriesI(order, x);
};
export const besselI0 = (x: number): number => unscaled(0, Math.abs(x));
export const besselI1 = (x: number): number => (x === 0 ? x : Math.sign(x) * unscaled(1, Math.abs(x)));

/** `J₀(x), J₁(x), ...` as far as they matter, for 0 < x <= far. */
function firstKinds(x: number): number[] {
  if (x < 1) return Array.from({ length: 14 }, (_, n) => seriesJ(n, x));
  // Miller's method: backwards from where they vanish, scaled by 1 = J₀ + 2 J₂ + 2 J₄ + ...
  const count = 2 * Math.ceil((1.4 * x + 34) / 2);
  const values = new Array<number>(count + 2).fill(0);
  values[count] = 1e-300;
  for (let n = count; n > 0; n--) values[n - 1] = ((2 * n) / x) * values[n] - values[n + 1];
  let total = values[0];
  for (let n = 2; n <= count; n += 2) total += 2 * values[n];
  return values.map((value) => value / total);
}
function seriesJ(order: number, x: number): number {
  let term = 1;
  for (let k = 1; k <= order; k++) term *= x / 2 / k;
  let sum = term;
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) sum += term *= (-x * x) / 4 / (k * (k + order));
  return sum;
}

/** `[Jₙ(x), Yₙ(x)]` for large x. */
function asymptotic(order: 0 | 1, x: number): [number, number] {
  let [p, q] = [0, 0];
  hankelTerms(order, x).forEach((term, k) => {
    const sign = k % 4 < 2 ? 1 : -1;
    if (k % 2 === 0) p += sign * term;
    else q += sign * term;
  });
  const size = 1 / Math.sqrt(Math.PI * x);
  const [c, s] = [Math.cos(x), Math.sin(x)];
  // Of the angle x - (2n + 1)π/4, times √2: no large angle is rounded.
  const [cosine, sine] = order === 0 ? [c + s, s - c] : [s - c, -(s + c)];
  return [size * (p * cosine - q * sine), size * (p * sine + q * cosine)];
}

function besselJ(order: 0 | 1, x: number): number {
  if (Number.isNaN(x)) return x;
  if (x === Infinity) return 0;
  if (x < 2) return seriesJ(order, x);
  return x > far ? asymptotic(order, x)[0] : firstKinds(x)[order];
}
export const besselJ0 = (x: number): number => besselJ(0, Math.abs(x));
export const besselJ1 = (x: number): number => (x < 0 ? -besselJ(1, -x) : besselJ(1, x));

/** By Neumann's series in functions of the first kind. */
function besselY(order: 0 | 1, x: number): number {
  if (!(x >= 0)) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return 0;
  if (x > far) return asymptotic(order, x)[1];
  const first = firstKinds(x);
  const logarithm = Math.log(x / 2) + eulerGamma;
  let sum = 0;
  for (let k = 1; 2 * k + 1 < first.length; k++) {
    const sign = k % 2 === 0 ? 1 : -1;
    // Of order 1 it is the series' derivative.
    sum += (sign * (order === 0 ? -2 * first[2 * k] : first[2 * k - 1] - first[2 * k + 1])) / k;
  }
  return (2 / Math.PI) * (logarithm * first[order] + sum - (order === 0 ? 0 : first[0] / x));
}
export const besselY0 = (x: number): number => besselY(0, x);
export const besselY1 = (x: number): number => besselY(1, x);

/** `Kₙ(x) eˣ = ∫₀^∞ e^(-x (cosh t - 1)) cosh(n t) dt`: of such integrands sums over a grid have all the digits. */
function scaledK(order: 0 | 1, x: number): number {
  if (!(x >= 0)) return NaN;
  if (x === 0) return Infinity;
  if (x === Infinity) return 0;
  const step = Math.min(1 / 8, 0.7 / Math.sqrt(x));
  let sum = 0.5;
  for (let k = 1; ; k++) {
    const t = k * step;
    const growth = 2 * Math.sinh(t / 2) ** 2; // cosh t - 1
    const term = Math.exp(-x * growth) * (order === 0 ? 1 : Math.cosh(t));
    sum += term;
    if (term < 1e-18 * sum && x * growth > 1) break;
  }
  return sum * step;
}
export const besselK0e = (x: number): number => scaledK(0, x);
export const besselK1e = (x: number): number => scaledK(1, x);
export const besselK0 = (x: number): number => scaledK(0, x) * Math.exp(-x);
export const besselK1 = (x: number): number => scaledK(1, x) * Math.exp(-x);
