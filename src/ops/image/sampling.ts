/** @file Images looked up at computed places: boxes, projections, rotations, glimpses. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toTensor } from '../convert.ts';
import { hostTensor } from '../host-tensor.ts';
import { randomNormal, randomUniform } from '../random.ts';
import { toBatch, toExtent, toSampled } from './operands.ts';
import { type Interpolation, asColumn, checkInterpolation, clamp, countUp, inFrame, interpolate, pixelsAt, plus, reflected, times, within } from './pixels.ts'; // prettier-ignore
import { op } from '../../symbolic/op.ts';

/** Half away from 0, as C rounds; not half to even. */
const roundAway = (x: Tensor): Tensor => p.mul(p.sign(x), p.floor(plus(p.abs(x), 0.5)));

/**
 * Boxes of images, each resized to one size.
 *
 * @param image `[batch, height, width, channels]`
 * @param boxes `[count, 4]`: top, left, bottom, right, where 0 is the first pixel and 1 the last one. A box may reach beyond
 *   the image, and is mirrored where its end comes before its beginning.
 * @param boxInd `[count]`, the image that each box is of.
 * @param cropSize Height and width of the crops.
 * @param method `'bilinear'` or `'nearest'`.
 * @param extrapolationValue What stands outside of the image.
 * @returns `[count, ...cropSize, channels]`, with gradients at the image and, where bilinear, at the boxes.
 * @example `tf.image.cropAndResize(tf.ones([1, 4, 4, 1]), [[0, 0, 1, 1]], [0], [2, 2]).shape` is `[1, 2, 2, 1]`
 */
export const cropAndResize = op(
  'image.cropAndResize',
  function cropAndResize(
    image: TensorLike,
    boxes: TensorLike,
    boxInd: TensorLike,
    cropSize: readonly number[],
    method: Interpolation = 'bilinear',
    extrapolationValue = 0,
  ): Tensor {
    const operation = 'image.cropAndResize';
    const images = toSampled(toBatch(image, operation));
    const corners = p.cast(toTensor(boxes, operation), images.dtype);
    const owners = p.cast(toTensor(boxInd, operation, 'int32'), 'int32');
    checkInterpolation(method, operation);
    const [rows, columns] = toExtent(cropSize, operation, 'cropSize');
    const count = corners.shape[0];
    if (corners.rank !== 2 || corners.shape[1] !== 4 || owners.rank !== 1 || owners.shape[0] !== count)
      throw new ShapeError(
        `${operation}: expected boxes [count, 4] and boxInd [count], got ${formatShape(corners.shape)} and ${formatShape(owners.shape)}.`,
      );
    const [, height, width, channels] = images.shape;
    const edge = (index: number): Tensor => p.slice(corners, [0, index], [count, 1]);
    const places = (from: Tensor, to: Tensor, size: number, crop: number): Tensor =>
      crop > 1
        ? p.add(times(from, size - 1), p.mul(times(p.sub(to, from), (size - 1) / (crop - 1)), countUp(crop, images)))
        : times(p.add(from, to), (size - 1) / 2);
    const grid = [count, rows, columns];
    const spread = (x: Tensor, shape: readonly number[]): Tensor => p.broadcastTo(p.reshape(x, shape), grid);
    const row = spread(places(edge(0), edge(2), height, rows), [count, rows, 1]);
    const column = spread(places(edge(1), edge(3), width, columns), [count, 1, columns]);
    const batch = spread(owners, [count, 1, 1]);
    const read = (r: Tensor, c: Tensor): Tensor => pixelsAt(images, batch, r, c);
    const sampled =
      method === 'nearest' ? read(roundAway(row), roundAway(column)) : interpolate(row, column, p.ceil, read);
    const inside = asColumn(p.logicalAnd(within(row, height), within(column, width)));
    return p.reshape(p.select(inside, sampled, scalarLike(extrapolationValue, images)), [...grid, channels]);
  },
);

export type FillMode = 'constant' | 'reflect' | 'wrap' | 'nearest';

/** Coordinates beyond the border brought back into the image. */
const intoImage: Readonly<Record<FillMode, (x: Tensor, size: number) => Tensor>> = {
  constant: (x) => x,
  nearest: clamp,
  reflect: (x, size) => clamp(reflected(x, size), size),
  wrap: (x, size) => {
    if (size <= 1) return times(x, 0);
    const turns = (distance: Tensor): Tensor => p.floor(times(distance, 1 / (size - 1)));
    const below = p.add(x, times(plus(turns(p.neg(x)), 1), size));
    const above = p.sub(x, times(turns(x), size));
    const moved = p.select(p.less(x, scalarLike(0, x)), below, above);
    return clamp(p.select(within(x, size), x, moved), size);
  },
};

