/** @file Inference of decompositions and solvers: matrices lie along the last two axes, the axes before them are batches. */
import { ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, shapesEqual } from '../tensor/shape.ts';
import { expectDType, expectSameDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';
import type { AbstractValue, MatrixPrimitive } from './primitives.ts';

/** Batch axes, rows and columns of floating matrices. */
function matricesOf(
  operation: MatrixPrimitive,
  x: AbstractValue,
  what = 'input',
): { batch: Shape; m: number; n: number } {
  expectDType(operation, x, 'float', what);
  if (x.shape.length < 2)
    throw new ShapeError(
      `${operation}: ${what} must be a matrix or a batch of matrices, but came with shape ${formatShape(x.shape)}.`,
    );
  return { batch: x.shape.slice(0, -2), m: x.shape[x.shape.length - 2], n: x.shape[x.shape.length - 1] };
}

function squareOf(operation: MatrixPrimitive, x: AbstractValue): { batch: Shape; n: number } {
  const { batch, m, n } = matricesOf(operation, x);
  if (m !== n)
    throw new ShapeError(`${operation}: expected square matrices, but got ${m} x ${n} ones: ${formatShape(x.shape)}.`);
  return { batch, n };
}

export const inferMatrices = {
  cholesky: ([x]) => {
    squareOf('cholesky', x);
    return [{ dtype: x.dtype, shape: x.shape }];
  },
  triangularSolve: ([a, b]) => {
    expectSameDType('triangularSolve', [a, b]);
    const { batch, n } = squareOf('triangularSolve', a);
    const right = matricesOf('triangularSolve', b, 'right-hand side');
    if (right.m !== n || !shapesEqual(right.batch, batch))
      throw new ShapeError(
        `triangularSolve: matrices of shape ${formatShape(a.shape)} need a right-hand side of shape ` +
          `${formatShape([...batch, n, null])}, but it came with ${formatShape(b.shape)}.`,
      );
    return [{ dtype: b.dtype, shape: b.shape }];
  },
  lu: ([x]) => {
    const { batch, n } = squareOf('lu', x);
    return [
      { dtype: x.dtype, shape: x.shape },
      { dtype: 'int32', shape: [...batch, n] },
    ];
  },
  qr: ([x], { fullMatrices }) => {
    const { batch, m, n } = matricesOf('qr', x);
    const columns = fullMatrices ? m : Math.min(m, n);
    return [
      { dtype: x.dtype, shape: [...batch, m, columns] },
      { dtype: x.dtype, shape: [...batch, columns, n] },
    ];
  },
  eigh: ([x]) => {
    const { batch, n } = squareOf('eigh', x);
    return [
      { dtype: x.dtype, shape: [...batch, n] },
      { dtype: x.dtype, shape: x.shape },
    ];
  },
  svd: ([x], { fullMatrices }) => {
    const { batch, m, n } = matricesOf('svd', x);
    const least = Math.min(m, n);
    return [
      { dtype: x.dtype, shape: [...batch, least] },
      { dtype: x.dtype, shape: [...batch, m, fullMatrices ? m : least] },
      { dtype: x.dtype, shape: [...batch, n, fullMatrices ? n : least] },
    ];
  },
} satisfies Pick<InferenceRules, MatrixPrimitive>;
