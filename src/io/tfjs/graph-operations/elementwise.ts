/** @file Arithmetic, mathematics, comparisons and logic of graphs. */
import * as ops from '../../../ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { OperationTable } from './operation.ts';

const unary =
  (fn: (x: Tensor) => Tensor): OperationTable[string] =>
  (operands) =>
    fn(operands.tensor(0));
const binary =
  (fn: (a: Tensor, b: Tensor) => Tensor): OperationTable[string] =>
  (operands) =>
    fn(operands.tensor(0), operands.tensor(1));

/** Adds one number a channel, which is the second axis in NCHW. */
const biasAdd: OperationTable[string] = (operands, node) => {
  const [x, bias] = operands.tensors();
  if (node.text('data_format', 'NHWC') !== 'NCHW') return ops.add(x, bias);
  return ops.add(x, ops.reshape(bias, [bias.size, ...Array<number>(x.rank - 2).fill(1)]));
};

/** What a sum of tensors gives of them. */
export const elementwise: OperationTable = {
  Add: binary(ops.add),
  AddV2: binary(ops.add),
  AddN: (operands) => ops.addN(operands.tensors()),
  BiasAdd: biasAdd,
  BiasAddV1: biasAdd,
  Sub: binary(ops.sub),
  Mul: binary(ops.mul),
  // Of integers TensorFlow's division is whole, towards zero.
  Div: binary((a, b) => (a.dtype === 'int32' ? ops.truncateDiv(a, b) : ops.div(a, b))),
  RealDiv: binary(ops.div),
  DivNoNan: binary(ops.divNoNan),
  FloorDiv: binary(ops.floorDiv),
  TruncateDiv: binary(ops.truncateDiv),
  TruncateMod: binary(ops.truncateMod),
  Mod: binary(ops.truncateMod),
  FloorMod: binary(ops.mod),
  Maximum: binary(ops.maximum),
  Minimum: binary(ops.minimum),
  Pow: binary(ops.pow),
  SquaredDifference: binary(ops.squaredDifference),
  Xdivy: binary(ops.xdivy),
  Xlogy: binary(ops.xlogy),
  Atan2: binary(ops.atan2),
  Abs: unary(ops.abs),
  ComplexAbs: unary(ops.abs),
  Acos: unary(ops.acos),
  Acosh: unary(ops.acosh),
  Asin: unary(ops.asin),
  Asinh: unary(ops.asinh),
  Atan: unary(ops.atan),
  Atanh: unary(ops.atanh),
  Ceil: unary(ops.ceil),
  Cos: unary(ops.cos),
  Cosh: unary(ops.cosh),
  Elu: unary(ops.elu),
  Erf: unary(ops.erf),
  Erfc: unary(ops.erfc),
  Exp: unary(ops.exp),
  Expm1: unary(ops.expm1),
  Floor: unary(ops.floor),
  Inv: unary(ops.reciprocal),
  IsFinite: unary(ops.isFinite),
  IsInf: unary(ops.isInf),
  IsNan: unary(ops.isNaN),
  Lgamma: unary(ops.lgamma),
  Digamma: unary(ops.digamma),
  Log: unary(ops.log),
  Log1p: unary(ops.log1p),
  Neg: unary(ops.neg),
  Reciprocal: unary(ops.reciprocal),
  Relu: unary(ops.relu),
  Relu6: unary(ops.relu6),
  Rint: unary(ops.round),
  Round: unary(ops.round),
  Rsqrt: unary(ops.rsqrt),
  Selu: unary(ops.selu),
  Sigmoid: unary(ops.sigmoid),
  Sign: unary(ops.sign),
  Sin: unary(ops.sin),
  Sinh: unary(ops.sinh),
  Softplus: unary(ops.softplus),
  Softsign: unary((x) => ops.div(x, ops.add(ops.abs(x), 1))),
  Sqrt: unary(ops.sqrt),
  Square: unary(ops.square),
  Tan: unary(ops.tan),
  Tanh: unary(ops.tanh),
  Prelu: binary(ops.prelu),
  LeakyRelu: (operands, node) => ops.leakyRelu(operands.tensor(0), node.number('alpha', 0.2)),
  ClipByValue: (operands) => ops.minimum(ops.maximum(operands.tensor(0), operands.tensor(1)), operands.tensor(2)),
  Complex: binary(ops.complex),
  Real: unary(ops.real),
  Imag: unary(ops.imag),
  Conj: unary(ops.conj),
  Angle: unary(ops.angle),
  Equal: binary(ops.equal),
  NotEqual: binary(ops.notEqual),
  Greater: binary(ops.greater),
  GreaterEqual: binary(ops.greaterEqual),
  Less: binary(ops.less),
  LessEqual: binary(ops.lessEqual),
  LogicalAnd: binary(ops.logicalAnd),
  LogicalOr: binary(ops.logicalOr),
  LogicalNot: unary(ops.logicalNot),
  BitwiseAnd: binary(ops.bitwiseAnd),
  BitwiseOr: binary(ops.bitwiseOr),
  BitwiseXor: binary(ops.bitwiseXor),
  // Of several rows the older form chooses whole rows.
  Select: (operands) => {
    const [condition, a, b] = operands.tensors();
    const rows = condition.rank === 1 && a.rank > 1;
    return ops.where(rows ? ops.reshape(condition, [-1, ...Array<number>(a.rank - 1).fill(1)]) : condition, a, b);
  },
  SelectV2: (operands) => ops.where(operands.tensor(0), operands.tensor(1), operands.tensor(2)),
  Cast: (operands, node) => ops.cast(operands.tensor(0), node.dtype('DstT')),
};
