/** @file Plain references of mathematics beyond arithmetic: a table, definitions, other algorithms than the product's. */
import type { MathematicsParams } from '../../src/primitives/mathematics.ts';
import { broadcastShapes } from '../../src/tensor/shape.ts';
import { jacobi, perMatrix, times, transposed } from './matrix-references.ts';
import type { Plain } from './references.ts';
import { specialTables } from './special-tables.ts';

/** Elements of operands that broadcast, one at a time. */
function elementwise(inputs: readonly Plain[], f: (...x: number[]) => number): Plain[] {
  const shape = inputs.map((x) => x.shape).reduce((a, b) => broadcastShapes(a, b));
  const size = shape.reduce((a, b) => a * b, 1);
  const at = ({ shape: own, data }: Plain, place: number): number => {
    let [rest, stride, offset] = [place, 1, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const dimension = own[axis - shape.length + own.length] ?? 1;
      if (dimension !== 1) offset += (rest % shape[axis]) * stride;
      stride *= dimension;
      rest = Math.floor(rest / shape[axis]);
    }
    return data[offset];
  };
  return [{ shape, data: Array.from({ length: size }, (_, i) => f(...inputs.map((x) => at(x, i)))) }];
}

/** The number of float32 next to `x` in the direction of `y`, by the size of its last place. */
function neighbour(x: number, y: number): number {
  if (x === y) return x;
  if (x === 0) return Math.sign(y) * 2 ** -149;
  const up = y > x;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  // Towards 0 from a power of two the places are half as far apart.
  const towardsZero = up !== x > 0;
  const place = 2 ** (exponent - 23 - (towardsZero && Math.abs(x) === 2 ** exponent ? 1 : 0));
  return up ? x + place : x - place;
}

const bitOperations = {
  and: (a: number, b: number) => a & b,
  or: (a: number, b: number) => a | b,
  xor: (a: number, b: number) => a ^ b,
  leftShift: (a: number, b: number) => a * 2 ** b,
  rightShift: (a: number, b: number) => Math.floor(a / 2 ** b),
};
const reductions = {
  set: (_: number, b: number) => b,
  mul: (a: number, b: number) => a * b,
  min: (a: number, b: number) => Math.min(a, b),
  max: (a: number, b: number) => Math.max(a, b),
};
const functions = { exp: Math.exp, log: Math.log, sqrt: Math.sqrt };

/** Lines along the last axis. */
const lines = ({ shape, data }: Plain): number[][] => {
  const length = shape[shape.length - 1];
  const count = length === 0 ? 0 : data.length / length;
  return Array.from({ length: count }, (_, i) => [...data.slice(i * length, (i + 1) * length)]);
};
/** NaN counts as greater than anything. */
const compare = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a < b ? -1 : Number(a > b);

export const mathematicsReferences: {
  readonly [P in keyof MathematicsParams]: (inputs: readonly Plain[], params: MathematicsParams[P]) => Plain[];
} = {
  special: (inputs, { function: name }) =>
    elementwise(inputs, (...x) => {
      const row = specialTables[name].find((one) => x.every((value, k) => value === one[k]));
      if (!row) throw new Error(`The table of ${name} has no row ${x.join(', ')}.`);
      return row[x.length];
    }),
  nextAfter: (inputs) => elementwise(inputs, neighbour),
  bitwise: (inputs, { operation }) => elementwise(inputs, bitOperations[operation]),
  populationCount: (inputs) => elementwise(inputs, (x) => [...x.toString(2)].filter((bit) => bit === '1').length),
  argsort: ([x], { descending }) => [
    {
      shape: x.shape,
      data: lines(x).flatMap((line) =>
        line.map((_, i) => i).sort((i, j) => (descending ? -1 : 1) * compare(line[i], line[j]) || i - j),
      ),
    },
  ],
  searchSorted: ([sorted, values], { right }) => {
    const known = lines(sorted);
    const data = lines(values).flatMap((line, i) =>
      line.map((value) => (known[i] ?? []).filter((one) => one < value || (right && one === value)).length),
    );
    return [{ shape: values.shape, data }];
  },
  scatterReduce: ([x, indices, updates], { reduction }) => {
    const data = [...x.data];
    const width = x.data.length / x.shape[0];
    indices.data.forEach((row, i) => {
      for (let k = 0; k < width; k++)
        data[row * width + k] = reductions[reduction](data[row * width + k], updates.data[i * width + k]);
    });
    return [{ shape: x.shape, data }];
  },
  // Of symmetric matrices: the function of their eigenvalues.
  matrixFunction: (inputs, { function: name }) =>
    perMatrix(inputs, [inputs[0].shape.slice(-2)], (x) => {
      const { values, vectors } = jacobi(x);
      return [times(transposed(vectors.map((row, i) => row.map((v) => v * functions[name](values[i])))), vectors)];
    }),
  eig: (inputs) => {
    const n = inputs[0].shape[inputs[0].shape.length - 1];
    return perMatrix(inputs, [[n], [n], [n, n], [n, n]], (x) => {
      const { values, vectors } = jacobi(x);
      const none = x.map((row) => row.map(() => 0));
      return [[values], [values.map(() => 0)], transposed(vectors), none];
    });
  },
};
