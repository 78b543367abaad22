/** @file Rescaling: inputs in another range. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface RescalingOptions extends LayerOptions {
  scale: number;
  /** Default 0. */
  offset?: number;
}

/** x scale + offset, in the layer's dtype: `{ scale: 1 / 255 }` brings bytes to 0..1. Output of the input's shape. */
export class Rescaling extends Layer {
  readonly scale: number;
  readonly offset: number;

  constructor(options: RescalingOptions) {
    super(options);
    if (typeof options.scale !== 'number')
      throw new ArgumentError(`Layer ${this.name}: expected scale to be a number, got ${options.scale}.`);
    this.scale = options.scale;
    this.offset = options.offset ?? 0;
  }

  override call(inputs: Tensor): Tensor {
    const scaled = ops.mul(ops.cast(inputs, this.dtype), this.scale);
    return this.offset === 0 ? scaled : ops.add(scaled, this.offset);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), scale: this.scale, offset: this.offset };
  }
}
