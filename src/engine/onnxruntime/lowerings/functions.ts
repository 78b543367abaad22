/**
 * @file Functions composed of operators that ONNX Runtime has for float32 and float64 alike, where it lacks a kernel or its
 * kernel loses digits. Written so that small arguments keep their relative precision, and NaN and infinities pass.
 */
import type { DType } from '../../../tensor/dtype.ts';
import type { GraphBuilder } from '../builder.ts';
import { cast } from './arithmetic.ts';

export type UnaryFunction = (b: GraphBuilder, x: string, dtype: DType) => string;

/** Short names for the operators the formulas below are made of. */
function algebra(b: GraphBuilder, dtype: DType) {
  const operator =
    (type: string) =>
    (...names: string[]): string =>
      b.op(type, names);
  return {
    constant: (value: number): string => b.scalar(dtype, value),
    add: operator('Add'),
    sub: operator('Sub'),
    mul: operator('Mul'),
    div: operator('Div'),
    neg: operator('Neg'),
    abs: operator('Abs'),
    sign: operator('Sign'),
    exp: operator('Exp'),
    log: operator('Log'),
    sqrt: operator('Sqrt'),
    sin: operator('Sin'),
    cos: operator('Cos'),
    tanh: operator('Tanh'),
    max: operator('Max'),
    min: operator('Min'),
    less: operator('Less'),
    equal: operator('Equal'),
    where: operator('Where'),
  };
}

/** e^x - 1 = tanh(x / 2) (e^x + 1): no cancellation near 0. */
export const expm1: UnaryFunction = (b, x, dtype) => {
  const { constant, add, mul, exp, tanh } = algebra(b, dtype);
  return mul(tanh(mul(x, constant(0.5))), add(exp(x), constant(1)));
};

/** log(1 + x) = log(u) + (x - (u - 1)) / u with u = 1 + x rounded: the second term gives back what rounding took. */
export const log1p: UnaryFunction = (b, x, dtype) => {
  const { constant, add, sub, div, log, equal, where } = algebra(b, dtype);
  const u = add(x, constant(1));
  const lost = div(sub(x, sub(u, constant(1))), u);
  // Where 1 is lost altogether (up to infinity), or the logarithm is that of 0, there is nothing to give back.
  const nothing = b.op('Or', [equal(u, x), equal(u, constant(0))]);
  return add(log(u), where(nothing, constant(0), lost));
};

/** log(1 + e^x) = max(x, 0) + log1p(e^-|x|). */
export const softplus: UnaryFunction = (b, x, dtype) => {
  const { constant, add, max, exp, neg, abs } = algebra(b, dtype);
  return add(max(x, constant(0)), log1p(b, exp(neg(abs(x))), dtype));
};

export const tan: UnaryFunction = (b, x, dtype) => {
  const { sin, cos, div } = algebra(b, dtype);
  return div(sin(x), cos(x));
};

export const cosh: UnaryFunction = (b, x, dtype) => {
  const { constant, add, mul, exp, neg } = algebra(b, dtype);
  return mul(add(exp(x), exp(neg(x))), constant(0.5));
};

/** sinh x = tanh(x / 2) (cosh x + 1). */
export const sinh: UnaryFunction = (b, x, dtype) => {
  const { constant, add, mul, tanh } = algebra(b, dtype);
  return mul(tanh(mul(x, constant(0.5))), add(cosh(b, x, dtype), constant(1)));
};

/** From here on x^2 + 1 = x^2 in every floating dtype, so that the square, which could overflow, is not needed. */
const large = 1e9;

/** sign(x) log1p(|x| + x^2 / (1 + sqrt(x^2 + 1))); log(2 |x|) for large ones. */
export const asinh: UnaryFunction = (b, x, dtype) => {
  const { constant, add, mul, div, sign, abs, log, sqrt, less, where, min } = algebra(b, dtype);
  const size = abs(x);
  const bounded = min(size, constant(large));
  const square = mul(bounded, bounded);
  const root = sqrt(add(square, constant(1)));
  const near = log1p(b, add(bounded, div(square, add(root, constant(1)))), dtype);
  const far = add(log(size), constant(Math.LN2));
  return mul(sign(x), where(less(constant(large), size), far, near));
};

/** log1p(t + sqrt(t) sqrt(t + 2)) with t = x - 1; log(2 x) for large ones. One root of the product would have values below -1. */
export const acosh: UnaryFunction = (b, x, dtype) => {
  const { constant, add, sub, mul, log, sqrt, less, where, min } = algebra(b, dtype);
  const t = sub(min(x, constant(large)), constant(1));
  const near = log1p(b, add(t, mul(sqrt(t), sqrt(add(t, constant(2))))), dtype);
  return where(less(constant(large), x), add(log(x), constant(Math.LN2)), near);
};

/** sign(x) log1p(2 |x| / (1 - |x|)) / 2. */
export const atanh: UnaryFunction = (b, x, dtype) => {
  const { constant, add, sub, mul, div, sign, abs } = algebra(b, dtype);
  const size = abs(x);
  const ratio = div(add(size, size), sub(constant(1), size));
  return mul(mul(sign(x), constant(0.5)), log1p(b, ratio, dtype));
};