/**
 * Images seen through projections: the output's pixel (x, y) shows the input's at
 * `((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)` with `k = c0 x + c1 y + 1`.
 *
 * @param image `[batch, height, width, channels]`
 * @param transforms `[batch, 8]` or `[1, 8]`: `[a0, a1, a2, b0, b1, b2, c0, c1]` for each image.
 * @param fillMode What stands beyond the border: `'constant'` (`fillValue`), `'reflect'`, `'wrap'` or `'nearest'`.
 * @param outputShape Height and width of the result; those of the images by default.
 * @example `tf.image.transform([[[[1], [2]]]], [[1, 0, 1, 0, 1, 0, 0, 0]]).flatten()` is `[2, 0]`
 */
export const transform = op(
  'image.transform',
  function transform(
    image: TensorLike,
    transforms: TensorLike,
    interpolation: Interpolation = 'nearest',
    fillMode: FillMode = 'constant',
    fillValue = 0,
    outputShape?: readonly number[],
  ): Tensor {
    const operation = 'image.transform';
    const images = toSampled(toBatch(image, operation));
    const [count, height, width, channels] = images.shape;
    const given = p.cast(toTensor(transforms, operation), images.dtype);
    checkInterpolation(interpolation, operation);
    if (!Object.hasOwn(intoImage, fillMode))
      throw new ArgumentError(
        `${operation}: expected fillMode 'constant', 'reflect', 'wrap' or 'nearest', got ${JSON.stringify(fillMode)}.`,
      );
    if (given.rank !== 2 || given.shape[1] !== 8 || (given.shape[0] !== count && given.shape[0] !== 1))
      throw new ShapeError(
        `${operation}: expected transforms of shape [${count}, 8] or [1, 8], got ${formatShape(given.shape)}.`,
      );
    const [rows, columns] = outputShape ? toExtent(outputShape, operation, 'outputShape') : [height, width];
    const number = (i: number): Tensor =>
      p.reshape(p.slice(given, [0, i], [given.shape[0], 1]), [given.shape[0], 1, 1]);
    const [y, x] = [countUp(rows, images, [rows, 1]), countUp(columns, images)];
    const linear = (i: number, rest: Tensor): Tensor =>
      p.add(p.add(p.mul(number(i), x), p.mul(number(i + 1), y)), rest);
    const depth = linear(6, scalarLike(1, images));
    const grid = [count, rows, columns];
    const place = (i: number, size: number): Tensor =>
      p.broadcastTo(intoImage[fillMode](p.div(linear(i, number(i + 2)), depth), size), grid);
    const [column, row] = [place(0, width), place(3, height)];
    const batch = p.broadcastTo(p.cast(countUp(count, images, [count, 1, 1]), 'int32'), grid);
    // All other modes end within the image; the pixel after the last one has the weight 0.
    const read =
      fillMode === 'constant'
        ? inFrame(images, batch, fillValue)
        : (r: Tensor, c: Tensor): Tensor => pixelsAt(images, batch, r, c);
    const sampled =
      interpolation === 'nearest'
        ? read(roundAway(row), roundAway(column))
        : interpolate(row, column, (at) => plus(p.floor(at), 1), read);
    const atInfinity = p.broadcastTo(p.equal(depth, scalarLike(0, depth)), grid);
    return p.reshape(p.select(asColumn(atInfinity), scalarLike(fillValue, images), sampled), [...grid, channels]);
  },
);

/**
 * Images turned by an angle; each pixel shows the one nearest to where it came from.
 *
 * @param image `[batch, height, width, channels]`
 * @param radians The angle, against the clock.
 * @param fillValue What stands in the corners: one number, or one for each of the first three channels (a fourth is 255).
 * @param center The point that stays where it is, as a share of width and height: one number, or `[x, y]`.
 * @example `tf.image.rotateWithOffset(tf.ones([1, 4, 4, 3]), Math.PI / 2).shape` is `[1, 4, 4, 3]`
 */
