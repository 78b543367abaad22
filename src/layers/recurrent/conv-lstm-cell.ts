/** @file ConvLSTM cells: one step of a long short-term memory whose products are convolutions. */
import { type Activation, activationName } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { knownSize, requireCount, requireOneOf } from '../expectations.ts';
import { type ImageFormat, channelAxis, imageFormats } from '../images.ts';
import type { PartialShape } from '../layer.ts';
import { type SpatialRank, requireSizes, spatialAxes } from '../spatial.ts';
import {
  type WindowPadding,
  type Windows,
  convolve,
  requireStridesOrDilation,
  slidOutputShape,
  windowPaddings,
} from '../windows.ts';
import { GatedCell, type GatedCellOptions } from './gated-cell.ts';
import { type LSTMCellOptions, forgettingLittle, recurrentActivationOf, throughGates } from './lstm-cell.ts';

export interface ConvLSTMCellOptions
  extends GatedCellOptions, Pick<LSTMCellOptions, 'recurrentActivation' | 'unitForgetBias'> {
  /** How many filters: the channels of the state and of the output. */
  filters: number;
  /** Sizes of a filter. */
  kernelSize: number | readonly number[];
  /** Pixels from window to window of the inputs; default 1. */
  strides?: number | readonly number[];
  /** Of the inputs' convolution; that of the state keeps its size. Default `valid`. */
  padding?: WindowPadding;
  /** Where the channels are; default `channelsLast`. */
  dataFormat?: ImageFormat;
  /** Distance between the pixels of a window of the inputs; default 1. */
  dilationRate?: number | readonly number[];
}

/**
 * One step of a convolutional long short-term memory (Shi et al. 2015): an LSTM whose products with kernel [...kernelSize, channels, 4 filters]
 * and recurrentKernel [...kernelSize, filters, 4 filters] are convolutions; bias [4 filters].
 */
export class ConvLSTMCell extends GatedCell {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: WindowPadding;
  readonly dataFormat: ImageFormat;
  readonly dilationRate: readonly number[];
  readonly recurrentActivation: Activation;
  readonly unitForgetBias: boolean;
  private readonly spatialRank: SpatialRank;

  constructor(options: ConvLSTMCellOptions, rank: SpatialRank = 2) {
    super(options);
    const { name } = this;
    this.spatialRank = rank;
    this.filters = requireCount(name, 'filters', options.filters);
    this.kernelSize = requireSizes(name, 'kernelSize', options.kernelSize, rank);
    this.strides = requireSizes(name, 'strides', options.strides ?? 1, rank);
    this.padding = requireOneOf(name, 'padding', options.padding ?? 'valid', windowPaddings);
    this.dataFormat = requireOneOf(name, 'dataFormat', options.dataFormat ?? 'channelsLast', imageFormats);
    this.dilationRate = requireSizes(name, 'dilationRate', options.dilationRate ?? 1, rank);
    requireStridesOrDilation(name, this.strides, this.dilationRate);
    this.recurrentActivation = recurrentActivationOf(options);
    this.unitForgetBias = options.unitForgetBias ?? true;
  }

  override get stateSize(): readonly number[] {
    return [this.filters, this.filters];
  }

  private get channels(): number {
    return channelAxis(this.dataFormat);
  }

  /** Of the inputs. */
  private get windows(): Windows {
    const { kernelSize: size, strides, padding, dataFormat: format, dilationRate: dilation } = this;
    return { size, strides, padding, format, dilation };
  }

  override build(inputShape: PartialShape | readonly PartialShape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as PartialShape;
    const axes = spatialAxes(this.spatialRank, this.dataFormat);
    if (axes.some((axis) => shape[axis] === null))
      throw new ShapeError(
        `Layer ${this.name}: spatial sizes must be known; got the step's shape ${formatShape(shape)}.`,
      );
    const channels = knownSize(this.name, shape, this.channels);
    const { kernelSize, filters, options } = this;
    this.kernel = this.addWeightFor('kernel', [...kernelSize, channels, 4 * filters], options, 'glorotUniform');
    const recurrent = [...kernelSize, filters, 4 * filters];
    this.recurrentKernel = this.addWeightFor('recurrent_kernel', recurrent, options, 'orthogonal', 'recurrent');
    if (this.useBias)
      this.bias = this.addWeightFor('bias', [4 * filters], forgettingLittle(options, this.unitForgetBias), 'zeros');
  }

  protected project(inputs: Tensor): Tensor {
    const product = convolve(inputs, this.kernel!.read(), this.windows);
    if (!this.bias) return product;
    const shape = product.shape.map((size, axis) => (axis === (this.channels < 0 ? product.rank - 1 : 1) ? size : 1));
    return ops.add(product, ops.reshape(this.bias.read(), shape));
  }

  protected advance(
    projected: Tensor,
    [h, c]: readonly Tensor[],
    drop: (x: Tensor) => Tensor,
  ): readonly [Tensor, Tensor, Tensor] {
    const ones = this.kernelSize.map(() => 1);
    const keepingSize = { ...this.windows, strides: ones, dilation: ones, padding: 'same' } as const;
    const gates = ops.add(projected, convolve(drop(h), this.recurrentKernel!.read(), keepingSize));
    return throughGates(ops.split(gates, 4, this.channels), c, this.activation, this.recurrentActivation);
  }

  override stepOutputShape(inputShape: PartialShape): PartialShape {
    return slidOutputShape(this.name, inputShape, this.windows, this.filters);
  }

  override stateShapes(inputShape: PartialShape): PartialShape[] {
    const shape = this.stepOutputShape(inputShape);
    return [shape, shape];
  }

  override getInitialState(inputShape: readonly number[]): Tensor[] {
    return this.stateShapes(inputShape).map((shape) => ops.zeros(shape as number[], this.computeDtype));
  }

  override detail(): string {
    return [`${this.filters} filters`, this.kernelSize.join('x')].join(', ');
  }

  override getConfig(): Config {
    const { filters, kernelSize, strides, padding, dataFormat, dilationRate, recurrentActivation, unitForgetBias } =
      this;
    return {
      ...super.getConfig(),
      ...{ filters, kernelSize, strides, padding, dataFormat, dilationRate, unitForgetBias },
      recurrentActivation: activationName(recurrentActivation),
    };
  }
}
