/** @file What public functions accept for a tensor, turned into one. */
import type { DType } from '../tensor/dtype.ts';
import { type HostValues, type NestedArray, readHostValues, toHostArray } from '../tensor/host.ts';
import type { Shape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { currentEngine, fromHost } from './index.ts';
import { scalarStorage } from './scalars.ts';

/** What an operation takes for a tensor. */
export type TensorLike = Tensor | Variable | NestedArray;

/** @internal Host values on the device. */
export const upload = ({ values, shape }: HostValues, dtype: DType): Tensor =>
  fromHost(toHostArray(values, dtype), dtype, shape);

/** A tensor from an operand; host values get `dtype`, or the one they suggest. Tensors keep theirs. */
export function toTensor(value: TensorLike, operation: string, dtype?: DType): Tensor {
  if (value instanceof Tensor) return value;
  if (value instanceof Variable) return value.read();
  const host = readHostValues(value, operation);
  return upload(host, dtype ?? host.dtype);
}

const scalarShape: Shape = [];

/** A number as a scalar of a tensor's dtype, so that arithmetic with it does not promote. */
export const scalarLike = (value: number, like: Tensor): Tensor =>
  new Tensor(scalarStorage(currentEngine(), value, like.dtype), like.dtype, scalarShape);
