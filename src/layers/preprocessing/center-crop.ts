/** @file CenterCrop: the middle of images. */
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageSize } from '../augmentation/image-layer.ts';
import {
  type Extent,
  type ImageWindow,
  boxesInWindow,
  cutWindow,
  middleWindow,
  windowOfProportions,
} from '../augmentation/image-windows.ts';
import { FixedSizeLayer, type FixedSizeOptions } from './fixed-size-layer.ts';

export type CenterCropOptions = FixedSizeOptions;

/**
 * The middle of images, `height` by `width` pixels. Of images that are smaller on an axis the largest middle of these proportions, resized
 * (bilinear) to that size.
 *
 * Images `[batch, rows, columns, channels]` or one of them, or an object of images with labels, boxes and masks; output
 * `[batch, height, width, channels]` in the layer's dtype.
 *
 * @example
 * tf.layers.centerCrop({ height: 2, width: 2 }).apply(tf.range(0, 16).reshape([1, 4, 4, 1])).flatten(); // [5, 6, 9, 10]
 */
export class CenterCrop extends FixedSizeLayer {
  private windowIn(size: Extent): ImageWindow {
    return size.height >= this.height && size.width >= this.width
      ? middleWindow(size, this)
      : windowOfProportions(size, this);
  }

  protected override fit(images: Tensor): Tensor {
    const [, height, width] = images.shape;
    const window = this.windowIn({ height, width });
    const cut = cutWindow(images, window);
    return window.height === this.height && window.width === this.width
      ? cut
      : ops.image.resize(cut, [this.height, this.width]);
  }

  override transformSegmentationMasks(masks: Tensor): Tensor {
    return this.transformImages(masks);
  }

  protected override fitBoxes(boxes: Tensor, size: ImageSize): Tensor {
    const window = this.windowIn(size);
    const { top, left, height, width } = window;
    const least = ops.tensor([left, top, left, top]);
    const most = ops.tensor([left + width, top + height, left + width, top + height]);
    return boxesInWindow(ops.minimum(ops.maximum(boxes, least), most), window, this);
  }
}
