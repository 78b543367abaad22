/** @file Calls of the primitives of mathematics beyond arithmetic. */
import type { MathematicsParams } from '../../src/primitives/mathematics.ts';
import type { DType } from '../../src/tensor/dtype.ts';
import type { Case, Operand } from './cases.ts';
import { specialTables } from './special-tables.ts';

const wide: readonly DType[] = ['float32', 'float64'];
const whole: readonly DType[] = ['int32', 'int64', 'int16', 'int8', 'uint8'];

const operand = (shape: readonly number[], values: readonly number[], dtype?: DType): Operand => ({
  shape,
  values: (place) => values[place % values.length],
  dtype,
});
const scattered = [5, 3, 8, 1, 9, 2, 7, 3, 6, 4, 0, 5, 2, 8];
const symmetric = [4, 1, 0.5, 1, 5, -1, 0.5, -1, 6];

export const mathematicsCases: {
  readonly [P in keyof MathematicsParams]: readonly Case<MathematicsParams[P]>[];
} = {
  special: Object.entries(specialTables).flatMap(([name, rows]) => {
    const count = rows[0].length - 1;
    const operands = Array.from({ length: count }, (_, k) =>
      operand(
        [rows.length],
        rows.map((row) => row[k]),
      ),
    );
    return [{ operands, params: { function: name as keyof typeof specialTables, order: 0 }, dtypes: wide }];
  }),
  nextAfter: [
    {
      operands: [operand([6], [1, 1, -3.5, -3.5, 0, 7]), operand([6], [2, 0, 0, -9, 1, 7])],
      params: {},
      dtypes: ['float32'],
    },
    { operands: [operand([2, 1], [1.5, -2.25]), operand([3], [9, -9, 0])], params: {}, dtypes: ['float32'] },
  ],
  bitwise: (['and', 'or', 'xor', 'leftShift', 'rightShift'] as const).flatMap((operation) => [
    {
      operands: [operand([2, 7], scattered), operand([7], [1, 3, 0, 2, 1, 3, 2])],
      params: { operation },
      dtypes: whole,
    },
    { operands: [operand([0, 2], [0]), operand([2], [1])], params: { operation }, dtypes: ['int32'] },
  ]),
  populationCount: [{ operands: [operand([3, 4], [0, 1, 7, 100, 127, 64])], params: {}, dtypes: whole }],
  argsort: [true, false].flatMap((descending) => [
    {
      operands: [operand([2, 7], scattered)],
      params: { descending },
      dtypes: ['float32', 'float64', 'float16', ...whole] as const,
    },
    { operands: [operand([6], [1, NaN, -Infinity, Infinity, NaN, 0])], params: { descending }, dtypes: wide },
    { operands: [operand([2, 0], [0])], params: { descending }, dtypes: ['float32'] as const },
  ]),
  searchSorted: [true, false].flatMap((right) => [
    {
      operands: [operand([2, 5], [1, 3, 3, 5, 9, 0, 0, 2, 4, 4]), operand([2, 3], [3, 0, 10, 4, 1, 0])],
      params: { right },
      dtypes: ['float32', 'float64', 'float16', ...whole] as const,
    },
    { operands: [operand([0], [0]), operand([3], [1, 2, 3])], params: { right }, dtypes: ['float32'] as const },
  ]),
  scatterReduce: (['set', 'mul', 'min', 'max'] as const).flatMap((reduction) => [
    {
      operands: [
        operand([4, 2], scattered),
        // A row may be met twice, but which one stays of two that are written is not said.
        operand([3], reduction === 'set' ? [3, 0, 2] : [3, 0, 3], 'int32'),
        operand([3, 2], [2, 9, 1, 3, 2, 1]),
      ],
      params: { reduction },
      dtypes: ['float32', 'float64', 'float16', 'int32', 'int64', 'int16', 'uint8'] as const,
    },
    {
      operands: [operand([3], [1, 2, 3]), operand([2], [1, 2], 'int32'), operand([2], [NaN, 5])],
      params: { reduction },
      dtypes: wide,
    },
    {
      operands: [operand([3, 0], [0]), operand([2], [1, 2], 'int32'), operand([2, 0], [0])],
      params: { reduction },
      dtypes: ['float32'] as const,
    },
  ]),
  matrixFunction: (['exp', 'log', 'sqrt'] as const).map((name) => ({
    operands: [operand([2, 3, 3], [...symmetric, ...symmetric.map((value) => value / 4)])],
    params: { function: name },
    dtypes: wide,
  })),
  eig: [{ operands: [operand([3, 3], symmetric)], params: {}, dtypes: wide }],
};
