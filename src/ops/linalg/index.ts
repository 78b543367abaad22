/** @file Linear algebra: `tf.linalg`. */
export { cholesky, eigh, eigvalsh, lu, qr, svd } from './decompositions.ts';
export { eig, eigvals } from './eigenvalues.ts';
export { adjoint, expm, logm, matrixPower, matrixTranspose, sqrtm } from './functions.ts';
export {
  bandedTriangularSolve,
  luMatrixInverse,
  luReconstruct,
  luSolve,
  tensorDiag,
  tensorDiagPart,
  tridiagonalMatmul,
  tridiagonalSolve,
} from './structured.ts';
export { norm } from '../norms.ts';
export { matvec } from '../products.ts';
export { bandPart, diag, diagPart, setDiag, trace } from './parts.ts';
export {
  choleskySolve,
  cross,
  det,
  gramSchmidt,
  inv,
  logdet,
  lstsq,
  matrixRank,
  pinv,
  slogdet,
  solve,
  triangularSolve,
} from './solvers.ts';
