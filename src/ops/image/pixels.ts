/** @file Pixels at computed places, for operations that look images up. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { scalarLike } from '../convert.ts';
import { hostTensor } from '../host-tensor.ts';

export const plus = (x: Tensor, n: number): Tensor => p.add(x, scalarLike(n, x));
export const times = (x: Tensor, n: number): Tensor => p.mul(x, scalarLike(n, x));
/** 0, 1, 2, ... in the dtype of `like`. */
export const countUp = (count: number, like: Tensor, shape: readonly number[] = [count]): Tensor =>
  hostTensor(Array.from({ length: count }, (_, i) => i), shape, like.dtype); // prettier-ignore
/** Whether coordinates lie within an axis. */
export const within = (x: Tensor, size: number): Tensor =>
  p.logicalAnd(p.greaterEqual(x, scalarLike(0, x)), p.lessEqual(x, scalarLike(size - 1, x)));
/** Coordinates brought to the nearest pixel. */
export const clamp = (x: Tensor, size: number): Tensor =>
  p.minimum(p.maximum(x, scalarLike(0, x)), scalarLike(size - 1, x));

/** What is left of coordinates when whole sizes are taken away: from 0 up to but without `size`. */
export const remainder = (x: Tensor, size: number): Tensor =>
  // A quotient, not a product with 1 / size, which would be off at multiples.
  p.sub(x, times(p.floor(p.div(x, scalarLike(size, x))), size));
/** Coordinates in an image and its mirror image, over and over; what lies inside stays as exact as it is. */
export function reflected(x: Tensor, size: number): Tensor {
  const turned = remainder(x, 2 * size);
  return p.minimum(turned, p.sub(scalarLike(2 * size - 1, x), turned));
}

/** Looks pixels of `images` up: whole coordinates, clamped into the image, with `batch` (int32) of the same rank. */
export function pixelsAt(images: Tensor, batch: Tensor, row: Tensor, column: Tensor): Tensor {
  const [count, height, width, channels] = images.shape;
  // NaN and what lies outside have no pixel of their own; whoever asks replaces what comes.
  const toIndex = (x: Tensor, size: number): Tensor =>
    p.cast(clamp(p.select(p.isNaN(x), scalarLike(0, x), x), size), 'int32');
  const line = p.add(times(batch, height), toIndex(row, height));
  const place = p.add(times(line, width), toIndex(column, width));
  return p.gather(p.reshape(images, [count * height * width, channels]), place, 0);
}

/**
 * Looks whole coordinates up, and gives `fill` for those beyond the border: in a frame of it around the images, into which all that
 * lies outside is clamped. That takes less than choosing between pixels and `fill`.
 */
export function inFrame(images: Tensor, batch: Tensor, fill: number): (row: Tensor, column: Tensor) => Tensor {
  const [none, one] = [[0, 0] as const, [1, 1] as const];
  const framed = p.pad(images, [none, one, one, none], fill);
  return (row, column) => pixelsAt(framed, batch, plus(row, 1), plus(column, 1));
}

export type Interpolation = 'nearest' | 'bilinear';
/** @throws ArgumentError */
export function checkInterpolation(method: string, operation: string): void {
  if (method !== 'nearest' && method !== 'bilinear')
    throw new ArgumentError(`${operation}: expected 'bilinear' or 'nearest', got ${JSON.stringify(method)}.`);
}
export const asColumn = (x: Tensor): Tensor => p.reshape(x, [...x.shape, 1]);

/**
 * Weighs the four pixels around each place. `read` gives a pixel for whole coordinates; `next` the whole coordinate after.
 */
export function interpolate(
  row: Tensor,
  column: Tensor,
  next: (x: Tensor) => Tensor,
  read: (row: Tensor, column: Tensor) => Tensor,
): Tensor {
  const [top, left] = [p.floor(row), p.floor(column)];
  const [bottom, right] = [next(row), next(column)];
  const [down, across] = [asColumn(p.sub(row, top)), asColumn(p.sub(column, left))];
  const mix = (a: Tensor, b: Tensor, share: Tensor): Tensor => p.add(a, p.mul(p.sub(b, a), share));
  return mix(
    mix(read(top, left), read(top, right), across),
    mix(read(bottom, left), read(bottom, right), across),
    down,
  );
}
