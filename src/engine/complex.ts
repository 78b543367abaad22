/** @file Primitives of complex numbers, in primitives of their real and imaginary parts. */
import { setComplexArithmetic } from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import type { PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import { DTypeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { bind } from '../primitives/bind.ts';
import { complexMatrixRules } from './complex-matrices.ts';
import { scalarLike } from './operands.ts';

type Rule<P extends PrimitiveName> = (inputs: readonly ComplexTensor[], params: PrimitiveParams[P]) => Tensor[];

const complex = (re: Tensor, im: Tensor): ComplexTensor => new ComplexTensor(re, im);
const zerosLike = (x: Tensor): Tensor => p.broadcastTo(scalarLike(0, x), x.shape);
const number = (like: Tensor, re: number, im = 0): ComplexTensor => complex(scalarLike(re, like), scalarLike(im, like));
const toComplex = (x: Tensor): ComplexTensor => {
  if (x instanceof ComplexTensor) return x;
  const re = p.cast(x, 'float32');
  return complex(re, zerosLike(re));
};

const add = (a: ComplexTensor, b: ComplexTensor): ComplexTensor => complex(p.add(a.re, b.re), p.add(a.im, b.im));
const sub = (a: ComplexTensor, b: ComplexTensor): ComplexTensor => complex(p.sub(a.re, b.re), p.sub(a.im, b.im));
const neg = ({ re, im }: ComplexTensor): ComplexTensor => complex(p.neg(re), p.neg(im));
const scale = ({ re, im }: ComplexTensor, by: Tensor): ComplexTensor => complex(p.mul(re, by), p.mul(im, by));
/** Of any product that is linear in both: `(a + bi)(c + di)`. */
const product = (a: ComplexTensor, b: ComplexTensor, times: (x: Tensor, y: Tensor) => Tensor): ComplexTensor =>
  complex(p.sub(times(a.re, b.re), times(a.im, b.im)), p.add(times(a.re, b.im), times(a.im, b.re)));
const mul = (a: ComplexTensor, b: ComplexTensor): ComplexTensor => product(a, b, p.mul);

/** |z| without overflow on the way, and with gradient 0 at 0. */
function abs({ re, im }: ComplexTensor): Tensor {
  const [x, y] = [p.abs(re), p.abs(im)];
  const [large, small] = [p.maximum(x, y), p.minimum(x, y)];
  const isZero = p.equal(large, scalarLike(0, large));
  const isInfinite = p.equal(large, scalarLike(Infinity, large));
  const divisor = p.select(p.logicalOr(isZero, isInfinite), scalarLike(1, large), large);
  const ratio = p.div(p.select(isInfinite, scalarLike(0, small), small), divisor);
  return p.mul(large, p.sqrt(p.add(p.square(ratio), scalarLike(1, ratio))));
}
/** The angle in (-π, π]. */
const angle = ({ re, im }: ComplexTensor): Tensor => p.atan2(im, re);

function reciprocal(z: ComplexTensor): ComplexTensor {
  // By Smith's method: dividing by the larger part first keeps squares from overflowing.
  const { re, im } = z;
  const isReal = p.greaterEqual(p.abs(re), p.abs(im));
  const one = scalarLike(1, re);
  const safe = (x: Tensor, holds: Tensor): Tensor => p.select(holds, x, one);
  const ratio = p.select(isReal, p.div(im, safe(re, isReal)), p.div(re, safe(im, p.logicalNot(isReal))));
  const divisor = p.select(isReal, p.add(re, p.mul(im, ratio)), p.add(p.mul(re, ratio), im));
  return complex(
    p.div(p.select(isReal, one, ratio), divisor),
    p.div(p.select(isReal, p.neg(ratio), p.neg(one)), divisor),
  );
}
const div = (a: ComplexTensor, b: ComplexTensor): ComplexTensor => mul(a, reciprocal(b));

function exp({ re, im }: ComplexTensor): ComplexTensor {
  const size = p.exp(re);
  return complex(p.mul(size, p.cos(im)), p.mul(size, p.sin(im)));
}
const log = (z: ComplexTensor): ComplexTensor => complex(p.log(abs(z)), angle(z));

/** The root with a real part that is not negative. */
function sqrt(z: ComplexTensor): ComplexTensor {
  const size = abs(z);
  const half = scalarLike(0.5, size);
  const isLeft = p.less(z.re, scalarLike(0, z.re));
  // The larger part first, so that nothing cancels; the other one from 2·re·im = z.im.
  const large = p.sqrt(p.mul(p.add(size, p.abs(z.re)), half));
  const isZero = p.equal(large, scalarLike(0, large));
  const small = p.div(p.mul(p.abs(z.im), half), p.select(isZero, scalarLike(1, large), large));
  const re = p.select(isLeft, small, large);
  const im = p.select(isLeft, large, small);
  return complex(re, p.select(p.less(z.im, scalarLike(0, z.im)), p.neg(im), im));
}

function pow(a: ComplexTensor, b: ComplexTensor): ComplexTensor {
  const isZero = p.equal(abs(a), scalarLike(0, a.re));
  const one = number(a.re, 1);
  const base = complex(p.select(isZero, one.re, a.re), p.select(isZero, one.im, a.im));
  const power = exp(mul(log(base), b));
  // 0 to a power with a positive real part is 0, and 0⁰ is 1.
  const isOne = p.logicalAnd(p.equal(b.re, scalarLike(0, b.re)), p.equal(b.im, scalarLike(0, b.im)));
  const atZero = p.select(isOne, one.re, one.im);
  return complex(p.select(isZero, atZero, power.re), p.select(isZero, scalarLike(0, power.im), power.im));
}

const cosh = (z: ComplexTensor): ComplexTensor =>
  complex(p.mul(p.cosh(z.re), p.cos(z.im)), p.mul(p.sinh(z.re), p.sin(z.im)));
const sinh = (z: ComplexTensor): ComplexTensor =>
  complex(p.mul(p.sinh(z.re), p.cos(z.im)), p.mul(p.cosh(z.re), p.sin(z.im)));
const cos = ({ re, im }: ComplexTensor): ComplexTensor =>
  complex(p.mul(p.cos(re), p.cosh(im)), p.neg(p.mul(p.sin(re), p.sinh(im))));
const sin = ({ re, im }: ComplexTensor): ComplexTensor =>
  complex(p.mul(p.sin(re), p.cosh(im)), p.mul(p.cos(re), p.sinh(im)));
/** (tanh x + i tan y) / (1 + i tanh x tan y), of which tanh x never overflows. */
function tanh({ re, im }: ComplexTensor): ComplexTensor {
  const [x, y] = [p.tanh(re), p.tan(im)];
  return div(complex(x, y), complex(p.broadcastTo(scalarLike(1, x), x.shape), p.mul(x, y)));
}
const half = (x: Tensor): Tensor => p.mul(x, scalarLike(0.5, x));
const twice = (x: Tensor): Tensor => p.add(x, x);

/** `eˣ cos y - 1` without the difference of near numbers. */
function expm1({ re, im }: ComplexTensor): ComplexTensor {
  const loss = twice(p.square(p.sin(half(im))));
  return complex(p.sub(p.mul(p.expm1(re), p.cos(im)), loss), p.mul(p.exp(re), p.sin(im)));
}
/** `½ ln(1 + x(2 + x) + y²)` and the angle. */
function log1p({ re, im }: ComplexTensor): ComplexTensor {
  const one = scalarLike(1, re);
  const excess = p.add(p.mul(re, p.add(re, twice(one))), p.square(im));
  return complex(half(p.log1p(excess)), p.atan2(im, p.add(re, one)));
}

// Inverse functions by the roots of 1 + z and 1 - z, in which nothing cancels and branch cuts lie right (Kahan, 1987).
/** Roots of 1 - z and 1 + z. */
const rootsAround = (z: ComplexTensor): [ComplexTensor, ComplexTensor] => [
  sqrt(sub(number(z.re, 1), z)),
  sqrt(add(number(z.re, 1), z)),
];
/** The imaginary part of `conj(a) · b`. */
const cross = (a: ComplexTensor, b: ComplexTensor): Tensor => p.sub(p.mul(a.re, b.im), p.mul(a.im, b.re));
function asin(z: ComplexTensor): ComplexTensor {
  const [left, right] = rootsAround(z);
  return complex(p.atan2(z.re, mul(left, right).re), p.asinh(cross(left, right)));
}
function acos(z: ComplexTensor): ComplexTensor {
  const [left, right] = rootsAround(z);
  return complex(twice(p.atan2(left.re, right.re)), p.asinh(cross(right, left)));
}
function acosh(z: ComplexTensor): ComplexTensor {
  const left = sqrt(sub(z, number(z.re, 1)));
  const right = sqrt(add(z, number(z.re, 1)));
  const size = p.add(p.mul(left.re, right.re), p.mul(left.im, right.im));
  return complex(p.asinh(size), twice(p.atan2(left.im, right.re)));
}
/** `¼ ln(1 + 4x / ((1 - x)² + y²))` and half the angle of `(1 - x)(1 + x) - y² + 2iy`. */
function atanh({ re, im }: ComplexTensor): ComplexTensor {
  const one = scalarLike(1, re);
  const [below, above, square] = [p.sub(one, re), p.add(one, re), p.square(im)];
  const ratio = p.div(p.mul(re, scalarLike(4, re)), p.add(p.square(below), square));
  const real = p.mul(p.log1p(ratio), scalarLike(0.25, re));
  return complex(real, half(p.atan2(twice(im), p.sub(p.mul(below, above), square))));
}
const timesI = ({ re, im }: ComplexTensor): ComplexTensor => complex(p.neg(im), re);

/** A product along one axis, element by element. */
function prod(x: ComplexTensor, { axes, keepDims }: PrimitiveParams['prod']): ComplexTensor {
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const permutation = [...rest, ...axes];
  const sizes = rest.map((axis) => x.shape[axis]);
  const count = axes.reduce((total, axis) => total * x.shape[axis], 1);
  const [rows] = each('transpose')([x], { permutation }) as ComplexTensor[];
  const [flat] = each('reshape')([rows], { shape: [...sizes, count] }) as ComplexTensor[];
  const last = sizes.length;
  const at = (i: number): ComplexTensor => {
    const begin = [...sizes.map(() => 0), i];
    const [piece] = each('slice')([flat], { begin, size: [...sizes, 1], strides: begin.map(() => 1) });
    return each('reshape')([piece as ComplexTensor], { shape: sizes })[0] as ComplexTensor;
  };
  const ones = complex(p.broadcastTo(scalarLike(1, x.re), sizes), p.broadcastTo(scalarLike(0, x.re), sizes));
  const result = Array.from({ length: count }, (_, i) => at(i)).reduce(mul, ones);
  const shape = keepDims ? x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d)) : sizes.slice(0, last);
  return each('reshape')([result], { shape })[0] as ComplexTensor;
}

