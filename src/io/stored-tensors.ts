/** @file Tensors to and from the arrays of files. */
import { fromHost } from '../engine/index.ts';
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { DTypeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { StoredArray } from './hdf5.ts';

/** The tensor's elements on the host. @throws DTypeError for strings and complex numbers, which files of weights do not hold */
export function toStored(tensor: Tensor, what: string): StoredArray {
  const { dtype, shape } = tensor;
  if (dtype === 'string' || dtype === 'complex64')
    throw new DTypeError(`${what} is of dtype ${dtype}, which files of weights do not hold.`);
  return { dtype, shape, data: tensor.storage.readSync() };
}

/** A tensor of an array, in `dtype` where one is given. */
export function fromStored({ dtype, shape, data }: StoredArray, wanted: DType = dtype): Tensor {
  const tensor = fromHost(data, dtype, shape);
  return wanted === dtype ? tensor : ops.tidy(() => ops.cast(tensor, wanted));
}
