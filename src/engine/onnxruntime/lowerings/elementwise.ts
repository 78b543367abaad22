/** @file Lowerings of elementwise primitives. In a graph they stay in the layout in which their operands lie. */
import { type DType, isFloating } from '../../../tensor/dtype.ts';
import { type Shape, shapesEqual, sizeOf } from '../../../tensor/shape.ts';
import type { AbstractValue, DevicePrimitive } from '../../../primitives/primitives.ts';
import { type GraphBuilder, type Layout, type Value, makeValue } from '../builder.ts';
import type { Lowering, Lowerings } from '../lowering.ts';
import { type OnnxNode, elementTypes } from '../model.ts';
import { arithmeticDType, cast } from './arithmetic.ts';
import * as functions from './functions.ts';

/** Makes the nodes: operand names in, result name out. `dtype` is what the operands have. */
type Emit = (b: GraphBuilder, names: readonly string[], dtype: DType) => string;

/** The layout that transposes the fewest elements of operands. */
function preferredLayout(inputs: readonly Value[], output: AbstractValue): Layout {
  if (output.shape.length !== 4) return 'plain';
  const cost = { plain: 0, channelsFirst: 0 };
  let origin: Layout = 'plain';
  for (const { shape, names, origin: made } of inputs) {
    if (shape.length !== 4) continue;
    if (names.plain === undefined) cost.plain += sizeOf(shape);
    if (names.channelsFirst === undefined) cost.channelsFirst += sizeOf(shape);
    if (made === 'channelsFirst') origin = made;
  }
  if (cost.plain !== cost.channelsFirst) return cost.plain < cost.channelsFirst ? 'plain' : 'channelsFirst';
  // One of each: most of what follows works on either, or wants the channels side by side.
  return cost.plain === 0 ? origin : 'plain';
}

/** An operand of any rank as it broadcasts against [batch, channels, height, width]. */
function operandChannelsFirst(b: GraphBuilder, value: Value): string {
  const { shape } = value;
  if (shape.length === 0) return b.plain(value);
  if (shape.length === 4) return b.channelsFirst(value);
  const full: Shape = [...new Array<number>(4 - shape.length).fill(1), ...shape];
  return b.channelsFirst(makeValue({ dtype: value.dtype, shape: full }, b.reshape(b.plain(value), full)));
}

export const operandIn = (b: GraphBuilder, value: Value, layout: Layout): string =>
  layout === 'plain' ? b.plain(value) : operandChannelsFirst(b, value);

/** An elementwise lowering; `own` dtypes are handed to `emit` as they are, others widened to arithmetic ones. */
const elementwise = <P extends DevicePrimitive>(emit: Emit, own: readonly DType[] = []): Lowering<P> => ({
  dependsOn: 'dtypes',
  build(b, { inputs, outputs }) {
    const layout = preferredLayout(inputs, outputs[0]);
    const { dtype } = inputs[0];
    const wide = own.includes(dtype) ? dtype : arithmeticDType[dtype];
    const names = inputs.map((input) => cast(b, operandIn(b, input, layout), dtype, wide));
    const made = emit(b, names, wide);
    const result = outputs[0].dtype === dtype ? cast(b, made, wide, dtype) : made;
    return [makeValue(outputs[0], result, layout)];
  },
});

/** One ONNX operator for every dtype. */
const operator = <P extends DevicePrimitive>(type: string, own: readonly DType[] = []): Lowering<P> =>
  elementwise((b, names) => b.op(type, names), own);

/** One operator for floats; integers, which it would not change, pass. */
const rounding = <P extends DevicePrimitive>(type: string): Lowering<P> =>
  elementwise((b, [x], dtype) => (isFloating(dtype) ? b.op(type, [x]) : b.op('Identity', [x])));

/** An operator that lacks a float64 kernel, and what replaces it. */
const functionOf = <P extends DevicePrimitive>(type: string, float64: functions.UnaryFunction): Lowering<P> =>
  elementwise((b, [x], dtype) => (dtype === 'float64' ? float64(b, x, dtype) : b.op(type, [x])));

const composed = <P extends DevicePrimitive>(emit: functions.UnaryFunction): Lowering<P> =>
  elementwise((b, [x], dtype) => emit(b, x, dtype));

/** The remainder with the sign of the divisor. */
function flooredRemainder(b: GraphBuilder, [x, y]: readonly string[], dtype: DType): string {
  if (!isFloating(dtype)) {
    // The least integer by -1 is beyond the greatest one, on which processors trap. By 1 the remainder is 0 as well.
    const [one, minusOne] = [b.scalar(dtype, 1), b.scalar(dtype, -1)];
    return b.op('Mod', [x, b.op('Where', [b.op('Equal', [y, minusOne]), one, y])]);
  }
  const zero = b.scalar(dtype, 0);
  const remainder = b.op('Mod', [x, y], { fmod: 1 });
  const oppositeSigns = b.op('Less', [b.op('Mul', [b.op('Sign', [remainder]), b.op('Sign', [y])]), zero]);
  return b.op('Where', [oppositeSigns, b.op('Add', [remainder, y]), remainder]);
}

