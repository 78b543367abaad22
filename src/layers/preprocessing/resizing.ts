/** @file Resizing: images in another size. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { ResizeMethod } from '../../ops/image/resize.ts';
import { type DType, isFloating } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BoundingBoxes } from '../augmentation/bounding-boxes.ts';
import type { ImageSize } from '../augmentation/image-layer.ts';
import { boxesInWindow, cutWindow, windowOfProportions } from '../augmentation/image-windows.ts';
import { requireOneOf } from '../expectations.ts';
import { FixedSizeLayer, type FixedSizeOptions } from './fixed-size-layer.ts';

const interpolations = ['bilinear', 'nearest', 'bicubic', 'lanczos3', 'lanczos5', 'area'] as const;

export interface ResizingOptions extends FixedSizeOptions {
  /** What new pixels are made of; default `bilinear`. */
  interpolation?: (typeof interpolations)[number];
  /** Keeps the proportions of what is seen: cuts off what would not fit. Default false: images are stretched. */
  cropToAspectRatio?: boolean;
  /** Keeps the proportions of what is seen: adds margins. Default false. */
  padToAspectRatio?: boolean;
  /** What margins are made of: `constant` alone. */
  fillMode?: 'constant';
  /** The value of margins; default 0. */
  fillValue?: number;
  /** Lets all pixels count where images shrink; default false. */
  antialias?: boolean;
}

/**
 * Images in another size. They keep their dtype: of whole numbers the result is rounded.
 *
 * Images `[batch, rows, columns, channels]` or one of them, or an object of images with labels, boxes and masks; output
 * `[batch, height, width, channels]`.
 *
 * @example
 * tf.layers.resizing({ height: 32, width: 32, padToAspectRatio: true }).apply(tf.ones([8, 60, 40, 3])).shape; // [8, 32, 32, 3]
 */
export class Resizing extends FixedSizeLayer {
  readonly interpolation: (typeof interpolations)[number];
  readonly cropToAspectRatio: boolean;
  readonly padToAspectRatio: boolean;
  readonly fillMode: 'constant';
  readonly fillValue: number;
  readonly antialias: boolean;

  constructor(options: ResizingOptions) {
    super(options);
    this.interpolation = requireOneOf(this.name, 'interpolation', options.interpolation ?? 'bilinear', interpolations);
    this.cropToAspectRatio = options.cropToAspectRatio ?? false;
    this.padToAspectRatio = options.padToAspectRatio ?? false;
    this.fillMode = requireOneOf(this.name, 'fillMode', options.fillMode ?? 'constant', ['constant']);
    this.fillValue = options.fillValue ?? 0;
    this.antialias = options.antialias ?? false;
    if (this.cropToAspectRatio && this.padToAspectRatio)
      throw new ArgumentError(`Layer ${this.name}: cropToAspectRatio and padToAspectRatio exclude each other.`);
  }

  override transformImages(images: Tensor): Tensor {
    return this.inChannelsLast(images, (x) => inDType(this.fit(x), x.dtype));
  }

  override transformSegmentationMasks(masks: Tensor): Tensor {
    return this.inChannelsLast(masks, (x) => this.fit(x, 'nearest'));
  }

  protected override fit(images: Tensor, method: ResizeMethod = this.interpolation): Tensor {
    const [, height, width] = images.shape;
    const seen = this.cropToAspectRatio
      ? cutWindow(images, windowOfProportions({ height, width }, this))
      : this.padToAspectRatio
        ? this.withMargins(images)
        : images;
    return ops.image.resize(seen, [this.height, this.width], method, false, this.antialias);
  }

  /** Margins on both sides of one axis, with which images have about the proportions of the output. */
  private withMargins(images: Tensor): Tensor {
    const [, height, width] = images.shape;
    const margin = (size: number, wanted: number): [number, number] => {
      const each = Math.trunc((Math.max(size, Math.trunc(wanted)) - size) / 2);
      return [each, each];
    };
    const rows = margin(height, (width * this.height) / this.width);
    const columns = margin(width, (height * this.width) / this.height);
    return ops.pad(images, [[0, 0], rows, columns, [0, 0]], this.fillValue);
  }

  /** Boxes that are all 0, or all -1, stand for none, and become 0. */
  override transformBoundingBoxes(given: BoundingBoxes, _transformation: null, size: ImageSize): BoundingBoxes {
    const isAll = (value: number): Tensor => ops.all(ops.equal(given.boxes, value), -1, true);
    const isNone = ops.logicalOr(isAll(0), isAll(-1));
    const change = (boxes: Tensor): Tensor => ops.where(isNone, ops.zerosLike(boxes), this.fitBoxes(boxes, size));
    return this.inPixels(given, size, change, this);
  }

  protected override fitBoxes(boxes: Tensor, size: ImageSize): Tensor {
    const { height, width } = size;
    if (this.cropToAspectRatio) return this.fitBoxesCut(boxes, size);
    const [down, across] = [this.height / height, this.width / width];
    if (!this.padToAspectRatio) return boxesInWindow(boxes, { top: 0, left: 0, height, width }, this);
    const scale = Math.min(down, across);
    const top = Math.floor((this.height - height * scale) / 2);
    const left = Math.floor((this.width - width * scale) / 2);
    return ops.add(ops.mul(boxes, scale), ops.tensor([left, top, left, top]));
  }

  /** What is cut off counts in whole pixels of the output. */
  private fitBoxesCut(boxes: Tensor, { height, width }: ImageSize): Tensor {
    const scale = Math.max(this.height / height, this.width / width);
    const top = Math.floor((height * scale - this.height) / 2);
    const left = Math.floor((width * scale - this.width) / 2);
    return ops.sub(ops.mul(boxes, scale), ops.tensor([left, top, left, top]));
  }

  override getConfig(): Config {
    const { interpolation, cropToAspectRatio, padToAspectRatio, fillMode, fillValue, antialias } = this;
    return {
      ...super.getConfig(),
      ...{ interpolation, cropToAspectRatio, padToAspectRatio, fillMode, fillValue, antialias },
    };
  }
}

/** Resized pixels in the dtype of the images: methods that go beyond the range of their values are held to that of the dtype. */
function inDType(resized: Tensor, dtype: DType): Tensor {
  if (resized.dtype === dtype || isFloating(dtype)) return ops.cast(resized, dtype);
  const rounded = ops.round(resized);
  const bits = /^(u?)int(8|16)$/.exec(dtype);
  if (!bits) return ops.cast(rounded, dtype);
  const values = 2 ** Number(bits[2]);
  const least = bits[1] === 'u' ? 0 : -values / 2;
  return ops.cast(ops.clipByValue(rounded, least, least + values - 1), dtype);
}
