/** @file Gradient rules of decompositions and solvers. Batches of matrices lie along the last two axes. */
import { fromHost } from '../engine/index.ts';
import { scalarLike } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import type { MatrixPrimitive } from '../primitives/primitives.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { toHostArray } from '../tensor/host.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { zerosLike } from './adjoints.ts';
import type { GradientRule } from './rules.ts';

const { add, sub, mul } = p;

const rowsOf = (x: Tensor): number => x.shape[x.rank - 2];
const columnsOf = (x: Tensor): number => x.shape[x.rank - 1];
const transposed = (x: Tensor): Tensor => {
  const axes = x.shape.map((_, axis) => axis);
  return p.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
};
const product = (...factors: readonly Tensor[]): Tensor => factors.reduce((a, b) => p.matMul(a, b));
/** `aᵀ·b` */
const crossProduct = (a: Tensor, b: Tensor): Tensor => p.matMul(a, b, true, false);
const halved = (x: Tensor): Tensor => mul(x, scalarLike(0.5, x));
const symmetrized = (x: Tensor): Tensor => halved(add(x, transposed(x)));

/** A matrix of weights by row and column, to multiply matrices like `x` with. */
function weights(x: Tensor, weight: (row: number, column: number) => number): Tensor {
  const [rows, columns] = [rowsOf(x), columnsOf(x)];
  const values = Array.from({ length: rows * columns }, (_, i) => weight(Math.floor(i / columns), i % columns));
  return fromHost(toHostArray(values, x.dtype), x.dtype, [rows, columns]);
}
/** The part of a matrix at and below the diagonal that lies `above` places over the main one. */
const lowerPart = (x: Tensor, above = 0): Tensor =>
  mul(
    x,
    weights(x, (i, j) => (j <= i + above ? 1 : 0)),
  );
const upperPart = (x: Tensor): Tensor =>
  mul(
    x,
    weights(x, (i, j) => (j >= i ? 1 : 0)),
  );
const identityLike = (x: Tensor): Tensor => weights(x, (i, j) => (i === j ? 1 : 0));

/** Each vector as a column, [..., n, 1], or as a row, [..., 1, n]. */
const asColumns = (x: Tensor): Tensor => p.reshape(x, [...x.shape, 1]);
const asRows = (x: Tensor): Tensor => p.reshape(x, [...x.shape.slice(0, -1), 1, columnsOf(x)]);

/** 1 / x, and 0 where x is 0. */
function inverseOrZero(x: Tensor): Tensor {
  const isZero = p.equal(x, scalarLike(0, x));
  return p.select(isZero, scalarLike(0, x), p.reciprocal(p.select(isZero, scalarLike(1, x), x)));
}

/** `1 / (xⱼ - xᵢ)`, and 0 on the diagonal. */
const inverseDifferences = (x: Tensor): Tensor => inverseOrZero(sub(asRows(x), asColumns(x)));

/** Rows from `begin` and columns from `beginColumn` of every matrix. */
function part(x: Tensor, [begin, beginColumn]: readonly [number, number], size: readonly [number, number]): Tensor {
  const batch = x.shape.slice(0, -2);
  return p.slice(x, [...batch.map(() => 0), begin, beginColumn], [...batch, ...size]);
}
const firstColumns = (x: Tensor, count: number): Tensor => part(x, [0, 0], [rowsOf(x), count]);

/** x·r⁻ᵀ for an upper triangular r. */
const timesInverseTransposed = (x: Tensor, r: Tensor): Tensor =>
  transposed(p.triangularSolve(r, transposed(x), { lower: false, transpose: false }));

/** The gradient at a matrix no wider than high, from those at its q and r. */
function qrGradient(q: Tensor, r: Tensor, gq: Tensor, gr: Tensor): Tensor {
  const m = sub(p.matMul(r, gr, false, true), crossProduct(gq, q));
  const symmetric = add(lowerPart(m), transposed(lowerPart(m, -1)));
  return timesInverseTransposed(add(gq, product(q, symmetric)), r);
}

/** The gradient that the vectors of a decomposition into singular values hand down. */
function singularVectorsGradient(s: Tensor, u: Tensor, v: Tensor, gu: Tensor, gv: Tensor): Tensor {
  const differences = inverseDifferences(p.square(s));
  const skew = (x: Tensor, g: Tensor): Tensor => {
    const turned = crossProduct(x, g);
    return mul(differences, sub(turned, transposed(turned)));
  };
  const inner = add(mul(skew(u, gu), asRows(s)), mul(asColumns(s), skew(v, gv)));
  /** What lies outside of the space that the vectors span. */
  const outside = (x: Tensor, g: Tensor): Tensor => sub(g, product(x, crossProduct(x, g)));
  const inverse = asRows(inverseOrZero(s));
  return add(
    product(u, inner, transposed(v)),
    add(p.matMul(mul(outside(u, gu), inverse), v, false, true), p.matMul(mul(u, inverse), outside(v, gv), false, true)),
  );
}