/** What moves or adds up elements does so with each part. */
const each =
  <P extends PrimitiveName>(primitive: P): Rule<P> =>
  (inputs, params) => [
    complex(
      bind(
        primitive,
        inputs.map(({ re }) => re),
        params,
      )[0],
      bind(
        primitive,
        inputs.map(({ im }) => im),
        params,
      )[0],
    ),
  ];
/** The first operand is complex, the second one says which elements. */
const indexed =
  <P extends PrimitiveName>(primitive: P) =>
  ([x, indices]: readonly Tensor[], params: PrimitiveParams[P]): Tensor[] => {
    const { re, im } = x as ComplexTensor;
    return [complex(bind(primitive, [re, indices], params)[0], bind(primitive, [im, indices], params)[0])];
  };
const unary =
  (f: (z: ComplexTensor) => Tensor) =>
  ([z]: readonly ComplexTensor[]): Tensor[] => [f(z)];
const binary =
  (f: (a: ComplexTensor, b: ComplexTensor) => Tensor) =>
  ([a, b]: readonly ComplexTensor[]): Tensor[] => [f(a, b)];
const equal = (a: ComplexTensor, b: ComplexTensor): Tensor => p.logicalAnd(p.equal(a.re, b.re), p.equal(a.im, b.im));

const rules: { readonly [P in PrimitiveName]?: Rule<P> } = {
  neg: unary(neg),
  abs: unary(abs),
  sign: unary((z) => {
    const size = abs(z);
    const isZero = p.equal(size, scalarLike(0, size));
    return scale(z, p.reciprocal(p.select(isZero, scalarLike(1, size), size)));
  }),
  reciprocal: unary(reciprocal),
  square: unary((z) => mul(z, z)),
  sqrt: unary(sqrt),
  rsqrt: unary((z) => reciprocal(sqrt(z))),
  exp: unary(exp),
  expm1: unary(expm1),
  log: unary(log),
  log1p: unary(log1p),
  sin: unary(sin),
  cos: unary(cos),
  tan: unary((z) => neg(timesI(tanh(timesI(z))))),
  asin: unary(asin),
  acos: unary(acos),
  atan: unary((z) => neg(timesI(atanh(timesI(z))))),
  sinh: unary(sinh),
  cosh: unary(cosh),
  tanh: unary(tanh),
  asinh: unary((z) => neg(timesI(asin(timesI(z))))),
  acosh: unary(acosh),
  atanh: unary(atanh),
  sigmoid: unary((z) => reciprocal(add(exp(neg(z)), number(z.re, 1)))),
  isNaN: unary(({ re, im }) => p.logicalOr(p.isNaN(re), p.isNaN(im))),
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div),
  pow: binary(pow),
  equal: binary(equal),
  notEqual: binary((a, b) => p.logicalNot(equal(a, b))),
  sum: each('sum'),
  prod: ([x], params) => [prod(x, params)],
  cumsum: each('cumsum'),
  reshape: each('reshape'),
  transpose: each('transpose'),
  broadcastTo: each('broadcastTo'),
  slice: each('slice'),
  pad: ([x], params) => [complex(p.pad(x.re, params.paddings, params.value), p.pad(x.im, params.paddings, 0))],
  concat: each('concat'),
  reverse: each('reverse'),
  stopGradient: each('stopGradient'),
  matMul: ([a, b], { transposeA, transposeB }) => [product(a, b, (x, y) => p.matMul(x, y, transposeA, transposeB))],
  ...complexMatrixRules,
  conv2d: ([x, filter], params) => [product(x, filter, (a, b) => p.conv2d(a, b, params))],
};
/** Rules whose operands are not all complex. */
const mixed: { readonly [P in PrimitiveName]?: (inputs: readonly Tensor[], params: PrimitiveParams[P]) => Tensor[] } = {
  select: ([condition, whenTrue, whenFalse]) => {
    const [a, b] = [toComplex(whenTrue), toComplex(whenFalse)];
    return [complex(p.select(condition, a.re, b.re), p.select(condition, a.im, b.im))];
  },
  cast: ([x], { dtype }) => [dtype === 'complex64' ? toComplex(x) : p.cast((x as ComplexTensor).re, dtype)],
  gather: indexed('gather'),
  gatherAlong: indexed('gatherAlong'),
  scatterAdd: indexed('scatterAdd'),
  scatterAlongAdd: indexed('scatterAlongAdd'),
  scatterReduce: ([x, indices, updates], { reduction }) => {
    if (reduction !== 'set')
      throw new DTypeError(
        `Complex numbers are not joined by '${reduction}' in scatters and segments; only set or added.`,
      );
    const [z, news] = [toComplex(x), toComplex(updates)];
    const [re, im] = [p.scatterReduce(z.re, indices, news.re, 'set'), p.scatterReduce(z.im, indices, news.im, 'set')];
    return [complex(re, im)];
  },
};

setComplexArithmetic(
  <P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor[] => {
    const special: ((inputs: readonly Tensor[], params: PrimitiveParams[P]) => Tensor[]) | undefined = mixed[primitive];
    if (special) return special(inputs, params);
    const rule: Rule<P> | undefined = rules[primitive];
    if (!rule)
      throw new DTypeError(
        `${primitive}: complex64 is not among its dtypes; compute with tf.real(x) and tf.imag(x), or tf.abs(x).`,
      );
    return rule(inputs.map(toComplex), params);
  },
);
