/**
 * @file The incomplete gamma functions and their derivatives by the first operand, of any order: the usual series and
 * continued fraction, with Taylor polynomials in that operand in place of numbers.
 */
import { lgamma, polygamma, stirlingRest } from './gamma.ts';

/** Taylor coefficients of a function of a, lowest first. */
type Jet = readonly number[];

const times = (f: Jet, g: Jet): number[] =>
  f.map((_, n) => {
    let sum = 0;
    for (let k = 0; k <= n; k++) sum += f[k] * g[n - k];
    return sum;
  });
function over(f: Jet, g: Jet): number[] {
  const quotient: number[] = [];
  for (let n = 0; n < f.length; n++) {
    let rest = f[n];
    for (let k = 1; k <= n; k++) rest -= g[k] * quotient[n - k];
    quotient.push(rest / g[0]);
  }
  return quotient;
}
const plus = (f: Jet, g: Jet): number[] => f.map((value, n) => value + g[n]);
function exponential(f: Jet): number[] {
  const result = [Math.exp(f[0])];
  for (let n = 1; n < f.length; n++) {
    let sum = 0;
    for (let k = 1; k <= n; k++) sum += k * f[k] * result[n - k];
    result.push(sum / n);
  }
  return result;
}
/** `value + slope·(a - a₀)` */
const linear = (value: number, slope: number, order: number): number[] =>
  Array.from({ length: order + 1 }, (_, n) => (n === 0 ? value : n === 1 ? slope : 0));

/** `xᵃ e⁻ˣ / Γ(a + 1)` */
function front(a: number, x: number, order: number): number[] {
  const logarithm = Array.from({ length: order + 1 }, (_, n) => {
    if (n === 0) return logFront(a, x);
    const ofGamma = polygamma(n - 1, a + 1) / factorial(n);
    return (n === 1 ? Math.log(x) : 0) - ofGamma;
  });
  return exponential(logarithm);
}
function logFront(a: number, x: number): number {
  if (a < 10) return a * Math.log(x) - x - lgamma(a + 1);
  // Near the maximum large terms cancel: Stirling's formula without them.
  const distance = (x - a) / a;
  return a * (Math.log1p(distance) - distance) - 0.5 * Math.log(2 * Math.PI * a) - stirlingRest(a);
}
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** The lower function, by `Σ xᵏ / ((a + 1)···(a + k))`. */
function lower(a: number, x: number, order: number): number[] {
  let term = linear(1, 0, order);
  let sum = term;
  for (let k = 1; k < 100_000; k++) {
    term = over(
      term.map((value) => value * x),
      linear(a + k, 1, order),
    );
    sum = plus(sum, term);
    if (term.every((value, n) => Math.abs(value) <= 1e-17 * Math.abs(sum[n]))) break;
  }
  return times(front(a, x, order), sum);
}

/** The upper one, by Legendre's continued fraction and Lentz' method. */
function upper(a: number, x: number, order: number): number[] {
  const one = linear(1, 0, order);
  let b = linear(x + 1 - a, -1, order);
  let c = linear(1e300, 0, order);
  let d = over(one, b);
  let fraction = d;
  for (let i = 1; i < 100_000; i++) {
    // -i (i - a)
    const numerator = linear(-i * (i - a), i, order);
    b = b.map((value, n) => (n === 0 ? value + 2 : value));
    d = over(one, plus(times(numerator, d), b));
    c = plus(b, over(numerator, c));
    const factor = times(c, d);
    fraction = times(fraction, factor);
    if (Math.abs(factor[0] - 1) < 1e-16 && factor.every((value, n) => n === 0 || Math.abs(value) < 1e-17)) break;
  }
  return times(times(front(a, x, order), linear(a, 1, order)), fraction);
}

/**
 * `dⁿ/daⁿ P(a, x)`, P the regularised lower incomplete gamma function `1/Γ(a) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt`; or of the upper one, `1 - P`.
 */
export function incompleteGamma(a: number, x: number, order: number, isUpper: boolean): number {
  if (!(a > 0) || !(x >= 0)) return NaN;
  const constant = (lowerValue: number): number => (order > 0 ? 0 : isUpper ? 1 - lowerValue : lowerValue);
  if (x === 0) return constant(0);
  if (x === Infinity) return a === Infinity ? NaN : constant(1);
  if (a === Infinity) return constant(0);
  const useUpper = x > a + 1;
  const jet = useUpper ? upper(a, x, order) : lower(a, x, order);
  const derivative = jet[order] * factorial(order);
  if (useUpper === isUpper) return derivative;
  return order > 0 ? -derivative : 1 - derivative;
}
