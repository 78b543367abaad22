/** @file RandomZoom: images made larger or smaller around their middle. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type BoundingBoxes, boxNumbers, joinBox } from './bounding-boxes.ts';
import type { ImageSize } from './image-layer.ts';
import { ProjectiveLayer, type ProjectiveLayerOptions, projectionRows } from './projective-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, bothWays, requireFactor } from './ranges.ts';

export interface RandomZoomOptions extends ProjectiveLayerOptions {
  /** By how much along the height: 0.3 shows 30% more (the image shrinks), -0.3 as much less. One number means either way. */
  heightFactor: Factor;
  /** The same along the width; default null, as along the height, so that proportions stay. */
  widthFactor?: Factor | null;
}

interface Zoom {
  /** How much of the height is shown: `[batch]` or `[batch, 1]`. */
  readonly heightZoom: Tensor;
  readonly widthZoom: Tensor;
}

/**
 * In training zooms each image by a factor of its own; the size stays.
 *
 * Images `[batch, height, width, channels]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.randomZoom({ heightFactor: 0.2 }).apply(images, { training: true });
 */
export class RandomZoom extends ProjectiveLayer<Zoom> {
  readonly heightFactor: Factor;
  readonly widthFactor: Factor | null;
  private readonly heights: NumberRange;
  private readonly widths: NumberRange | null;

  constructor(options: RandomZoomOptions) {
    super(options);
    const range = (option: string, value: Factor): NumberRange => {
      const found = requireFactor(this.name, option, value, [-1, 1], bothWays);
      // Nothing of the image would be left to see.
      if (found[0] <= -1 && value !== 1)
        throw new ArgumentError(`Layer ${this.name}: expected ${option} above -1, got ${JSON.stringify(value)}.`);
      return found;
    };
    this.heightFactor = options.heightFactor;
    this.widthFactor = options.widthFactor ?? null;
    this.heights = range('heightFactor', this.heightFactor);
    this.widths = this.widthFactor === null ? null : range('widthFactor', this.widthFactor);
  }

  override draw(source: RandomSource, { batch }: ImageSize): Zoom {
    const drawn = ([least, greatest]: NumberRange): Tensor => source.uniform([batch], 1 + least, 1 + greatest);
    const heightZoom = drawn(this.heights);
    return { heightZoom, widthZoom: this.widths ? drawn(this.widths) : heightZoom };
  }

  protected override projections({ heightZoom, widthZoom }: Zoom, { batch, height, width }: ImageSize): Tensor {
    const [down, across] = [ops.reshape(heightZoom, [-1]), ops.reshape(widthZoom, [-1])];
    return projectionRows(batch, [across, 0, start(across, width), 0, down, start(down, height), 0, 0]);
  }

  override transformBoundingBoxes(
    given: BoundingBoxes,
    transformation: Zoom,
    size: ImageSize,
    training = true,
  ): BoundingBoxes {
    if (!training) return given;
    const across = ops.reshape(transformation.widthZoom, [-1, 1, 1]);
    const down = ops.reshape(transformation.heightZoom, [-1, 1, 1]);
    const along = (x: Tensor, zoom: Tensor, extent: number): Tensor => ops.div(ops.sub(x, start(zoom, extent)), zoom);
    return this.inPixels(given, size, (boxes) => {
      const [left, top, right, bottom] = boxNumbers(boxes);
      const [x1, x2] = [along(left, across, size.width), along(right, across, size.width)];
      return joinBox([x1, along(top, down, size.height), x2, along(bottom, down, size.height)]);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), heightFactor: this.heightFactor, widthFactor: this.widthFactor };
  }
}

/** Where the first pixel comes from, so that the middle stays. */
const start = (zoom: Tensor, extent: number): Tensor => ops.mul(ops.sub(1, zoom), (extent - 1) / 2);
