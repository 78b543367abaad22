/** @file One typed call a primitive: what gradient rules and public operations are written in. */
import type { DType } from '../tensor/dtype.ts';
import { type Shape, normalizeAxes, normalizeAxis } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { bind } from './bind.ts';
import type { BitOperation, MatrixFunction, ScatterReduction, SpecialFunction } from './mathematics.ts';
import type { Conv2DParams, Pool2DParams, PrimitiveName, PrimitiveParams } from './primitives.ts';

/** Primitives without parameters. */
type Plain = { [P in PrimitiveName]: Record<never, never> extends PrimitiveParams[P] ? P : never }[PrimitiveName];

const none = {} as never;
const unary =
  (primitive: Plain) =>
  (x: Tensor): Tensor =>
    bind(primitive, [x], none)[0];
const binary =
  (primitive: Plain) =>
  (a: Tensor, b: Tensor): Tensor =>
    bind(primitive, [a, b], none)[0];
/** One operand or more with parameters, one output. */
const one = <P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor =>
  bind(primitive, inputs, params)[0];

export const neg = unary('neg');
export const abs = unary('abs');
export const sign = unary('sign');
export const reciprocal = unary('reciprocal');
export const square = unary('square');
export const sqrt = unary('sqrt');
export const rsqrt = unary('rsqrt');
export const exp = unary('exp');
export const expm1 = unary('expm1');
export const log = unary('log');
export const log1p = unary('log1p');
export const sin = unary('sin');
export const cos = unary('cos');
export const tan = unary('tan');
export const asin = unary('asin');
export const acos = unary('acos');
export const atan = unary('atan');
export const sinh = unary('sinh');
export const cosh = unary('cosh');
export const tanh = unary('tanh');
export const asinh = unary('asinh');
export const acosh = unary('acosh');
export const atanh = unary('atanh');
export const sigmoid = unary('sigmoid');
export const softplus = unary('softplus');
export const relu = unary('relu');
export const erf = unary('erf');
export const floor = unary('floor');
export const ceil = unary('ceil');
export const round = unary('round');
export const isNaN = unary('isNaN');
export const logicalNot = unary('logicalNot');

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const pow = binary('pow');
export const mod = binary('mod');
export const floorDiv = binary('floorDiv');
export const maximum = binary('maximum');
export const minimum = binary('minimum');
export const atan2 = binary('atan2');
export const equal = binary('equal');
export const notEqual = binary('notEqual');
export const less = binary('less');
export const lessEqual = binary('lessEqual');
export const greater = binary('greater');
export const greaterEqual = binary('greaterEqual');
export const logicalAnd = binary('logicalAnd');
export const logicalOr = binary('logicalOr');

export const select = (condition: Tensor, whenTrue: Tensor, whenFalse: Tensor): Tensor =>
  one('select', [condition, whenTrue, whenFalse], none);
export const cast = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : one('cast', [x], { dtype }));

type Axes = number | readonly number[] | null;
const reduction =
  (primitive: 'sum' | 'prod' | 'max' | 'min') =>
  (x: Tensor, axes: Axes = null, keepDims = false): Tensor =>
    one(primitive, [x], { axes: normalizeAxes(axes, x.rank, primitive), keepDims });
export const sum = reduction('sum');
export const prod = reduction('prod');
export const max = reduction('max');
export const min = reduction('min');

export const argMax = (x: Tensor, axis: number): Tensor =>
  one('argMax', [x], { axis: normalizeAxis(axis, x.rank, 'argMax') });
export const argMin = (x: Tensor, axis: number): Tensor =>
  one('argMin', [x], { axis: normalizeAxis(axis, x.rank, 'argMin') });
export const cumsum = (x: Tensor, axis: number, exclusive = false, reverse = false): Tensor =>
  one('cumsum', [x], { axis: normalizeAxis(axis, x.rank, 'cumsum'), exclusive, reverse });
export const softmax = (x: Tensor, axis: number): Tensor =>
  one('softmax', [x], { axis: normalizeAxis(axis, x.rank, 'softmax') });
export const logSoftmax = (x: Tensor, axis: number): Tensor =>
  one('logSoftmax', [x], { axis: normalizeAxis(axis, x.rank, 'logSoftmax') });

export const reshape = (x: Tensor, shape: Shape): Tensor => one('reshape', [x], { shape });
export const transpose = (x: Tensor, permutation: readonly number[]): Tensor => one('transpose', [x], { permutation });
export const broadcastTo = (x: Tensor, shape: Shape): Tensor => one('broadcastTo', [x], { shape });
export const slice = (x: Tensor, begin: Shape, size: Shape, strides: Shape = begin.map(() => 1)): Tensor =>
  one('slice', [x], { begin, size, strides });
export const pad = (x: Tensor, paddings: PrimitiveParams['pad']['paddings'], value = 0): Tensor =>
  one('pad', [x], { paddings, value });
