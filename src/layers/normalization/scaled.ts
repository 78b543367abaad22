/** @file What normalizing layers share: axes, gamma and beta, and that half precision is computed in float32. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize } from '../expectations.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { type WeightOptionsFor, weightConfig } from '../weight-options.ts';

export interface ScaledOptions extends LayerOptions, WeightOptionsFor<'beta'>, WeightOptionsFor<'gamma'> {
  /** Added to the variance. */
  epsilon?: number;
  /** Adds a learned beta, which starts at 0; default true. */
  center?: boolean;
  /** Multiplies by a learned gamma, which starts at 1; default true. */
  scale?: boolean;
}

/** Squares of half-precision numbers overflow: what is normalized is computed in float32 at least. */
export const inFullPrecision = (x: Tensor): Tensor => (x.dtype === 'float16' ? ops.cast(x, 'float32') : x);

/** The base of layers that normalize, and scale by gamma and move by beta after it. */
export abstract class Scaled extends Layer {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  gamma: Variable | null = null;
  beta: Variable | null = null;
  protected readonly options: ScaledOptions;

  constructor(options: ScaledOptions) {
    super(options);
    this.supportsMasking = true;
    this.epsilon = options.epsilon ?? 1e-3;
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    this.options = options;
  }

  /** Makes gamma and beta. */
  protected addScaling(shape: readonly number[]): void {
    if (this.scale) this.gamma = this.addWeightFor('gamma', shape, this.options, 'ones');
    if (this.center) this.beta = this.addWeightFor('beta', shape, this.options, 'zeros');
    // Normalization is computed in float32: so are these.
    for (const weight of [this.gamma, this.beta]) if (weight) weight.autocast = false;
  }

  /** (x - mean) / sqrt(variance + epsilon) gamma + beta, in few passes over x. @param place - Brings gamma and beta to x's axes. */
  protected scaled(x: Tensor, mean: Tensor, variance: Tensor, place: (weight: Tensor) => Tensor): Tensor {
    const inverse = ops.rsqrt(ops.add(variance, this.epsilon));
    const factor = this.gamma ? ops.mul(inverse, place(this.gamma.read())) : inverse;
    const centred = ops.mul(ops.sub(x, mean), factor);
    return this.beta ? ops.add(centred, place(this.beta.read())) : centred;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    const { epsilon, center, scale, options } = this;
    return {
      ...super.getConfig(),
      ...{ epsilon, center, scale },
      ...weightConfig(options, 'beta', 'zeros'),
      ...weightConfig(options, 'gamma', 'ones'),
    };
  }
}

/** Axes counted from the first, in their order. */
export const sortedAxes = (axis: number | readonly number[], rank: number, layer: string): number[] =>
  [axis]
    .flat()
    .map((one) => normalizeAxis(one as number, rank, `Layer ${layer}`))
    .sort((a, b) => a - b);

/** Sizes of some axes. @throws ShapeError where one is not known */
export const sizesOf = (layer: string, shape: PartialShape, axes: readonly number[]): number[] =>
  axes.map((axis) => knownSize(layer, shape, axis));

/** A weight of some axes' sizes in the rank of what it goes with: 1 along the other axes. */
export const alongAxes = (weight: Tensor, shape: readonly number[], axes: readonly number[]): Tensor =>
  axes.length === 1 && axes[0] === shape.length - 1
    ? weight
    : ops.reshape(
        weight,
        shape.map((size, axis) => (axes.includes(axis) ? size : 1)),
      );
