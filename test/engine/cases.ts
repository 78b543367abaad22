/** @file Calls that every primitive is tried with: operands as generators of numbers, parameters, dtypes. */
import type { DType } from '../../src/tensor/dtype.ts';
import type {
  ControlPrimitive,
  PrimitiveName,
  PrimitiveParams,
  StringPrimitive,
} from '../../src/primitives/primitives.ts';
import { boxCases } from './box-cases.ts';
import { mathematicsCases } from './mathematics-cases.ts';
import { type Plain, references } from './references.ts';
import { samplingCases } from './sampling-cases.ts';

export interface Operand {
  readonly shape: readonly number[];
  readonly values: (place: number) => number;
  /** Left out, the operand has the dtype under test. */
  readonly dtype?: DType;
}
export interface Case<Params = PrimitiveParams[PrimitiveName]> {
  readonly operands: readonly (Operand | ((earlier: readonly Plain[]) => Plain))[];
  readonly params: Params;
  readonly dtypes: readonly DType[];
}
type None = Record<never, never>;
/** Control primitives have no values of their own (ops/control.test.ts, autodiff); strings are no numbers (ops/strings.test.ts). */
type Cases = {
  readonly [P in Exclude<PrimitiveName, ControlPrimitive | StringPrimitive>]: readonly Case<PrimitiveParams[P]>[];
};

export const floats: readonly DType[] = ['float32', 'float64', 'float16'];
export const signed: readonly DType[] = ['float32', 'float64', 'float16', 'int32', 'int64', 'int16', 'int8'];
export const numbers: readonly DType[] = [...signed, 'uint8'];
export const everything: readonly DType[] = [...numbers, 'bool'];
const noParams = {};

/** Numbers that look random, the same each time: uniform in [low, high). */
const uniform =
  (low: number, high: number, seed = 1) =>
  (place: number): number => {
    let state = Math.imul(place + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return low + (((state ^ (state >>> 15)) >>> 0) / 2 ** 32) * (high - low);
  };
const integers =
  (low: number, high: number, seed = 1) =>
  (place: number): number =>
    Math.floor(uniform(low, high, seed)(place));
const listed =
  (...values: number[]) =>
  (place: number): number =>
    values[place % values.length];

const operand = (shape: readonly number[], values: (place: number) => number, dtype?: DType): Operand => ({
  shape,
  values,
  dtype,
});

/** Symmetric matrices whose diagonal outweighs the rest. */
function definite(shape: readonly number[]): Operand {
  const n = shape[shape.length - 1];
  const noise = uniform(-1, 1, 3);
  return operand(shape, (place) => {
    const [i, j, matrix] = [Math.floor(place / n) % n, place % n, Math.floor(place / (n * n))];
    return i === j ? n + noise(place) : noise(matrix * n * n + Math.min(i, j) * n + Math.max(i, j));
  });
}

const onRange = (low: number, high: number, dtypes: readonly DType[] = floats): Case<None>[] => [
  { operands: [operand([3, 7], uniform(low, high))], params: noParams, dtypes },
  { operands: [operand([], uniform(low, high, 5))], params: noParams, dtypes },
];
const special = listed(0, -0.5, Infinity, -Infinity, NaN, 1e-8, -1e-8, 30, -30, 1);
const onSpecial = (...values: number[]): Case<None> => ({
  operands: [operand([values.length || 10], values.length ? listed(...values) : special)],
  params: noParams,
  dtypes: ['float32', 'float64'],
});
const onIntegers = (dtypes: readonly DType[], low = -7): Case<None> => ({
  operands: [operand([4, 5], integers(low, 9))],
  params: noParams,
  dtypes,
});

const pairsOfShapes: readonly [number[], number[]][] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3, 4], [4]],
  [
    [3, 1],
    [1, 5],
  ],
  [[], [2, 2]],
  [
    [2, 3, 4, 5],
    [3, 1, 5],
  ],
  [[0, 3], [3]],
];
const binary = (
  values: readonly [(place: number) => number, (place: number) => number],
  dtypes: readonly DType[],
): Case<None>[] =>
  pairsOfShapes.map(([a, b]) => ({
    operands: [operand(a, values[0]), operand(b, values[1])],
    params: noParams,
    dtypes,
  }));

