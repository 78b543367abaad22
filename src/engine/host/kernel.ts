/** @file What a host kernel is: whole operands in host arrays to whole results, and the ways to write one. */
import type { AbstractValue, HostPrimitive, PrimitiveParams } from '../../primitives/primitives.ts';
import type { DType, TypedArray } from '../../tensor/dtype.ts';
import { toHostArray, toNumbers } from '../../tensor/host.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import type { HostMatrix } from './matrices.ts';

/** An operand read off its device. The array may be the operand's own memory: kernels never write to it. */
export interface HostOperand {
  readonly data: TypedArray;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** From operands to one new array for each output. */
export type HostKernel<P extends HostPrimitive = HostPrimitive> = (
  inputs: readonly HostOperand[],
  params: PrimitiveParams[P],
  outputs: readonly AbstractValue[],
) => readonly TypedArray[];

export type HostKernels<P extends HostPrimitive = HostPrimitive> = { readonly [K in P]: HostKernel<K> };

/** The elements of an operand as doubles, or as what a double makes of them. */
export const numbersOf = ({ data, dtype }: HostOperand): ArrayLike<number> => toNumbers(data, dtype);

/** A kernel that takes one matrix of each operand, as doubles, and gives one of each output; batches are walked through. */
export const onMatrices =
  <P extends HostPrimitive>(
    kernel: (inputs: readonly HostMatrix[], params: PrimitiveParams[P]) => readonly ArrayLike<number>[],
  ): HostKernel<P> =>
  (inputs, params, outputs) => {
    const operands = inputs.map((input) => ({
      numbers: Float64Array.from(numbersOf(input)),
      rows: input.shape[input.shape.length - 2],
      columns: input.shape[input.shape.length - 1],
    }));
    const batch = sizeOf(inputs[0].shape.slice(0, -2));
    const results = outputs.map(({ shape }) => new Float64Array(sizeOf(shape)));
    for (let i = 0; i < batch; i++) {
      const matrices = operands.map(({ numbers, rows, columns }) => ({
        rows,
        columns,
        data: numbers.subarray(i * rows * columns, (i + 1) * rows * columns),
      }));
      kernel(matrices, params).forEach((result, k) => results[k].set(result, (i * results[k].length) / batch));
    }
    return outputs.map(({ dtype }, k) => toHostArray(results[k], dtype));
  };
