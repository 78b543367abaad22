/** @file The gamma function's family, in float64: lgamma, digamma, polygamma, zeta, the incomplete beta function. */

/** Bernoulli numbers B₂, B₄, ..., B₂₀. */
const bernoulli = [
  ...[1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330],
];
const eulerGamma = 0.5772156649015329;
/** From here on the asymptotic series of this family have all the digits. */
const asymptotic = 10;

/** sin(πx) and cos(πx), exact in where they vanish. */
const sinPi = (x: number): number => {
  const rest = x - Math.round(x);
  return Math.round(x) % 2 === 0 ? Math.sin(Math.PI * rest) : -Math.sin(Math.PI * rest);
};

/**
 * Hurwitz' zeta function `Σ (q + n)⁻ˢ`, by Euler and Maclaurin: what is left of the sum after enough terms is an integral with
 * corrections.
 */
export function zeta(s: number, q: number): number {
  if (Number.isNaN(s) || Number.isNaN(q) || s < 1) return NaN;
  if (s === 1) return Infinity;
  if (q <= 0) {
    if (Number.isInteger(q) || q === -Infinity) return Infinity;
    if (!Number.isInteger(s)) return NaN;
    // A sum over all integers knows the fraction of q alone; what it has too much is a sum on the other side.
    if (q < -asymptotic)
      return zeta(s, q - Math.floor(q)) + (s % 2 === 0 ? 1 : -1) * (zeta(s, Math.ceil(q) - q) - zeta(s, 1 - q));
  }
  if (q === Infinity) return 0;
  if (s === Infinity) return q > 1 ? 0 : q === 1 ? 1 : Infinity;
  return zetaSum(s, q, 1);
}

/** `Σ ((q + n) / unit)⁻ˢ` for positive q: with q as the unit it does not vanish. */
function zetaSum(s: number, q: number, unit: number): number {
  let sum = 0;
  let a = q;
  for (; a < asymptotic + s; a++) {
    const term = (a / unit) ** -s;
    sum += term;
    if (a > unit && term <= 1e-17 * sum) return sum;
  }
  const last = (a / unit) ** -s;
  sum += (last * a) / (s - 1) + last / 2;
  let factor = (s * last) / a;
  for (let k = 1; k <= bernoulli.length; k++) {
    const term = (bernoulli[k - 1] * factor) / factorial(2 * k);
    sum += term;
    if (Math.abs(term) < 1e-17 * Math.abs(sum)) break;
    factor *= ((s + 2 * k - 1) * (s + 2 * k)) / (a * a);
  }
  return sum;
}

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}

/** Coefficients `(-1)ᵏ ζ(k) / k` of lgamma(1 + z), from k = 2 on. */
const lgammaSeries: () => readonly number[] = (() => {
  let made: number[] | null = null;
  return () => (made ??= Array.from({ length: 54 }, (_, i) => ((i % 2 === 0 ? 1 : -1) * zeta(i + 2, 1)) / (i + 2)));
})();
/** lgamma(1 + z) for |z| up to a half, by its power series: exact in the digits even at its zeros. */
function lgammaNearOne(z: number): number {
  let sum = 0;
  const coefficients = lgammaSeries();
  for (let k = coefficients.length - 1; k >= 0; k--) sum = (sum + coefficients[k]) * z;
  return (sum - eulerGamma) * z;
}

/** What Stirling's formula leaves out of lgamma(x), for large x. */
export function stirlingRest(x: number): number {
  let sum = 0;
  for (let k = bernoulli.length; k >= 1; k--) sum = sum / (x * x) + bernoulli[k - 1] / (2 * k * (2 * k - 1));
  return sum / x;
}
const halfLogTau = 0.9189385332046728;

/** `ln |Γ(x)|` */
export function lgamma(x: number): number {
  if (!Number.isFinite(x)) return x * x;
  if (x <= 0) {
    if (Number.isInteger(x)) return Infinity;
    return Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
  }
  if (x >= asymptotic) return (x - 0.5) * Math.log(x) - x + halfLogTau + stirlingRest(x);
  if (x < 0.5) return lgammaNearOne(x) - Math.log(x);
  if (x <= 1.5) return lgammaNearOne(x - 1);
  // Γ(x) = (x - 1)(x - 2)···Γ(y), y between 1.5 and 2.5.
  let product = 1;
  let y = x;
  while (y > 2.5) product *= --y;
  return Math.log(product) + Math.log1p(y - 2) + lgammaNearOne(y - 2);
}

/** The derivative of lgamma. */
export function digamma(x: number): number {
  if (x <= 0) {
    // At its poles, as at the end, there is no value.
    if (Number.isInteger(x) || x === -Infinity) return NaN;
    return digamma(1 - x) - (Math.PI * sinPi(x + 0.5)) / sinPi(x);
  }
  let shifted = 0;
  let y = x;
  for (; y < asymptotic; y++) shifted += 1 / y;
  let sum = 0;
  for (let k = bernoulli.length; k >= 1; k--) sum = (sum + bernoulli[k - 1] / (2 * k)) / (y * y);
  return Math.log(y) - 0.5 / y - sum - shifted;
}

/** The n-th derivative of digamma. */
export function polygamma(n: number, x: number): number {
  if (!Number.isInteger(n) || n < 0) return NaN;
  if (n === 0) return digamma(x);
  const sign = n % 2 === 0 ? -1 : 1;
  if (n <= 170 || !(x > 0) || x === Infinity) return sign * factorial(Math.min(n, 171)) * zeta(n + 1, x);
  // One factor overflows, and the other one may vanish: in logarithms neither does.
  return sign * Math.exp(lgamma(n + 1) - (n + 1) * Math.log(x) + Math.log(zetaSum(n + 1, x, x)));
}

/** The regularised incomplete beta function `1/B(a, b) ∫₀ˣ tᵃ⁻¹ (1 - t)ᵇ⁻¹ dt`. */
export function betainc(a: number, b: number, x: number): number {
  if (!(a > 0) || !(b > 0) || !(x >= 0 && x <= 1)) return NaN;
  if (x === 0 || x === 1) return x;
  // The continued fraction is quick on one side of the mean; the other one is the complement.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaFraction(b, a, 1 - x, x);
  return betaFraction(a, b, x, 1 - x);
}

/** By Lentz' method; `y` is `1 - x`. */
function betaFraction(a: number, b: number, x: number, y: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) - lgamma(a) - lgamma(b) + lgamma(a + b)) / a;
  const guarded = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}
