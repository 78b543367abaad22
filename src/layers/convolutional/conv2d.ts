/** @file Conv2D: filters slid over images. */
import { type Activation, activationName, getActivation } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize, requireCount, requireOneOf, requirePair } from '../expectations.ts';
import {
  type ImageFormat,
  channelAxis,
  imageFormats,
  opsFormat,
  slidOutputShape,
  type WindowPadding,
  windowPaddings,
} from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import type { KernelOptions } from '../kernel-options.ts';
import { Layer, type PartialShape } from '../layer.ts';
import { activationDetail, identifierConfig } from '../serialization.ts';

export interface Conv2DOptions extends KernelOptions {
  /** How many filters: the output's channels. */
  filters: number;
  /** Height and width of a filter, in pixels. */
  kernelSize: number | readonly [number, number];
  /** Pixels from window to window; default 1. */
  strides?: number | readonly [number, number];
  /** `valid`: windows lie inside the image; `same`: zeros are added so that strides alone shrink it. Default `valid`. */
  padding?: WindowPadding;
  /** `channelsLast` [batch, height, width, channels] or `channelsFirst`; default `channelsLast`. */
  dataFormat?: ImageFormat;
  /** Distance between the pixels of a window; default 1. */
  dilationRate?: number | readonly [number, number];
  /** Splits channels into this many groups, each with filters of its own; default 1. */
  groups?: number;
}

/**
 * activation(conv(x, kernel) + bias).
 *
 * Input [batch, height, width, channels], output [batch, newHeight, newWidth, filters]; kernel [kernelHeight, kernelWidth,
 * channels / groups, filters], bias [filters].
 *
 * @example
 * tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }).apply(tf.ones([1, 28, 28, 1])).shape; // [1, 26, 26, 8]
 */
export class Conv2D extends Layer {
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: WindowPadding;
  readonly dataFormat: ImageFormat;
  readonly dilationRate: readonly [number, number];
  readonly groups: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  kernel: Variable | null = null;
  bias: Variable | null = null;
  private readonly options: Conv2DOptions;

  constructor(options: Conv2DOptions) {
    super(options);
    const { name } = this;
    this.filters = requireCount(name, 'filters', options.filters);
    this.kernelSize = requirePair(name, 'kernelSize', options.kernelSize);
    this.strides = requirePair(name, 'strides', options.strides ?? 1);
    this.padding = requireOneOf(name, 'padding', options.padding ?? 'valid', windowPaddings);
    this.dataFormat = requireOneOf(name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.dilationRate = requirePair(name, 'dilationRate', options.dilationRate ?? 1);
    this.groups = requireCount(name, 'groups', options.groups ?? 1);
    if (this.filters % this.groups !== 0)
      throw new ArgumentError(
        `Layer ${name}: expected filters to be a multiple of groups, got ${this.filters} and ${this.groups}.`,
      );
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1)
      throw new ArgumentError(`Layer ${name}: expected strides or dilationRate to be 1, got both above it.`);
    this.activation = getActivation(options.activation);
    this.useBias = options.useBias ?? true;
    this.options = options;
  }

  protected override inputSpec(): InputSpec {
    const channels = this.kernel && this.kernel.shape[2] * this.groups;
    return { rank: 4, ...(channels && { axes: { [channelAxis(this.dataFormat)]: channels } }) };
  }

  override build(inputShape: PartialShape): void {
    const channels = knownSize(this.name, inputShape, channelAxis(this.dataFormat));
    if (channels % this.groups !== 0)
      throw new ArgumentError(
        `Layer ${this.name}: the input's ${channels} channels do not split into ${this.groups} groups.`,
      );
    const { kernelInitializer = 'glorotUniform', biasInitializer = 'zeros' } = this.options;
    const shape = [...this.kernelSize, channels / this.groups, this.filters];
    this.kernel = this.addWeight('kernel', shape, this.dtype, kernelInitializer, this.options.kernelRegularizer);
    if (this.useBias)
      this.bias = this.addWeight('bias', [this.filters], this.dtype, biasInitializer, this.options.biasRegularizer);
  }

  override call(inputs: Tensor): Tensor {
    const { strides, padding, dilationRate, dataFormat } = this;
    const product = ops.conv2d(inputs, this.kernel!.read(), strides, padding, opsFormat(dataFormat), dilationRate);
    if (!this.bias) return this.activation(product);
    const bias = this.bias.read();
    const placed = dataFormat === 'channelsLast' ? bias : ops.reshape(bias, [this.filters, 1, 1]);
    return this.activation(ops.add(product, placed));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const { dataFormat, kernelSize, strides, padding, dilationRate, filters } = this;
    return slidOutputShape(this.name, inputShape, dataFormat, kernelSize, strides, padding, filters, dilationRate);
  }

  override detail(): string {
    return [this.kernelSize.join('x'), activationDetail(this.activation)].filter(Boolean).join(', ');
  }

  override getConfig(): Config {
    const { filters, kernelSize, strides, padding, dataFormat, dilationRate, groups, useBias } = this;
    const { kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer } = this.options;
    return {
      ...super.getConfig(),
      ...{ filters, kernelSize, strides, padding, dataFormat, dilationRate, groups, useBias },
      activation: activationName(this.activation),
      kernelInitializer: identifierConfig(kernelInitializer ?? 'glorotUniform'),
      biasInitializer: identifierConfig(biasInitializer ?? 'zeros'),
      kernelRegularizer: identifierConfig(kernelRegularizer),
      biasRegularizer: identifierConfig(biasRegularizer),
    };
  }
}
