/** @file Lowerings of elementwise primitives. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { isFloating } from '../../../tensor/dtype.ts';
import type { DevicePrimitive } from '../../../primitives/primitives.ts';
import type { KernelName } from '../kernel-names.ts';
import { type Lowering, type Lowerings, asNumber } from '../lowering.ts';
import type { Scope } from '../scope.ts';
import { backendDType } from '../storage.ts';

type Unary =
  | 'neg' | 'abs' | 'sign' | 'reciprocal' | 'square' | 'sqrt' | 'rsqrt' | 'exp' | 'expm1' | 'log' | 'log1p' | 'sin' | 'cos'
  | 'tan' | 'asin' | 'acos' | 'atan' | 'sinh' | 'cosh' | 'tanh' | 'asinh' | 'acosh' | 'atanh' | 'sigmoid' | 'softplus'
  | 'relu' | 'erf' | 'floor' | 'ceil' | 'round' | 'isNaN' | 'logicalNot'; // prettier-ignore
type Binary =
  | 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'mod' | 'floorDiv' | 'maximum' | 'minimum' | 'atan2' | 'equal' | 'notEqual'
  | 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'logicalAnd' | 'logicalOr'; // prettier-ignore

const unary =
  <P extends DevicePrimitive>(name: KernelName): Lowering<P> =>
  (s, [x]) =>
    s.unary(name, x);

/** A kernel for floats; integers, which it would not change, pass. */
const rounding =
  <P extends DevicePrimitive>(name: KernelName): Lowering<P> =>
  (s, [x], { inputs }) =>
    isFloating(inputs[0].dtype) ? s.unary(name, x) : x;

const binary =
  <P extends DevicePrimitive>(name: KernelName): Lowering<P> =>
  (s, [a, b]) =>
    s.binary(name, a, b);

const comparison =
  <P extends DevicePrimitive>(name: KernelName): Lowering<P> =>
  (s, [a, b]) =>
    s.binary(name, asNumber(s, a), asNumber(s, b));

/**
 * A function near 0, where kernels that subtract lose the digits of small arguments, and kernels beyond it: the odd Taylor
 * polynomial x (1 + c1 x² + c2 x⁴), exact to float32 below 0.02.
 */
const nearZero =
  <P extends DevicePrimitive>(name: KernelName, c1: number, c2: number): Lowering<P> =>
  (s, [x]) => {
    const square = s.unary('Square', x);
    const inner = s.binary('Add', s.scalar(x, c1), s.binary('Multiply', s.scalar(x, c2), square));
    const series = s.binary('Multiply', x, s.binary('Add', s.scalar(x, 1), s.binary('Multiply', inner, square)));
    const isSmall = s.binary('Less', s.unary('Abs', x), s.broadcast(s.scalar(x, 0.02), x.shape));
    return s.select(isSmall, series, s.unary(name, x));
  };

/** Numbers of 32 bits in halves: each product stays below 2^53, and what is stored wraps around. */
function exactProduct(s: Scope, a: TensorInfo, b: TensorInfo): TensorInfo {
  const unit = s.scalar(a, 0x10000);
  const high = s.binary('FloorDiv', a, unit);
  const low = s.binary('Sub', a, s.binary('Multiply', high, unit));
  return s.binary('Add', s.binary('Multiply', s.binary('Multiply', high, b), unit), s.binary('Multiply', low, b));
}

/** x - floor(x / y) y, with the sign of the divisor: Mod's own differs between backends. */
const flooredRemainder: Lowering<'mod'> = (s, [a, b], { inputs, outputs: [{ shape }] }) => {
  const remainder = s.binary('Mod', a, b);
  if (!isFloating(inputs[0].dtype)) return remainder;
  const isNegative = (x: TensorInfo): TensorInfo => s.broadcast(s.binary('Less', x, s.scalar(x, 0)), shape);
  const zero = s.scalar(remainder, 0);
  const differ = s.binary('NotEqual', s.cast(isNegative(remainder), 'int32'), s.cast(isNegative(b), 'int32'));
  const mended = s.binary('LogicalAnd', differ, s.binary('NotEqual', remainder, zero));
  return s.select(mended, s.broadcast(s.binary('Add', remainder, b), shape), remainder);
};

export const elementwiseLowerings: Lowerings<Unary | Binary | 'select' | 'cast'> = {
  neg: unary('Neg'),
  abs: unary('Abs'),
  // Sign gives 0 for NaN.
  sign: (s, [x], { inputs }) =>
    isFloating(inputs[0].dtype) ? s.select(s.unary('IsNan', x), x, s.unary('Sign', x)) : s.unary('Sign', x),
  reciprocal: unary('Reciprocal'),
  square: unary('Square'),
  sqrt: unary('Sqrt'),
  rsqrt: unary('Rsqrt'),
  exp: unary('Exp'),
  expm1: unary('Expm1'),
  log: unary('Log'),
  log1p: unary('Log1p'),
  sin: unary('Sin'),
  cos: unary('Cos'),
  tan: unary('Tan'),
  asin: unary('Asin'),
  acos: unary('Acos'),
  atan: unary('Atan'),
  sinh: nearZero('Sinh', 1 / 6, 1 / 120),
  cosh: unary('Cosh'),
  tanh: unary('Tanh'),
  asinh: nearZero('Asinh', -1 / 6, 3 / 40),
  acosh: unary('Acosh'),
  atanh: nearZero('Atanh', 1 / 3, 1 / 5),
  sigmoid: unary('Sigmoid'),
  softplus: unary('Softplus'),
  relu: (s, [x]) => s.select(s.binary('Less', x, s.scalar(x, 0)), s.broadcast(s.scalar(x, 0), x.shape), x),
  erf: unary('Erf'),
  floor: rounding('Floor'),
  ceil: rounding('Ceil'),
  round: rounding('Round'),
  isNaN: (s, [x], { inputs }) => (isFloating(inputs[0].dtype) ? s.unary('IsNan', x) : s.binary('NotEqual', x, x)),
  logicalNot: unary('LogicalNot'),
  add: binary('Add'),
  sub: binary('Sub'),
  mul: (s, [a, b], { inputs }) =>
    inputs[0].dtype === 'int32' && s.multipliesInDoubles ? exactProduct(s, a, b) : s.binary('Multiply', a, b),
  div: binary('RealDiv'),
  pow: binary('Pow'),
  mod: flooredRemainder,
  floorDiv: binary('FloorDiv'),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),
  atan2: binary('Atan2'),
  equal: comparison('Equal'),
  notEqual: comparison('NotEqual'),
  less: comparison('Less'),
  lessEqual: comparison('LessEqual'),
  greater: comparison('Greater'),
  greaterEqual: comparison('GreaterEqual'),
  logicalAnd: binary('LogicalAnd'),
  logicalOr: binary('LogicalOr'),
  select: (s, operands, { outputs: [{ shape, dtype }] }) => {
    const [condition, whenTrue, whenFalse] = operands.map((x) => s.broadcast(asNumber(s, x), shape));
    const chosen = s.select(s.cast(condition, 'bool'), whenTrue, whenFalse);
    return s.cast(chosen, backendDType[dtype]!);
  },
  cast: (s, [x], { outputs: [{ dtype }] }) => {
    if (dtype !== 'bool') return s.cast(x, backendDType[dtype]!);
    return x.dtype === 'bool' ? x : s.binary('NotEqual', x, s.scalar(x, 0));
  },
};
