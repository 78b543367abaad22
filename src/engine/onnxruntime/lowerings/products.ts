/** @file Lowering of matrix products. */
import { infer } from '../../../primitives/infer.ts';
import type { AbstractValue } from '../../../primitives/primitives.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import { type GraphBuilder, lastTwoSwapped } from '../builder.ts';
import { type Lowerings, onPlain } from '../lowering.ts';
import { arithmeticDType, cast } from './arithmetic.ts';

/** Whether an operand has no elements: the product has none, or zeros, which the kernels below get wrong. */
const isOfNothing = (inputs: readonly AbstractValue[]): boolean => inputs.some(({ shape }) => sizeOf(shape) === 0);

/** Whether a bias takes longer than another column of the left operand: it is written to all of the product before that is made. */
const isLarge = ([{ shape: left }, { shape: right }]: readonly AbstractValue[]): boolean =>
  left.length === 2 && right.length === 2 && left[0] * right[1] >= 2 ** 20 && right[1] >= 2 * left[1];

/** A bias of a large product is one more row of the right operand, which ones in the left one stand by. */
function joinRow(
  b: GraphBuilder,
  product: string,
  [left, right]: readonly string[],
  inputs: readonly AbstractValue[],
): void {
  if (b.provider !== 'cpu' || b.isPortable) return;
  const [
    {
      shape: [rows],
    },
    {
      shape: [, columns],
    },
  ] = inputs;
  b.joinable.set(product, (bias) => {
    const ones = b.op('Expand', [b.scalar('float32', 1), b.vector([rows, 1])]);
    const matrix = b.op('Concat', [right, b.reshape(bias, [1, columns])], { axis: 0 });
    return b.op('MatMul', [b.op('Concat', [left, ones], { axis: 1 }), matrix]);
  });
}

export const productLowerings: Lowerings<'matMul'> = {
  matMul: onPlain(
    'ranks',
    (b, [a, c], { inputs, params, vectors }) => {
      const { transposeA, transposeB } = params;
      const { dtype } = inputs[0];
      if (isOfNothing(inputs)) return b.op('Expand', [b.scalar(dtype, 0), vectors[0]]);
      const wide = arithmeticDType[dtype];
      const [rankA, rankB] = inputs.map(({ shape }) => shape.length);
      const operands = [cast(b, a, dtype, wide), cast(b, c, dtype, wide)];
      let product: string;
      if (!transposeA && !transposeB) {
        product = b.op('MatMul', operands);
        if (dtype === 'float32' && isLarge(inputs)) joinRow(b, product, operands, inputs);
      } else if (rankA === 2 && rankB === 2 && (wide === 'float32' || wide === 'float64'))
        product = b.op('Gemm', operands, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
      else if (wide === 'float32' && b.provider !== 'webgpu')
        product = b.product([operands[0], operands[1]], [rankA, rankB], {
          transA: transposeA ? 1 : 0,
          transB: transposeB ? 1 : 0,
        });
      else {
        const [left, right] = operands;
        product = b.op('MatMul', [
          transposeA ? b.transpose(left, lastTwoSwapped(rankA)) : left,
          transposeB ? b.transpose(right, lastTwoSwapped(rankB)) : right,
        ]);
      }
      return cast(b, product, wide, dtype);
    },
    {
      fixed: (params) => params,
      vectors: (inputs, params) => (isOfNothing(inputs) ? [infer('matMul', inputs, params)[0].shape] : []),
    },
  ),
};
