/** @file Elementwise functions of one operand. Functions with real results take integers as float32. */
import * as p from '../primitives/calls.ts';
import { type DType, integerRange, isDType, isFloating, isInexact } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, scalarLike, toFloat, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

/** The elements in another dtype; floats are truncated towards zero for integers. @example `x.cast('int32')` */
export const cast = op('cast', function cast(x: TensorLike, dtype: DType): Tensor {
  if (!isDType(dtype)) throw new DTypeError(`cast: there is no dtype ${String(dtype)}.`);
  return ownTensor(p.cast(toTensor(x, 'cast'), dtype), x);
});

/** A number type: booleans become int32. */
function toNumeric(x: TensorLike, operation: string): Tensor {
  const value = toTensor(x, operation);
  return value.dtype === 'bool' ? p.cast(value, 'int32') : value;
}

/**
 * `-x`
 *
 * @example `tf.neg([1, -2])` is `[-1, 2]`
 */
export const neg = op('neg', (x: TensorLike): Tensor => p.neg(toNumeric(x, 'neg')));
/**
 * `|x|`
 *
 * @example `tf.abs([-1, 2])` is `[1, 2]`
 */
export const abs = op('abs', (x: TensorLike): Tensor => p.abs(toNumeric(x, 'abs')));
/**
 * -1, 0 or 1 by the sign of `x`.
 *
 * @example `tf.sign([-3, 0, 5])` is `[-1, 0, 1]`
 */
export const sign = op('sign', (x: TensorLike): Tensor => p.sign(toNumeric(x, 'sign')));
/**
 * `x²`
 *
 * @example `tf.square([2, -3])` is `[4, 9]`
 */
export const square = op('square', (x: TensorLike): Tensor => p.square(toNumeric(x, 'square')));
/**
 * `√x`
 *
 * @example `tf.sqrt([4, 9])` is `[2, 3]`
 */
export const sqrt = op('sqrt', (x: TensorLike): Tensor => p.sqrt(toFloat(x, 'sqrt')));
/**
 * `1 / √x`
 *
 * @example `tf.rsqrt([4, 16])` is `[0.5, 0.25]`
 */
export const rsqrt = op('rsqrt', (x: TensorLike): Tensor => p.rsqrt(toFloat(x, 'rsqrt')));
/**
 * `1 / x`
 *
 * @example `tf.reciprocal([2, 4])` is `[0.5, 0.25]`
 */
export const reciprocal = op('reciprocal', (x: TensorLike): Tensor => p.reciprocal(toFloat(x, 'reciprocal')));
/**
 * `eˣ`
 *
 * @example `tf.exp([0, 1])` is `[1, 2.718]`
 */
export const exp = op('exp', (x: TensorLike): Tensor => p.exp(toFloat(x, 'exp')));
/**
 * `eˣ - 1`, exact near 0.
 *
 * @example `tf.expm1([0, 1e-4])` is `[0, 0.0001]`
 */
export const expm1 = op('expm1', (x: TensorLike): Tensor => p.expm1(toFloat(x, 'expm1')));
/**
 * The natural logarithm.
 *
 * @example `tf.log([1, Math.E])` is `[0, 1]`
 */
export const log = op('log', (x: TensorLike): Tensor => p.log(toFloat(x, 'log')));
/**
 * `ln(1 + x)`, exact near 0.
 *
 * @example `tf.log1p([0, 1e-4])` is `[0, 0.00009999]`
 */
export const log1p = op('log1p', (x: TensorLike): Tensor => p.log1p(toFloat(x, 'log1p')));
/**
 * The sine of `x` radians.
 *
 * @example `tf.sin([0.25, 0.5])` is `[0.2474, 0.4794]`
 */
export const sin = op('sin', (x: TensorLike): Tensor => p.sin(toFloat(x, 'sin')));
/**
 * The cosine of `x` radians.
 *
 * @example `tf.cos([0.25, 0.5])` is `[0.9689, 0.8776]`
 */
