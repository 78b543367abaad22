/** @file One gradient rule a primitive, written in primitives: so gradients of gradients need no rules of their own. */
import { scalarLike } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import type { PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { isFloating } from '../tensor/dtype.ts';
import { IndexedSlices } from '../tensor/indexed-slices.ts';
import { reducedShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Contribution, inBlock } from './accumulation.ts';
import { controlRules } from './rules-control.ts';
import { mathematicsRules } from './rules-mathematics.ts';
import { matrixRules } from './rules-matrices.ts';
import { productOfOthers, spread, stretch, unbroadcast, zerosLike } from './adjoints.ts';

/** A call of a primitive that is being differentiated. */
export interface PrimitiveCall<P extends PrimitiveName> {
  readonly inputs: readonly Tensor[];
  readonly params: PrimitiveParams[P];
  readonly outputs: readonly Tensor[];
  /** The gradient at each output; undefined where none arrived, as at an output that is not a float. */
  readonly gradients: readonly (Tensor | undefined)[];
}

/** Gradients at the inputs, each computed only if it is wanted; null where an input has none. */
export type InputGradients = readonly (Contribution | null)[];

/**
 * From `g`, the gradient at the (first) output, zeros if only others have one, to the gradients at the inputs. `null` for primitives that are not
 * differentiable: nothing flows through them.
 */
export type GradientRule<P extends PrimitiveName> = (g: Tensor, call: PrimitiveCall<P>) => InputGradients;

const { add, sub, mul, div, neg, square } = p;
const times = (x: Tensor, factor: number): Tensor => mul(x, scalarLike(factor, x));
const plus = (x: Tensor, term: number): Tensor => add(x, scalarLike(term, x));
/** `1 - x` */
const complement = (x: Tensor): Tensor => sub(scalarLike(1, x), x);
const zero = (like: Tensor): Tensor => scalarLike(0, like);

/** From the gradient, the operand and the result of an elementwise function. */
const unary =
  (gradient: (g: Tensor, x: Tensor, y: Tensor) => Tensor): GradientRule<PrimitiveName> =>
  (g, { inputs: [x], outputs: [y] }) => [() => gradient(g, x, y)];

/** The same for two operands that broadcast. */
const binary =
  (
    first: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
    second: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  ): GradientRule<PrimitiveName> =>
  (g, { inputs: [a, b], outputs: [y] }) => [
    () => unbroadcast(first(g, a, b, y), a.shape),
    () => unbroadcast(second(g, a, b, y), b.shape),
  ];

/** Piecewise constant functions. */
const flat = unary((g) => zerosLike(g));

/** The first operand gets the gradient where `holds`, ties included; the second one elsewhere. */
const choice = (holds: (a: Tensor, b: Tensor) => Tensor): GradientRule<PrimitiveName> =>
  binary(
    (g, a, b) => p.select(holds(a, b), g, zero(g)),
    (g, a, b) => p.select(holds(a, b), zero(g), g),
  );

/** Elements equal to the extremum share its gradient. */
const extremum: GradientRule<'max' | 'min'> = (g, { inputs: [x], outputs: [y], params: { axes } }) => [
  () => {
    const kept = reducedShape(x.shape, axes, true);
    const hits = p.cast(p.equal(x, p.reshape(y, kept)), x.dtype);
    return mul(hits, div(p.reshape(g, kept), p.sum(hits, axes, true)));
  },
];

/** `d/da aᵇ = b·aᵇ⁻¹`, and 0 for 0⁰, where that would be 0 times infinity. */
function powBase(g: Tensor, a: Tensor, b: Tensor): Tensor {
  const isZeroToZero = p.logicalAnd(p.equal(a, zero(a)), p.equal(b, zero(b)));
  const base = p.select(isZeroToZero, scalarLike(1, a), a);
  return mul(g, mul(b, p.pow(base, plus(b, -1))));
}

/**
 * `d/db aᵇ = aᵇ·ln a`, and 0 where `a` is negative: there is no real value to return. At 0 it is 0 too, but -∞ below an
 * exponent of 0, where the power falls from ∞.
 */
function powExponent(g: Tensor, a: Tensor, b: Tensor, y: Tensor): Tensor {
  const isPole = p.logicalAnd(p.equal(a, zero(a)), p.less(b, zero(b)));
  const hasLogarithm = p.logicalOr(p.greater(a, zero(a)), isPole);
  const logarithm = p.log(p.select(hasLogarithm, a, scalarLike(1, a)));
  return mul(g, mul(y, logarithm));
}

/** One part of the gradient of the angle of (b, a), `part / (a² + b²)`, which has no direction to point in at the origin: 0. */
function atAngle(g: Tensor, part: Tensor, a: Tensor, b: Tensor): Tensor {
  const squares = add(square(a), square(b));
  const isOrigin = p.equal(squares, zero(squares));
  return mul(g, div(part, p.select(isOrigin, scalarLike(1, squares), squares)));
}

export const gradientRules: { readonly [P in PrimitiveName]: GradientRule<P> | null } = {
  // elementwise, one operand
  neg: unary((g) => neg(g)),
  abs: unary((g, x) => mul(g, p.sign(x))),
  sign: flat,
  reciprocal: unary((g, _, y) => neg(mul(g, square(y)))),
  square: unary((g, x) => mul(g, times(x, 2))),
  sqrt: unary((g, _, y) => div(g, times(y, 2))),
  rsqrt: unary((g, _, y) => mul(g, times(mul(y, square(y)), -0.5))),
  exp: unary((g, _, y) => mul(g, y)),
  expm1: unary((g, _, y) => mul(g, plus(y, 1))),
  log: unary((g, x) => div(g, x)),
  log1p: unary((g, x) => div(g, plus(x, 1))),
  sin: unary((g, x) => mul(g, p.cos(x))),
  cos: unary((g, x) => neg(mul(g, p.sin(x)))),
  tan: unary((g, _, y) => mul(g, plus(square(y), 1))),
  asin: unary((g, x) => mul(g, p.rsqrt(complement(square(x))))),
  acos: unary((g, x) => neg(mul(g, p.rsqrt(complement(square(x)))))),
  atan: unary((g, x) => div(g, plus(square(x), 1))),
  sinh: unary((g, x) => mul(g, p.cosh(x))),
  cosh: unary((g, x) => mul(g, p.sinh(x))),
  tanh: unary((g, _, y) => mul(g, complement(square(y)))),
  asinh: unary((g, x) => mul(g, p.rsqrt(plus(square(x), 1)))),
  // Not √(x² - 1): near 1 that would lose the digits in which x differs from 1.
  acosh: unary((g, x) => mul(g, mul(p.rsqrt(plus(x, -1)), p.rsqrt(plus(x, 1))))),
  atanh: unary((g, x) => div(g, complement(square(x)))),
  sigmoid: unary((g, _, y) => mul(g, mul(y, complement(y)))),
  softplus: unary((g, x) => mul(g, p.sigmoid(x))),
  // A product with 0 or 1, which is faster than a selection; like TensorFlow's it makes NaN of an infinite gradient at 0.
  relu: unary((g, _, y) => mul(g, p.cast(p.greater(y, zero(y)), g.dtype))),
  erf: unary((g, x) => mul(g, times(p.exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  floor: flat,
  ceil: flat,
  round: flat,
  isNaN: null,
  logicalNot: null,

  // elementwise, two operands
  add: binary(
    (g) => g,
    (g) => g,
  ),
  sub: binary(
    (g) => g,
    (g) => neg(g),
  ),
  mul: binary(
    (g, _, b) => mul(g, b),
    (g, a) => mul(g, a),
  ),
  div: binary(
    (g, _, b) => div(g, b),
    (g, _, b, y) => neg(div(mul(g, y), b)),
  ),
  pow: binary(powBase, powExponent),
  mod: binary(
    (g) => g,
    (g, a, b) => neg(mul(g, p.floorDiv(a, b))),
  ),
  floorDiv: binary(zerosLike, zerosLike),
  maximum: choice(p.greaterEqual),
  minimum: choice(p.lessEqual),
  atan2: binary(
    (g, a, b) => atAngle(g, b, a, b),
    (g, a, b) => neg(atAngle(g, a, a, b)),
  ),
  equal: null,
  notEqual: null,
  less: null,
  lessEqual: null,
  greater: null,
  greaterEqual: null,
  logicalAnd: null,
  logicalOr: null,
  select: (g, { inputs: [condition, whenTrue, whenFalse] }) => [
    null,
    () => unbroadcast(p.select(condition, g, zero(g)), whenTrue.shape),
    () => unbroadcast(p.select(condition, zero(g), g), whenFalse.shape),
  ],
  cast: (g, { inputs: [x] }) => [isFloating(x.dtype) ? () => p.cast(g, x.dtype) : null],

  // reductions
  sum: (g, { inputs: [x], params: { axes } }) => [() => spread(g, x.shape, axes)],
  prod: (g, { inputs: [x], params: { axes } }) => [() => mul(spread(g, x.shape, axes), productOfOthers(x, axes))],
  max: extremum,
  min: extremum,
  argMax: null,
  argMin: null,
  cumsum: (g, { params: { axis, exclusive, reverse } }) => [() => p.cumsum(g, axis, exclusive, !reverse)],
  softmax: (g, { outputs: [y], params: { axis } }) => [() => mul(y, sub(g, p.sum(mul(g, y), axis, true)))],
  logSoftmax: (g, { outputs: [y], params: { axis } }) => [() => sub(g, mul(p.exp(y), p.sum(g, axis, true)))],

  // shape and place
  reshape: (g, { inputs: [x] }) => [() => p.reshape(g, x.shape)],
  transpose: (g, { params: { permutation } }) => [
    () =>
      p.transpose(
        g,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  ],
  broadcastTo: (g, { inputs: [x] }) => [() => unbroadcast(g, x.shape)],
  slice: (g, { inputs: [x], params: { begin, strides } }) => [
    strides.every((stride) => stride === 1)
      ? inBlock(g, begin, x.shape)
      : () => inBlock(stretch(g, strides), begin, x.shape)(),
  ],
  pad: (g, { inputs: [x], params: { paddings } }) => [
    () =>
      p.slice(
        g,
        paddings.map(([before]) => before),
        x.shape,
      ),
  ],
  concat: (g, { inputs, params: { axis } }) => {
    let offset = 0;
    return inputs.map((x) => {
      const begin = x.shape.map(() => 0).with(axis, offset);
      offset += x.shape[axis];
      return () => p.slice(g, begin, x.shape);
    });
  },
  reverse: (g, { params: { axes } }) => [() => p.reverse(g, axes)],
  gather: (g, { inputs: [x, indices], params: { axis } }) => [
    () => {
      const updates = p.reshape(g, x.shape.with(axis, indices.size));
      const places = p.reshape(indices, [indices.size]);
      // A tape makes it whole wherever anything but an optimizer may see it.
      if (axis === 0) return new IndexedSlices(updates, places, x.shape);
      return p.scatterAdd(updates, places, axis, x.shape[axis]);
    },
    null,
  ],
  scatterAdd: (g, { inputs: [, indices], params: { axis } }) => [() => p.gather(g, indices, axis), null],
  gatherAlong: (g, { inputs: [x, indices], params: { axis } }) => [
    () => p.scatterAlongAdd(g, indices, axis, x.shape[axis]),
    null,
  ],
  scatterAlongAdd: (g, { inputs: [, indices], params: { axis } }) => [() => p.gatherAlong(g, indices, axis), null],
  topK: (g, { inputs: [x], outputs: [, indices] }) => [
    () => p.scatterAlongAdd(g, indices, x.rank - 1, x.shape[x.rank - 1]),
  ],

  // products
  matMul: (g, { inputs: [a, b], params: { transposeA, transposeB } }) => [
    () => unbroadcast(transposeA ? p.matMul(b, g, transposeB, true) : p.matMul(g, b, false, !transposeB), a.shape),
    () => unbroadcast(transposeB ? p.matMul(g, a, true, transposeA) : p.matMul(a, g, !transposeA, false), b.shape),
  ],
  // Convolution is linear in each operand, so its three primitives are each other's adjoints.
  conv2d: (g, { inputs: [x, filter], params }) => [
    () => p.conv2dInputGradient(g, filter, { ...windowOf(params), inputShape: x.shape }),
    () => p.conv2dFilterGradient(x, g, { ...windowOf(params), filterShape: filter.shape }),
  ],
  conv2dInputGradient: (g, { inputs: [dy, filter], params }) => [
    () => p.conv2d(g, filter, windowOf(params)),
    () => p.conv2dFilterGradient(g, dy, { ...windowOf(params), filterShape: filter.shape }),
  ],
  conv2dFilterGradient: (g, { inputs: [x, dy], params }) => [
    () => p.conv2dInputGradient(dy, g, { ...windowOf(params), inputShape: x.shape }),
    () => p.conv2d(x, g, windowOf(params)),
  ],
  // Which element is the largest does not change within an infinitely small step: x and y only point at it.
  maxPool2d: (g, { inputs: [x], outputs: [y], params }) => [() => p.maxPool2dGradient(x, y, g, params)],
  maxPool2dGradient: (g, { inputs: [x, y], params }) => [null, null, () => p.maxPool2dTangent(x, y, g, params)],
  maxPool2dTangent: (g, { inputs: [x, y], params }) => [null, null, () => p.maxPool2dGradient(x, y, g, params)],
  avgPool2d: (g, { inputs: [x], params }) => [() => p.avgPool2dGradient(g, { ...params, inputShape: x.shape })],
  avgPool2dGradient: (g, { params: { windowShape, strides, padding } }) => [
    () => p.avgPool2d(g, { windowShape, strides, padding }),
  ],

  ...matrixRules,
  nonMaxSuppression: null,

  ...mathematicsRules,
  ...controlRules,
  strings: null,
  sample: null,
};

/** The parameters that the three convolution primitives share. */
function windowOf({ strides, padding, dilations, groups }: PrimitiveParams['conv2d']): PrimitiveParams['conv2d'] {
  return { strides, padding, dilations, groups };
}
