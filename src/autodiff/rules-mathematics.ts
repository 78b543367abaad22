/** @file Gradient rules of special functions, scattering and functions of matrices. */
import { scalarLike } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import type { MathematicsParams, SpecialFunction } from '../primitives/mathematics.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { unbroadcast, zerosLike } from './adjoints.ts';
import type { GradientRule } from './rules.ts';

const { add, sub, mul, div, neg, square, exp } = p;
const times = (x: Tensor, factor: number): Tensor => mul(x, scalarLike(factor, x));
const plus = (x: Tensor, term: number): Tensor => add(x, scalarLike(term, x));
const isZero = (x: Tensor): Tensor => p.equal(x, scalarLike(0, x));
/** `f(x)`, and `value` where x is 0; f is asked at 1 there. */
function exceptAtZero(x: Tensor, value: number, f: (safe: Tensor) => Tensor): Tensor {
  const atZero = isZero(x);
  return p.select(atZero, scalarLike(value, x), f(p.select(atZero, scalarLike(1, x), x)));
}
const special = (name: SpecialFunction, ...operands: Tensor[]): Tensor => p.special(name, operands);

/** The derivative by each operand, from the operands, the result, and the order of what is differentiated; null for none. */
type Derivatives = readonly (((operands: readonly Tensor[], y: Tensor, order: number) => Tensor) | null)[];
const unary = (derivative: (x: Tensor, y: Tensor) => Tensor): Derivatives => [([x], y) => derivative(x, y)];

const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/**
 * `dⁿ/daⁿ` of `xᵃ⁻¹ e⁻ˣ / Γ(a)`, which the lower incomplete gamma function has for its derivative by x: with h its logarithm,
 * `Dₙ = Σ C(n - 1, k) h⁽ᵏ⁺¹⁾ Dₙ₋₁₋ₖ`.
 */
function gammaDensity(a: Tensor, x: Tensor, order: number): Tensor {
  const density = exp(sub(sub(p.mul(plus(a, -1), p.log(x)), x), special('lgamma', a)));
  const derivatives = [density];
  for (let n = 1; n <= order; n++) {
    let sum: Tensor | null = null;
    let binomial = 1;
    for (let k = 0; k < n; k++) {
      const ofGamma = k === 0 ? special('digamma', a) : special('polygamma', zerosPlus(a, k), a);
      const slope = k === 0 ? sub(p.log(x), ofGamma) : neg(ofGamma);
      const term = times(mul(slope, derivatives[n - 1 - k]), binomial);
      sum = sum === null ? term : add(sum, term);
      binomial = (binomial * (n - 1 - k)) / (k + 1);
    }
    derivatives.push(sum as Tensor);
  }
  return derivatives[order];
}
const zerosPlus = (like: Tensor, value: number): Tensor => scalarLike(value, like);

const incomplete = (name: 'igamma' | 'igammac'): Derivatives => [
  ([a, x], _, order) => p.special(name, [a, x], order + 1),
  ([a, x], _, order) => {
    const density = gammaDensity(a, x, order);
    return name === 'igamma' ? density : neg(density);
  },
];

/** `tᵃ⁻¹ (1 - t)ᵇ⁻¹ / B(a, b)` */
function betaDensity(a: Tensor, b: Tensor, x: Tensor): Tensor {
  const logBeta = sub(add(special('lgamma', a), special('lgamma', b)), special('lgamma', add(a, b)));
  const powers = add(mul(plus(a, -1), p.log(x)), mul(plus(b, -1), p.log1p(neg(x))));
  return exp(sub(powers, logBeta));
}

const derivatives: Readonly<Record<SpecialFunction, Derivatives>> = {
  erfc: unary((x) => times(exp(neg(square(x))), -twoOverRootPi)),
  erfInv: unary((_, y) => times(exp(square(y)), 1 / twoOverRootPi)),
  ndtri: unary((_, y) => times(exp(times(square(y), 0.5)), Math.sqrt(2 * Math.PI))),
  lgamma: unary((x) => special('digamma', x)),
  digamma: unary((x) => special('polygamma', zerosPlus(x, 1), x)),
  besselI0: unary((x) => special('besselI1', x)),
  besselI0e: unary((x, y) => sub(special('besselI1e', x), mul(p.sign(x), y))),
  besselI1: unary((x, y) =>
    sub(
      special('besselI0', x),
      exceptAtZero(x, 0.5, (safe) => div(y, safe)),
    ),
  ),
  besselI1e: unary((x, y) =>
    sub(
      special('besselI0e', x),
      add(
        mul(p.sign(x), y),
        exceptAtZero(x, 0.5, (safe) => div(y, safe)),
      ),
    ),
  ),
  besselJ0: unary((x) => neg(special('besselJ1', x))),
  besselJ1: unary((x, y) =>
    sub(
      special('besselJ0', x),
      exceptAtZero(x, 0.5, (safe) => div(y, safe)),
    ),
  ),
  besselY0: unary((x) => neg(special('besselY1', x))),
  besselY1: unary((x, y) => sub(special('besselY0', x), div(y, x))),
  besselK0: unary((x) => neg(special('besselK1', x))),
  besselK0e: unary((x, y) => sub(y, special('besselK1e', x))),
  besselK1: unary((x, y) => neg(add(special('besselK0', x), div(y, x)))),
  besselK1e: unary((x, y) => sub(sub(y, div(y, x)), special('besselK0e', x))),
  expint: unary((x) => div(exp(x), x)),
  dawsn: unary((x, y) => plus(times(mul(x, y), -2), 1)),
  // ln(x) / (1 - x), which is -1 at 1; near 0 the digits of x would be lost in x - 1.
  spence: unary((x) => {
    const isSmall = p.less(x, scalarLike(0.5, x));
    const small = p.select(isSmall, x, scalarLike(0.25, x));
    const far = div(p.log(small), plus(neg(small), 1));
    const near = neg(exceptAtZero(plus(p.select(isSmall, scalarLike(1, x), x), -1), 1, (t) => div(p.log1p(t), t)));
    return p.select(isSmall, far, near);
  }),
  fresnelSin: unary((x) => p.sin(times(square(x), Math.PI / 2))),
  fresnelCos: unary((x) => p.cos(times(square(x), Math.PI / 2))),
  polygamma: [null, ([n, x]) => special('polygamma', plus(n, 1), x)],
  zeta: [null, ([s, q]) => neg(mul(s, special('zeta', plus(s, 1), q)))],
  igamma: incomplete('igamma'),
  igammac: incomplete('igammac'),
  betainc: [null, null, ([a, b, x]) => betaDensity(a, b, x)],
};

