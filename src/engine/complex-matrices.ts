/** @file Matrices of complex numbers as real ones of twice the size, which add, multiply and decompose as they do. */
import * as p from '../primitives/calls.ts';
import type { PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { scalarLike } from './operands.ts';

/** Two tensors side by side along a new axis. */
const pair = (a: Tensor, b: Tensor, axis: number): Tensor => {
  const shape = a.shape.toSpliced(axis, 0, 1);
  return p.concat([p.reshape(a, shape), p.reshape(b, shape)], axis);
};

/**
 * `[..., 2m, 2n]` for `[..., m, n]`: for each number a + bi the block `[[a, -b], [b, a]]`. Triangular matrices stay triangular
 * where their diagonal is real.
 */
export function embedded({ re, im, rank, shape }: ComplexTensor): Tensor {
  const blocks = pair(pair(re, p.neg(im), rank), pair(im, re, rank), rank - 1);
  return p.reshape(blocks, [...shape.slice(0, -2), 2 * shape[rank - 2], 2 * shape[rank - 1]]);
}

/** The complex matrices of such real ones. */
export function unembedded(x: Tensor): ComplexTensor {
  const batch = x.shape.slice(0, -2);
  const shape = [...batch, x.shape[x.rank - 2] / 2, x.shape[x.rank - 1] / 2];
  const blocks = p.reshape(x, [...batch, shape[x.rank - 2], 2, shape[x.rank - 1], 2]);
  const size = [...batch, shape[x.rank - 2], 1, shape[x.rank - 1], 1];
  const begin = size.map(() => 0);
  const part = (row: number): Tensor => p.reshape(p.slice(blocks, begin.with(x.rank - 1, row), size), shape);
  return new ComplexTensor(part(0), part(1));
}

/** The main diagonals of matrices with at least as many columns as rows. */
function diagonals(x: Tensor): Tensor {
  const [rows, columns] = x.shape.slice(-2);
  const batch = x.shape.slice(0, -2);
  const flat = p.reshape(x, [...batch, rows * columns]);
  return p.slice(flat, flat.shape.map(() => 0), [...batch, rows], [...batch.map(() => 1), columns + 1]); // prettier-ignore
}
const asColumns = (x: Tensor): Tensor => p.reshape(x, [...x.shape, 1]);

/** Rows are divided by the diagonal, so that it is real. The transpose of the real matrix is that of the adjoint. */
function triangularSolve(
  a: ComplexTensor,
  b: ComplexTensor,
  params: PrimitiveParams['triangularSolve'],
): ComplexTensor {
  const diagonal = asColumns(diagonals(a));
  const unit = embedded(p.div(a, diagonal) as ComplexTensor);
  const solve = (right: ComplexTensor): ComplexTensor => unembedded(p.triangularSolve(unit, embedded(right), params));
  if (!params.transpose) return solve(p.div(b, diagonal) as ComplexTensor);
  const { re, im } = diagonal as ComplexTensor;
  return p.div(solve(b), new ComplexTensor(re, p.neg(im))) as ComplexTensor;
}

/** With a real, positive diagonal, without which q and r are not unique, and not made of blocks. */
function qr(x: ComplexTensor, { fullMatrices }: PrimitiveParams['qr']): [ComplexTensor, ComplexTensor] {
  const [rows, columns] = x.shape.slice(-2);
  if (fullMatrices && rows > columns)
    throw new ArgumentError(
      `linalg.qr: complex matrices with more rows than columns have no full q here, got shape ${formatShape(x.shape)}; leave fullMatrices out.`,
    );
  const [q, r] = p.qr(embedded(x), fullMatrices);
  const diagonal = diagonals(r);
  const signs = p.select(p.less(diagonal, scalarLike(0, diagonal)), scalarLike(-1, diagonal), scalarLike(1, diagonal));
  const across = p.reshape(signs, signs.shape.toSpliced(signs.rank - 1, 0, 1));
  return [unembedded(p.mul(q, across)), unembedded(p.mul(r, asColumns(signs)))];
}

type Rule<P extends PrimitiveName> = (inputs: readonly ComplexTensor[], params: PrimitiveParams[P]) => Tensor[];

/** Decompositions that real matrices and their blocks have in common. */
export const complexMatrixRules: { readonly [P in PrimitiveName]?: Rule<P> } = {
  cholesky: ([x]) => [unembedded(p.cholesky(embedded(x)))],
  triangularSolve: ([a, b], params) => [triangularSolve(a, b, params)],
  matrixFunction: ([x], { function: name }) => [unembedded(p.matrixFunction(embedded(x), name))],
  qr: ([x], params) => qr(x, params),
};