export const concat = (tensors: readonly Tensor[], axis: number): Tensor => one('concat', tensors, { axis });
export const reverse = (x: Tensor, axes: readonly number[]): Tensor => one('reverse', [x], { axes });
export const gather = (x: Tensor, indices: Tensor, axis: number): Tensor => one('gather', [x, indices], { axis });
export const scatterAdd = (updates: Tensor, indices: Tensor, axis: number, size: number): Tensor =>
  one('scatterAdd', [updates, indices], { axis, size });
export const gatherAlong = (x: Tensor, indices: Tensor, axis: number): Tensor =>
  one('gatherAlong', [x, indices], { axis });
export const scatterAlongAdd = (updates: Tensor, indices: Tensor, axis: number, size: number): Tensor =>
  one('scatterAlongAdd', [updates, indices], { axis, size });
export const topK = (x: Tensor, k: number): Tensor[] => bind('topK', [x], { k });

export const sample = (state: Tensor, parameters: readonly Tensor[], params: PrimitiveParams['sample']): Tensor[] =>
  bind('sample', [state, ...parameters], params);

export const special = (name: SpecialFunction, operands: readonly Tensor[], order = 0): Tensor =>
  one('special', operands, { function: name, order });
export const nextAfter = binary('nextAfter');
export const bitwise = (a: Tensor, b: Tensor, operation: BitOperation): Tensor => one('bitwise', [a, b], { operation });
export const populationCount = unary('populationCount');
export const argsort = (x: Tensor, descending: boolean): Tensor => one('argsort', [x], { descending });
export const searchSorted = (sorted: Tensor, values: Tensor, right: boolean): Tensor =>
  one('searchSorted', [sorted, values], { right });
export const matrixFunction = (x: Tensor, name: MatrixFunction): Tensor =>
  one('matrixFunction', [x], { function: name });
export const eig = (x: Tensor): Tensor[] => bind('eig', [x], none);
export const scatterReduce = (x: Tensor, indices: Tensor, updates: Tensor, reduction: ScatterReduction): Tensor =>
  one('scatterReduce', [x, indices, updates], { reduction });

export const matMul = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor =>
  one('matMul', [a, b], { transposeA, transposeB });
export const conv2d = (x: Tensor, filter: Tensor, params: Conv2DParams): Tensor => one('conv2d', [x, filter], params);
export const conv2dInputGradient = (
  dy: Tensor,
  filter: Tensor,
  params: PrimitiveParams['conv2dInputGradient'],
): Tensor => one('conv2dInputGradient', [dy, filter], params);
export const conv2dFilterGradient = (x: Tensor, dy: Tensor, params: PrimitiveParams['conv2dFilterGradient']): Tensor =>
  one('conv2dFilterGradient', [x, dy], params);
export const maxPool2d = (x: Tensor, params: Pool2DParams): Tensor => one('maxPool2d', [x], params);
export const maxPool2dGradient = (x: Tensor, y: Tensor, dy: Tensor, params: Pool2DParams): Tensor =>
  one('maxPool2dGradient', [x, y, dy], params);
export const maxPool2dTangent = (x: Tensor, y: Tensor, dx: Tensor, params: Pool2DParams): Tensor =>
  one('maxPool2dTangent', [x, y, dx], params);
export const avgPool2d = (x: Tensor, params: Pool2DParams): Tensor => one('avgPool2d', [x], params);
export const avgPool2dGradient = (dy: Tensor, params: PrimitiveParams['avgPool2dGradient']): Tensor =>
  one('avgPool2dGradient', [dy], params);

export const cholesky = unary('cholesky');
export const triangularSolve = (a: Tensor, b: Tensor, params: PrimitiveParams['triangularSolve']): Tensor =>
  one('triangularSolve', [a, b], params);
export const lu = (x: Tensor): Tensor[] => bind('lu', [x], none);
export const qr = (x: Tensor, fullMatrices: boolean): Tensor[] => bind('qr', [x], { fullMatrices });
export const eigh = (x: Tensor): Tensor[] => bind('eigh', [x], none);
export const svd = (x: Tensor, fullMatrices: boolean): Tensor[] => bind('svd', [x], { fullMatrices });

export const strings = (inputs: readonly Tensor[], params: PrimitiveParams['strings']): Tensor =>
  one('strings', inputs, params);

export const nonMaxSuppression = (
  boxes: Tensor,
  scores: Tensor,
  params: PrimitiveParams['nonMaxSuppression'],
): Tensor[] => bind('nonMaxSuppression', [boxes, scores], params);

export const stopGradient = unary('stopGradient');
const several =
  <P extends PrimitiveName>(primitive: P) =>
  (inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor[] =>
    bind(primitive, inputs, params);
export const customGradient = several('customGradient');
export const call = several('call');
export const branch = (which: Tensor, operands: readonly Tensor[], params: PrimitiveParams['branch']): Tensor[] =>
  bind('branch', [which, ...operands], params);
export const whileLoop = several('whileLoop');
export const whileLoopGradient = several('whileLoopGradient');
export const scan = several('scan');
export const print = several('print');
export const assert = several('assert');
export const observe = several('observe');
