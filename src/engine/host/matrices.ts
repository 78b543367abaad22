/** @file Decompositions of one matrix, in float64. Matrices are row-major lists of numbers. */
import { createRequire } from 'node:module';
import type { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { ArgumentError } from '../../tensor/errors.ts';

/** A matrix or, with one column, a vector. */
export interface HostMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

const matrix = (rows: number, columns: number): HostMatrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns),
});

/** L with L·Lᵀ = a, column after column. @throws ArgumentError where `a` is not positive definite */
export function cholesky({ rows: n, data: a }: HostMatrix): HostMatrix {
  const factor = matrix(n, n);
  const l = factor.data;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let rest = a[i * n + j];
      for (let k = 0; k < j; k++) rest -= l[i * n + k] * l[j * n + k];
      if (i > j) l[i * n + j] = rest / l[j * n + j];
      else if (rest > 0) l[j * n + j] = Math.sqrt(rest);
      else
        throw new ArgumentError(
          `cholesky: expected symmetric positive definite matrices, but the leading ${j + 1} x ${j + 1} part of one is not: ` +
            `its pivot is ${rest}. Adding a small multiple of tf.eye(${n}) may help.`,
        );
    }
  }
  return factor;
}

/** x with a·x = b or aᵀ·x = b, by substitution. */
export function triangularSolve(
  { rows: n, data: a }: HostMatrix,
  { columns, data: b }: HostMatrix,
  { lower, transpose }: { readonly lower: boolean; readonly transpose: boolean },
): HostMatrix {
  const solution = { rows: n, columns, data: b.slice() };
  const x = solution.data;
  const entry = (i: number, k: number): number => (transpose ? a[k * n + i] : a[i * n + k]);
  const downwards = lower !== transpose;
  for (let step = 0; step < n; step++) {
    const i = downwards ? step : n - 1 - step;
    const [from, to] = downwards ? [0, i] : [i + 1, n];
    const pivot = entry(i, i);
    for (let k = from; k < to; k++) {
      const factor = entry(i, k);
      if (factor !== 0) for (let c = 0; c < columns; c++) x[i * columns + c] -= factor * x[k * columns + c];
    }
    for (let c = 0; c < columns; c++) x[i * columns + c] /= pivot;
  }
  return solution;
}

/** Gaussian elimination with the largest pivot of each column: both factors in one matrix, and the order of the rows. */
export function lu({ rows: n, data }: HostMatrix): { factors: HostMatrix; permutation: number[] } {
  const a = data.slice();
  const permutation = Array.from({ length: n }, (_, i) => i);
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(a[i * n + j]) > Math.abs(a[pivot * n + j])) pivot = i;
    if (pivot !== j) {
      [permutation[j], permutation[pivot]] = [permutation[pivot], permutation[j]];
      for (let k = 0; k < n; k++) [a[j * n + k], a[pivot * n + k]] = [a[pivot * n + k], a[j * n + k]];
    }
    // A column of zeros has nothing to eliminate: the matrix is singular, which the 0 on the diagonal says.
    if (a[j * n + j] === 0) continue;
    for (let i = j + 1; i < n; i++) {
      const factor = (a[i * n + j] /= a[j * n + j]);
      if (factor !== 0) for (let k = j + 1; k < n; k++) a[i * n + k] -= factor * a[j * n + k];
    }
  }
  return { factors: { rows: n, columns: n, data: a }, permutation };
}

/** Householder reflections, with the signs that LAPACK gives. */
export function qr(x: HostMatrix, fullMatrices: boolean): { q: HostMatrix; r: HostMatrix } {
  const { rows: m, columns: n } = x;
  const least = Math.min(m, n);
  const width = fullMatrices ? m : least;
  const a = x.data.slice();
  const reflections: { readonly from: number; readonly vector: Float64Array; readonly scale: number }[] = [];
  for (let j = 0; j < least; j++) {
    const vector = new Float64Array(m - j);
    // Relative to the largest element, so that squares neither overflow nor vanish: a reflection has no length.
    let largest = 0;
    for (let i = j; i < m; i++) largest = Math.max(largest, Math.abs(a[i * n + j]));
    let below = 0;
    for (let i = j; i < m; i++) {
      vector[i - j] = largest > 0 && largest < Infinity ? a[i * n + j] / largest : a[i * n + j];
      if (i > j) below += vector[i - j] ** 2;
    }
    if (below === 0) continue; // the column is done, as LAPACK has it: no reflection, no change of sign
    const length = Math.sqrt(vector[0] ** 2 + below);
    vector[0] += vector[0] < 0 ? -length : length;
    const scale = 2 / (vector[0] ** 2 + below);
    reflections.push({ from: j, vector, scale });
    reflect(a, n, j, vector, scale, j);
  }
  const q = matrix(m, width);
  for (let i = 0; i < width; i++) q.data[i * width + i] = 1;
  for (const { from, vector, scale } of reflections.reverse()) reflect(q.data, width, from, vector, scale, 0);
  const r = matrix(width, n);
  for (let i = 0; i < Math.min(width, n); i++) for (let k = i; k < n; k++) r.data[i * n + k] = a[i * n + k];
  return { q, r };
}

