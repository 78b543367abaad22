/** @file Tensors from host values, and tensors with a pattern. */
import { fromHost } from '../engine/index.ts';
import * as p from '../primitives/calls.ts';
import { type DType, type TypedArray, allocateHostArray, isDType, isFloating } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { type NestedValues, readHostValues, resolveShape, toHostArray } from '../tensor/host.ts';
import { type Shape, formatShape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { upload, uploadStrings } from '../engine/operands.ts';
import { type TensorLike, ownTensor, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

function checkDType(dtype: DType, operation: string): void {
  if (!isDType(dtype)) throw new DTypeError(`${operation}: there is no dtype ${String(dtype)}.`);
}

/**
 * A tensor with the given elements.
 *
 * @param values A number, a string, nested arrays, or a typed array (its elements are copied). With dtype `string` a Uint8Array is the
 *   bytes of one element.
 * @param shape The shape; by default the one of the nesting. One dimension may be -1.
 * @param dtype By default the typed array's own; `float32` for numbers, `int64` for bigints, `bool` for booleans (of a mixture the
 *   first of these); `string` for strings.
 * @throws ShapeError if the nesting is ragged or does not fill `shape`.
 * @example
 * ```ts
 * tf.tensor([[1, 2], [3, 4]]);            // float32 [2, 2]
 * tf.tensor([1, 2, 3, 4], [2, 2], 'int32');
 * ```
 */
export const tensor = op('tensor', function tensor(values: TensorLike, shape?: Shape | null, dtype?: DType): Tensor {
  if (values instanceof Tensor || values instanceof Variable) {
    const source = toTensor(values, 'tensor');
    const converted = p.cast(source, dtype ?? source.dtype);
    return shape ? p.reshape(converted, resolveShape(shape, converted.size, 'tensor')) : ownTensor(converted, values);
  }
  if (dtype === 'string') {
    const strings = uploadStrings(values, 'tensor');
    return shape ? p.reshape(strings, resolveShape(shape, strings.size, 'tensor')) : strings;
  }
  const host = readHostValues(values, 'tensor');
  const chosen = dtype ?? host.dtype;
  checkDType(chosen, 'tensor');
  if (chosen === 'complex64') return p.cast(tensor(values, shape, 'float32'), chosen);
  const resolved = shape ? resolveShape(shape, host.values.length, 'tensor') : host.shape;
  return upload({ ...host, shape: resolved }, chosen);
});

function ofRank(rank: number, values: NestedValues, shape: Shape | undefined | null, dtype?: DType): Tensor {
  const name = `tensor${rank}d`;
  const result = tensor(values, shape, dtype);
  if (result.rank !== rank)
    throw new ShapeError(
      `${name}: expected values of rank ${rank}, got shape ${formatShape(result.shape)}` +
        (shape ? '.' : '; for a flat list of values give the shape as second argument.'),
    );
  return result;
}

/** A vector. @example `tf.tensor1d([1, 2, 3])` */
export const tensor1d = (values: NestedValues, dtype?: DType): Tensor => ofRank(1, values, null, dtype);
/** A matrix. @example `tf.tensor2d([[1, 2], [3, 4]])`, `tf.tensor2d([1, 2, 3, 4], [2, 2])` */
export const tensor2d = (values: NestedValues, shape?: Shape, dtype?: DType): Tensor => ofRank(2, values, shape, dtype);
/** A tensor of rank 3. @example `tf.tensor3d([1, 2, 3, 4], [2, 2, 1])` */
export const tensor3d = (values: NestedValues, shape?: Shape, dtype?: DType): Tensor => ofRank(3, values, shape, dtype);
/** A tensor of rank 4. @example `tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1])` */
export const tensor4d = (values: NestedValues, shape?: Shape, dtype?: DType): Tensor => ofRank(4, values, shape, dtype);

/** A tensor of rank 0. @example `tf.scalar(3.14)`, `tf.scalar(3, 'int32')` */
export function scalar(value: number | boolean | bigint | string | Uint8Array, dtype?: DType): Tensor {
  return ofRankZero(tensor(value, undefined, dtype));
}
function ofRankZero(x: Tensor): Tensor {
  if (x.rank !== 0)
    throw new ShapeError(`scalar: expected one number, boolean or string, got shape ${formatShape(x.shape)}.`);
  return x;
}

/**
 * A variable: named state that training changes.
 *
 * @param initialValue Its first value.
 * @param trainable Whether gradient tapes watch it by themselves and optimizers change it.
 * @example
 * ```ts
 * const w = tf.variable(tf.zeros([2, 2]));
 * w.assign(w.add(1));
 * ```
 */
export function variable(initialValue: TensorLike, trainable = true, name?: string, dtype?: DType): Variable {
  const value = toTensor(initialValue, 'variable', dtype);
  return new Variable(dtype ? p.cast(value, dtype) : value, { name, trainable });
}

function filled(shape: Shape, dtype: DType, operation: string, fillHost: (data: TypedArray) => void): Tensor {
  checkDType(dtype, operation);
  if (!Array.isArray(shape) || shape.some((dimension) => !Number.isInteger(dimension) || dimension < 0))
    throw new ShapeError(`${operation}: expected a shape such as [2, 3], got ${JSON.stringify(shape)}.`);
  const data = allocateHostArray(dtype, sizeOf(shape));
  fillHost(data);
  return fromHost(data, dtype, [...shape]);
}

/** A tensor with one value everywhere. @example `tf.fill([2, 2], 7)` */
export function fill(shape: Shape, value: number | boolean | string, dtype: DType = defaultDType(value)): Tensor {
  if (dtype === 'string') return p.broadcastTo(scalar(value, dtype), [...shape]);
  if (dtype === 'complex64') return p.cast(fill(shape, value, 'float32'), dtype);
  const element = toHostArray([value], dtype)[0];
  return filled(shape, dtype, 'fill', (data) => (data as Float64Array).fill(element as number));
}
const defaultDType = (value: number | boolean | string): DType =>
  typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : 'float32';

/** A tensor of zeros (float32 by default), or of empty strings. @example `tf.zeros([2, 2])` */
export const zeros = (shape: Shape, dtype: DType = 'float32'): Tensor =>
  fill(shape, dtype === 'string' ? '' : 0, dtype);
/** A tensor of ones (float32 by default). @example `tf.ones([2, 2], 'int32')` */
export const ones = (shape: Shape, dtype: DType = 'float32'): Tensor => fill(shape, 1, dtype);

/** Zeros of another tensor's shape and dtype. @example `tf.zerosLike([[1, 2]])` is `[[0, 0]]` */
export const zerosLike = op('zerosLike', function zerosLike(x: TensorLike): Tensor {
  const like = toTensor(x, 'zerosLike');
  return zeros(like.shape, like.dtype);
});
/** Ones of another tensor's shape and dtype. @example `tf.onesLike([[1, 2]])` is `[[1, 1]]` */
export const onesLike = op('onesLike', function onesLike(x: TensorLike): Tensor {
  const like = toTensor(x, 'onesLike');
  return ones(like.shape, like.dtype);
});

/**
 * `start, start + step, ...` up to but without `stop`.
 *
 * @param step By default 1, or -1 where `stop < start`.
 * @example `tf.range(0, 5, 2)` is `[0, 2, 4]`
 */
export function range(
  start: number,
  stop: number,
  step: number = stop < start ? -1 : 1,
  dtype: DType = 'float32',
): Tensor {
  if (step === 0 || !Number.isFinite(step))
    throw new ArgumentError(`range: expected a finite step other than 0, got ${step}.`);
  const length = Math.max(0, Math.ceil((stop - start) / step));
  return tensor(
    Array.from({ length }, (_, i) => start + i * step),
    [length],
    dtype,
  );
}

/** `count` evenly spaced numbers from `start` to `stop`, both included. @example `tf.linspace(0, 1, 5)` */
export function linspace(start: number, stop: number, count: number, dtype: DType = 'float32'): Tensor {
  if (!Number.isInteger(count) || count < 1)
    throw new ArgumentError(`linspace: expected a count of at least 1, got ${count}.`);
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  return tensor(
    Array.from({ length: count }, (_, i) => (i === count - 1 && i > 0 ? stop : start + i * step)),
    [count],
    dtype,
  );
}

/**
 * Matrices with ones on the diagonal and zeros elsewhere.
 *
 * @param rows Rows of each matrix.
 * @param columns Columns of each matrix; `rows` by default.
 * @param batchShape Leading dimensions, over which the matrix is repeated.
 * @example `tf.eye(2, 3)` is `[[1, 0, 0], [0, 1, 0]]`
 */
export function eye(rows: number, columns: number = rows, batchShape: Shape = [], dtype: DType = 'float32'): Tensor {
  if (dtype === 'complex64') return p.cast(eye(rows, columns, batchShape), dtype);
  const matrix = filled([rows, columns], dtype, 'eye', (data) => {
    const one = toHostArray([1], dtype)[0] as number;
    for (let i = 0; i < Math.min(rows, columns); i++) (data as Float64Array)[i * columns + i] = one;
  });
  return batchShape.length > 0 ? p.broadcastTo(matrix, [...batchShape, rows, columns]) : matrix;
}

/**
 * One-hot vectors along a new last axis: `onValue` at each index, `offValue` elsewhere (everywhere for an index out of range).
 *
 * @param indices Integers of any shape.
 * @param depth Length of the new axis.
 * @example `tf.oneHot([0, 2], 3)` is `[[1, 0, 0], [0, 0, 1]]`
 */
export const oneHot = op(
  'oneHot',
  function oneHot(indices: TensorLike, depth: number, onValue = 1, offValue = 0, dtype: DType = 'int32'): Tensor {
    const given = toTensor(indices, 'oneHot', 'int32');
    // Places are compared in a dtype that has all of them: 8 bits would begin anew at 256.
    const x = p.cast(
      given,
      given.dtype === 'float64' || given.dtype === 'int64'
        ? given.dtype
        : isFloating(given.dtype)
          ? 'float32'
          : 'int32',
    );
    const hit = p.equal(p.reshape(x, [...x.shape, 1]), range(0, depth, 1, x.dtype));
    return onValue === 1 && offValue === 0
      ? p.cast(hit, dtype)
      : p.select(hit, scalar(onValue, dtype), scalar(offValue, dtype));
  },
);