function flooredQuotient(b: GraphBuilder, [x, y]: readonly string[], dtype: DType): string {
  if (isFloating(dtype)) return b.op('Floor', [b.op('Div', [x, y])]);
  const [zero, one, minusOne] = [0, 1, -1].map((value) => b.scalar(dtype, value));
  // As in the remainder: by -1 it is the opposite number, wrapped around like every overflow.
  const byMinusOne = b.op('Equal', [y, minusOne]);
  const divisor = b.op('Where', [byMinusOne, one, y]);
  const dividend = b.op('Where', [byMinusOne, b.op('Neg', [x]), x]);
  // Div truncates: one less where something is left over that has the other sign.
  const quotient = b.op('Div', [dividend, divisor]);
  const rest = b.op('Mod', [dividend, divisor]);
  const truncated = b.op('Sub', [dividend, b.op('Mul', [quotient, divisor])]);
  const isTooLarge = b.op('Not', [b.op('Equal', [rest, truncated])]);
  return b.op('Sub', [quotient, b.op('Where', [isTooLarge, one, zero])]);
}

/**
 * By squaring: ONNX Runtime's Pow goes through doubles, which lose digits of int64 and do not wrap around. One over an integer
 * is 0, but for 1 and -1.
 */
function integerPower(b: GraphBuilder, x: string, y: string, dtype: DType): string {
  const [zero, one, two] = [0, 1, 2].map((value) => b.scalar(dtype, value));
  let rest = b.op('Abs', [y]);
  let square = x;
  let power = one;
  for (let bit = dtype === 'int64' ? 63 : 31; bit > 0; bit--) {
    const isOdd = b.op('Equal', [b.op('Mod', [rest, two]), one]);
    power = b.op('Mul', [power, b.op('Where', [isOdd, square, one])]);
    if (bit === 1) break;
    square = b.op('Mul', [square, square]);
    rest = b.op('Div', [rest, two]);
  }
  const vanishes = b.op('And', [b.op('Less', [y, zero]), b.op('Not', [b.op('Equal', [b.op('Abs', [x]), one])])]);
  return b.op('Where', [vanishes, zero, power]);
}

const comparison = <P extends DevicePrimitive>(type: string): Lowering<P> => operator(type);
const negated = <P extends DevicePrimitive>(type: string): Lowering<P> =>
  elementwise((b, names) => b.op('Not', [b.op(type, names)]), ['bool']);

/** A vector added to the channels of a convolution or a product that nothing else uses becomes its bias. */
function joinedBias(b: GraphBuilder, [x, bias]: readonly Value[], output: AbstractValue): Value | null {
  if (!x.usedOnce || x.dtype !== 'float32') return null;
  if (bias.shape.length !== 1 || bias.shape[0] !== x.shape.at(-1)) return null;
  const withBias = b.joinable.get(x.names[x.origin]!);
  return withBias ? makeValue(output, withBias(b.plain(bias)), x.origin) : null;
}

/** The node that makes a matrix which nothing else uses. */
const producerOfMatrix = (b: GraphBuilder, x: Value): OnnxNode | undefined =>
  b.provider === 'cpu' && x.usedOnce && x.shape.length === 2 && x.names.plain !== undefined
    ? b.producerOf(x.names.plain)
    : undefined;

/** What is added to a product that nothing else uses is what the product begins with: one pass over memory less. */
function sumWithProduct(b: GraphBuilder, x: Value, term: Value, output: AbstractValue): Value | null {
  const made = producerOfMatrix(b, x);
  if (!made || !shapesEqual(x.shape, output.shape) || !isProduct(made, x.dtype) || made.inputs.length !== 2)
    return null;
  return makeValue(output, b.op('Gemm', [...made.inputs, b.plain(term)], made.attributes));
}

/** Whether Gemm can make it: of the dtypes with products, it lacks integers. */
const isProduct = ({ type }: OnnxNode, dtype: DType): boolean =>
  type === 'Gemm' || (type === 'MatMul' && (dtype === 'float32' || dtype === 'float64'));

/** relu of a product with a bias that nothing else uses is part of it. */
function rectifiedProduct(b: GraphBuilder, x: Value, output: AbstractValue): Value | null {
  const made = b.isPortable || x.dtype !== 'float32' ? undefined : producerOfMatrix(b, x);
  if (made?.type !== 'Gemm' || made.inputs.length !== 3) return null;
  const attributes = { ...made.attributes, activation: 'Relu' };
  return makeValue(output, b.op('com.microsoft/FusedGemm', made.inputs, attributes));
}

const rectification: Lowering<'relu'> = elementwise((b, [x], dtype) =>
  isFloating(dtype) ? b.op('Relu', [x]) : b.op('Max', [x, b.scalar(dtype, 0)]),
);
const addition: Lowering<'add'> = elementwise((b, names) => b.op('Add', names));

