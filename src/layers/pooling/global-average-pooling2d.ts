/** @file GlobalAveragePooling2D: the mean of each channel. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf } from '../expectations.ts';
import { type ImageFormat, channelAxis, imageFormats, pixelAxes } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface GlobalPooling2DOptions extends LayerOptions {
  /** Default `channelsLast`. */
  dataFormat?: ImageFormat;
  /** Leaves height and width in, of size 1; default false. */
  keepDims?: boolean;
}

/** The mean over all pixels. Input [batch, height, width, channels], output [batch, channels]. */
export class GlobalAveragePooling2D extends Layer {
  readonly dataFormat: ImageFormat;
  readonly keepDims: boolean;

  constructor(options: GlobalPooling2DOptions = {}) {
    super(options);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.keepDims = options.keepDims ?? false;
  }

  protected override inputSpec(): InputSpec {
    return { rank: 4 };
  }

  override call(inputs: Tensor): Tensor {
    return ops.mean(inputs, pixelAxes(this.dataFormat), this.keepDims);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const pixels = pixelAxes(this.dataFormat);
    if (this.keepDims) return inputShape.map((size, axis) => (pixels.includes(axis) ? 1 : size));
    return [inputShape[0], inputShape.at(channelAxis(this.dataFormat)) ?? null];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), dataFormat: this.dataFormat, keepDims: this.keepDims };
  }
}
