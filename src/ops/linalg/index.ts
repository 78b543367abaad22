/** @file Linear algebra: `tf.linalg`. */
export { cholesky, eigh, eigvalsh, lu, qr, svd } from './decompositions.ts';
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
