/** @file Convolutional: what all layers share that slide filters over sequences, images and volumes. */
import type { Activation } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize, requireCount, requireOneOf } from '../expectations.ts';
import { type ImageFormat, channelAxis, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { type BiasOptions, activationOf, kernelConfig } from '../kernel-options.ts';
import { Layer, type PartialShape } from '../layer.ts';
import { activationDetail } from '../serialization.ts';
import { type SpatialRank, requireSizes } from '../spatial.ts';
import { type SequencePadding, type WindowPadding, type Windows, slidOutputShape, windowPaddings } from '../windows.ts';

/** How a layer's filters lie. Of several axes each option takes one number for all of them, or one for each. */
export interface FilterOptions extends BiasOptions {
  /** Size of a filter: steps, height and width, or depth, height and width. */
  kernelSize: number | readonly number[];
  /** From window to window; default 1. */
  strides?: number | readonly number[];
  /** `valid`: windows lie inside the input; `same`: zeros are added so that strides alone shrink it. Default `valid`. */
  padding?: WindowPadding;
  /** `channelsLast` [batch, ...sizes, channels] or `channelsFirst` [batch, channels, ...sizes]; default `channelsLast`. */
  dataFormat?: ImageFormat;
  /** Distance between the elements of a window; default 1. */
  dilationRate?: number | readonly number[];
}

/** activation(what filters make of the input + bias); layers differ in their filters. */
export abstract class Convolutional extends Layer {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: SequencePadding;
  readonly dataFormat: ImageFormat;
  readonly dilationRate: readonly number[];
  readonly activation: Activation;
  readonly useBias: boolean;
  bias: Variable | null = null;
  protected readonly spatialRank: SpatialRank;
  protected readonly options: BiasOptions;
  /** Channels of the inputs that it was built for. */
  private channels: number | null = null;

  constructor(
    options: Omit<FilterOptions, 'padding'> & { padding?: SequencePadding },
    rank: SpatialRank,
    paddings: readonly SequencePadding[] = windowPaddings,
  ) {
    super(options);
    const { name } = this;
    this.spatialRank = rank;
    this.kernelSize = requireSizes(name, 'kernelSize', options.kernelSize, rank);
    this.strides = requireSizes(name, 'strides', options.strides ?? 1, rank);
    this.padding = requireOneOf(name, 'padding', options.padding ?? 'valid', paddings);
    this.dataFormat = requireOneOf(name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.dilationRate = requireSizes(name, 'dilationRate', options.dilationRate ?? 1, rank);
    this.activation = activationOf(options);
    this.useBias = options.useBias ?? true;
    this.options = options;
  }

  /** What the kernels' options begin with: `kernel` of `kernelInitializer`. */
  protected abstract readonly kernelNames: readonly string[];

  /** Makes the kernels for inputs with so many channels. */
  protected abstract addKernels(channels: number): void;

  /** What the filters make of the input. */
  protected abstract filter(inputs: Tensor): Tensor;

  /** How many channels come out where so many come in. */
  protected abstract outputChannels(channels: number | null): number | null;

  protected get windows(): Windows {
    const { kernelSize: size, strides, padding, dataFormat: format, dilationRate: dilation } = this;
    return { size, strides, padding, format, dilation };
  }

  protected override inputSpec(): InputSpec {
    const { channels } = this;
    return {
      rank: this.spatialRank + 2,
      ...(channels !== null && { axes: { [channelAxis(this.dataFormat)]: channels } }),
    };
  }

  override build(inputShape: PartialShape): void {
    const channels = knownSize(this.name, inputShape, channelAxis(this.dataFormat));
    // What does not fit is said before there are weights.
    this.computeOutputShape(inputShape);
    this.addKernels(channels);
    if (this.useBias)
      this.bias = this.addWeightFor('bias', [this.outputChannels(channels) as number], this.options, 'zeros');
    this.channels = channels;
  }

  override call(inputs: Tensor): Tensor {
    const product = this.filter(inputs);
    if (!this.bias) return this.activation(product);
    const bias = this.bias.read();
    const last = this.dataFormat === 'channelsLast';
    const placed = last ? bias : ops.reshape(bias, [-1, ...this.kernelSize.map(() => 1)]);
    return this.activation(ops.add(product, placed));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const channels = inputShape.at(channelAxis(this.dataFormat)) ?? null;
    return slidOutputShape(this.name, inputShape, this.windows, this.outputChannels(channels));
  }

  override detail(): string {
    return [this.kernelSize.join('x'), activationDetail(this.activation)].filter(Boolean).join(', ');
  }

  override getConfig(): Config {
    const { kernelSize, strides, padding, dataFormat, dilationRate } = this;
    return {
      ...super.getConfig(),
      ...{ kernelSize, strides, padding, dataFormat, dilationRate },
      ...kernelConfig(this.options, this.kernelNames),
    };
  }
}

export interface DepthwiseFilterOptions extends FilterOptions {
  /** How many filters each channel has to itself; default 1. */
  depthMultiplier?: number;
}

/** Begins with filters that see one channel each. */
export abstract class DepthwiseConvolutional extends Convolutional {
  readonly depthMultiplier: number;

  constructor(options: DepthwiseFilterOptions, rank: SpatialRank) {
    super(options, rank);
    this.depthMultiplier = requireCount(this.name, 'depthMultiplier', options.depthMultiplier ?? 1);
  }

  /** Shape of the filters that see one channel each. */
  protected depthwiseShape(channels: number): number[] {
    return [...this.kernelSize, channels, this.depthMultiplier];
  }

  /** Such a kernel in the shape in which a convolution takes as many groups as there are channels. */
  protected grouped(kernel: Tensor): Tensor {
    return ops.reshape(kernel, [...this.kernelSize, 1, -1]);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), depthMultiplier: this.depthMultiplier };
  }
}