export const cos = op('cos', (x: TensorLike): Tensor => p.cos(toFloat(x, 'cos')));
/**
 * The tangent of `x` radians.
 *
 * @example `tf.tan([0, 1])` is `[0, 1.557]`
 */
export const tan = op('tan', (x: TensorLike): Tensor => p.tan(toFloat(x, 'tan')));
/**
 * The inverse sine, in radians.
 *
 * @example `tf.asin([0.25, 0.5])` is `[0.2527, 0.5236]`
 */
export const asin = op('asin', (x: TensorLike): Tensor => p.asin(toFloat(x, 'asin')));
/**
 * The inverse cosine, in radians.
 *
 * @example `tf.acos([0.25, 0.5])` is `[1.318, 1.047]`
 */
export const acos = op('acos', (x: TensorLike): Tensor => p.acos(toFloat(x, 'acos')));
/**
 * The inverse tangent, in radians.
 *
 * @example `tf.atan([0.25, 0.5])` is `[0.245, 0.4636]`
 */
export const atan = op('atan', (x: TensorLike): Tensor => p.atan(toFloat(x, 'atan')));
/**
 * The hyperbolic sine.
 *
 * @example `tf.sinh([0.25, 0.5])` is `[0.2526, 0.5211]`
 */
export const sinh = op('sinh', (x: TensorLike): Tensor => p.sinh(toFloat(x, 'sinh')));
/**
 * The hyperbolic cosine.
 *
 * @example `tf.cosh([0.25, 0.5])` is `[1.031, 1.128]`
 */
export const cosh = op('cosh', (x: TensorLike): Tensor => p.cosh(toFloat(x, 'cosh')));
/**
 * The hyperbolic tangent.
 *
 * @example `tf.tanh([0.25, 0.5])` is `[0.2449, 0.4621]`
 */
export const tanh = op('tanh', (x: TensorLike): Tensor => p.tanh(toFloat(x, 'tanh')));
/**
 * The inverse hyperbolic sine.
 *
 * @example `tf.asinh([0.25, 0.5])` is `[0.2475, 0.4812]`
 */
export const asinh = op('asinh', (x: TensorLike): Tensor => p.asinh(toFloat(x, 'asinh')));
/**
 * The inverse hyperbolic cosine, of `x >= 1`.
 *
 * @example `tf.acosh([1, 2])` is `[0, 1.317]`
 */
export const acosh = op('acosh', (x: TensorLike): Tensor => p.acosh(toFloat(x, 'acosh')));
/**
 * The inverse hyperbolic tangent, of `-1 < x < 1`.
 *
 * @example `tf.atanh([0.25, 0.5])` is `[0.2554, 0.5493]`
 */
export const atanh = op('atanh', (x: TensorLike): Tensor => p.atanh(toFloat(x, 'atanh')));
/**
 * The error function `2/√π ∫₀ˣ e^(-t²) dt`.
 *
 * @example `tf.erf([0, 1])` is `[0, 0.8427]`
 */
export const erf = op('erf', (x: TensorLike): Tensor => p.erf(toFloat(x, 'erf')));

const rounding =
  (operation: 'floor' | 'ceil' | 'round') =>
  (x: TensorLike): Tensor => {
    const value = toTensor(x, operation);
    return isInexact(value.dtype) ? p[operation](value) : ownTensor(value, x);
  };
/**
 * The largest whole number that is not above `x`. Its gradient is 0.
 *
 * @example `tf.floor([1.7, -1.2])` is `[1, -2]`
 */
export const floor: (x: TensorLike) => Tensor = op('floor', rounding('floor'));
/**
 * The smallest whole number that is not below `x`. Its gradient is 0.
 *
 * @example `tf.ceil([1.2, -1.7])` is `[2, -1]`
 */
