/** @file What operations accept as operands, and the dtype they meet in. */
import { fromHost } from '../engine/index.ts';
import * as p from '../primitives/calls.ts';
import { type DType, isFloating, promote } from '../tensor/dtype.ts';
import { type HostValues, type NestedArray, readHostValues, toHostArray } from '../tensor/host.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

/** What an operation takes for a tensor. */
export type TensorLike = Tensor | Variable | NestedArray;

const upload = ({ values, shape }: HostValues, dtype: DType): Tensor =>
  fromHost(toHostArray(values, dtype), dtype, shape);

/** A tensor from an operand; host values get `dtype`, or the one they suggest. Tensors keep theirs. */
export function toTensor(value: TensorLike, operation: string, dtype?: DType): Tensor {
  if (value instanceof Tensor) return value;
  if (value instanceof Variable) return value.read();
  const host = readHostValues(value, operation);
  return upload(host, dtype ?? host.dtype);
}

/** A tensor of floats: integers and booleans become float32. */
export function toFloat(value: TensorLike, operation: string): Tensor {
  const x = toTensor(value, operation);
  return isFloating(x.dtype) ? x : p.cast(x, 'float32');
}

/** The dtype in which host values join a tensor: the tensor's own where it can hold them. */
function weakDType({ values, dtype }: HostValues, other: DType): DType {
  if (dtype === 'bool' || isFloating(other)) return other;
  const whole = dtype === 'int64' || Array.prototype.every.call(values, Number.isInteger);
  return !whole ? 'float32' : other === 'bool' ? 'int32' : other;
}

const isTyped = (value: TensorLike): boolean =>
  value instanceof Tensor || value instanceof Variable || ArrayBuffer.isView(value);

/**
 * Operands in one dtype. Tensors, variables and typed arrays are promoted (bool < integers < floats, narrow < wide);
 * plain numbers and arrays of them take the dtype of what they meet, or float32 when fractions meet integers.
 */
export function toOperands(values: readonly TensorLike[], operation: string): Tensor[] {
  const typed = values.map((value) => (isTyped(value) ? toTensor(value, operation) : null));
  const known = typed.flatMap((tensor) => (tensor ? [tensor.dtype] : []));
  const hosts = values.map((value, i) => (typed[i] ? null : readHostValues(value as NestedArray, operation)));
  const dtypes = hosts.flatMap((host) =>
    host ? [known.length > 0 ? weakDType(host, known.reduce(promote)) : host.dtype] : [],
  );
  const dtype = [...known, ...dtypes].reduce(promote);
  return typed.map((tensor, i) => (tensor ? p.cast(tensor, dtype) : upload(hosts[i] as HostValues, dtype)));
}

/** Two operands in one dtype, as {@link toOperands}. */
export const toPair = (a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] =>
  toOperands([a, b], operation) as [Tensor, Tensor];

/** Two operands in one floating dtype. */
export function toFloatPair(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const [x, y] = toPair(a, b, operation);
  return isFloating(x.dtype) ? [x, y] : [p.cast(x, 'float32'), p.cast(y, 'float32')];
}

/** A number as a scalar of a tensor's dtype, so that arithmetic with it does not promote. */
export const scalarLike = (value: number, like: Tensor): Tensor =>
  fromHost(toHostArray([value], like.dtype), like.dtype, []);
