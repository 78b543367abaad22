/** @file MixUp and CutMix: images mixed with others of the batch, and their labels with them. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BoundingBoxes } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { drawPatches } from './patches.ts';
import { RandomImageLayer, type RandomImageLayerOptions, perImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, requireShare } from './ranges.ts';

interface Mixture {
  /** int32 `[batch]`: with which image each is mixed. */
  readonly permutationOrder: Tensor;
  /** `[batch]`: the share of the image itself. */
  readonly mixWeight: Tensor;
}

/** Layers that mix each image with another one of the batch, and labels in the same proportion. */
abstract class MixingLayer<T extends Mixture> extends RandomImageLayer<T> {
  protected override readsBoxes(): boolean {
    return false;
  }

  /** Labels `[batch, classes]` (one-hot, or probabilities) in the proportion of the images. */
  override transformLabels(labels: Tensor, { permutationOrder, mixWeight }: T, training = true): Tensor {
    if (!training) return labels;
    const given = isFloating(labels.dtype) ? labels : ops.cast(labels, this.computeDtype);
    const shape = [-1, ...Array<number>(Math.max(0, given.rank - 1)).fill(1)];
    const share = ops.cast(ops.reshape(mixWeight, shape), given.dtype);
    return mixed(given, ops.gather(given, permutationOrder, 0), share);
  }
}

const mixed = (own: Tensor, others: Tensor, share: Tensor): Tensor =>
  ops.add(ops.mul(own, share), ops.mul(others, ops.sub(1, share)));

export interface MixUpOptions extends RandomImageLayerOptions {
  /** Shares are drawn from the beta distribution with both parameters this: the larger, the nearer to halves. Default 0.2. */
  alpha?: number;
}

/**
 * In training mixes each image with another one of the batch (Zhang et al. 2018): `s x + (1 - s) other`, labels alike, with a
 * share of its own for each image. Boxes of both stay.
 *
 * An object `{ images, labels }`, labels as `[batch, classes]`; output of the same shapes, but twice as many boxes.
 *
 * @example
 * const mixed = tf.layers.mixUp({ alpha: 0.2 }).apply({ images, labels: tf.oneHot(classes, 10) }, { training: true });
 */
export class MixUp extends MixingLayer<Mixture> {
  readonly alpha: number;

  constructor(options: MixUpOptions = {}) {
    super(options);
    this.alpha = options.alpha ?? 0.2;
    if (!(this.alpha > 0))
      throw new ArgumentError(`Layer ${this.name}: expected alpha to be above 0, got ${this.alpha}.`);
  }

  override draw(source: RandomSource, { batch }: ImageSize): Mixture {
    return { permutationOrder: source.permutation(batch), mixWeight: source.beta([batch], this.alpha) };
  }

  protected override augment(images: Tensor, { permutationOrder, mixWeight }: Mixture): Tensor {
    return mixed(images, ops.gather(images, permutationOrder, 0), perImage(mixWeight, images));
  }

  override transformSegmentationMasks(masks: Tensor, transformation: Mixture, training = true): Tensor {
    if (!training) return masks;
    const given = isFloating(masks.dtype) ? masks : ops.cast(masks, this.computeDtype);
    return this.inChannelsLast(given, (x) => this.augment(x, transformation));
  }

  override transformBoundingBoxes(
    { boxes, labels }: BoundingBoxes,
    { permutationOrder }: Mixture,
    _size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return { boxes, labels };
    const both = (x: Tensor): Tensor => ops.concat([x, ops.gather(x, permutationOrder, 0)], 1);
    return { boxes: both(boxes), labels: both(labels) };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}

export interface CutMixOptions extends RandomImageLayerOptions {
  /** Shares are drawn from the beta distribution with both parameters a number of this range; one number means from 0 to it. Default 1. */
  factor?: Factor;
}

interface Cut extends Mixture {
  /** bool `[batch, height, width, 1]`, channels last in any format: what is taken from the other image. */
  readonly batchMasks: Tensor;
}

/**
 * In training replaces a rectangle of each image by that of another one of the batch (Yun et al. 2019), and mixes labels by its area.
 *
 * An object `{ images, labels }`, labels as `[batch, classes]`; output of the same shapes. There is no CutMix of boxes.
 *
 * @example
 * const mixed = tf.layers.cutMix().apply({ images, labels: tf.oneHot(classes, 10) }, { training: true });
 */
export class CutMix extends MixingLayer<Cut> {
  readonly factor: NumberRange;

  constructor(options: CutMixOptions = {}) {
    super(options);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 1);
  }

  override draw(source: RandomSource, size: ImageSize): Cut {
    const alpha = ops.add(source.uniform([], ...this.factor), 1e-6);
    const side = ops.sqrt(ops.sub(1, source.beta([size.batch], alpha)));
    const { masks, areas } = drawPatches(source, size, [side, side]);
    return { permutationOrder: source.permutation(size.batch), mixWeight: ops.sub(1, areas), batchMasks: masks };
  }

  protected override augment(images: Tensor, { permutationOrder, batchMasks }: Cut): Tensor {
    return ops.where(batchMasks, ops.gather(images, permutationOrder, 0), images);
  }

  override transformSegmentationMasks(masks: Tensor, transformation: Cut, training = true): Tensor {
    return training ? this.inChannelsLast(masks, (x) => this.augment(x, transformation)) : masks;
  }

  /** @throws ArgumentError always in training: half a box would have half a label */
  override transformBoundingBoxes(
    boxes: BoundingBoxes,
    _transformation: Cut,
    _size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return boxes;
    throw new ArgumentError(`Layer ${this.name}: CutMix cannot mix bounding boxes; leave them out, or use MixUp.`);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
