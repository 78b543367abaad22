/** @file Lowerings of reductions, scans and sorting. */
import { type DType, isFloating } from '../../../tensor/dtype.ts';
import type { AbstractValue, DevicePrimitive, ReductionParams } from '../../../primitives/primitives.ts';
import { type GraphBuilder, type Value, makeValue } from '../builder.ts';
import { type Lowering, type Lowerings, onPlain } from '../lowering.ts';
import { cast, inArithmetic } from './arithmetic.ts';

type Reduction = 'sum' | 'prod' | 'max' | 'min';

/** Where the axes of [batch, height, width, channels] stand when channels come first. */
const channelsFirstAxis = [0, 2, 3, 1];

/** A reduction can take channels-first operands where the result has the same order of axes either way. */
function reducesChannelsFirst(x: Value, { axes, keepDims }: ReductionParams): boolean {
  if (x.shape.length !== 4 || x.names.plain !== undefined || x.names.channelsFirst === undefined) return false;
  const left = [0, 1, 2, 3].filter((axis) => !axes.includes(axis));
  return keepDims || !left.includes(3) || left.every((axis) => axis === 3 || axis === 0);
}

/**
 * Sums over leading axes, as gradients of biases are: ONNX Runtime adds rows up column by column, which threads only make slower.
 * The middle axes go first; what remains are the rows of a matrix, whose sum is their product with ones.
 */
function emitSum(b: GraphBuilder, x: string, params: ReductionParams, { dtype, shape }: AbstractValue): string {
  const { axes, keepDims } = params;
  if (b.provider === 'cpu' && !isFloating(dtype)) return sumOfIntegers(b, x, params, { dtype, shape });
  const isLeading = axes.length > 0 && axes.every((axis, i) => axis === i);
  if (!isLeading) return emitReduction(b, 'ReduceSum', x, params);
  const rows = axes.length > 1 ? emitReduction(b, 'ReduceSum', x, { axes: axes.slice(1), keepDims: false }) : x;
  const left = shape.length - axes.length;
  const sum =
    left > 0 && b.provider === 'cpu' && isFloating(dtype)
      ? sumOfRows(b, rows, left, dtype)
      : emitReduction(b, 'ReduceSum', rows, { axes: [0], keepDims: false });
  return keepDims ? b.op('Unsqueeze', [sum, b.vector(axes)]) : sum;
}

/**
 * ReduceSum adds integers up as doubles, which lose digits beyond 2^53 and stop at the ends of the dtype. Products of integers with
 * ones are exact and wrap around.
 */
function sumOfIntegers(b: GraphBuilder, x: string, params: ReductionParams, { dtype, shape }: AbstractValue): string {
  const { axes, keepDims } = params;
  if (axes.length === 0) return b.op('Identity', [x]);
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const isLast = kept.every((axis, i) => axis === i);
  const ordered = isLast ? x : b.op('Transpose', [x], { perm: [...kept, ...axes] });
  const rows = b.op('Flatten', [ordered], { axis: kept.length });
  const count = b.op('Concat', [b.op('Shape', [rows], { start: 1 }), b.vector([1])], { axis: 0 });
  const ones = b.op('Expand', [b.scalar(dtype, 1), count]);
  const sums = b.op('MatMul', [rows, ones]);
  const sizes = b.op('Gather', [b.op('Shape', [x]), b.vector(kept)]);
  const sum = b.op('Reshape', [sums, sizes], { allowzero: 1 });
  return keepDims ? b.op('Unsqueeze', [sum, b.vector(axes)]) : sum;
}

/** The sum over the first axis, where `left` axes are left. */
function sumOfRows(b: GraphBuilder, x: string, left: number, dtype: DType): string {
  const ones = b.op('Expand', [b.scalar(dtype, 1), b.op('Shape', [x], { start: 0, end: 1 })]);
  const sum = b.op('MatMul', [ones, left === 1 ? x : b.op('Flatten', [x], { axis: 1 })]);
  return left === 1 ? sum : b.op('Reshape', [sum, b.op('Shape', [x], { start: 1 })], { allowzero: 1 });
}