/**
 * The angle of the point (x, y). float32's Atan gives an estimate; in float64 the point is turned back by it, and the small
 * angle that remains is its own tangent up to a cubic term below 1e-20.
 */
export function atan2(b: GraphBuilder, y: string, x: string, dtype: DType): string {
  const { constant, add, sub, mul, div, neg, sign, abs, sin, cos, less, equal, where, max } = algebra(b, dtype);
  const [zero, one] = [constant(0), constant(1)];
  // Scaled into the unit square: quotients neither overflow nor are infinity by infinity.
  const infinite = (name: string): string => equal(abs(name), constant(Infinity));
  const anyInfinite = b.op('Or', [infinite(x), infinite(y)]);
  const bounded = (name: string): string =>
    where(anyInfinite, where(infinite(name), sign(name), mul(name, zero)), name);
  const [px, py] = [bounded(x), bounded(y)];
  const size = max(abs(px), abs(py));
  const scale = where(equal(size, zero), one, size);
  const [sx, sy] = [div(px, scale), div(py, scale)];
  // In the first quadrant, then mirrored by the signs of the operands, those of zeros as well.
  const ratio = div(abs(sy), where(equal(size, zero), one, abs(sx)));
  const angle = cast(b, b.op('Atan', [cast(b, ratio, dtype, 'float32')]), 'float32', dtype);
  const isNegative = (name: string): string => b.op('Or', [less(name, zero), less(div(one, name), zero)]);
  const upper = where(isNegative(x), sub(constant(Math.PI), angle), angle);
  const estimate = where(isNegative(y), neg(upper), upper);
  if (dtype !== 'float64') return estimate;
  const [c, s] = [cos(estimate), sin(estimate)];
  const rest = div(sub(mul(sy, c), mul(sx, s)), add(mul(sx, c), mul(sy, s)));
  return where(equal(size, zero), estimate, add(estimate, rest));
}

export const atan: UnaryFunction = (b, x, dtype) => {
  const { constant } = algebra(b, dtype);
  return atan2(b, x, constant(1), dtype);
};

/** sqrt(1 - x^2) without cancellation at the ends. */
const cofunction: UnaryFunction = (b, x, dtype) => {
  const { constant, add, sub, mul, sqrt } = algebra(b, dtype);
  return sqrt(mul(sub(constant(1), x), add(constant(1), x)));
};

export const asin: UnaryFunction = (b, x, dtype) => atan2(b, x, cofunction(b, x, dtype), dtype);
export const acos: UnaryFunction = (b, x, dtype) => atan2(b, cofunction(b, x, dtype), x, dtype);

/** erf(x) to the last digits, by its series 2 / sqrt(pi) x e^(-x^2) (1 + u/3 (1 + u/5 (1 + ...))), u = 2 x^2: all terms positive. */
function erfBySeries(x: number): number {
  const u = 2 * x * x;
  let sum = 1;
  for (let n = 140; n >= 1; n--) sum = 1 + (u / (2 * n + 1)) * sum;
  return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x) * sum;
}

/** Beyond it erf is 1 in float64. */
const erfEnd = 6;
const erfTerms = 48;

/** Chebyshev coefficients of erf(x) / x as a function of x^2 on [0, erfEnd^2]. */
const erfCoefficients: () => readonly number[] = (() => {
  let made: number[] | null = null;
  return () =>
    (made ??= Array.from({ length: erfTerms }, (_, k) => {
      const nodes = 2 * erfTerms;
      let sum = 0;
      for (let j = 0; j < nodes; j++) {
        const angle = (Math.PI * (j + 0.5)) / nodes;
        const x = erfEnd * Math.cos(angle / 2); // cos(angle) = 2 (x / erfEnd)^2 - 1
        sum += (erfBySeries(x) / x) * Math.cos(k * angle);
      }
      return ((k === 0 ? 1 : 2) / nodes) * sum;
    }));
})();

/** erf for float64: the Chebyshev series by Clenshaw's recurrence. */
export const erf: UnaryFunction = (b, x, dtype) => {
  const { constant, add, sub, mul, abs, less, where, sign } = algebra(b, dtype);
  const inside = less(abs(x), constant(erfEnd));
  const bounded = where(inside, x, constant(0));
  const t = sub(mul(mul(bounded, bounded), constant(4 / erfEnd ** 2)), constant(2)); // twice the Chebyshev variable
  const [first, ...rest] = erfCoefficients();
  let next = constant(0);
  let afterNext = constant(0);
  for (const coefficient of rest.reverse()) {
    const now = add(sub(mul(t, next), afterNext), constant(coefficient));
    [next, afterNext] = [now, next];
  }
  const series = add(sub(mul(mul(t, constant(0.5)), next), afterNext), constant(first));
  // Outside, sign(x) is 1 or -1; NaN is neither inside nor has a sign, so it is passed on by itself.
  return where(b.op('IsNaN', [x]), x, where(inside, mul(bounded, series), sign(x)));
};
