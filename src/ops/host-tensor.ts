/** @file Small constant tensors that operations compute on the host. */
import { fromHost } from '../engine/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { toHostArray } from '../tensor/host.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** @internal Numbers as a tensor of `shape`, in one vector by default. */
export const hostTensor = (values: ArrayLike<number>, shape: Shape = [values.length], dtype: DType = 'int32'): Tensor =>
  fromHost(toHostArray(values, dtype), dtype, shape);
