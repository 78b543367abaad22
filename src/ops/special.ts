/**
 * @file Special functions. Those that branch are computed on the host, in float64; the others are composed. Integers are taken as
 * float32, operands of functions of several broadcast.
 */
import * as p from '../primitives/calls.ts';
import type { BinarySpecial, UnarySpecial } from '../primitives/mathematics.ts';
import { isInexact } from '../tensor/dtype.ts';
import { ShapeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toFloatPair, toOperands } from './convert.ts';
import { op } from '../symbolic/op.ts';

const unary =
  (name: UnarySpecial, operation: string = name) =>
  (x: TensorLike): Tensor =>
    p.special(name, [toFloat(x, operation)]);
const binary =
  (name: BinarySpecial) =>
  (a: TensorLike, x: TensorLike): Tensor =>
    p.special(name, toFloatPair(a, x, name));
const times = (x: Tensor, factor: number): Tensor => p.mul(x, scalarLike(factor, x));
const isZero = (x: Tensor): Tensor => p.equal(x, scalarLike(0, x));
/** `f`, and 0 where `x` is 0, whatever `f` would be there; `y` is given to it as 1 then. */
function unlessZero(x: Tensor, y: Tensor, f: (safe: Tensor) => Tensor): Tensor {
  const zero = isZero(x);
  return p.select(zero, scalarLike(0, y), f(p.select(zero, scalarLike(1, y), y)));
}

/** `1 - erf(x)`, exact where it is small. @example `tf.erfc([0, 1])` is `[1, 0.1573]` */
export const erfc: (x: TensorLike) => Tensor = op('erfc', unary('erfc'));
/** The inverse of `erf`: x with `erf(x) = y`, for -1 < y < 1. @example `tf.erfinv([0, 0.5])` is `[0, 0.4769]` */
export const erfinv: (x: TensorLike) => Tensor = op('erfinv', unary('erfInv', 'erfinv'));
/** The inverse of `erfc`: x with `erfc(x) = y`, for 0 < y < 2. @example `tf.erfcinv([1, 0.5])` is `[0, 0.4769]` */
export const erfcinv = op('erfcinv', (x: TensorLike): Tensor =>
  times(p.special('ndtri', [times(toFloat(x, 'erfcinv'), 0.5)]), -Math.SQRT1_2),
);
/**
 * The standard normal distribution function `Φ(x) = P(Z ≤ x)`, exact in its tails.
 *
 * @example `tf.ndtr([0, 1.96])` is `[0.5, 0.975]`
 */
export const ndtr = op('ndtr', (x: TensorLike): Tensor =>
  times(p.special('erfc', [times(toFloat(x, 'ndtr'), -Math.SQRT1_2)]), 0.5),
);
/**
 * The quantile function of the standard normal distribution: x with `Φ(x) = p`, for 0 < p < 1.
 *
 * @example `tf.ndtri([0.5, 0.975])` is `[0, 1.96]`
 */
export const ndtri: (x: TensorLike) => Tensor = op('ndtri', unary('ndtri'));

/** `ln |Γ(x)|`; `Infinity` at 0, -1, -2, ... @example `tf.lgamma(5)` is `ln 24` */
export const lgamma: (x: TensorLike) => Tensor = op('lgamma', unary('lgamma'));
/** `ψ(x)`, the derivative of {@link lgamma}. @example `tf.digamma([1, 2])` is `[-0.5772, 0.4228]` */
export const digamma: (x: TensorLike) => Tensor = op('digamma', unary('digamma'));
/**
 * `ψ⁽ᵃ⁾(x)`, the derivative of order `a` (a whole number) of {@link digamma}. The gradient goes to `x` alone.
 *
 * @example `tf.polygamma([1], [1])` is `[1.645]`
 */
export const polygamma: (a: TensorLike, x: TensorLike) => Tensor = op('polygamma', binary('polygamma'));
/**
 * Hurwitz' zeta function `Σ (q + n)⁻ˣ` over n = 0, 1, ..., for x > 1. The gradient goes to `q` alone.
 *
 * @example `tf.zeta([2], [1])` is `[1.645]`
 */
export const zeta: (x: TensorLike, q: TensorLike) => Tensor = op('zeta', binary('zeta'));

/**
 * The regularised lower incomplete gamma function `P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt`, for a > 0 and x ≥ 0.
 *
 * @example `tf.igamma([1], [2])` is `[0.8647]`
 */
export const igamma: (a: TensorLike, x: TensorLike) => Tensor = op('igamma', binary('igamma'));
/**
 * The regularised upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`, exact where it is small.
 *
 * @example `tf.igammac([1], [2])` is `[0.1353]`
 */