/** a ← (I − scale·v·vᵀ)·a, on the rows from `from` and the columns from `firstColumn` on. */
function reflect(
  a: Float64Array,
  columns: number,
  from: number,
  vector: Float64Array,
  scale: number,
  firstColumn: number,
): void {
  for (let k = firstColumn; k < columns; k++) {
    let product = 0;
    for (let i = 0; i < vector.length; i++) product += vector[i] * a[(from + i) * columns + k];
    if (product === 0) continue;
    product *= scale;
    for (let i = 0; i < vector.length; i++) a[(from + i) * columns + k] -= product * vector[i];
  }
}

type MatrixLibrary = {
  readonly Matrix: typeof Matrix;
  readonly EigenvalueDecomposition: typeof EigenvalueDecomposition;
  readonly SingularValueDecomposition: typeof SingularValueDecomposition;
};
/** Loaded when first needed: most notebooks never are. */
const library = (): MatrixLibrary => createRequire(import.meta.url)('ml-matrix') as MatrixLibrary;

const fromLibrary = (source: Matrix): HostMatrix => {
  const result = matrix(source.rows, source.columns);
  for (let i = 0; i < source.rows; i++) result.data.set(source.getRow(i), i * source.columns);
  return result;
};
const toLibrary = ({ rows, columns, data }: HostMatrix): Matrix =>
  library().Matrix.from1DArray(rows, columns, data as unknown as number[]);

/** Signs are a matter of taste, so one is fixed: of each vector the largest element, the first of equals, is positive. */
function signOfColumn({ rows, columns, data }: HostMatrix, column: number): number {
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    const element = data[i * columns + column];
    // Equal up to rounding is equal: the choice must not hang on the last bit.
    if (Math.abs(element) > Math.abs(largest) * (1 + 1e-9)) largest = element;
  }
  return largest < 0 ? -1 : 1;
}

const expectFinite = (operation: string, { data }: HostMatrix): void => {
  if (!data.every(Number.isFinite))
    throw new ArgumentError(`${operation}: expected finite numbers, but a matrix has NaN or infinity in it.`);
};

/** Eigenvalues in ascending order, and eigenvectors in columns, of the symmetric matrix with this lower half. */
export function eigh(x: HostMatrix): { values: Float64Array; vectors: HostMatrix } {
  const n = x.rows;
  // What stands above the diagonal is not looked at.
  const lower = { ...x, data: x.data.map((element, place) => (place % n <= Math.floor(place / n) ? element : 0)) };
  expectFinite('eigh', lower);
  if (n === 0) return { values: new Float64Array(0), vectors: matrix(0, 0) };
  const symmetric = toLibrary(lower);
  // Elements near 1, by a power of two, which changes no digit: its squares would overflow or vanish.
  const largest = lower.data.reduce((most, element) => Math.max(most, Math.abs(element)), 0);
  const scale = largest > 0 ? 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest)))) : 1;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const element = lower.data[i * n + j] / scale;
      symmetric.set(i, j, element);
      symmetric.set(j, i, element);
    }
  const decomposed = new (library().EigenvalueDecomposition)(symmetric, { assumeSymmetric: true });
  const found = fromLibrary(decomposed.eigenvectorMatrix);
  const order = decomposed.realEigenvalues.map((_, i) => i);
  order.sort((i, j) => decomposed.realEigenvalues[i] - decomposed.realEigenvalues[j]);
  const vectors = matrix(n, n);
  order.forEach((from, to) => {
    const sign = signOfColumn(found, from);
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = sign * found.data[i * n + from];
  });
  return { values: Float64Array.from(order, (i) => decomposed.realEigenvalues[i] * scale), vectors };
}

/** Singular values in descending order, with the vectors in columns. */
export function svd(x: HostMatrix, fullMatrices: boolean): { s: Float64Array; u: HostMatrix; v: HostMatrix } {
  const { rows: m, columns: n } = x;
  const least = Math.min(m, n);
  expectFinite('svd', x);
  const [u, v] = [matrix(m, least), matrix(n, least)];
  const s = new Float64Array(least);
  if (least > 0) {
    const decomposed = new (library().SingularValueDecomposition)(toLibrary(x), { autoTranspose: true });
    const [left, right] = [fromLibrary(decomposed.leftSingularVectors), fromLibrary(decomposed.rightSingularVectors)];
    for (let k = 0; k < least; k++) {
      s[k] = decomposed.diagonal[k];
      const sign = signOfColumn(left, k);
      for (let i = 0; i < m; i++) u.data[i * least + k] = sign * left.data[i * left.columns + k];
      for (let i = 0; i < n; i++) v.data[i * least + k] = sign * right.data[i * right.columns + k];
    }
  }
  return fullMatrices ? { s, u: completeBasis(u), v: completeBasis(v) } : { s, u, v };
}

/** Orthonormal columns with more of them beside, up to a square matrix. */
function completeBasis(x: HostMatrix): HostMatrix {
  const { rows, columns } = x;
  if (columns === rows) return x;
  const { q } = qr(x, true);
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) q.data[i * rows + k] = x.data[i * columns + k];
  return q;
}
