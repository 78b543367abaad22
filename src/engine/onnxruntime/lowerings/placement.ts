/** @file Lowerings of primitives that move elements: they take every dtype as it is. */
import type { DType } from '../../../tensor/dtype.ts';
import type { GraphBuilder } from '../builder.ts';
import { type Lowerings, onPlain } from '../lowering.ts';
import { arithmeticDType, cast } from './arithmetic.ts';

/** Beyond any index: "to the end" for a Slice that runs backwards. */
const beforeFirst = -(2 ** 31);

const inverse = (permutation: readonly number[]): number[] => permutation.map((_, i) => permutation.indexOf(i));

/** The permutation that brings `axis` to the front. */
const toFront = (axis: number, rank: number): number[] => [
  axis,
  ...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis),
];

/** A tensor of zeros of a shape that is an operand. */
const zeros = (b: GraphBuilder, dtype: DType, shape: string): string => b.op('Expand', [b.scalar(dtype, 0), shape]);

type Placement =
  | 'reshape'
  | 'transpose'
  | 'broadcastTo'
  | 'slice'
  | 'pad'
  | 'concat'
  | 'reverse'
  | 'gather'
  | 'scatterAdd'
  | 'gatherAlong'
  | 'scatterAlongAdd';

export const placementLowerings: Lowerings<Placement> = {
  reshape: onPlain('dtypes', (b, [x], { vectors }) => b.op('Reshape', [x, vectors[0]], { allowzero: 1 }), {
    vectors: (_, { shape }) => [shape],
  }),
  transpose: onPlain('ranks', (b, [x], { params }) => b.op('Transpose', [x], { perm: params.permutation })),
  broadcastTo: onPlain('dtypes', (b, [x], { vectors }) => b.op('Expand', [x, vectors[0]]), {
    vectors: (_, { shape }) => [shape],
  }),
  slice: onPlain(
    'ranks',
    (b, [x], { inputs, vectors: [starts, ends, steps] }) => {
      if (inputs[0].shape.length === 0) return b.op('Identity', [x]);
      return b.op('Slice', [x, starts, ends, b.vector(inputs[0].shape.map((_, axis) => axis)), steps]);
    },
    {
      vectors: (_, { begin, size, strides }) => [
        begin,
        begin.map((start, axis) => (size[axis] === 0 ? start : start + (size[axis] - 1) * strides[axis] + 1)),
        strides,
      ],
    },
  ),
  pad: onPlain(
    'ranks',
    (b, [x], { inputs, params, vectors }) => {
      const { dtype } = inputs[0];
      // Pad lacks kernels for bool and 16 bit: a padded value is neither made nor lost in a wide dtype.
      const wide = arithmeticDType[dtype];
      const padded = b.op('Pad', [cast(b, x, dtype, wide), vectors[0], b.scalar(wide, params.value)], {
        mode: 'constant',
      });
      return cast(b, padded, wide, dtype);
    },
    {
      fixed: ({ value }) => value,
      vectors: (_, { paddings }) => [[...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]],
    },
  ),
  concat: onPlain('ranks', (b, names, { params }) => b.op('Concat', names, { axis: params.axis })),
  reverse: onPlain('ranks', (b, [x], { params: { axes } }) => {
    if (axes.length === 0) return b.op('Identity', [x]);
    const all = (value: number): string => b.vector(axes.map(() => value));
    return b.op('Slice', [x, all(-1), all(beforeFirst), b.vector(axes), all(-1)]);
  }),
  gather: onPlain('ranks', (b, [x, indices], { params }) => b.op('Gather', [x, indices], { axis: params.axis })),
  scatterAdd: onPlain(
    'ranks',
    (b, [updates, indices], { inputs, params: { axis }, vectors }) => {
      const { dtype, shape } = inputs[0];
      const wide = arithmeticDType[dtype];
      const permutation = toFront(axis, shape.length);
      const rows = b.transpose(cast(b, updates, dtype, wide), permutation);
      const places = cast(b, b.op('Unsqueeze', [indices, b.vector([1])]), 'int32', 'int64');
      const summed = b.op('ScatterND', [zeros(b, wide, vectors[0]), places, rows], { reduction: 'add' });
      return cast(b, b.transpose(summed, inverse(permutation)), wide, dtype);
    },
    {
      fixed: ({ axis }) => axis,
      vectors: ([updates], { axis, size }) => [[size, ...updates.shape.filter((_, i) => i !== axis)]],
    },
  ),
  gatherAlong: onPlain('ranks', (b, [x, indices], { params }) =>
    b.op('GatherElements', [x, indices], { axis: params.axis }),
  ),
  scatterAlongAdd: onPlain(
    'ranks',
    (b, [updates, indices], { inputs, params: { axis }, vectors }) => {
      const { dtype } = inputs[0];
      const wide = arithmeticDType[dtype];
      const operands = [zeros(b, wide, vectors[0]), indices, cast(b, updates, dtype, wide)];
      return cast(b, b.op('ScatterElements', operands, { axis, reduction: 'add' }), wide, dtype);
    },
    {
      fixed: ({ axis }) => axis,
      vectors: ([updates], { axis, size }) => [updates.shape.map((d, i) => (i === axis ? size : d))],
    },
  ),
};
