/** @file Functions that TensorFlow.js has as methods of tensors only, and those whose first operand as a method is another one. */
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import * as creation from './creation.ts';
import { type TensorLike, toTensor } from './convert.ts';
import { resizeBilinear, resizeNearestNeighbor } from './image/index.ts';
import { reshape } from './manipulation.ts';
import { where as choose } from './selection.ts';
import { cast } from './unary.ts';

export { resizeBilinear, resizeNearestNeighbor };
export const { oneHot, onesLike, zerosLike } = creation;

/** The only element as a tensor of rank 0. @throws ShapeError where there are more */
export const asScalar = (x: TensorLike): Tensor => reshape(x, []);
/** All elements as a vector. */
export const as1D = (x: TensorLike): Tensor => reshape(x, [-1]);
/** The same elements as a matrix. */
export const as2D = (x: TensorLike, rows: number, columns: number): Tensor => reshape(x, [rows, columns]);
/** The same elements in a shape of rank 3. */
export const as3D = (x: TensorLike, ...shape: [number, number, number]): Tensor => reshape(x, shape);
/** The same elements in a shape of rank 4. */
export const as4D = (x: TensorLike, ...shape: [number, number, number, number]): Tensor => reshape(x, shape);
/** The same elements in a shape of rank 5. */
export const as5D = (x: TensorLike, ...shape: [number, number, number, number, number]): Tensor => reshape(x, shape);

/** The same elements in the shape of another tensor. @throws ShapeError where that has another size */
export const reshapeAs = (x: TensorLike, like: TensorLike): Tensor => reshape(x, shapeOf(like));
const shapeOf = (like: TensorLike): Shape =>
  like instanceof Tensor || like instanceof Variable ? like.shape : toTensor(like, 'reshapeAs').shape;

/** The elements in another dtype, as `cast`. */
export const asType = (x: TensorLike, dtype: DType): Tensor => cast(x, dtype);
/** The elements as float32. */
export const toFloat = (x: TensorLike): Tensor => cast(x, 'float32');
/** The elements as int32, floats truncated towards zero. */
export const toInt = (x: TensorLike): Tensor => cast(x, 'int32');
/** The elements as bool: true where they are not 0. */
export const toBool = (x: TensorLike): Tensor => cast(x, 'bool');

/** These elements where `condition` holds, those of `other` elsewhere. @example `x.where(x.greater(0), 0)` */
export const where = (x: TensorLike, condition: TensorLike, other: TensorLike): Tensor => choose(condition, x, other);
