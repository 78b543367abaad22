/** @file MaxPooling2D and AveragePooling2D: one number for each window of an image. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireOneOf, requirePair } from '../expectations.ts';
import {
  type ImageFormat,
  imageFormats,
  opsFormat,
  slidOutputShape,
  type WindowPadding,
  windowPaddings,
} from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface Pooling2DOptions extends LayerOptions {
  /** Height and width of a window, in pixels; default 2. */
  poolSize?: number | readonly [number, number];
  /** Pixels from window to window; default the window's size. */
  strides?: number | readonly [number, number] | null;
  /** Default `valid`. */
  padding?: WindowPadding;
  /** Default `channelsLast`. */
  dataFormat?: ImageFormat;
}

/** What both poolings share: input [batch, height, width, channels], output with fewer pixels. */
abstract class Pooling2D extends Layer {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: WindowPadding;
  readonly dataFormat: ImageFormat;

  constructor(options: Pooling2DOptions = {}) {
    super(options);
    this.poolSize = requirePair(this.name, 'poolSize', options.poolSize ?? 2);
    this.strides = requirePair(this.name, 'strides', options.strides ?? this.poolSize);
    this.padding = requireOneOf(this.name, 'padding', options.padding ?? 'valid', windowPaddings);
    this.dataFormat = requireOneOf(this.name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
  }

  protected override inputSpec(): InputSpec {
    return { rank: 4 };
  }

  protected abstract readonly pool: typeof ops.maxPool;

  override call(inputs: Tensor): Tensor {
    return this.pool(inputs, this.poolSize, this.strides, this.padding, undefined, opsFormat(this.dataFormat));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const { dataFormat, poolSize, strides, padding } = this;
    return slidOutputShape(this.name, inputShape, dataFormat, poolSize, strides, padding, null);
  }

  override detail(): string {
    return this.poolSize.join('x');
  }

  override getConfig(): Config {
    const { poolSize, strides, padding, dataFormat } = this;
    return { ...super.getConfig(), poolSize, strides, padding, dataFormat };
  }
}

/** The largest value of each window. */
export class MaxPooling2D extends Pooling2D {
  protected override readonly pool = ops.maxPool;
}

/** The mean of each window; padding does not count. */
export class AveragePooling2D extends Pooling2D {
  protected override readonly pool = ops.avgPool;
}
