/** @file MaxNumBoundingBoxes: as many boxes in each image. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { isShape } from '../../tensor/tree.ts';
import { requireCount } from '../expectations.ts';
import type { PartialShape, ShapeTree } from '../layer.ts';
import type { BoundingBoxes } from './bounding-boxes.ts';
import { ImageLayer, type ImageLayerOptions } from './image-layer.ts';

export interface MaxNumBoundingBoxesOptions extends ImageLayerOptions {
  /** How many boxes each image has afterwards. */
  maxNumber: number;
  /** The numbers and the label of boxes that are not there; default -1. */
  fillValue?: number;
}

/**
 * Leaves the first boxes of each image, or adds boxes that mean nothing, so that there are `maxNumber`; in training and in inference.
 * Images, labels and masks stay.
 *
 * An object `{ images, boundingBoxes: { boxes, labels } }`, boxes `[batch, n, 4]` (ragged ones too); output `[batch, maxNumber, 4]`.
 *
 * @example
 * tf.layers.maxNumBoundingBoxes({ maxNumber: 10 }).apply({ images, boundingBoxes });
 */
export class MaxNumBoundingBoxes extends ImageLayer<null> {
  readonly maxNumber: number;
  readonly fillValue: number;

  constructor(options: MaxNumBoundingBoxesOptions) {
    super(options);
    this.maxNumber = requireCount(this.name, 'maxNumber', options.maxNumber);
    this.fillValue = options.fillValue ?? -1;
  }

  protected override readsBoxes(): boolean {
    return false;
  }

  override draw(): null {
    return null;
  }

  protected override augment(images: Tensor): Tensor {
    return images;
  }

  override transformBoundingBoxes({ boxes, labels }: BoundingBoxes): BoundingBoxes {
    const first = (x: Tensor): Tensor => {
      const count = Math.min(x.shape[1], this.maxNumber);
      const rest = x.shape.slice(2);
      const kept = ops.slice(x, [0, 0, ...rest.map(() => 0)], [x.shape[0], count, ...rest]);
      const margins = x.shape.map((_, axis) => [0, axis === 1 ? this.maxNumber - count : 0] as const);
      return ops.pad(kept, margins as [number, number][], this.fillValue);
    };
    return { boxes: first(boxes), labels: first(labels) };
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    if (isShape(inputShape)) return inputShape;
    const data = inputShape as Readonly<Record<string, ShapeTree>>;
    const { maxNumber } = this;
    const sized = (shape: PartialShape, axis: number): PartialShape => shape.with(axis, maxNumber);
    return Object.fromEntries(
      Object.entries(data).map(([name, shape]) => {
        if (name !== 'boundingBoxes' && name !== 'bounding_boxes') return [name, shape];
        const { boxes, labels } = shape as unknown as { boxes: PartialShape; labels: PartialShape };
        return [name, { boxes: sized(boxes, boxes.length - 2), labels: sized(labels, boxes.length - 2) }];
      }),
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), maxNumber: this.maxNumber, fillValue: this.fillValue };
  }
}