const comparisons = [...binary([integers(0, 4), integers(0, 4, 2)], numbers)];
const logical: Case<None>[] = binary([integers(0, 2), integers(0, 2, 2)], ['bool']);

const reductions = (values: (place: number) => number, dtypes: readonly DType[]): Case<PrimitiveParams['sum']>[] =>
  (
    [
      [[0], false],
      [[1], true],
      [[0, 2], false],
      [[0, 1, 2], false],
      [[], false],
      [[0, 1], true],
    ] as const
  ).map(([axes, keepDims]) => ({ operands: [operand([3, 4, 5], values)], params: { axes, keepDims }, dtypes }));

const convolutions: readonly { image: number[]; filter: number[]; params: PrimitiveParams['conv2d'] }[] = [
  {
    image: [2, 5, 6, 3],
    filter: [3, 3, 3, 4],
    params: {
      strides: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilations: [1, 1],
      groups: 1,
    },
  },
  {
    image: [2, 5, 5, 1],
    filter: [3, 2, 1, 4],
    params: {
      strides: [1, 1],
      padding: [
        [1, 1],
        [0, 1],
      ],
      dilations: [1, 1],
      groups: 1,
    },
  },
  {
    image: [1, 7, 8, 2],
    filter: [3, 3, 2, 3],
    params: {
      strides: [2, 3],
      padding: [
        [1, 0],
        [1, 1],
      ],
      dilations: [1, 1],
      groups: 1,
    },
  },
  {
    image: [2, 7, 7, 2],
    filter: [2, 3, 2, 2],
    params: {
      strides: [1, 2],
      padding: [
        [0, 1],
        [2, 2],
      ],
      dilations: [2, 2],
      groups: 1,
    },
  },
  {
    image: [2, 5, 5, 4],
    filter: [3, 3, 2, 6],
    params: {
      strides: [2, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilations: [1, 1],
      groups: 2,
    },
  },
  {
    image: [2, 4, 4, 3],
    filter: [2, 2, 1, 3],
    params: {
      strides: [1, 1],
      padding: [
        [0, 1],
        [0, 1],
      ],
      dilations: [1, 1],
      groups: 3,
    },
  },
  {
    image: [2, 6, 7, 3],
    filter: [3, 2, 1, 3],
    params: {
      strides: [1, 1],
      padding: [
        [2, 1],
        [0, 1],
      ],
      dilations: [2, 3],
      groups: 3,
    },
  },
  {
    image: [2, 8, 7, 2],
    filter: [3, 2, 1, 4],
    params: {
      strides: [2, 3],
      padding: [
        [1, 0],
        [1, 0],
      ],
      dilations: [1, 1],
      groups: 2,
    },
  },
  {
    image: [1, 4, 4, 2],
    filter: [2, 2, 1, 2],
    params: {
      strides: [1, 1],
      padding: [
        [2, 0],
        [0, 3],
      ],
      dilations: [1, 1],
      groups: 2,
    },
  },
  {
    image: [2, 4, 4, 3],
    filter: [1, 1, 3, 2],
    params: {
      strides: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilations: [1, 1],
      groups: 1,
    },
  },
];
const zeroOf = (shape: readonly number[]): Plain => ({
  shape,
  data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0),
});
const convolved = ({ image, filter, params }: (typeof convolutions)[number]): readonly number[] =>
  references.conv2d([zeroOf(image), zeroOf(filter)], params, true)[0].shape;

