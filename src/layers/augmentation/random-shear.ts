/** @file RandomShear: images slanted. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type BoundingBoxes, boxNumbers, joinBox } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { ProjectiveLayer, type ProjectiveLayerOptions, projectionRows } from './projective-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, bothWays, requireFactor } from './ranges.ts';

export interface RandomShearOptions extends ProjectiveLayerOptions {
  /** How far each row moves for one pixel down, from 0 to 1; one number means up to it. Default 0. */
  xFactor?: Factor;
  /** How far each column moves for one pixel to the right. Default 0. */
  yFactor?: Factor;
}

/**
 * In training slants each image along x and y by factors of its own, to one side or the other; the size stays.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomShear({ xFactor: 0.2, yFactor: [0.1, 0.3] }).apply(images, { training: true });
 */
export class RandomShear extends ProjectiveLayer<{ readonly shearFactor: Tensor }> {
  readonly xFactor: Factor;
  readonly yFactor: Factor;
  private readonly along: NumberRange;
  private readonly down: NumberRange;

  constructor(options: RandomShearOptions = {}) {
    super(options);
    this.xFactor = options.xFactor ?? 0;
    this.yFactor = options.yFactor ?? 0;
    // Keras's configs hold what a single number became: the range to either side of 0.
    this.along = requireFactor(this.name, 'xFactor', this.xFactor, [-1, 1], bothWays);
    this.down = requireFactor(this.name, 'yFactor', this.yFactor, [-1, 1], bothWays);
  }

  /** `[batch, 2]`: along x and along y. */
  override draw(source: RandomSource, { batch }: ImageSize): { shearFactor: Tensor } {
    const side = source.sign([batch, 1]);
    const y = source.uniform([batch, 1], ...this.down);
    const x = source.uniform([batch, 1], ...this.along);
    return { shearFactor: ops.mul(ops.concat([x, y], 1), side) };
  }

  protected override projections({ shearFactor }: { readonly shearFactor: Tensor }, { batch }: ImageSize): Tensor {
    const [x, y] = ops.unstack(shearFactor, 1);
    return projectionRows(batch, [1, x, 0, y, 1, 0, 0, 0]);
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    { shearFactor }: { readonly shearFactor: Tensor },
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return given;
    const [shearX, shearY] = ops.split(ops.expandDims(ops.cast(shearFactor, 'float32'), 1), 2, -1);
    const { height, width } = size;
    return this.inPixels(given, size, (boxes) => {
      // In shares of the image, as Keras does it: exact for square ones.
      const [left, top, right, bottom] = boxNumbers(boxes);
      const [x1, x2] = [ops.div(left, width), ops.div(right, width)];
      const [y1, y2] = [ops.div(top, height), ops.div(bottom, height)];
      const moved = (x: Tensor, shear: Tensor, by: Tensor): Tensor => ops.sub(x, ops.mul(shear, by));
      const [toLeft, up] = [ops.less(shearX, 0), ops.greater(shearY, 0)];
      const newLeft = ops.where(toLeft, moved(x1, shearX, y1), moved(x1, shearX, y2));
      const newRight = ops.where(toLeft, moved(x2, shearX, y2), moved(x2, shearX, y1));
      const newTop = ops.where(up, moved(y1, shearY, newRight), moved(y1, shearY, newLeft));
      const newBottom = ops.where(up, moved(y2, shearY, newLeft), moved(y2, shearY, newRight));
      return joinBox([ops.mul(newLeft, width), ops.mul(newTop, height), ops.mul(newRight, width), ops.mul(newBottom, height)]); // prettier-ignore
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), xFactor: this.xFactor, yFactor: this.yFactor };
  }
}
