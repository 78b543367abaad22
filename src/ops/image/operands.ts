/** @file What image operations accept, and the axes they work on. */
import * as p from '../../primitives/calls.ts';
import { type DType, integerRange, isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toTensor } from '../convert.ts';
import { op } from '../../symbolic/op.ts';

/** Runs `compute` on [batch, height, width, channels]; a single image, without the batch, is a batch of one. */
export function withBatch(x: TensorLike, operation: string, compute: (images: Tensor) => Tensor): Tensor {
  const value = toTensor(x, operation);
  if (value.rank === 4) return compute(value);
  if (value.rank !== 3)
    throw new ShapeError(
      `${operation}: expected images of shape [batch, height, width, channels] or one without the batch, got ${formatShape(value.shape)}.`,
    );
  const result = compute(p.reshape(value, [1, ...value.shape]));
  return p.reshape(result, result.shape.slice(1));
}

/** Images `[batch, height, width, channels]`. @throws ShapeError */
export function toBatch(x: TensorLike, operation: string): Tensor {
  const value = toTensor(x, operation);
  if (value.rank !== 4)
    throw new ShapeError(
      `${operation}: expected images of shape [batch, height, width, channels], got ${formatShape(value.shape)}.`,
    );
  return value;
}

/** Where sampling computes: float64 stays, all else is float32, as in TensorFlow. */
export const toSampled = (x: Tensor): Tensor => (x.dtype === 'float64' ? x : p.cast(x, 'float32'));

/** Height and width. @throws ArgumentError unless whole and at least 1 */
export function toExtent(size: readonly number[], operation: string, name = 'size'): [number, number] {
  if (!Array.isArray(size) || size.length !== 2 || size.some((n) => !Number.isInteger(n) || n < 1))
    throw new ArgumentError(
      `${operation}: expected ${name} to be [height, width], positive integers, got ${JSON.stringify(size)}.`,
    );
  return [size[0] as number, size[1] as number];
}

/** @throws ShapeError unless the last axis has three channels */
export function toColors(x: TensorLike, operation: string, what = 'red, green, blue'): Tensor {
  const value = toTensor(x, operation);
  if (value.rank < 1 || value.shape[value.rank - 1] !== 3)
    throw new ShapeError(
      `${operation}: expected the last axis to hold 3 channels (${what}), got shape ${formatShape(value.shape)}.`,
    );
  return value;
}

/**
 * Images in another dtype with their scale changed: floats reach from 0 to 1, integers from 0 to their largest number.
 *
 * @param saturate Whether numbers beyond an integer dtype's range become its ends; otherwise they wrap around.
 * @example tf.image.convertImageDtype(tf.tensor([0, 128, 255], [3], 'uint8'), 'float32') // [0, 0.502, 1]
 */
export const convertImageDtype = op(
  'image.convertImageDtype',
  function convertImageDtype(image: TensorLike, dtype: DType, saturate = false): Tensor {
    const operation = 'image.convertImageDtype';
    const value = toTensor(image, operation);
    if (value.dtype === dtype) return p.reshape(value, value.shape);
    for (const one of [value.dtype, dtype])
      if (one === 'bool' || one === 'complex64' || one === 'string')
        throw new DTypeError(`${operation}: expected floats or integers, got ${value.dtype} to ${dtype}.`);
    if (isFloating(value.dtype)) {
      if (isFloating(dtype)) return p.cast(value, dtype);
      // half more than the largest: each integer then stands for an interval of the same width
      const scaled = p.mul(value, scalarLike(integerRange(dtype)[1] + 0.5, value));
      return p.cast(saturate ? saturated(scaled, dtype) : scaled, dtype);
    }
    const largest = integerRange(value.dtype)[1];
    if (isFloating(dtype)) {
      const wide = p.cast(value, dtype);
      return p.mul(wide, scalarLike(1 / largest, wide));
    }
    const target = integerRange(dtype)[1];
    if (largest > target) {
      const scaled = p.floorDiv(value, scalarLike(Math.floor((largest + 1) / (target + 1)), value));
      return p.cast(saturate ? saturated(scaled, dtype) : scaled, dtype);
    }
    const wide = p.cast(
      saturate
        ? p.maximum(value, scalarLike(Math.max(integerRange(dtype)[0], integerRange(value.dtype)[0]), value))
        : value,
      dtype,
    );
    return p.mul(wide, scalarLike(Math.floor((target + 1) / (largest + 1)), wide));
  },
);

/** Within what `dtype` holds. */
function saturated(x: Tensor, dtype: DType): Tensor {
  const [least, greatest] = integerRange(dtype);
  return p.minimum(p.maximum(x, scalarLike(least, x)), scalarLike(greatest, x));
}

/** Computes on floats and gives the result in the dtype that came, integers scaled to it and cut at its ends. */
export function inFloats(x: Tensor, compute: (floats: Tensor) => Tensor): Tensor {
  if (isFloating(x.dtype)) return compute(x);
  return convertImageDtype(compute(convertImageDtype(x, 'float32')), x.dtype, true);
}
