/** @file Kernels of decompositions and solvers, one matrix at a time. */
import type { MatrixPrimitive } from '../../primitives/primitives.ts';
import { type HostKernels, onMatrices } from './kernel.ts';
import { cholesky, eigh, lu, qr, svd, triangularSolve } from './matrices.ts';

export const matrixKernels: HostKernels<MatrixPrimitive> = {
  cholesky: onMatrices(([x]) => [cholesky(x).data]),
  triangularSolve: onMatrices(([a, b], params) => [triangularSolve(a, b, params).data]),
  lu: onMatrices(([x]) => {
    const { factors, permutation } = lu(x);
    return [factors.data, permutation];
  }),
  qr: onMatrices(([x], { fullMatrices }) => {
    const { q, r } = qr(x, fullMatrices);
    return [q.data, r.data];
  }),
  eigh: onMatrices(([x]) => {
    const { values, vectors } = eigh(x);
    return [values, vectors.data];
  }),
  svd: onMatrices(([x], { fullMatrices }) => {
    const { s, u, v } = svd(x, fullMatrices);
    return [s, u.data, v.data];
  }),
};