export const igammac: (a: TensorLike, x: TensorLike) => Tensor = op('igammac', binary('igammac'));
/**
 * The regularised incomplete beta function `1/B(a, b) ∫₀ˣ tᵃ⁻¹ (1 - t)ᵇ⁻¹ dt`, for a, b > 0 and 0 ≤ x ≤ 1. As in TensorFlow, the
 * gradient goes to `x` alone.
 *
 * @example `tf.betainc([2], [3], [0.5])` is `[0.6875]`
 */
export const betainc = op('betainc', function betainc(a: TensorLike, b: TensorLike, x: TensorLike): Tensor {
  const operands = toOperands([a, b, x], 'betainc');
  return p.special(
    'betainc',
    operands.map((operand) => (isInexact(operand.dtype) ? operand : p.cast(operand, 'float32'))),
  );
});
/**
 * The logarithm of the absolute multivariate beta function along the last axis: `Σ ln |Γ(xᵢ)| - ln |Γ(Σ xᵢ)|`.
 *
 * @param x `[..., k]` @returns `[...]`
 * @example `tf.lbeta([1, 2])` is `-0.6931`
 */
export const lbeta = op('lbeta', function lbeta(x: TensorLike): Tensor {
  const value = toFloat(x, 'lbeta');
  if (value.rank === 0) throw new ShapeError('lbeta: expected vectors along the last axis, got a scalar.');
  return p.sub(p.sum(p.special('lgamma', [value]), -1), p.special('lgamma', [p.sum(value, -1)]));
});
/**
 * Euler's beta function `B(a, b) = Γ(a) Γ(b) / Γ(a + b)` of positive numbers.
 *
 * @example `tf.beta([2], [3])` is `[0.08333]`
 */
export const beta = op('beta', function beta(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = toFloatPair(a, b, 'beta');
  const lgammaOf = (value: Tensor): Tensor => p.special('lgamma', [value]);
  return p.exp(p.sub(p.add(lgammaOf(x), lgammaOf(y)), lgammaOf(p.add(x, y))));
});

/** The modified Bessel function of the first kind, order 0. @example `tf.besselI0([0, 1])` is `[1, 1.266]` */
export const besselI0: (x: TensorLike) => Tensor = op('besselI0', unary('besselI0'));
/** `e^-|x| I₀(x)`, which does not overflow. @example `tf.besselI0e([0, 1])` is `[1, 0.4658]` */
export const besselI0e: (x: TensorLike) => Tensor = op('besselI0e', unary('besselI0e'));
/** The modified Bessel function of the first kind, order 1. @example `tf.besselI1([0, 1])` is `[0, 0.5652]` */
export const besselI1: (x: TensorLike) => Tensor = op('besselI1', unary('besselI1'));
/** `e^-|x| I₁(x)`, which does not overflow. @example `tf.besselI1e([0, 1])` is `[0, 0.2079]` */
export const besselI1e: (x: TensorLike) => Tensor = op('besselI1e', unary('besselI1e'));
/** The Bessel function of the first kind, order 0. @example `tf.besselJ0([0, 1])` is `[1, 0.7652]` */
export const besselJ0: (x: TensorLike) => Tensor = op('besselJ0', unary('besselJ0'));
/** The Bessel function of the first kind, order 1. @example `tf.besselJ1([0, 1])` is `[0, 0.4401]` */
export const besselJ1: (x: TensorLike) => Tensor = op('besselJ1', unary('besselJ1'));
/** The Bessel function of the second kind, order 0, of x > 0. @example `tf.besselY0([1])` is `[0.08826]` */
export const besselY0: (x: TensorLike) => Tensor = op('besselY0', unary('besselY0'));
/** The Bessel function of the second kind, order 1, of x > 0. @example `tf.besselY1([1])` is `[-0.7812]` */
export const besselY1: (x: TensorLike) => Tensor = op('besselY1', unary('besselY1'));
/** The modified Bessel function of the second kind, order 0, of x > 0. @example `tf.besselK0([1])` is `[0.421]` */
export const besselK0: (x: TensorLike) => Tensor = op('besselK0', unary('besselK0'));
/** `eˣ K₀(x)`, which does not underflow. @example `tf.besselK0e([1])` is `[1.144]` */
export const besselK0e: (x: TensorLike) => Tensor = op('besselK0e', unary('besselK0e'));
/**
 * The modified Bessel function of the second kind, order 1, of x > 0.
 *
 * @example `tf.besselK1([1])` is `[0.6019]`
 */
export const besselK1: (x: TensorLike) => Tensor = op('besselK1', unary('besselK1'));
/** `eˣ K₁(x)`, which does not underflow. @example `tf.besselK1e([1])` is `[1.636]` */
export const besselK1e: (x: TensorLike) => Tensor = op('besselK1e', unary('besselK1e'));

