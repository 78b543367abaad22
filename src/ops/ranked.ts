/** @file TensorFlow.js's names for operations on tensors of one rank: each checks the rank and is the operation itself. */
import { ShapeError } from '../tensor/errors.ts';
import type { NestedArray } from '../tensor/host.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toTensor } from './convert.ts';
import { tensor } from './creation.ts';
import { concat } from './joining.ts';
import { pad, reverse, slice } from './manipulation.ts';
import { batchNorm } from './normalization.ts';
import { op } from '../symbolic/op.ts';

function expectRank(x: TensorLike, rank: number, operation: string): Tensor {
  const value = toTensor(x, operation);
  if (value.rank === rank) return value;
  throw new ShapeError(`${operation}: expected a tensor of rank ${rank}, got shape ${formatShape(value.shape)}.`);
}

function ofRank(rank: number, values: NestedArray, shape: Shape | undefined, dtype: DType | undefined): Tensor {
  const result = tensor(values, shape, dtype);
  return expectRank(result, rank, `tensor${rank}d`);
}
/** A tensor of rank 5. @example `tf.tensor5d([1, 2], [1, 1, 1, 1, 2]).shape` is `[1, 1, 1, 1, 2]` */
export const tensor5d = (values: NestedArray, shape?: Shape, dtype?: DType): Tensor => ofRank(5, values, shape, dtype);
/** A tensor of rank 6. @example `tf.tensor6d([1, 2], [1, 1, 1, 1, 1, 2]).shape` is `[1, 1, 1, 1, 1, 2]` */
export const tensor6d = (values: NestedArray, shape?: Shape, dtype?: DType): Tensor => ofRank(6, values, shape, dtype);

type Concat = (tensors: readonly TensorLike[], axis?: number) => Tensor;
const concatOf =
  (rank: number): Concat =>
  (tensors, axis = 0) =>
    concat(
      tensors.map((one) => expectRank(one, rank, `concat${rank}d`)),
      axis,
    );
/** `concat` of vectors. @example `tf.concat1d([[1], [2, 3]])` is `[1, 2, 3]` */
export const concat1d = op('concat1d', (tensors: readonly TensorLike[]): Tensor => concatOf(1)(tensors));
/** `concat` of tensors of rank 2. @example `tf.concat2d([[[1]], [[2]]], 1)` is `[[1, 2]]` */
export const concat2d: Concat = op('concat2d', concatOf(2));
/** `concat` of tensors of rank 3. @example `tf.concat3d([[[[1]]], [[[2]]]], 2)` is `[[[1, 2]]]` */
export const concat3d: Concat = op('concat3d', concatOf(3));
/** `concat` of tensors of rank 4. @example `tf.concat4d([[[[[1]]]], [[[[2]]]]], 3)` is `[[[[1, 2]]]]` */
export const concat4d: Concat = op('concat4d', concatOf(4));

type Slice = (x: TensorLike, begin: number | Shape, size?: number | Shape) => Tensor;
const sliceOf =
  (rank: number): Slice =>
  (x, begin, size) =>
    slice(expectRank(x, rank, `slice${rank}d`), begin, size);
/** `slice` of a vector. @example `tf.slice1d([1, 2, 3], 1, 2)` is `[2, 3]` */
export const slice1d: Slice = op('slice1d', sliceOf(1));
/** `slice` of a tensor of rank 2. @example `tf.slice2d([[1, 2], [3, 4]], [0, 1], [2, 1])` is `[[2], [4]]` */
export const slice2d: Slice = op('slice2d', sliceOf(2));
/** `slice` of a tensor of rank 3. @example `tf.slice3d([[[1, 2, 3]]], [0, 0, 1], [1, 1, 2])` is `[[[2, 3]]]` */
export const slice3d: Slice = op('slice3d', sliceOf(3));
/**
 * `slice` of a tensor of rank 4.
 *
 * @example `tf.slice4d([[[[1, 2, 3]]]], [0, 0, 0, 1], [1, 1, 1, 2])` is `[[[[2, 3]]]]`
 */