export const ceil: (x: TensorLike) => Tensor = op('ceil', rounding('ceil'));
/**
 * The nearest whole number, halves to the even one. Its gradient is 0.
 *
 * @example `tf.round([0.5, 1.5, 2.5])` is `[0, 2, 2]`
 */
export const round: (x: TensorLike) => Tensor = op('round', rounding('round'));

/**
 * Where `x` is not a number.
 *
 * @example `tf.isNaN([1, NaN])` is `[false, true]`
 */
export const isNaN = op('isNaN', (x: TensorLike): Tensor => p.isNaN(toFloat(x, 'isNaN')));
/**
 * Where `x` is `Infinity` or `-Infinity`.
 *
 * @example `tf.isInf([1, -Infinity])` is `[false, true]`
 */
export const isInf = op('isInf', function isInf(x: TensorLike): Tensor {
  const size = p.abs(toFloat(x, 'isInf'));
  return p.equal(size, scalarLike(Infinity, size));
});
/**
 * Where `x` is neither NaN nor infinite.
 *
 * @example `tf.isFinite([1, NaN, Infinity])` is `[true, false, false]`
 */
export const isFinite = op('isFinite', function isFinite(x: TensorLike): Tensor {
  const size = p.abs(toFloat(x, 'isFinite'));
  return p.less(size, scalarLike(Infinity, size));
});

/** Bounds as numbers of an integer dtype; null for one that none of its numbers reaches. */
function wholeBounds(low: number, high: number, dtype: DType): [number | null, number | null] {
  const [least, greatest] = integerRange(dtype);
  return [
    low <= least ? null : Math.min(Math.ceil(low), greatest),
    high >= greatest ? null : Math.max(Math.floor(high), least),
  ];
}

/**
 * `x` held between two bounds. The gradient passes where `clipValueMin <= x <= clipValueMax` and is 0 elsewhere.
 *
 * @throws ArgumentError if the bounds are in the wrong order.
 * @example `tf.clipByValue([-2, 0.5, 3], -1, 1)` is `[-1, 0.5, 1]`
 */
export const clipByValue = op(
  'clipByValue',
  function clipByValue(x: TensorLike, clipValueMin: number, clipValueMax: number): Tensor {
    if (!(clipValueMin <= clipValueMax))
      throw new ArgumentError(
        `clipByValue: the lower bound ${clipValueMin} must not be above the upper one ${clipValueMax}.`,
      );
    const value = toNumeric(x, 'clipByValue');
    const [low, high] = isFloating(value.dtype)
      ? [clipValueMin, clipValueMax]
      : wholeBounds(clipValueMin, clipValueMax, value.dtype);
    const raised = low === null ? value : p.maximum(value, scalarLike(low, value));
    return ownTensor(high === null ? raised : p.minimum(raised, scalarLike(high, value)), x);
  },
);

/**
 * 1 where `x > 0`, `alpha` (0 by default) elsewhere, NaN where `x` is. No gradient flows through it.
 *
 * @example `tf.step([-1, 2])` is `[0, 1]`
 */
export const step = op('step', function step(x: TensorLike, alpha = 0): Tensor {
  const value = toFloat(x, 'step');
  const stepped = p.select(p.greater(value, scalarLike(0, value)), scalarLike(1, value), scalarLike(alpha, value));
  return p.select(p.isNaN(value), scalarLike(NaN, value), stepped);
});

/**
 * The logistic function `1 / (1 + e^-x)`.
 *
 * @example `tf.sigmoid([0, 2])` is `[0.5, 0.8808]`
 */
export const sigmoid = op('sigmoid', (x: TensorLike): Tensor => p.sigmoid(toFloat(x, 'sigmoid')));
/**
 * `ln(sigmoid(x))`, without underflow.
 *
 * @example `tf.logSigmoid([0, -100])` is `[-0.6931, -100]`
 */
