/** @file RandomCrop: a window of images. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import type { PartialShape, ShapeTree } from '../layer.ts';
import { isShape } from '../../tensor/tree.ts';
import type { BoundingBoxes } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { boxesInWindow, cutWindow, windowOfProportions } from './image-windows.ts';
import { RandomImageLayer, type RandomImageLayerOptions } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';

export interface RandomCropOptions extends RandomImageLayerOptions {
  /** Height of the window. */
  height: number;
  /** Width of the window. */
  width: number;
}

interface Window {
  /** Its first row, an int32 scalar. */
  readonly top: Tensor;
  /** Its first column. */
  readonly left: Tensor;
}

/**
 * In training cuts a window out of the images, at one place for the whole batch. In inference, and where images are not larger
 * than the window, takes the largest window of these proportions from the middle, resized to height and width.
 *
 * Images `[batch, rows, columns, channels]` or one of them; output `[batch, height, width, channels]`.
 *
 * @example
 * tf.layers.randomCrop({ height: 24, width: 24 }).apply(images, { training: true });
 */
export class RandomCrop extends RandomImageLayer<Window | null> {
  readonly height: number;
  readonly width: number;

  constructor(options: RandomCropOptions) {
    super(options);
    this.height = requireCount(this.name, 'height', options.height);
    this.width = requireCount(this.name, 'width', options.width);
  }

  /** The window's first row and column; null where the window in the middle is taken. */
  override draw(source: RandomSource, { height, width }: ImageSize): Window | null {
    if (height <= this.height || width <= this.width) return null;
    return {
      top: source.integers([], 0, height - this.height + 1),
      left: source.integers([], 0, width - this.width + 1),
    };
  }

  override transformImages(images: Tensor, transformation: Window | null, training = true): Tensor {
    const window = training ? transformation : null;
    const given = ops.cast(images, this.computeDtype);
    return this.inChannelsLast(given, (x) => (window ? this.augment(x, window) : this.middle(x, 'bilinear')));
  }

  protected override augment(images: Tensor, window: Window | null): Tensor {
    if (!window) return this.middle(images, 'bilinear');
    const places = (first: Tensor, count: number): Tensor =>
      ops.add(ops.cast(first, 'int32'), ops.range(0, count, 1, 'int32'));
    const rows = ops.gather(images, places(window.top, this.height), 1);
    return ops.gather(rows, places(window.left, this.width), 2);
  }

  private middle(images: Tensor, method: 'bilinear' | 'nearest'): Tensor {
    const [, height, width] = images.shape;
    const cut = cutWindow(images, windowOfProportions({ height, width }, this));
    return ops.cast(ops.image.resize(cut, [this.height, this.width], method), images.dtype);
  }

  override transformSegmentationMasks(masks: Tensor, transformation: Window | null, training = true): Tensor {
    const window = training ? transformation : null;
    return this.inChannelsLast(masks, (x) => (window ? this.augment(x, window) : this.middle(x, 'nearest')));
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    transformation: Window | null,
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    const window = training ? transformation : null;
    const change = (boxes: Tensor): Tensor => {
      if (window) {
        const [left, top] = [ops.cast(window.left, boxes.dtype), ops.cast(window.top, boxes.dtype)];
        return ops.sub(boxes, ops.stack([left, top, left, top]));
      }
      return boxesInWindow(boxes, windowOfProportions(size, this), this);
    };
    return this.inPixels(given, size, change, this);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const cropped = (shape: PartialShape): PartialShape => {
      const axis = shape.length - (this.dataFormat === 'channelsLast' ? 3 : 2);
      return shape.with(axis, this.height).with(axis + 1, this.width);
    };
    if (isShape(inputShape)) return cropped(inputShape);
    const data = inputShape as Readonly<Record<string, ShapeTree>>;
    const pictures = ['images', 'segmentationMasks', 'segmentation_masks'];
    return Object.fromEntries(
      Object.entries(data).map(([name, shape]) => [
        name,
        pictures.includes(name) ? cropped(shape as PartialShape) : shape,
      ]),
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), height: this.height, width: this.width };
  }
}
