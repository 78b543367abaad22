/** @file Plain float64 decompositions, by other algorithms than the product's where there are some. */
import type { MatrixPrimitive, PrimitiveParams } from '../../src/primitives/primitives.ts';
import type { Plain } from './references.ts';

type Rows = number[][];
type Reference<P extends MatrixPrimitive> = (inputs: readonly Plain[], params: PrimitiveParams[P]) => Plain[];

const rowsOf = (data: readonly number[], columns: number): Rows =>
  Array.from({ length: columns === 0 ? 0 : data.length / columns }, (_, i) => [
    ...data.slice(i * columns, (i + 1) * columns),
  ]);
export const transposed = (x: Rows): Rows => (x[0] ?? []).map((_, j) => x.map((row) => row[j]));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
export const times = (a: Rows, b: Rows): Rows => a.map((row) => transposed(b).map((column) => dot(row, column)));

/** Applies `f` to each matrix of a batch; it gives the rows of each result. */
export function perMatrix(
  inputs: readonly Plain[],
  shapes: readonly (readonly number[])[],
  f: (...x: Rows[]) => Rows[],
): Plain[] {
  const batch = inputs[0].shape.slice(0, -2);
  const count = batch.reduce((a, b) => a * b, 1);
  const results: number[][] = shapes.map(() => []);
  for (let i = 0; i < count; i++) {
    const matrices = inputs.map(({ shape, data }) => {
      const [m, n] = shape.slice(-2);
      return rowsOf(data.slice(i * m * n, (i + 1) * m * n), n);
    });
    f(...matrices).forEach((rows, k) => results[k].push(...rows.flat()));
  }
  return results.map((data, k) => ({ shape: [...batch, ...shapes[k]], data }));
}

/** Inverse by Gauss and Jordan, without pivoting: for triangular and definite matrices. */
function inverse(x: Rows): Rows {
  const n = x.length;
  const work = x.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const pivot = work[k][k];
    work[k] = work[k].map((value) => value / pivot);
    for (let i = 0; i < n; i++) {
      const factor = work[i][k];
      if (i !== k) work[i] = work[i].map((value, j) => value - factor * work[k][j]);
    }
  }
  return work.map((row) => row.slice(n));
}

const positiveLargest = (vector: readonly number[]): number => {
  const size = Math.max(...vector.map(Math.abs));
  return (vector.find((value) => Math.abs(value) > size * (1 - 1e-9)) ?? 1) < 0 ? -1 : 1;
};

/** Eigenvalues and vectors (as rows) of a symmetric matrix by Jacobi's rotations, ascending. */
export function jacobi(symmetric: Rows): { values: number[]; vectors: Rows } {
  const n = symmetric.length;
  let a = symmetric;
  let vectors: Rows = symmetric.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        const rotation: Rows = symmetric.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
        rotation[p][p] = rotation[q][q] = Math.cos(angle);
        rotation[p][q] = Math.sin(angle);
        rotation[q][p] = -Math.sin(angle);
        a = times(times(transposed(rotation), a), rotation);
        vectors = times(transposed(rotation), vectors);
      }
  const order = a.map((_, i) => i).sort((i, j) => a[i][i] - a[j][j]);
  return {
    values: order.map((i) => a[i][i]),
    vectors: order.map((i) => vectors[i].map((value) => value * positiveLargest(vectors[i]))),
  };
}

/** Columns made orthonormal one after another; `x = q·r` with a positive diagonal of r, up to the signs given. */
function gramSchmidt(x: Rows, columns: number): Rows {
  const found: Rows = [];
  const candidates = [...transposed(x), ...x.map((_, i) => x.map((__, j) => (i === j ? 1 : 0)))];
  for (const candidate of candidates) {
    let rest = candidate;
    for (let again = 0; again < 2; again++)
      for (const vector of found) {
        const part = dot(vector, rest);
        rest = rest.map((value, i) => value - part * vector[i]);
      }
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-9 && found.length < columns) found.push(rest.map((value) => value / length));
  }
  return transposed(found);
}

