/** @file RandomRotation: images turned around their middle. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type BoundingBoxes, boxNumbers, joinBox } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { ProjectiveLayer, type ProjectiveLayerOptions, projectionRows } from './projective-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, bothWays, requireFactor } from './ranges.ts';

export interface RandomRotationOptions extends ProjectiveLayerOptions {
  /** By how much, in turns: 0.1 is 36 degrees, positive against the clock. One number means as much either way. */
  factor: Factor;
}

/**
 * In training turns each image by an angle of its own around its middle; the size stays.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape. Boxes become the smallest upright ones around
 * the turned ones.
 *
 * @example
 * tf.layers.randomRotation({ factor: 0.1, fillMode: 'nearest' }).apply(images, { training: true });
 */
export class RandomRotation extends ProjectiveLayer<{ readonly angle: Tensor }> {
  readonly factor: NumberRange;

  constructor(options: RandomRotationOptions) {
    super(options);
    this.factor = requireFactor(this.name, 'factor', options.factor, [-1, 1], bothWays);
  }

  /** Angles `[batch]` in degrees. */
  override draw(source: RandomSource, { batch }: ImageSize): { angle: Tensor } {
    return { angle: source.uniform([batch], this.factor[0] * 360, this.factor[1] * 360) };
  }

  protected override projections({ angle }: { readonly angle: Tensor }, { height, width, batch }: ImageSize): Tensor {
    const [cos, sin] = cosSin(angle);
    const [x, y] = [(width - 1) / 2, (height - 1) / 2];
    const columns = [
      ...[cos, ops.neg(sin), ops.sub(x, ops.sub(ops.mul(cos, x), ops.mul(sin, y)))],
      ...[sin, cos, ops.sub(y, ops.add(ops.mul(sin, x), ops.mul(cos, y)))],
    ];
    return projectionRows(batch, [...columns, 0, 0]);
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    transformation: { readonly angle: Tensor },
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return given;
    const [cos, sin] = cosSin(ops.reshape(transformation.angle, [-1, 1, 1]));
    const [x0, y0] = [(size.width - 1) / 2, (size.height - 1) / 2];
    return this.inPixels(given, size, (boxes) => {
      const [left, top, right, bottom] = boxNumbers(boxes);
      const xs = ops.sub(ops.concat([left, right, right, left], -1), x0);
      const ys = ops.sub(ops.concat([top, top, bottom, bottom], -1), y0);
      // The images' pixels are looked up where the opposite rotation takes them.
      const x = ops.add(ops.add(ops.mul(cos, xs), ops.mul(sin, ys)), x0);
      const y = ops.add(ops.sub(ops.mul(cos, ys), ops.mul(sin, xs)), y0);
      const [least, most] = [(z: Tensor) => ops.min(z, -1, true), (z: Tensor) => ops.max(z, -1, true)];
      return joinBox([least(x), least(y), most(x), most(y)]);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}

function cosSin(degrees: Tensor): [Tensor, Tensor] {
  const angle = ops.mul(ops.cast(degrees, 'float32'), Math.PI / 180);
  return [ops.cos(angle), ops.sin(angle)];
}
