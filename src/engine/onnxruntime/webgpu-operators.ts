/**
 * @file Operators that WebGPU lacks, or that lose NaN there, written in ones that it has. Floats are float32 here: the others
 * are cast before they are computed with.
 */
import type { GraphBuilder } from './builder.ts';
import { cast } from './lowerings/arithmetic.ts';
import type { Attributes } from './model.ts';

type Rewrite = (b: GraphBuilder, inputs: readonly string[], attributes: Attributes) => string;

/** Shaders may take a number for another one than NaN: functions hand it on by themselves. */
const keepingNaN =
  (type: string): Rewrite =>
  (b, [x], attributes) =>
    b.op('Where', [b.op('Equal', [x, x]), b.op(type, [x], attributes), x]);

/** Outside of its domain, and at 0, a shader's logarithm is anything. */
const logarithm: Rewrite = (b, [x]) => {
  const [zero, least, none] = [0, -Infinity, NaN].map((value) => b.scalar('float32', value));
  const outside = b.op('Where', [b.op('Equal', [x, zero]), least, none]);
  return b.op('Where', [b.op('Greater', [x, zero]), b.op('Log', [x]), outside]);
};

/** By the greatest first, so that no power overflows. */
const logSoftmax: Rewrite = (b, [x], { axis }) => {
  const axes = b.vector([axis as number]);
  const centred = b.op('Sub', [x, b.op('ReduceMax', [x, axes], { keepdims: 1 })]);
  const sum = b.op('ReduceSum', [b.op('Exp', [centred]), axes], { keepdims: 1 });
  return b.op('Sub', [centred, b.op('Log', [sum])]);
};

/** Of products of rank 3, in which convolutions' gradients are written. */
const fusedProduct: Rewrite = (b, [x, y], { transA, transB }) =>
  b.op('MatMul', [transA ? b.transpose(x, [0, 2, 1]) : x, transB ? b.transpose(y, [0, 2, 1]) : y]);

/** Of floats; integers are bounded by -1 and 1 instead. */
const sign: Rewrite = (b, [x]) => {
  const zero = b.scalar('float32', 0);
  const [above, below] = ['Greater', 'Less'].map((type) => cast(b, b.op(type, [x, zero]), 'bool', 'float32'));
  return b.op('Sub', [above, below]);
};

export const webGpuOperators: Readonly<Record<string, Rewrite>> = {
  Exp: keepingNaN('Exp'),
  Sigmoid: keepingNaN('Sigmoid'),
  Relu: keepingNaN('Relu'),
  Log: logarithm,
  LogSoftmax: logSoftmax,
  Sign: sign,
  'com.microsoft/FusedMatMul': fusedProduct,
  IsNaN: (b, [x]) => b.op('Not', [b.op('Equal', [x, x])]),
  Or: (b, [x, y]) => b.op('Not', [b.op('And', [b.op('Not', [x]), b.op('Not', [y])])]),
};
