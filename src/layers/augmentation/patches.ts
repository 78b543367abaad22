/** @file Rectangles in images, for layers that erase or replace them. */
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageSize } from './image-layer.ts';
import type { RandomSource } from './random-source.ts';

/** A rectangle in each image. */
export interface Patches {
  /** bool `[batch, height, width, 1]`: which pixels lie in it. */
  readonly masks: Tensor;
  /** `[batch]`: its share of the image. */
  readonly areas: Tensor;
}

/** A stretch of `share` `[batch]` of an axis, at a random place: its first and its last end. */
function stretch(source: RandomSource, share: Tensor, extent: number): [Tensor, Tensor] {
  const length = ops.mul(share, extent);
  const first = ops.mul(source.uniform(share.shape), ops.sub(extent, length));
  return [first, ops.add(first, length)];
}

/** Rectangles of these shares `[batch]` of width and height, at random places. */
export function drawPatches(
  source: RandomSource,
  { height, width }: ImageSize,
  [across, down]: readonly [Tensor, Tensor],
): Patches {
  const [left, right] = stretch(source, across, width);
  const [top, bottom] = stretch(source, down, height);
  const within = (extent: number, shape: readonly number[], first: Tensor, last: Tensor): Tensor => {
    const place = ops.reshape(ops.range(0, extent), shape);
    const [from, to] = [ops.reshape(first, [-1, 1, 1, 1]), ops.reshape(last, [-1, 1, 1, 1])];
    return ops.logicalAnd(ops.greaterEqual(place, from), ops.less(place, to));
  };
  return {
    masks: ops.logicalAnd(within(height, [1, height, 1, 1], top, bottom), within(width, [1, 1, width, 1], left, right)),
    areas: ops.mul(across, down),
  };
}