function emitReduction(b: GraphBuilder, type: string, x: string, { axes, keepDims }: ReductionParams): string {
  if (axes.length === 0) return b.op('Identity', [x]);
  return b.op(type, [x, b.vector(axes)], { keepdims: keepDims ? 1 : 0 });
}

const reduction = <P extends Reduction>(
  emit: (b: GraphBuilder, x: string, params: ReductionParams, operand: AbstractValue) => string,
): Lowering<P> => ({
  dependsOn: 'ranks',
  build(b, { inputs: [x], params, outputs }) {
    const { axes, keepDims } = params as ReductionParams;
    const channelsFirst = reducesChannelsFirst(x, { axes, keepDims });
    const name = channelsFirst ? b.channelsFirst(x) : b.plain(x);
    const places = channelsFirst ? axes.map((axis) => channelsFirstAxis[axis]).sort((a, c) => a - c) : axes;
    const result = inArithmetic(b, name, x.dtype, (wide, dtype) =>
      emit(b, wide, { axes: places, keepDims }, { dtype, shape: x.shape }),
    );
    return [makeValue(outputs[0], result, channelsFirst && keepDims ? 'channelsFirst' : 'plain')];
  },
});

/** ReduceMax and ReduceMin drop NaN: it is looked for beside them and put back. */
const extremum = <P extends Reduction>(type: string): Lowering<P> =>
  reduction((b, x, params, { dtype }) => {
    const extreme = emitReduction(b, type, x, params);
    if (!isFloating(dtype)) return extreme;
    // Bytes are less to read, but nothing that a GPU reduces.
    const flag = b.provider === 'webgpu' ? 'int32' : 'uint8';
    const isNaN = cast(b, b.op('IsNaN', [x]), 'bool', flag);
    const anyNaN = cast(b, emitReduction(b, 'ReduceMax', isNaN, params), flag, 'bool');
    return b.op('Where', [anyNaN, b.scalar(dtype, NaN), extreme]);
  });

const position = <P extends DevicePrimitive & ('argMax' | 'argMin')>(type: string): Lowering<P> =>
  onPlain('ranks', (b, [x], { inputs, params }) => {
    const { dtype } = inputs[0];
    const operand =
      dtype === 'float16' ? cast(b, x, dtype, 'float32') : inputs[0].dtype === 'int16' ? cast(b, x, dtype, 'int32') : x;
    const { axis } = params as { axis: number };
    return cast(b, b.op(type, [operand], { axis, keepdims: 0, select_last_index: 0 }), 'int64', 'int32');
  });

const normalised = <P extends DevicePrimitive & ('softmax' | 'logSoftmax')>(type: string): Lowering<P> =>
  onPlain('ranks', (b, [x], { inputs, params }) =>
    inArithmetic(b, x, inputs[0].dtype, (name) => b.op(type, [name], { axis: (params as { axis: number }).axis })),
  );

export const reductionLowerings: Lowerings<
  Reduction | 'argMax' | 'argMin' | 'cumsum' | 'softmax' | 'logSoftmax' | 'topK'
> = {
  sum: reduction(emitSum),
  prod: reduction((b, x, params) => emitReduction(b, 'ReduceProd', x, params)),
  max: extremum('ReduceMax'),
  min: extremum('ReduceMin'),
  argMax: position('ArgMax'),
  argMin: position('ArgMin'),
  cumsum: onPlain('ranks', (b, [x], { inputs, params: { axis, exclusive, reverse } }) =>
    inArithmetic(b, x, inputs[0].dtype, (name) =>
      b.op('CumSum', [name, b.scalar('int64', axis)], { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 }),
    ),
  ),
  softmax: normalised('Softmax'),
  logSoftmax: normalised('LogSoftmax'),
  topK: onPlain('ranks', (b, [x], { inputs, params: { k } }) => {
    const { dtype } = inputs[0];
    let indices = '';
    const values = inArithmetic(b, x, dtype, (name) => {
      const [largest, places] = b.ops('TopK', [name, b.vector([k])], { axis: -1, largest: 1, sorted: 1 }, 2);
      indices = places;
      return largest;
    });
    return [values, cast(b, indices, 'int64', 'int32')];
  }),
};
