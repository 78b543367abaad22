/** @file What inference rules ask of their inputs, and how a refusal is worded. */
import { type DType, isFloating, isInteger } from '../tensor/dtype.ts';
import { DTypeError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { AbstractValue, PrimitiveName } from './primitives.ts';

export type DTypeClass = 'any' | 'number' | 'ordered' | 'float' | 'int' | 'bool';

const members: Record<DTypeClass, (dtype: DType) => boolean> = {
  any: () => true,
  number: (dtype) => dtype !== 'bool' && dtype !== 'string',
  ordered: (dtype) => dtype !== 'bool',
  float: isFloating,
  int: isInteger,
  bool: (dtype) => dtype === 'bool',
};
const wording: Record<DTypeClass, string> = {
  any: 'any dtype',
  number: 'a number dtype (float or int)',
  ordered: 'a number dtype (float or int) or string',
  float: 'a floating dtype (float32, float64, float16)',
  int: 'an integer dtype',
  bool: 'bool',
};

export function expectDType(operation: PrimitiveName, value: AbstractValue, wanted: DTypeClass, what = 'input'): void {
  if (!members[wanted](value.dtype))
    throw new DTypeError(
      `${operation}: ${what} must have ${wording[wanted]}, but came as ${value.dtype} ${formatShape(value.shape)}; use tf.cast() first.`,
    );
}

export function expectSameDType(operation: PrimitiveName, inputs: readonly AbstractValue[]): void {
  const first = inputs[0].dtype;
  for (const input of inputs)
    if (input.dtype !== first)
      throw new DTypeError(
        `${operation}: inputs must have one dtype, but came as ${inputs.map((i) => i.dtype).join(' and ')}; use tf.cast() on one of them.`,
      );
}

export function expectIndices(operation: PrimitiveName, value: AbstractValue): void {
  if (value.dtype !== 'int32')
    throw new DTypeError(
      `${operation}: indices must be int32, but came as ${value.dtype}; use tf.cast(indices, 'int32').`,
    );
}

export function expectRank(operation: PrimitiveName, value: AbstractValue, rank: number, what = 'input'): void {
  if (value.shape.length !== rank)
    throw new ShapeError(
      `${operation}: ${what} must have rank ${rank}, but came with shape ${formatShape(value.shape)} (rank ${value.shape.length}).`,
    );
}
