/** @file Which dtype an operation is computed in: ONNX Runtime has arithmetic for float32, float64, int32 and int64. */
import type { DType } from '../../../tensor/dtype.ts';
import type { GraphBuilder } from '../builder.ts';
import { elementTypes } from '../model.ts';

/** Narrow dtypes are computed in a wide one and cast back, which wraps around as the narrow dtype would. */
export const arithmeticDType: Record<DType, DType> = {
  float16: 'float32',
  float32: 'float32',
  float64: 'float64',
  int8: 'int32',
  int16: 'int32',
  int32: 'int32',
  int64: 'int64',
  uint8: 'int32',
  bool: 'int32',
  // Neither reaches an engine.
  complex64: 'complex64',
  string: 'string',
};

export const cast = (b: GraphBuilder, name: string, from: DType, to: DType): string =>
  from === to ? name : b.op('Cast', [name], { to: elementTypes[to] });

/** Runs `emit` on an operand of a computable dtype and brings the result back. */
export function inArithmetic(
  b: GraphBuilder,
  name: string,
  dtype: DType,
  emit: (name: string, dtype: DType) => string,
): string {
  const wide = arithmeticDType[dtype];
  return cast(b, emit(cast(b, name, dtype, wide), wide), wide, dtype);
}