export const logSigmoid = op('logSigmoid', (x: TensorLike): Tensor =>
  p.neg(p.softplus(p.neg(toFloat(x, 'logSigmoid')))),
);
/**
 * `ln(1 + eˣ)`, without overflow.
 *
 * @example `tf.softplus([0, 100])` is `[0.6931, 100]`
 */
export const softplus = op('softplus', (x: TensorLike): Tensor => p.softplus(toFloat(x, 'softplus')));
/**
 * `max(x, 0)`; its gradient at 0 is 0.
 *
 * @example `tf.relu([-1, 2])` is `[0, 2]`
 */
export const relu = op('relu', (x: TensorLike): Tensor => p.relu(toNumeric(x, 'relu')));
/**
 * `min(max(x, 0), 6)`
 *
 * @example `tf.relu6([-1, 3, 8])` is `[0, 3, 6]`
 */
export const relu6 = op('relu6', function relu6(x: TensorLike): Tensor {
  const value = p.relu(toNumeric(x, 'relu6'));
  return p.minimum(value, scalarLike(6, value));
});
/**
 * `x` where positive, `alpha · x` elsewhere.
 *
 * @example `tf.leakyRelu([-1, 2])` is `[-0.2, 2]`
 */
export const leakyRelu = op('leakyRelu', function leakyRelu(x: TensorLike, alpha = 0.2): Tensor {
  const value = toFloat(x, 'leakyRelu');
  return p.select(p.greater(value, scalarLike(0, value)), value, p.mul(value, scalarLike(alpha, value)));
});
/**
 * The exponential linear unit: `x` where positive, `eˣ - 1` elsewhere.
 *
 * @example `tf.elu([-1, 2])` is `[-0.6321, 2]`
 */
export const elu = op('elu', function elu(x: TensorLike): Tensor {
  const value = toFloat(x, 'elu');
  const zero = scalarLike(0, value);
  // The branch that is not taken must stay finite, or its gradient of 0 times infinity would be NaN.
  return p.select(p.greater(value, zero), value, p.expm1(p.minimum(value, zero)));
});
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;
/**
 * The scaled exponential linear unit (Klambauer et al., 2017): `1.0507 · x` where positive, `1.7581 · (eˣ - 1)` elsewhere.
 *
 * @example `tf.selu([-1, 2])` is `[-1.111, 2.101]`
 */
export const selu = op('selu', function selu(x: TensorLike): Tensor {
  const value = toFloat(x, 'selu');
  const zero = scalarLike(0, value);
  const negative = p.mul(p.expm1(p.minimum(value, zero)), scalarLike(seluAlpha, value));
  return p.mul(p.select(p.greater(value, zero), value, negative), scalarLike(seluScale, value));
});
/**
 * The Gaussian error linear unit (Hendrycks & Gimpel, 2016): `x · Φ(x)`.
 *
 * @param approximate Use `0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))`, as the original GPT and BERT do.
 * @example `tf.gelu([-1, 0, 1])` is `[-0.1587, 0, 0.8413]`
 */
export const gelu = op('gelu', function gelu(x: TensorLike, approximate = false): Tensor {
  const value = toFloat(x, 'gelu');
  const half = p.mul(value, scalarLike(0.5, value));
  const curve = approximate
    ? p.tanh(
        p.mul(
          p.add(value, p.mul(p.mul(p.square(value), value), scalarLike(0.044715, value))),
          scalarLike(Math.sqrt(2 / Math.PI), value),
        ),
      )
    : p.erf(p.mul(value, scalarLike(Math.SQRT1_2, value)));
  return p.mul(half, p.add(curve, scalarLike(1, value)));
});
/**
 * `x · sigmoid(x)`, also called swish.
 *
 * @example `tf.silu([-1, 2])` is `[-0.2689, 1.762]`
 */
export const silu = op('silu', function silu(x: TensorLike): Tensor {
  const value = toFloat(x, 'silu');
  return p.mul(value, p.sigmoid(value));
});
