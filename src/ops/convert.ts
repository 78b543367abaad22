/** @file What operations accept as operands, and the dtype they meet in. */
import { type TensorLike, scalarLike, toTensor, upload } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import { type DType, integerRange, isFloating, isInexact, promote } from '../tensor/dtype.ts';
import { type HostValues, type NestedValues, readHostValues } from '../tensor/host.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

export { type TensorLike, scalarLike, toTensor };

/** A tensor of floats or complex numbers: integers and booleans become float32. */
export function toFloat(value: TensorLike, operation: string): Tensor {
  const x = toTensor(value, operation);
  return isInexact(x.dtype) ? x : p.cast(x, 'float32');
}

/**
 * A tensor of the caller's own, for an operation that finds nothing to do: disposing of its result must leave the operand.
 * `made` is the operand as a tensor, which may be the operand itself.
 */
export const ownTensor = (made: Tensor, operand: unknown): Tensor =>
  made === operand && !made.isSymbolic ? p.reshape(made, made.shape) : made;

/** The dtype in which host values join a tensor: the tensor's own where it can hold them, else the first wider one that can. */
function weakDType({ values, dtype }: HostValues, other: DType): DType {
  if (dtype === 'string' || other === 'string') return promote(dtype, other);
  if (dtype === 'bool' || isInexact(other)) return other;
  let [least, greatest] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (!Number.isInteger(value)) return 'float32';
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const holds = (candidate: DType): boolean => {
    const [low, high] = integerRange(candidate);
    return least >= low && greatest <= high;
  };
  const candidates: readonly DType[] = other === 'bool' ? ['int32', 'int64'] : [other, 'int32', 'int64'];
  return candidates.find(holds) ?? 'float32';
}

/** Host values are real; in arithmetic with complex numbers they have no imaginary part. */
const uploadAs = (host: HostValues, dtype: DType): Tensor =>
  dtype === 'complex64' ? p.cast(upload(host, 'float32'), dtype) : upload(host, dtype);

const isTyped = (value: TensorLike): boolean =>
  value instanceof Tensor || value instanceof Variable || ArrayBuffer.isView(value);

/**
 * Operands in one dtype. Tensors, variables and typed arrays are promoted (bool < integers < floats, narrow < wide);
 * plain numbers and arrays of them take the dtype of what they meet; where that is an integer dtype that cannot hold them,
 * the result is float32 for fractions, else int32 or int64.
 */
export function toOperands(values: readonly TensorLike[], operation: string): Tensor[] {
  return values.length === 2 ? (quickPair(values[0], values[1]) ?? meet(values, operation)) : meet(values, operation);
}

/** The common cases of two operands, told apart without making lists: nothing to convert, or one plain number. */
function quickPair(a: TensorLike, b: TensorLike): [Tensor, Tensor] | null {
  if (a instanceof Tensor) {
    if (b instanceof Tensor) return a.dtype === b.dtype ? [a, b] : null;
    return typeof b === 'number' && joins(b, a.dtype) ? [a, scalarLike(b, a)] : null;
  }
  return typeof a === 'number' && b instanceof Tensor && joins(a, b.dtype) ? [scalarLike(a, b), b] : null;
}
/** Whether a number takes a dtype as it is. */
const joins = (value: number, dtype: DType): boolean =>
  isFloating(dtype) || (dtype === 'int32' && (value | 0) === value && !Object.is(value, -0));

function meet(values: readonly TensorLike[], operation: string): Tensor[] {
  const typed = values.map((value) => (isTyped(value) ? toTensor(value, operation) : null));
  const known = typed.flatMap((tensor) => (tensor ? [tensor.dtype] : []));
  const hosts = values.map((value, i) => (typed[i] ? null : readHostValues(value as NestedValues, operation)));
  const dtypes = hosts.flatMap((host) =>
    host ? [known.length > 0 ? weakDType(host, known.reduce(promote)) : host.dtype] : [],
  );
  const dtype = [...known, ...dtypes].reduce(promote);
  return typed.map((tensor, i) => (tensor ? p.cast(tensor, dtype) : uploadAs(hosts[i] as HostValues, dtype)));
}

/** Two operands in one dtype, as {@link toOperands}. */
export const toPair = (a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] =>
  toOperands([a, b], operation) as [Tensor, Tensor];

/** Two operands in one floating dtype, or complex. */
export function toFloatPair(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const [x, y] = toPair(a, b, operation);
  return isInexact(x.dtype) ? [x, y] : [p.cast(x, 'float32'), p.cast(y, 'float32')];
}