export const rotateWithOffset = op(
  'image.rotateWithOffset',
  function rotateWithOffset(
    image: TensorLike,
    radians: number,
    fillValue: number | readonly number[] = 0,
    center: number | readonly [number, number] = 0.5,
  ): Tensor {
    const images = toBatch(image, 'image.rotateWithOffset');
    const [batch, height, width, channels] = images.shape;
    const [shareX, shareY] = typeof center === 'number' ? [center, center] : center;
    const [centerX, centerY] = [width * shareX, height * shareY];
    const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
    const places: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const column = Math.round((x - centerX) * cos - (y - centerY) * sin + centerX);
        const row = Math.round((x - centerX) * sin + (y - centerY) * cos + centerY);
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        // One pixel behind the others is what the corners show.
        places.push(inside ? row * width + column : height * width);
      }
    const fill = Array.from({ length: channels }, (_, channel) =>
      typeof fillValue === 'number' ? fillValue : channel === 3 ? 255 : fillValue[channel],
    );
    const corner = p.broadcastTo(hostTensor(fill, [1, 1, channels], images.dtype), [batch, 1, channels]);
    const pixels = p.concat([p.reshape(images, [batch, height * width, channels]), corner], 1);
    return p.reshape(p.gather(pixels, hostTensor(places), 1), images.shape);
  },
);

/**
 * A window of each image, whose place is a tensor; what lies beyond the border is noise.
 *
 * @param input `[batch, height, width, channels]`
 * @param size Height and width of the window.
 * @param offsets `[batch, 2]`: the row and column of the window's first pixel; where `centered` and `normalized`, of its middle.
 * @param centered Whether offsets are from the middle of the image rather than from its first pixel.
 * @param normalized Whether offsets are in sizes of the image (of half of it, from the middle) rather than in pixels.
 * @param noise `'uniform'`, `'gaussian'` or `'zero'`.
 * @example `tf.image.extractGlimpse(tf.ones([1, 4, 4, 1]), [2, 2], [[0, 0]]).shape` is `[1, 2, 2, 1]`
 */
export const extractGlimpse = op(
  'image.extractGlimpse',
  function extractGlimpse(
    input: TensorLike,
    size: readonly number[],
    offsets: TensorLike,
    centered = true,
    normalized = true,
    noise: 'uniform' | 'gaussian' | 'zero' = 'uniform',
  ): Tensor {
    const operation = 'image.extractGlimpse';
    const images = toSampled(toBatch(input, operation));
    const [rows, columns] = toExtent(size, operation);
    const [batch, height, width, channels] = images.shape;
    const middles = p.cast(toTensor(offsets, operation), images.dtype);
    if (middles.rank !== 2 || middles.shape[0] !== batch || middles.shape[1] !== 2)
      throw new ShapeError(`${operation}: expected offsets of shape [${batch}, 2], got ${formatShape(middles.shape)}.`);
    if (!['uniform', 'gaussian', 'zero'].includes(noise))
      throw new ArgumentError(
        `${operation}: expected noise 'uniform', 'gaussian' or 'zero', got ${JSON.stringify(noise)}.`,
      );
    const begin = (axis: number, whole: number, part: number): Tensor => {
      const given = p.reshape(p.slice(middles, [0, axis], [batch, 1]), [batch, 1, 1]);
      const inPixels = normalized ? times(given, centered ? whole / 2 : whole) : given;
      const start = plus(inPixels, (centered ? whole / 2 : 0) - (centered && normalized ? part / 2 : 0));
      return p.select(p.less(start, scalarLike(0, start)), p.ceil(start), p.floor(start));
    };
    const grid = [batch, rows, columns];
    const row = p.broadcastTo(p.add(begin(0, height, rows), countUp(rows, images, [rows, 1])), grid);
    const column = p.broadcastTo(p.add(begin(1, width, columns), countUp(columns, images)), grid);
    const owner = p.broadcastTo(p.cast(countUp(batch, images, [batch, 1, 1]), 'int32'), grid);
    const pixels = p.reshape(pixelsAt(images, owner, row, column), [...grid, channels]);
    const outside =
      noise === 'uniform'
        ? randomUniform([...grid, channels], 0, 1, images.dtype)
        : noise === 'gaussian'
          ? randomNormal([...grid, channels], 0, 1, images.dtype)
          : scalarLike(0, images);
    return p.select(asColumn(p.logicalAnd(within(row, height), within(column, width))), pixels, outside);
  },
);