type Elementwise =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'reciprocal'
  | 'square'
  | 'sqrt'
  | 'rsqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'sigmoid'
  | 'softplus'
  | 'relu'
  | 'erf'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'isNaN'
  | 'logicalNot'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'mod'
  | 'floorDiv'
  | 'maximum'
  | 'minimum'
  | 'atan2'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'greater'
  | 'greaterEqual'
  | 'logicalAnd'
  | 'logicalOr'
  | 'select'
  | 'cast';

export const elementwiseLowerings: Lowerings<Elementwise> = {
  neg: operator('Neg'),
  abs: operator('Abs'),
  sign: elementwise((b, [x], dtype) => {
    if (!isFloating(dtype)) return b.op('Max', [b.op('Min', [x, b.scalar(dtype, 1)]), b.scalar(dtype, -1)]);
    // Sign gives 0 for NaN.
    return b.op('Where', [b.op('IsNaN', [x]), x, b.op('Sign', [x])]);
  }),
  reciprocal: operator('Reciprocal'),
  square: elementwise((b, [x]) => b.op('Mul', [x, x])),
  sqrt: operator('Sqrt'),
  rsqrt: elementwise((b, [x]) => b.op('Reciprocal', [b.op('Sqrt', [x])])),
  exp: operator('Exp'),
  expm1: composed(functions.expm1),
  log: operator('Log'),
  log1p: composed(functions.log1p),
  sin: operator('Sin'),
  cos: operator('Cos'),
  tan: functionOf('Tan', functions.tan),
  asin: functionOf('Asin', functions.asin),
  acos: functionOf('Acos', functions.acos),
  atan: functionOf('Atan', functions.atan),
  sinh: composed(functions.sinh),
  cosh: composed(functions.cosh),
  tanh: operator('Tanh'),
  asinh: composed(functions.asinh),
  acosh: composed(functions.acosh),
  atanh: composed(functions.atanh),
  sigmoid: operator('Sigmoid'),
  softplus: composed(functions.softplus),
  relu: {
    dependsOn: 'dtypes',
    build: (b, call) => {
      const rectified = rectifiedProduct(b, call.inputs[0], call.outputs[0]);
      return rectified ? [rectified] : rectification.build(b, call);
    },
  },
  erf: functionOf('Erf', functions.erf),
  floor: rounding('Floor'),
  ceil: rounding('Ceil'),
  round: rounding('Round'),
  isNaN: elementwise((b, [x], dtype) =>
    isFloating(dtype) ? b.op('IsNaN', [x]) : b.op('Not', [b.op('Equal', [x, x])]),
  ),
  logicalNot: operator('Not', ['bool']),
  add: {
    dependsOn: 'dtypes',
    build(b, call) {
      const [x, y] = call.inputs;
      const [output] = call.outputs;
      const joined =
        joinedBias(b, call.inputs, output) ?? sumWithProduct(b, y, x, output) ?? sumWithProduct(b, x, y, output);
      return joined ? [joined] : addition.build(b, call);
    },
  },
  sub: operator('Sub'),
  mul: operator('Mul'),
  div: operator('Div'),
  pow: elementwise((b, [x, y], dtype) => (isFloating(dtype) ? b.op('Pow', [x, y]) : integerPower(b, x, y, dtype))),
  mod: elementwise(flooredRemainder),
  floorDiv: elementwise(flooredQuotient),
  maximum: operator('Max'),
  minimum: operator('Min'),
  atan2: elementwise((b, [y, x], dtype) => functions.atan2(b, y, x, dtype)),
  equal: operator('Equal', ['bool']),
  notEqual: negated('Equal'),
  less: comparison('Less'),
  lessEqual: comparison('LessOrEqual'),
  greater: comparison('Greater'),
  greaterEqual: comparison('GreaterOrEqual'),
  logicalAnd: operator('And', ['bool']),
  logicalOr: operator('Or', ['bool']),
  select: {
    dependsOn: 'dtypes',
    build(b, { inputs, outputs }) {
      const layout = preferredLayout(inputs, outputs[0]);
      const { dtype } = outputs[0];
      const wide = arithmeticDType[dtype];
      const [condition, ...branches] = inputs.map((input) => operandIn(b, input, layout));
      const chosen = b.op('Where', [condition, ...branches.map((name) => cast(b, name, dtype, wide))]);
      return [makeValue(outputs[0], cast(b, chosen, wide, dtype), layout)];
    },
  },
  cast: {
    dependsOn: 'dtypes',
    build(b, { inputs: [x], outputs }) {
      const layout = preferredLayout([x], outputs[0]);
      const name = b.op('Cast', [operandIn(b, x, layout)], { to: elementTypes[outputs[0].dtype] });
      return [makeValue(outputs[0], name, layout)];
    },
  },
};
