/** @file Functions of one square matrix, in float64: exponential, logarithm, square root; eigenvalues of any matrix. */
import { createRequire } from 'node:module';
import type * as Library from 'ml-matrix';
import type { MatrixFunction } from '../../../primitives/mathematics.ts';
import { ArgumentError } from '../../../tensor/errors.ts';
import { type HostMatrix, lu, triangularSolve } from '../matrices.ts';

const combine = (a: HostMatrix, b: HostMatrix, f: (x: number, y: number) => number): HostMatrix => ({
  ...a,
  data: a.data.map((value, i) => f(value, b.data[i])),
});
const add = (a: HostMatrix, b: HostMatrix): HostMatrix => combine(a, b, (x, y) => x + y);
const sub = (a: HostMatrix, b: HostMatrix): HostMatrix => combine(a, b, (x, y) => x - y);
const scaled = (a: HostMatrix, factor: number): HostMatrix => ({ ...a, data: a.data.map((value) => value * factor) });

function product(a: HostMatrix, b: HostMatrix): HostMatrix {
  const n = a.rows;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const factor = a.data[i * n + k];
      for (let j = 0; j < n; j++) data[i * n + j] += factor * b.data[k * n + j];
    }
  return { rows: n, columns: n, data };
}
function identity(n: number, value = 1): HostMatrix {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = value;
  return { rows: n, columns: n, data };
}
/** x with a·x = b. */
function solve(a: HostMatrix, b: HostMatrix): HostMatrix {
  const n = a.rows;
  const { factors, permutation } = lu(a);
  const right = new Float64Array(n * n);
  permutation.forEach((from, to) => right.set(b.data.subarray(from * n, (from + 1) * n), to * n));
  const unit = { ...factors, data: factors.data.slice() };
  for (let i = 0; i < n; i++) unit.data[i * n + i] = 1;
  const y = triangularSolve(unit, { ...b, data: right }, { lower: true, transpose: false });
  return triangularSolve(factors, y, { lower: false, transpose: false });
}
/** The largest sum of a column's absolute values. */
function norm({ rows: n, data }: HostMatrix): number {
  let largest = 0;
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(data[i * n + j]);
    if (!(sum <= largest)) largest = sum;
  }
  return largest;
}

/** Coefficients of the numerator of Padé's approximation of e^x, of degree 13. */
const pade = [
  ...[64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600],
  ...[670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1],
];
/** Up to this norm the approximation has all the digits (Higham, 2005). */
const padeReach = 5.371920351148152;

function exponential(x: HostMatrix): HostMatrix {
  const size = norm(x);
  if (!Number.isFinite(size)) return { ...x, data: new Float64Array(x.data.length).fill(NaN) };
  const squarings = Math.max(0, Math.ceil(Math.log2(size / padeReach)));
  const a = scaled(x, 2 ** -squarings);
  const square = product(a, a);
  const one = identity(x.rows);
  let [even, odd] = [scaled(one, pade[12]), scaled(one, pade[13])];
  for (let k = 10; k >= 0; k -= 2) {
    even = add(product(even, square), scaled(one, pade[k]));
    odd = add(product(odd, square), scaled(one, pade[k + 1]));
  }
  odd = product(a, odd);
  let result = solve(sub(even, odd), add(even, odd));
  for (let i = 0; i < squarings; i++) result = product(result, result);
  return result;
}

/** The principal root, by Denman and Beavers' iteration. NaN where there is none in real numbers. */
function squareRoot(x: HostMatrix): HostMatrix {
  let root = x;
  let inverse = identity(x.rows);
  for (let step = 0; step < 100; step++) {
    const next = scaled(add(root, solve(inverse, identity(x.rows))), 0.5);
    inverse = scaled(add(inverse, solve(root, identity(x.rows))), 0.5);
    const moved = norm(sub(next, root));
    root = next;
    if (!(moved > 1e-15 * norm(root))) return root;
  }
  return { ...x, data: new Float64Array(x.data.length).fill(NaN) };
}

/** By roots up to a matrix near the identity, and `ln a = 2 artanh((a - 1)(a + 1)⁻¹)`. */
function logarithm(x: HostMatrix): HostMatrix {
  const one = identity(x.rows);
  let a = x;
  let roots = 0;
  for (; norm(sub(a, one)) > 0.25 && roots < 60; roots++) a = squareRoot(a);
  const z = solve(add(a, one), sub(a, one));
  const square = product(z, z);
  let power = z;
  let sum = z;
  for (let k = 3; k < 41; k += 2) {
    power = product(power, square);
    sum = add(sum, scaled(power, 1 / k));
  }
  return scaled(sum, 2 ** (roots + 1));
}

export const matrixFunctions: Readonly<Record<MatrixFunction, (x: HostMatrix) => HostMatrix>> = {
  exp: exponential,
  log: logarithm,
  sqrt: squareRoot,
};

/**
 * Eigenvalues, by real and then imaginary part, and eigenvectors of length 1 in columns, whose largest element is real and
 * positive: real parts, imaginary parts.
 */
export function eig(x: HostMatrix): Record<'re' | 'im' | 'vectorsRe' | 'vectorsIm', Float64Array> {
  const n = x.rows;
  const result = {
    re: new Float64Array(n),
    im: new Float64Array(n),
    vectorsRe: new Float64Array(n * n),
    vectorsIm: new Float64Array(n * n),
  };
  if (n === 0) return result;
  if (!x.data.every(Number.isFinite))
    throw new ArgumentError('eig: expected finite numbers, but a matrix has NaN or infinity in it.');
  const { Matrix, EigenvalueDecomposition } = createRequire(import.meta.url)('ml-matrix') as typeof Library;
  const decomposed = new EigenvalueDecomposition(Matrix.from1DArray(n, n, x.data as unknown as number[]));
  const [re, im] = [decomposed.realEigenvalues, decomposed.imaginaryEigenvalues];
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => re[i] - re[j] || im[i] - im[j]);
  order.forEach((from, to) => {
    [result.re[to], result.im[to]] = [re[from], im[from]];
    // A pair of conjugate vectors stands as real and imaginary part in two columns.
    const first = im[from] < 0 ? from - 1 : from;
    const sign = Math.sign(im[from]);
    const a = decomposed.eigenvectorMatrix.getColumn(first);
    const b =
      sign === 0 ? a.map(() => 0) : decomposed.eigenvectorMatrix.getColumn(first + 1).map((value) => sign * value);
    const sizes = a.map((value, i) => Math.hypot(value, b[i]));
    const length = Math.hypot(...sizes);
    let largest = 0;
    sizes.forEach((size, i) => {
      if (size > sizes[largest] * (1 + 1e-9)) largest = i;
    });
    // Turned by the largest element's conjugate.
    const [c, s] = [a[largest] / sizes[largest] / length, -b[largest] / sizes[largest] / length];
    for (let i = 0; i < n; i++) {
      result.vectorsRe[i * n + to] = a[i] * c - b[i] * s;
      result.vectorsIm[i * n + to] = i === largest ? 0 : a[i] * s + b[i] * c;
    }
  });
  return result;
}