const pools: readonly { image: number[]; params: PrimitiveParams['maxPool2d'] }[] = [
  {
    image: [2, 4, 6, 3],
    params: {
      windowShape: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  },
  {
    image: [2, 5, 7, 2],
    params: {
      windowShape: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  },
  {
    image: [1, 6, 6, 2],
    params: {
      windowShape: [3, 1],
      strides: [3, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  },
  {
    image: [2, 5, 5, 2],
    params: {
      windowShape: [3, 3],
      strides: [2, 2],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  },
  {
    image: [1, 6, 5, 3],
    params: {
      windowShape: [2, 3],
      strides: [1, 2],
      padding: [
        [0, 1],
        [1, 0],
      ],
    },
  },
];
const pooled = ({ image, params }: (typeof pools)[number]): readonly number[] =>
  references.maxPool2d([zeroOf(image)], params, true)[0].shape;
/** Few different numbers, so that windows have equal maxima. */
const tied = integers(0, 3);
const imageFloats: readonly DType[] = ['float32', 'float64', 'float16'];

export const cases: Cases = {
  ...mathematicsCases,
  ...boxCases,
  neg: [...onRange(-3, 3), onIntegers(signed)],
  abs: [...onRange(-3, 3), onIntegers(signed), onSpecial()],
  sign: [...onRange(-3, 3), onIntegers(signed), onSpecial(0, 3, -2, NaN, Infinity, -Infinity)],
  reciprocal: onRange(0.5, 3),
  square: [...onRange(-3, 3), onIntegers(numbers, 0), onSpecial()],
  sqrt: [...onRange(0, 9), onSpecial(0, Infinity, NaN, -1, 1e-12)],
  rsqrt: onRange(0.1, 9),
  exp: [...onRange(-5, 5), onSpecial()],
  expm1: [...onRange(-4, 4), onSpecial()],
  log: [...onRange(0.01, 9), onSpecial(0, Infinity, NaN, -1)],
  log1p: [...onRange(-0.9, 9), onSpecial(0, Infinity, NaN, 1e-9, -1e-7, -1, 1e-17, 3e10)],
  sin: onRange(-7, 7),
  cos: onRange(-7, 7),
  tan: onRange(-1.4, 1.4),
  asin: [...onRange(-1, 1), onSpecial(-1, 1, 0, NaN, 1e-9, 0.9999, -0.99999)],
  acos: [...onRange(-1, 1), onSpecial(-1, 1, 0, NaN, 0.9999, -0.99999)],
  atan: [...onRange(-9, 9), onSpecial(0, Infinity, -Infinity, NaN, 1e-9, 1e20, -1)],
  sinh: [...onRange(-4, 4), onSpecial(0, Infinity, -Infinity, NaN, 1e-8, -1e-8)],
  cosh: [...onRange(-4, 4), onSpecial(0, Infinity, -Infinity, NaN)],
  tanh: [...onRange(-4, 4), onSpecial(0, Infinity, -Infinity, NaN)],
  asinh: [...onRange(-9, 9), onSpecial(0, Infinity, -Infinity, NaN, 1e-8, -1e-8, 1e18, -1e12)],
  acosh: [...onRange(1, 9), onSpecial(1, Infinity, NaN, 1e18, 1.0001, 0.5)],
  atanh: [...onRange(-0.95, 0.95), onSpecial(0, 1, -1, NaN, 1e-8, -1e-8)],
  sigmoid: [...onRange(-9, 9), onSpecial(0, Infinity, -Infinity, NaN)],
  softplus: [...onRange(-9, 9), onSpecial()],
  relu: [...onRange(-3, 3), onIntegers(signed), onIntegers(['uint8'], 0), onSpecial()],
  erf: [...onRange(-3, 3), onSpecial(0, Infinity, -Infinity, NaN, 1e-9, -1e-4, 5.9, 6.1, -7)],
  floor: [...onRange(-4, 4), onIntegers(signed), onSpecial(-0.5, 0.5, Infinity, NaN)],
  ceil: [...onRange(-4, 4), onIntegers(signed), onSpecial(-0.5, 0.5, Infinity, NaN)],
  round: [...onRange(-4, 4), onIntegers(signed), onSpecial(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, NaN, Infinity)],
  isNaN: [...onRange(-4, 4), onIntegers(numbers, 0), onSpecial()],
  logicalNot: [{ operands: [operand([5], integers(0, 2))], params: noParams, dtypes: ['bool'] }],
  add: [
    ...binary([integers(0, 9), integers(0, 9, 2)], numbers),
    ...binary([uniform(-3, 3), uniform(-3, 3, 2)], floats),
  ],
  sub: [
    ...binary([integers(9, 19), integers(0, 9, 2)], numbers),
    ...binary([uniform(-3, 3), uniform(-3, 3, 2)], floats),
  ],
  mul: [
    ...binary([integers(0, 9), integers(0, 9, 2)], numbers),
    ...binary([uniform(-3, 3), uniform(-3, 3, 2)], floats),
  ],
  div: binary([uniform(-3, 3), uniform(0.5, 3, 2)], floats),
  pow: [
    ...binary([integers(0, 4), integers(0, 4, 2)], numbers),
    ...binary([uniform(0.1, 3), uniform(-2, 2, 2)], floats),
  ],
  mod: [
    ...binary([integers(-9, 9), listed(3, -4, 5, -1, 7)], signed),
    ...binary([integers(0, 19), integers(1, 9, 2)], numbers),
    ...binary([uniform(-9, 9), listed(2.5, -1.5, 0.75)], ['float32', 'float64']),
  ],
  floorDiv: [
    ...binary([integers(-9, 9), listed(3, -4, 5, -1, 7)], signed),
    ...binary([integers(0, 19), integers(1, 9, 2)], numbers),
    ...binary([uniform(-9, 9), listed(2.5, -1.5, 0.75)], ['float32', 'float64']),
  ],
  maximum: [
    ...binary([integers(0, 9), integers(0, 9, 2)], numbers),
    ...binary([special, listed(NaN, 1, 2)], ['float32', 'float64']),
  ],
  minimum: [
    ...binary([integers(0, 9), integers(0, 9, 2)], numbers),
    ...binary([special, listed(NaN, 1, 2)], ['float32', 'float64']),
  ],
  atan2: [
    ...binary([uniform(-3, 3), uniform(-3, 3, 2)], floats),
    ...binary(
      [listed(0, 1, -1, Infinity, -Infinity, NaN, 1e-9), listed(1, Infinity, -Infinity, -2, 0, 3, 1e9)],
      ['float32', 'float64'],
    ),
  ],
  equal: [...comparisons, ...logical],
  notEqual: [...comparisons, ...logical],
  less: comparisons,
  lessEqual: comparisons,
  greater: comparisons,
  greaterEqual: comparisons,
  logicalAnd: logical,
  logicalOr: logical,
  select: [
    {
      operands: [
        operand([3, 4], integers(0, 2), 'bool'),
        operand([3, 4], integers(0, 9)),
        operand([3, 4], integers(0, 9, 2)),
      ],
      params: noParams,
      dtypes: numbers,
    },
    {
      operands: [operand([3, 1], integers(0, 2), 'bool'), operand([4], integers(0, 2)), operand([], integers(0, 2, 2))],
      params: noParams,
      dtypes: everything,
    },
  ],
  cast: [
    ...everything.map((dtype): Case<PrimitiveParams['cast']> => ({
      operands: [operand([2, 3], integers(0, 9))],
      params: { dtype },
      dtypes: numbers,
    })),
    ...everything.map((dtype): Case<PrimitiveParams['cast']> => ({
      operands: [operand([5], integers(0, 2))],
      params: { dtype },
      dtypes: ['bool'],
    })),
    { operands: [operand([6], listed(-1.7, -0.5, 0.5, 1.5, 2.9, 0))], params: { dtype: 'int32' }, dtypes: floats },
    { operands: [operand([6], listed(-1.7, -0.5, 0.5, 1.5, 2.9, 0))], params: { dtype: 'bool' }, dtypes: floats },
  ],
  sum: [
    ...reductions(integers(0, 3), numbers),
    ...reductions(uniform(-3, 3), floats),
    {
      operands: [operand([2, 0, 3], () => 0)],
      params: { axes: [1], keepDims: false },
      dtypes: ['float32', 'float64', 'int32'],
    },
    {
      operands: [operand([3], listed(1, NaN, 2))],
      params: { axes: [0], keepDims: false },
      dtypes: ['float32', 'float64'],
    },
  ],
  prod: [
    ...reductions(listed(1, 2, 1), ['float32', 'float64', 'int32', 'int64']),
    ...reductions(uniform(0.5, 1.5), ['float32', 'float64']),
  ],
  max: [
    ...reductions(integers(0, 9), numbers),
    ...reductions(integers(0, 2), ['bool']),
    ...reductions(listed(1, -3, Infinity, 2, 5, NaN, -Infinity), ['float32', 'float64']),
  ],
  min: [
    ...reductions(integers(0, 9), numbers),
    ...reductions(integers(0, 2), ['bool']),
    ...reductions(listed(1, -3, Infinity, 2, 5, NaN, -Infinity), ['float32', 'float64']),
  ],
  argMax: [0, 1, 2].map((axis) => ({
    operands: [operand([3, 4, 5], integers(0, 6))],
    params: { axis },
    dtypes: numbers,
  })),
  argMin: [0, 1, 2].map((axis) => ({
    operands: [operand([3, 4, 5], integers(0, 6))],
    params: { axis },
    dtypes: numbers,
  })),
  cumsum: [false, true].flatMap((exclusive) =>
    [false, true].map((reverse) => ({
      operands: [operand([3, 4, 2], integers(0, 5))],
      params: { axis: 1, exclusive, reverse },
      dtypes: numbers,
    })),
  ),
  softmax: [0, 1].map((axis) => ({ operands: [operand([3, 5], uniform(-4, 4))], params: { axis }, dtypes: floats })),
  logSoftmax: [
    ...[0, 1].map((axis) => ({ operands: [operand([3, 5], uniform(-4, 4))], params: { axis }, dtypes: floats })),
    { operands: [operand([2, 3], listed(1000, 0, -1000))], params: { axis: 1 }, dtypes: ['float32', 'float64'] },
  ],
  reshape: [
    { operands: [operand([2, 6], integers(0, 2))], params: { shape: [3, 4] }, dtypes: everything },
    { operands: [operand([0, 6], integers(0, 2))], params: { shape: [3, 0] }, dtypes: ['float32'] },
    { operands: [operand([1], integers(0, 2))], params: { shape: [] }, dtypes: ['float32'] },
  ],
  transpose: [
    { operands: [operand([2, 3, 4], integers(0, 2))], params: { permutation: [2, 0, 1] }, dtypes: everything },
    { operands: [operand([3, 4], integers(0, 99))], params: { permutation: [1, 0] }, dtypes: numbers },
    { operands: [operand([1, 4, 1], integers(0, 99))], params: { permutation: [2, 1, 0] }, dtypes: ['float32'] },
  ],
  broadcastTo: [
    { operands: [operand([3, 1], integers(0, 2))], params: { shape: [2, 3, 4] }, dtypes: everything },
    { operands: [operand([], integers(0, 2))], params: { shape: [2, 2] }, dtypes: everything },
    { operands: [operand([1, 3], integers(0, 9))], params: { shape: [0, 3] }, dtypes: ['float32'] },
  ],
  slice: [
    {
      operands: [operand([4, 5], integers(0, 2))],
      params: { begin: [1, 0], size: [2, 5], strides: [1, 1] },
      dtypes: everything,
    },
    {
      operands: [operand([7, 6], integers(0, 99))],
      params: { begin: [1, 1], size: [3, 2], strides: [2, 3] },
      dtypes: numbers,
    },
    {
      operands: [operand([4, 5], integers(0, 99))],
      params: { begin: [4, 0], size: [0, 5], strides: [1, 1] },
      dtypes: ['float32'],
    },
    { operands: [operand([], integers(0, 99))], params: { begin: [], size: [], strides: [] }, dtypes: ['float32'] },
  ],
  pad: [
    {
      operands: [operand([2, 3], integers(0, 2))],
      params: {
        paddings: [
          [1, 2],
          [0, 1],
        ],
        value: 1,
      },
      dtypes: everything,
    },
    {
      operands: [operand([3], uniform(0, 1))],
      params: { paddings: [[2, 2]], value: -Infinity },
      dtypes: ['float32', 'float64'],
    },
  ],
  concat: [
    {
      operands: [operand([2, 3], integers(0, 2)), operand([2, 1], integers(0, 2)), operand([2, 2], integers(0, 2))],
      params: { axis: 1 },
      dtypes: everything,
    },
    {
      operands: [operand([2, 3], integers(0, 9)), operand([0, 3], integers(0, 9))],
      params: { axis: 0 },
      dtypes: ['float32'],
    },
    { operands: [operand([2, 3], integers(0, 9))], params: { axis: 0 }, dtypes: ['float32'] },
  ],
  reverse: [
    { operands: [operand([3, 4, 2], integers(0, 2))], params: { axes: [0, 2] }, dtypes: everything },
    { operands: [operand([5], integers(0, 99))], params: { axes: [0] }, dtypes: numbers },
    { operands: [operand([5], integers(0, 99))], params: { axes: [] }, dtypes: ['float32'] },
  ],
  gather: [
    {
      operands: [operand([5, 3], integers(0, 2)), operand([4], listed(4, 0, 4, 2), 'int32')],
      params: { axis: 0 },
      dtypes: everything,
    },
    {
      operands: [operand([2, 5, 3], integers(0, 99)), operand([2, 2], listed(4, 0, 1, 2), 'int32')],
      params: { axis: 1 },
      dtypes: ['float32', 'float64', 'int32'],
    },
    {
      operands: [operand([2, 5], integers(0, 99)), operand([], listed(3), 'int32')],
      params: { axis: 1 },
      dtypes: ['float32'],
    },
  ],
  scatterAdd: [
    {
      operands: [operand([4, 3], integers(0, 9)), operand([4], listed(2, 0, 2, 4), 'int32')],
      params: { axis: 0, size: 5 },
      dtypes: numbers,
    },
    {
      operands: [operand([2, 4, 3], uniform(-2, 2)), operand([4], listed(1, 0, 1, 1), 'int32')],
      params: { axis: 1, size: 3 },
      dtypes: floats,
    },
    {
      operands: [operand([3, 4], integers(0, 9)), operand([4], listed(2, 2, 2, 2), 'int32')],
      params: { axis: 1, size: 3 },
      dtypes: ['float32'],
    },
  ],
  gatherAlong: [
    {
      operands: [operand([3, 4], integers(0, 2)), operand([3, 2], integers(0, 4), 'int32')],
      params: { axis: 1 },
      dtypes: everything,
    },
    {
      operands: [operand([3, 4], integers(0, 99)), operand([2, 4], integers(0, 3), 'int32')],
      params: { axis: 0 },
      dtypes: ['float32', 'float64'],
    },
  ],
  scatterAlongAdd: [
    {
      operands: [operand([3, 4], integers(0, 9)), operand([3, 4], integers(0, 5), 'int32')],
      params: { axis: 1, size: 5 },
      dtypes: numbers,
    },
    {
      operands: [operand([3, 4], uniform(-1, 1)), operand([3, 4], integers(0, 2), 'int32')],
      params: { axis: 0, size: 2 },
      dtypes: floats,
    },
  ],
  topK: [
    { operands: [operand([3, 6], integers(0, 9))], params: { k: 3 }, dtypes: numbers },
    { operands: [operand([4], listed(1, 5, 5, 2))], params: { k: 4 }, dtypes: ['float32', 'float64', 'int32'] },
  ],
  matMul: [
    ...[false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB): Case<PrimitiveParams['matMul']>[] => {
        const a = transposeA ? [4, 3] : [3, 4];
        const b = transposeB ? [5, 4] : [4, 5];
        const params = { transposeA, transposeB };
        return [
          { operands: [operand(a, integers(0, 4)), operand(b, integers(0, 4, 2))], params, dtypes: numbers },
          {
            operands: [operand([2, ...a], uniform(-2, 2)), operand([2, ...b], uniform(-2, 2, 2))],
            params,
            dtypes: floats,
          },
          {
            operands: [operand([2, 3, ...a], uniform(-2, 2)), operand([3, ...b], uniform(-2, 2, 2))],
            params,
            dtypes: ['float32', 'float64'],
          },
          {
            operands: [operand([2, ...a], uniform(-2, 2)), operand(b, uniform(-2, 2, 2))],
            params,
            dtypes: ['float32', 'float64', 'int32'],
          },
        ];
      }),
    ),
    {
      operands: [operand([3, 0], () => 0), operand([0, 2], () => 0)],
      params: { transposeA: false, transposeB: false },
      dtypes: ['float32'],
    },
  ],
  conv2d: convolutions.map(({ image, filter, params }) => ({
    operands: [operand(image, uniform(-1, 1)), operand(filter, uniform(-1, 1, 2))],
    params,
    dtypes: imageFloats,
  })),
  conv2dInputGradient: convolutions.map((c) => ({
    operands: [operand(convolved(c), uniform(-1, 1)), operand(c.filter, uniform(-1, 1, 2))],
    params: { ...c.params, inputShape: c.image },
    dtypes: imageFloats,
  })),
  conv2dFilterGradient: convolutions.map((c) => ({
    operands: [operand(c.image, uniform(-1, 1)), operand(convolved(c), uniform(-1, 1, 2))],
    params: { ...c.params, filterShape: c.filter },
    dtypes: imageFloats,
  })),
  maxPool2d: pools.flatMap(({ image, params }) => [
    { operands: [operand(image, uniform(-3, 3))], params, dtypes: imageFloats },
    {
      operands: [operand(image, listed(1, 2, NaN, Infinity, 3, -Infinity, 0, 0, 0, 0, 0))],
      params,
      dtypes: ['float32', 'float64'],
    },
  ]),
  maxPool2dGradient: pools.map((pool) => ({
    operands: [
      operand(pool.image, tied),
      ([x]: readonly Plain[]) => references.maxPool2d([x], pool.params, true)[0],
      operand(pooled(pool), uniform(-3, 3)),
    ],
    params: pool.params,
    dtypes: imageFloats,
  })),
  maxPool2dTangent: pools.map((pool) => ({
    operands: [
      operand(pool.image, tied),
      ([x]: readonly Plain[]) => references.maxPool2d([x], pool.params, true)[0],
      operand(pool.image, uniform(-3, 3)),
    ],
    params: pool.params,
    dtypes: imageFloats,
  })),
  avgPool2d: pools.map(({ image, params }) => ({
    operands: [operand(image, uniform(-3, 3))],
    params,
    dtypes: imageFloats,
  })),
  avgPool2dGradient: pools.map((pool) => ({
    operands: [operand(pooled(pool), uniform(-3, 3))],
    params: { ...pool.params, inputShape: pool.image },
    dtypes: imageFloats,
  })),
  cholesky: [
    { operands: [definite([4, 4])], params: noParams, dtypes: ['float32', 'float64'] },
    { operands: [definite([2, 1, 3, 3])], params: noParams, dtypes: floats },
    { operands: [operand([2, 0, 0], () => 0)], params: noParams, dtypes: ['float32'] },
  ],
  triangularSolve: [false, true].flatMap((lower) =>
    [false, true].map((transpose) => ({
      operands: [definite([2, 3, 3]), operand([2, 3, 2], uniform(-2, 2, 2))],
      params: { lower, transpose },
      dtypes: floats,
    })),
  ),
  lu: [
    { operands: [operand([2, 4, 4], uniform(-2, 2))], params: noParams, dtypes: ['float32', 'float64'] },
    { operands: [operand([3, 3], listed(0, 1, 2, 0, 0, 3, 4, 5, 6))], params: noParams, dtypes: floats },
  ],
  qr: [
    [4, 3],
    [3, 3],
    [2, 5],
  ].flatMap((shape) =>
    [false, true].map((fullMatrices) => ({
      operands: [operand([2, ...shape], uniform(-2, 2))],
      params: { fullMatrices },
      dtypes: ['float32', 'float64'] as const,
    })),
  ),
  eigh: [
    { operands: [definite([4, 4])], params: noParams, dtypes: ['float32', 'float64'] },
    { operands: [operand([2, 3, 3], uniform(-2, 2))], params: noParams, dtypes: ['float32', 'float64'] },
  ],
  // With full matrices the columns beyond the singular values are arbitrary: test/ops/linalg.test.ts has their property.
  svd: [
    [4, 3],
    [3, 3],
    [2, 5],
  ].map((shape) => ({
    operands: [operand([2, ...shape], uniform(-2, 2))],
    params: { fullMatrices: false },
    dtypes: ['float32', 'float64'],
  })),
  sample: samplingCases,
};
