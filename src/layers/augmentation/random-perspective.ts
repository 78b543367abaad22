/** @file RandomPerspective: images seen from another side. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type BoundingBoxes, boxNumbers, joinBox } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { type Interpolation, interpolations } from './projective-layer.ts';
import { RandomImageLayer, type RandomImageLayerOptions, whereImage } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, requireShare } from './ranges.ts';

export interface RandomPerspectiveOptions extends RandomImageLayerOptions {
  /** With which probability; of a range it is drawn for each image. One number means from 0 to it. Default 1. */
  factor?: Factor;
  /** How far corners move, from 0 to 1; default 1. */
  scale?: number;
  /** Values between pixels; default `bilinear`. */
  interpolation?: Interpolation;
  /** What stands beyond the border; default 0. */
  fillValue?: number;
}

interface Perspective {
  /** bool `[batch]`. */
  readonly applyPerspective: Tensor;
  /** `[batch, 4, 2]`: the corners as x and y. */
  readonly startPoints: Tensor;
  /** `[batch, 4, 2]`: where they go. */
  readonly endPoints: Tensor;
}

/**
 * In training moves the corners of images, which are then seen in perspective; the size stays.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape. A corner (x, y) goes to
 * (x (1 + a), y (1 + b)), a and b from -scale/2 to scale/2. Boxes become the smallest upright ones around what they become.
 *
 * @example
 * tf.layers.randomPerspective({ factor: 0.5, scale: 0.3 }).apply(images, { training: true });
 */
export class RandomPerspective extends RandomImageLayer<Perspective> {
  readonly factor: NumberRange;
  readonly scale: number;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(options: RandomPerspectiveOptions = {}) {
    super(options);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 1);
    this.scale = options.scale ?? 1;
    if (!(this.scale >= 0 && this.scale <= 1))
      throw new ArgumentError(`Layer ${this.name}: expected scale to be from 0 to 1, got ${this.scale}.`);
    this.interpolation = requireOneOf(this.name, 'interpolation', options.interpolation ?? 'bilinear', interpolations);
    this.fillValue = options.fillValue ?? 0;
  }

  override draw(source: RandomSource, { batch, height, width }: ImageSize): Perspective {
    const applyPerspective = source.happens(batch, this.factor);
    const [right, bottom] = [width - 1, height - 1];
    const startPoints = ops.tile(ops.tensor([[[0, 0], [right, 0], [0, bottom], [right, bottom]]]), [batch, 1, 1]); // prettier-ignore
    const moved = source.uniform([batch, 4, 2], -this.scale / 2, this.scale / 2);
    return { applyPerspective, startPoints, endPoints: ops.add(startPoints, ops.mul(startPoints, moved)) };
  }

  protected override augment(images: Tensor, transformation: Perspective): Tensor {
    return this.sampled(images, transformation, this.interpolation);
  }

  private sampled(images: Tensor, { applyPerspective, ...points }: Perspective, interpolation: Interpolation): Tensor {
    const projections = homography(points.startPoints, points.endPoints);
    const seen = ops.image.transform(images, projections, interpolation, 'constant', this.fillValue);
    return whereImage(applyPerspective, ops.cast(seen, images.dtype), images);
  }

  override transformSegmentationMasks(masks: Tensor, transformation: Perspective, training = true): Tensor {
    if (!training) return masks;
    return this.inChannelsLast(masks, (x) => this.sampled(x, transformation, 'nearest'));
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    { applyPerspective, startPoints, endPoints }: Perspective,
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return given;
    // The opposite way: from the corners to where they go.
    const [a0, a1, a2, b0, b1, b2, c0, c1] = ops
      .unstack(homography(endPoints, startPoints), 1)
      .map((column) => ops.reshape(column, [-1, 1, 1]));
    return this.inPixels(given, size, (boxes) => {
      const [left, top, right, bottom] = boxNumbers(boxes);
      const x = ops.concat([left, right, left, right], -1);
      const y = ops.concat([top, bottom, bottom, top], -1);
      const linear = (a: Tensor, b: Tensor, c: Tensor | number): Tensor =>
        ops.add(ops.add(ops.mul(a, x), ops.mul(b, y)), c);
      const depth = linear(c0, c1, 1);
      const [xs, ys] = [ops.div(linear(a0, a1, a2), depth), ops.div(linear(b0, b1, b2), depth)];
      const [least, most] = [(z: Tensor) => ops.min(z, -1, true), (z: Tensor) => ops.max(z, -1, true)];
      const moved = joinBox([least(xs), least(ys), most(xs), most(ys)]);
      return ops.where(ops.reshape(applyPerspective, [-1, 1, 1]), moved, boxes);
    });
  }

  override getConfig(): Config {
    const { factor, scale, interpolation, fillValue } = this;
    return { ...super.getConfig(), factor, scale, interpolation, fillValue };
  }
}

/** The projections `[batch, 8]` that take each of four points `to` to its partner `from`: eight linear equations each. */
function homography(from: Tensor, to: Tensor): Tensor {
  const [x, y] = ops.split(ops.cast(to, 'float32'), 2, -1);
  const [u, v] = ops.split(ops.cast(from, 'float32'), 2, -1);
  const [one, zero] = [ops.onesLike(x), ops.zerosLike(x)];
  const product = (a: Tensor, b: Tensor): Tensor => ops.neg(ops.mul(a, b));
  const forX = ops.concat([x, y, one, zero, zero, zero, product(u, x), product(u, y)], -1);
  const forY = ops.concat([zero, zero, zero, x, y, one, product(v, x), product(v, y)], -1);
  const solution = ops.linalg.solve(ops.concat([forX, forY], 1), ops.concat([u, v], 1));
  return ops.reshape(solution, [-1, 8]);
}
