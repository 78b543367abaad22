/** @file What public functions accept for a tensor, turned into one. */
import { ComplexTensor } from '../tensor/complex.ts';
import type { DType } from '../tensor/dtype.ts';
import { type HostValues, type NestedValues, readHostStrings, readHostValues, toHostArray } from '../tensor/host.ts';
import { DTypeError } from '../tensor/errors.ts';
import type { Shape } from '../tensor/shape.ts';
import { toBytes } from '../tensor/string-storage.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { currentEngine, fromHost, fromStrings } from './index.ts';
import { scalarStorage } from './scalars.ts';

/** What an operation takes for a tensor. */
export type TensorLike = Tensor | Variable | NestedValues;

/** @internal Host values on the device. @throws DTypeError for strings as numbers */
export function upload({ values, shape, dtype: own }: HostValues, dtype: DType): Tensor {
  if (dtype === 'string')
    return fromStrings(
      Array.from(values, (value) => toBytes(value, 'tensor')),
      shape,
    );
  if (own === 'string')
    throw new DTypeError(`Strings do not become ${dtype}; tf.strings.toNumber(x) reads numbers from them.`);
  return fromHost(toHostArray(values, dtype), dtype, shape);
}

/** @internal Strings or their bytes in nested arrays, as a tensor. */
export function uploadStrings(value: unknown, operation: string): Tensor {
  const { strings, shape } = readHostStrings(value, operation);
  return fromStrings(strings, shape);
}

/** A tensor from an operand; host values get `dtype`, or the one they suggest. Tensors keep theirs. */
export function toTensor(value: TensorLike, operation: string, dtype?: DType): Tensor {
  if (value instanceof Tensor) return value;
  if (value instanceof Variable) return value.read();
  if (dtype === 'string') return uploadStrings(value, operation);
  const host = readHostValues(value, operation);
  return upload(host, dtype ?? host.dtype);
}

const scalarShape: Shape = [];

/** A number as a scalar of a tensor's dtype, so that arithmetic with it does not promote. */
export const scalarLike = (value: number, like: Tensor): Tensor =>
  like instanceof ComplexTensor
    ? new ComplexTensor(scalarLike(value, like.re), scalarLike(0, like.re))
    : new Tensor(scalarStorage(currentEngine(), value, like.dtype), like.dtype, scalarShape);
