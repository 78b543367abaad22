/** @file Windows of images: where they lie, what is in them, and where boxes are then. */
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** A window of images: the row and the column where it begins, and its size. */
export interface ImageWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** A height and a width in pixels. */
export interface Extent {
  readonly height: number;
  readonly width: number;
}

/** A window of this size in the middle. */
export const middleWindow = (image: Extent, { height, width }: Extent): ImageWindow => ({
  top: Math.trunc((image.height - height) / 2),
  left: Math.trunc((image.width - width) / 2),
  height,
  width,
});

/** The largest window with the proportions of `target`, in the middle. */
export function windowOfProportions(image: Extent, target: Extent): ImageWindow {
  const fitted = (size: number, other: number): number => Math.max(1, Math.min(size, Math.trunc(other)));
  return middleWindow(image, {
    height: fitted(image.height, (image.width * target.height) / target.width),
    width: fitted(image.width, (image.height * target.width) / target.height),
  });
}

/** A window cut out of images with the channels last. */
export const cutWindow = (images: Tensor, { top, left, height, width }: ImageWindow): Tensor =>
  ops.slice(images, [0, top, left, 0], [images.shape[0], height, width, images.shape[3]]);

/** Boxes in pixels of the image as boxes in pixels of a window that becomes `target` large. */
export function boxesInWindow(boxes: Tensor, window: ImageWindow, target: Extent): Tensor {
  const { top, left, height, width } = window;
  const [down, across] = [target.height / height, target.width / width];
  return ops.mul(ops.sub(boxes, ops.tensor([left, top, left, top])), ops.tensor([across, down, across, down]));
}
