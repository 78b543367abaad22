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