/** Elements that equal the extremum they were joined to share its gradient. */
function extremum(g: Tensor, x: Tensor, indices: Tensor, updates: Tensor, y: Tensor): readonly (() => Tensor)[] {
  const rows = x.shape[0];
  const kept = p.cast(p.equal(x, y), g.dtype);
  const chosen = p.cast(p.equal(updates, p.gather(y, indices, 0)), g.dtype);
  const count = add(kept, p.scatterAdd(chosen, indices, 0, rows));
  const shared = div(g, count);
  return [() => mul(kept, shared), () => mul(chosen, p.gather(shared, indices, 0))];
}

/**
 * The gradient at the factors of products: the product over the factor; where that is 0 the product of the others, which is 0
 * where another one is 0 too.
 */
function factors(g: Tensor, x: Tensor, indices: Tensor, updates: Tensor, y: Tensor): readonly (() => Tensor)[] {
  const one = scalarLike(1, x);
  const withoutZeros = (t: Tensor): Tensor => p.select(isZero(t), one, t);
  const zeros = (t: Tensor): Tensor => p.cast(isZero(t), g.dtype);
  const count = add(zeros(x), p.scatterAdd(zeros(updates), indices, 0, x.shape[0]));
  const rest = p.scatterReduce(withoutZeros(x), indices, withoutZeros(updates), 'mul');
  const only = p.select(p.equal(count, one), rest, scalarLike(0, rest));
  const others = (t: Tensor, product: Tensor, alone: Tensor): Tensor =>
    p.select(isZero(t), alone, div(product, withoutZeros(t)));
  const at = (t: Tensor): Tensor => p.gather(t, indices, 0);
  return [() => mul(g, others(x, y, only)), () => mul(at(g), others(updates, at(y), at(only)))];
}

const transposed = (x: Tensor): Tensor =>
  p.transpose(x, [...x.shape.slice(2).map((_, axis) => axis), x.rank - 1, x.rank - 2]);

export const mathematicsRules: { readonly [P in keyof MathematicsParams]: GradientRule<P> | null } = {
  special: (g, { inputs, outputs: [y], params: { function: name, order } }) =>
    derivatives[name].map(
      (derivative, i) => derivative && (() => unbroadcast(mul(g, derivative(inputs, y, order)), inputs[i].shape)),
    ),
  nextAfter: (g, { inputs: [x, y] }) => [() => unbroadcast(g, x.shape), () => zerosLike(y)],
  bitwise: null,
  populationCount: null,
  argsort: null,
  searchSorted: null,
  // The derivative of any function of matrices stands beside the diagonal of its value at a block of them.
  matrixFunction: (g, { inputs: [x], params: { function: name } }) => [
    () => {
      const n = x.shape[x.rank - 1];
      const none = x.shape.slice(2).map(() => [0, 0] as const);
      const at = transposed(x);
      const [upper, lower] = [p.concat([at, g], x.rank - 1), p.pad(at, [...none, [0, 0], [n, 0]])];
      const value = p.matrixFunction(p.concat([upper, lower], x.rank - 2), name);
      return p.slice(value, [...none.map(() => 0), 0, n], x.shape);
    },
  ],
  eig: null,
  scatterReduce: (g, { inputs: [x, indices, updates], outputs: [y], params: { reduction } }) => {
    if (reduction === 'set')
      return [() => p.scatterReduce(g, indices, zerosLike(updates), 'set'), null, () => p.gather(g, indices, 0)];
    const [atX, atUpdates] =
      reduction === 'mul' ? factors(g, x, indices, updates, y) : extremum(g, x, indices, updates, y);
    return [atX, null, atUpdates];
  },
};