/** The signs that reflections of Householder give the diagonal of r: opposite to what each of them meets there. */
function householderSigns(x: Rows): number[] {
  let work = x;
  return Array.from({ length: Math.min(x.length, x[0].length) }, (_, j) => {
    const column = work.map((row) => row[j]);
    const below = column.slice(j + 1).reduce((sum, value) => sum + value * value, 0);
    if (below === 0) return Math.sign(column[j]);
    const length = Math.sqrt(below + column[j] ** 2);
    const sign = column[j] < 0 ? 1 : -1;
    const v = column.map((value, i) => (i < j ? 0 : i === j ? value - sign * length : value));
    const scale = 2 / dot(v, v);
    work = work.map((row, i) =>
      row.map(
        (value, k) =>
          value -
          scale *
            v[i] *
            dot(
              v,
              work.map((other) => other[k]),
            ),
      ),
    );
    return sign;
  });
}

export const matrixReferences: { readonly [P in MatrixPrimitive]: Reference<P> } = {
  // From the eigenvectors: the triangle of a QR decomposition of √x is the factor, up to signs.
  cholesky: (inputs) =>
    perMatrix(inputs, [inputs[0].shape.slice(-2)], (x) => {
      const { values, vectors } = jacobi(x);
      const root = vectors.map((vector, i) => vector.map((value) => value * Math.sqrt(values[i])));
      const q = gramSchmidt(root, x.length);
      return [transposed(times(transposed(q), root)).map((row, i) => row.map((value, j) => (j > i ? 0 : value)))];
    }),
  triangularSolve: (inputs, { lower, transpose }) =>
    perMatrix(inputs, [inputs[1].shape.slice(-2)], (a, b) => {
      const half = a.map((row, i) => row.map((value, j) => ((lower ? j <= i : j >= i) ? value : 0)));
      return [times(inverse(transpose ? transposed(half) : half), b)];
    }),
  lu: (inputs) => {
    const n = inputs[0].shape[inputs[0].shape.length - 1];
    const [factors, permutation] = perMatrix(inputs, [[n, n], [n]], (x) => {
      // Doolittle's sums rather than elimination in place; the row with the largest element of what is left comes first.
      const rows = x.map((row, place) => ({ row, place }));
      const made: Rows = [];
      for (let j = 0; j < n; j++) {
        const rest = (row: number[], l: number[]): number =>
          row[j] - l.slice(0, j).reduce((s, f, k) => s + f * made[k][j], 0);
        const partsOf = (row: number[]): number[] => {
          const l: number[] = [];
          for (let k = 0; k < j; k++) l.push((row[k] - l.reduce((s, f, i) => s + f * made[i][k], 0)) / made[k][k]);
          return l;
        };
        const sizes = rows.slice(j).map(({ row }) => Math.abs(rest(row, partsOf(row))));
        const best = j + sizes.findIndex((size) => size > Math.max(...sizes) * (1 - 1e-12));
        [rows[j], rows[best]] = [rows[best], rows[j]];
        const l = partsOf(rows[j].row);
        made.push([...l, ...rows[j].row.slice(j).map((v, k) => v - l.reduce((s, f, i) => s + f * made[i][j + k], 0))]);
      }
      return [made, [rows.map(({ place }) => place)]];
    });
    return [factors, permutation];
  },
  qr: (inputs, { fullMatrices }) => {
    const [m, n] = inputs[0].shape.slice(-2);
    const width = fullMatrices ? m : Math.min(m, n);
    return perMatrix(
      inputs,
      [
        [m, width],
        [width, n],
      ],
      (x) => {
        const signs = householderSigns(x);
        const q = gramSchmidt(x, width).map((row) => row.map((value, k) => value * (signs[k] ?? 1)));
        // Beyond the columns of x the sign is that of the reflections as well, which their product tells.
        return [q, times(transposed(q), x)];
      },
    );
  },
  eigh: (inputs) => {
    const n = inputs[0].shape[inputs[0].shape.length - 1];
    return perMatrix(inputs, [[n], [n, n]], (x) => {
      const { values, vectors } = jacobi(x.map((row, i) => row.map((_, j) => (j <= i ? x[i][j] : x[j][i]))));
      return [[values], transposed(vectors)];
    });
  },
  svd: (inputs) => {
    const [m, n] = inputs[0].shape.slice(-2);
    const least = Math.min(m, n);
    return perMatrix(inputs, [[least], [m, least], [n, least]], (x) => {
      const { values, vectors } = jacobi(times(x, transposed(x)));
      const left = vectors.reverse().slice(0, least);
      const s = values.reverse().slice(0, least).map(Math.sqrt);
      const right = left.map((u, k) => times([u], x)[0].map((value) => value / s[k]));
      return [[s], transposed(left), transposed(right)];
    });
  },
};
