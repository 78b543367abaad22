/** @file The scalars of a step in the dtypes of its variables. */
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The scalars of one step, computed once for all variables of a dtype, and of that dtype. */
export interface StepScalars {
  readonly learningRate: Tensor;
  /** 1 in the first step. */
  readonly step: Tensor;
}

const inType = (scalars: StepScalars, dtype: DType): StepScalars =>
  Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [name, ops.cast(value as Tensor, dtype)]),
  ) as unknown as StepScalars;

/** What a rule prepares of its scalars, in the dtype of a variable: computed in float64 for that, else in float32. */
export function scalarsByDType(
  scalars: StepScalars,
  prepare: (scalars: StepScalars) => StepScalars,
): (dtype: DType) => StepScalars {
  const known = new Map<DType, StepScalars>();
  const make = (dtype: DType): StepScalars => {
    if (dtype === 'float32') return prepare(scalars);
    return dtype === 'float64' ? prepare(inType(scalars, dtype)) : inType(prepare(scalars), dtype);
  };
  return (dtype) => {
    const made = known.get(dtype) ?? make(dtype);
    known.set(dtype, made);
    return made;
  };
}
