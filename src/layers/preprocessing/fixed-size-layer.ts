/** @file FixedSizeLayer: layers that bring images to one height and width, in training as in inference. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { ResizeMethod } from '../../ops/image/resize.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { isShape } from '../../tensor/tree.ts';
import type { BoundingBoxes } from '../augmentation/bounding-boxes.ts';
import { ImageLayer, type ImageLayerOptions, type ImageSize } from '../augmentation/image-layer.ts';
import { requireCount } from '../expectations.ts';
import type { PartialShape, ShapeTree } from '../layer.ts';

export interface FixedSizeOptions extends ImageLayerOptions {
  /** Height of the output. */
  height: number;
  /** Width of the output. */
  width: number;
}

/** A window of images: the row and the column where it begins, and its size. */
export interface ImageWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

type Extent = Pick<ImageSize, 'height' | 'width'>;

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

/** Images `[batch, rows, columns, channels]`, or one of them, in one size. */
export abstract class FixedSizeLayer extends ImageLayer<null> {
  readonly height: number;
  readonly width: number;

  constructor(options: FixedSizeOptions) {
    super(options);
    this.height = requireCount(this.name, 'height', options.height);
    this.width = requireCount(this.name, 'width', options.width);
  }

  /** Nothing is drawn: the size of the images says all. */
  override draw(): null {
    return null;
  }

  /** Images with the channels last in the new size, in their dtype or a floating one. @param method Of new pixels, where it is not the layer's own. */
  protected abstract fit(images: Tensor, method?: ResizeMethod): Tensor;
  /** Boxes, in pixels `[left, top, right, bottom]`, of images of `size` after it. */
  protected abstract fitBoxes(boxes: Tensor, size: ImageSize): Tensor;

  protected override augment(images: Tensor): Tensor {
    return this.fit(images);
  }

  override transformImages(images: Tensor): Tensor {
    return this.inChannelsLast(ops.cast(images, this.computeDtype), (x) => ops.cast(this.fit(x), x.dtype));
  }

  override transformBoundingBoxes(given: BoundingBoxes, _transformation: null, size: ImageSize): BoundingBoxes {
    return this.inPixels(given, size, (boxes) => this.fitBoxes(boxes, size), this);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const resized = (shape: PartialShape): PartialShape => {
      const axis = shape.length - (this.dataFormat === 'channelsLast' ? 3 : 2);
      return shape.with(axis, this.height).with(axis + 1, this.width);
    };
    if (isShape(inputShape)) return resized(inputShape);
    const pictures = ['images', 'segmentationMasks', 'segmentation_masks'];
    return Object.fromEntries(
      Object.entries(inputShape as Readonly<Record<string, ShapeTree>>).map(([name, shape]) => [
        name,
        pictures.includes(name) ? resized(shape as PartialShape) : shape,
      ]),
    );
  }

  override detail(): string {
    return `${this.height}x${this.width}`;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), height: this.height, width: this.width };
  }
}