export const slice4d: Slice = op('slice4d', sliceOf(4));

type Reverse = (x: TensorLike, axis?: number | readonly number[] | null) => Tensor;
const reverseOf =
  (rank: number): Reverse =>
  (x, axis = null) =>
    reverse(expectRank(x, rank, `reverse${rank}d`), axis);
/** `reverse` of a vector. @example `tf.reverse1d([1, 2])` is `[2, 1]` */
export const reverse1d = op('reverse1d', (x: TensorLike): Tensor => reverseOf(1)(x));
/** `reverse` of a tensor of rank 2. @example `tf.reverse2d([[1, 2], [3, 4]], 1)` is `[[2, 1], [4, 3]]` */
export const reverse2d: Reverse = op('reverse2d', reverseOf(2));
/** `reverse` of a tensor of rank 3. @example `tf.reverse3d([[[1, 2]]], 2)` is `[[[2, 1]]]` */
export const reverse3d: Reverse = op('reverse3d', reverseOf(3));
/** `reverse` of a tensor of rank 4. @example `tf.reverse4d([[[[1, 2]]]], 3)` is `[[[[2, 1]]]]` */
export const reverse4d: Reverse = op('reverse4d', reverseOf(4));

type Pair = readonly [number, number];
type Pad = (x: TensorLike, paddings: readonly Pair[], constantValue?: number) => Tensor;
const padOf =
  (rank: number): Pad =>
  (x, paddings, constantValue = 0) =>
    pad(expectRank(x, rank, `pad${rank}d`), paddings, constantValue);
/** `pad` of a vector. @example `tf.pad1d([1], [1, 2])` is `[0, 1, 0, 0]` */
export const pad1d = op('pad1d', (x: TensorLike, paddings: Pair, constantValue = 0): Tensor =>
  padOf(1)(x, [paddings], constantValue),
);
/** `pad` of a tensor of rank 2. @example `tf.pad2d([[1]], [[0, 1], [1, 0]])` is `[[0, 1], [0, 0]]` */
export const pad2d: Pad = op('pad2d', padOf(2));
/** `pad` of a tensor of rank 3. @example `tf.pad3d([[[1]]], [[0, 0], [0, 0], [1, 1]])` is `[[[0, 1, 0]]]` */
export const pad3d: Pad = op('pad3d', padOf(3));
/**
 * `pad` of a tensor of rank 4.
 *
 * @example `tf.pad4d([[[[1]]]], [[0, 0], [0, 0], [0, 0], [1, 1]])` is `[[[[0, 1, 0]]]]`
 */
export const pad4d: Pad = op('pad4d', padOf(4));

const batchNormOf =
  (rank: number): typeof batchNorm =>
  (x, ...rest) =>
    batchNorm(expectRank(x, rank, `batchNorm${rank}d`), ...rest);
/**
 * `batchNorm` of a tensor of rank 2.
 *
 * @example `tf.batchNorm2d([[1], [3]], [2], [1], [0], [1], 0)` is `[[-1], [1]]`
 */
export const batchNorm2d: typeof batchNorm = op('batchNorm2d', batchNormOf(2));
/**
 * `batchNorm` of a tensor of rank 3.
 *
 * @example `tf.batchNorm3d([[[1], [3]]], [2], [1], [0], [1], 0)` is `[[[-1], [1]]]`
 */
export const batchNorm3d: typeof batchNorm = op('batchNorm3d', batchNormOf(3));
/**
 * `batchNorm` of a tensor of rank 4.
 *
 * @example `tf.batchNorm4d([[[[1], [3]]]], [2], [1], [0], [1], 0)` is `[[[[-1], [1]]]]`
 */
export const batchNorm4d: typeof batchNorm = op('batchNorm4d', batchNormOf(4));