/** The exponential integral `Ei(x) = -∫₋ₓ^∞ e⁻ᵗ/t dt`. @example `tf.expint([1])` is `[1.895]` */
export const expint: (x: TensorLike) => Tensor = op('expint', unary('expint'));
/** Dawson's integral `e^(-x²) ∫₀ˣ e^(t²) dt`. @example `tf.dawsn([1])` is `[0.5381]` */
export const dawsn: (x: TensorLike) => Tensor = op('dawsn', unary('dawsn'));
/** Spence's function `-∫₁ˣ ln t / (t - 1) dt`, of x ≥ 0. @example `tf.spence([0, 1])` is `[1.645, 0]` */
export const spence: (x: TensorLike) => Tensor = op('spence', unary('spence'));
/** Fresnel's sine integral `∫₀ˣ sin(πt²/2) dt`. @example `tf.fresnelSin([1])` is `[0.4383]` */
export const fresnelSin: (x: TensorLike) => Tensor = op('fresnelSin', unary('fresnelSin'));
/** Fresnel's cosine integral `∫₀ˣ cos(πt²/2) dt`. @example `tf.fresnelCos([1])` is `[0.7799]` */
export const fresnelCos: (x: TensorLike) => Tensor = op('fresnelCos', unary('fresnelCos'));

/** `sin(πx) / (πx)`, and 1 at 0. @example `tf.sinc([0, 0.5])` is `[1, 0.6366]` */
export const sinc = op('sinc', function sinc(x: TensorLike): Tensor {
  const angle = times(toFloat(x, 'sinc'), Math.PI);
  const zero = isZero(angle);
  const safe = p.select(zero, scalarLike(1, angle), angle);
  return p.select(zero, scalarLike(1, angle), p.div(p.sin(safe), safe));
});
/** `ln(x / (1 - x))`, the inverse of `sigmoid`. @example `tf.logit([0.5, 0.75])` is `[0, 1.099]` */
export const logit = op('logit', function logit(x: TensorLike): Tensor {
  const value = toFloat(x, 'logit');
  return p.sub(p.log(value), p.log1p(p.neg(value)));
});
/** `x ln y`, and 0 where `x` is 0. @example `tf.xlogy([0, 2], [0, 3])` is `[0, 2.197]` */
export const xlogy = op('xlogy', function xlogy(x: TensorLike, y: TensorLike): Tensor {
  const [a, b] = toFloatPair(x, y, 'xlogy');
  return unlessZero(a, b, (safe) => p.mul(a, p.log(safe)));
});
/** `x ln(1 + y)`, and 0 where `x` is 0. @example `tf.xlog1py([0, 2], [-1, 2])` is `[0, 2.197]` */
export const xlog1py = op('xlog1py', function xlog1py(x: TensorLike, y: TensorLike): Tensor {
  const [a, b] = toFloatPair(x, y, 'xlog1py');
  return unlessZero(a, b, (safe) => p.mul(a, p.log1p(safe)));
});
/** `x / y`, and 0 where `x` is 0. @example `tf.xdivy([0, 1], [0, 2])` is `[0, 0.5]` */
export const xdivy = op('xdivy', function xdivy(x: TensorLike, y: TensorLike): Tensor {
  const [a, b] = toFloatPair(x, y, 'xdivy');
  return unlessZero(a, b, (safe) => p.div(a, safe));
});
/**
 * `x · y`, and 0 where `y` is 0, even if `x` is infinite or NaN.
 *
 * @example `tf.multiplyNoNan([Infinity, 2], [0, 3])` is `[0, 6]`
 */
export const multiplyNoNan = op('multiplyNoNan', function multiplyNoNan(x: TensorLike, y: TensorLike): Tensor {
  const [a, b] = toFloatPair(x, y, 'multiplyNoNan');
  const zero = isZero(b);
  return p.select(zero, scalarLike(0, a), p.mul(p.select(zero, scalarLike(0, a), a), b));
});
/** `1 / x`, and 0 where `x` is 0. @example `tf.reciprocalNoNan([0, 4])` is `[0, 0.25]` */
export const reciprocalNoNan = op('reciprocalNoNan', function reciprocalNoNan(x: TensorLike): Tensor {
  const value = toFloat(x, 'reciprocalNoNan');
  return unlessZero(value, value, (safe) => p.reciprocal(safe));
});
/** `x / (1 + |x|)` @example `tf.softsign([-1, 3])` is `[-0.5, 0.75]` */
export const softsign = op('softsign', function softsign(x: TensorLike): Tensor {
  const value = toFloat(x, 'softsign');
  return p.div(value, p.add(p.abs(value), scalarLike(1, value)));
});
