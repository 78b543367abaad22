/** @file Images looked up at coordinates of your own for each pixel: warping by any displacement. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { toBatch, toSampled } from './operands.ts';
import { type Interpolation, checkInterpolation, clamp, countUp, inFrame, interpolate, pixelsAt, plus, reflected, remainder } from './pixels.ts'; // prettier-ignore
import type { FillMode } from './sampling.ts';
import { op } from '../../symbolic/op.ts';

/** Whole coordinates beyond the border brought back into the image. */
const intoImage: Readonly<Record<Exclude<FillMode, 'constant'>, (x: Tensor, size: number) => Tensor>> = {
  nearest: clamp,
  wrap: remainder,
  reflect: reflected,
};

/**
 * Images looked up at the given coordinates; gradients pass to the images and, where bilinear, to the coordinates.
 *
 * @param images `[batch, height, width, channels]`
 * @param coordinates `[2, batch, rows, columns]`: the row and the column of the image that each pixel of the result shows.
 * @param interpolation Between pixels: `'bilinear'` or `'nearest'` (half to even).
 * @param fillMode What stands beyond the border: `'constant'` (`fillValue`), `'reflect'` (`d c b a | a b c d | d c b a`),
 *   `'wrap'` (`a b c d | a b c d | a b c d`) or `'nearest'` (`a a a a | a b c d | d d d d`).
 * @returns `[batch, rows, columns, channels]`
 * @example
 * const image = tf.reshape([1, 2], [1, 1, 2, 1]);
 * tf.image.mapCoordinates(image, tf.reshape([0, 0.5], [2, 1, 1, 1])) // [[[[1.5]]]], halfway between both
 */
export const mapCoordinates = op(
  'image.mapCoordinates',
  function mapCoordinates(
    images: TensorLike,
    coordinates: TensorLike,
    interpolation: Interpolation = 'bilinear',
    fillMode: FillMode = 'constant',
    fillValue = 0,
  ): Tensor {
    const operation = 'image.mapCoordinates';
    const x = toSampled(toBatch(images, operation));
    const [count, height, width, channels] = x.shape;
    const places = p.cast(toTensor(coordinates, operation), x.dtype);
    checkInterpolation(interpolation, operation);
    if (fillMode !== 'constant' && !Object.hasOwn(intoImage, fillMode))
      throw new ArgumentError(
        `${operation}: expected fillMode 'constant', 'reflect', 'wrap' or 'nearest', got ${JSON.stringify(fillMode)}.`,
      );
    if (places.rank !== 4 || places.shape[0] !== 2 || places.shape[1] !== count)
      throw new ShapeError(
        `${operation}: expected coordinates of shape [2, ${count}, rows, columns], got ${formatShape(places.shape)}.`,
      );
    const grid = places.shape.slice(1);
    const part = (i: number): Tensor => p.reshape(p.slice(places, [i, 0, 0, 0], [1, ...grid]), grid);
    const [row, column] = [part(0), part(1)];
    const batch = p.broadcastTo(p.cast(countUp(count, x, [count, 1, 1]), 'int32'), grid);
    const read =
      fillMode === 'constant'
        ? inFrame(x, batch, fillValue)
        : (r: Tensor, c: Tensor): Tensor =>
            pixelsAt(x, batch, intoImage[fillMode](r, height), intoImage[fillMode](c, width));
    const sampled =
      interpolation === 'nearest'
        ? read(p.round(row), p.round(column))
        : interpolate(row, column, (at) => plus(p.floor(at), 1), read);
    return p.reshape(sampled, [...grid, channels]);
  },
);