const sameShape = (a: Shape, b: Shape): boolean => a.every((dimension, axis) => dimension === b[axis]);

export const matrixRules: { readonly [P in MatrixPrimitive]: GradientRule<P> } = {
  cholesky: (g, { outputs: [l] }) => [
    () => {
      const x = crossProduct(l, g);
      const half = mul(
        x,
        weights(x, (i, j) => (i === j ? 0.5 : j < i ? 1 : 0)),
      );
      const solve = (b: Tensor): Tensor => p.triangularSolve(l, b, { lower: true, transpose: true });
      return symmetrized(transposed(solve(transposed(solve(half)))));
    },
  ],
  triangularSolve: (g, { inputs: [a], params: { lower, transpose }, outputs: [x] }) => {
    const atRight = p.triangularSolve(a, g, { lower, transpose: !transpose });
    return [
      () => {
        const full = transpose ? p.matMul(x, atRight, false, true) : p.matMul(atRight, x, false, true);
        return p.neg(lower ? lowerPart(full) : upperPart(full));
      },
      () => atRight,
    ];
  },
  lu: (g, { inputs: [x], outputs: [factors, permutation] }) => [
    () => {
      const l = add(lowerPart(factors, -1), identityLike(factors));
      const u = upperPart(factors);
      const inner = add(
        lowerPart(crossProduct(l, lowerPart(g, -1)), -1),
        upperPart(p.matMul(upperPart(g), u, false, true)),
      );
      const left = p.triangularSolve(l, inner, { lower: true, transpose: true });
      const ofPermuted = timesInverseTransposed(left, factors);
      const places = p.broadcastTo(asColumns(permutation), x.shape);
      return p.scatterAlongAdd(ofPermuted, places, x.rank - 2, rowsOf(x));
    },
  ],
  qr: (gq, { inputs: [x], params: { fullMatrices }, outputs: [q, r], gradients }) => [
    () => {
      const [m, n] = [rowsOf(x), columnsOf(x)];
      if (fullMatrices && m > n)
        throw new ArgumentError(
          `qr: with fullMatrices, ${m} x ${n} matrices have no gradient, as the last ${m - n} columns of q are arbitrary; leave fullMatrices out.`,
        );
      const gr = gradients[1] ?? zerosLike(r);
      if (m >= n) return qrGradient(q, r, gq, gr);
      // Of a wide matrix the first m columns make q; the others are q times the rest of r.
      const rest: readonly [number, number] = [m, n - m];
      const [left, right] = [firstColumns(gr, m), part(gr, [0, m], rest)];
      const atQ = add(gq, p.matMul(part(x, [0, m], rest), right, false, true));
      return p.concat([qrGradient(q, firstColumns(r, m), atQ, left), product(q, right)], x.rank - 1);
    },
  ],
  eigh: (g, { outputs: [values, vectors], gradients }) => [
    () => {
      const diagonal = mul(asColumns(g), identityLike(vectors));
      const atVectors = gradients[1];
      const inner = atVectors
        ? add(diagonal, mul(inverseDifferences(values), crossProduct(vectors, atVectors)))
        : diagonal;
      return symmetrized(product(vectors, inner, transposed(vectors)));
    },
  ],
  svd: (g, { inputs: [x], params: { fullMatrices }, outputs: [s, u, v], gradients: [, gu, gv] }) => [
    () => {
      const least = columnsOf(s);
      if (fullMatrices && (gu || gv) && !sameShape(u.shape, v.shape))
        throw new ArgumentError(
          `svd: with fullMatrices, the vectors of ${rowsOf(x)} x ${columnsOf(x)} matrices have no gradient, as some of them are arbitrary; leave fullMatrices out.`,
        );
      const [left, right] = [firstColumns(u, least), firstColumns(v, least)];
      const ofValues = p.matMul(mul(left, asRows(g)), right, false, true);
      if (!gu && !gv) return ofValues;
      return add(ofValues, singularVectorsGradient(s, left, right, gu ?? zerosLike(left), gv ?? zerosLike(right)));
    },
  ],
};
