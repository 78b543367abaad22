/** @file ReLU, LeakyReLU, ELU, PReLU: activations with settings of their own. */
import * as activations from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { type WeightOptionsFor, weightConfig } from '../weight-options.ts';

/** The base of layers whose output has the shape of the input, element by element. */
abstract class Elementwise extends Layer {
  constructor(options: LayerOptions) {
    super(options);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  protected requireNonNegative(option: string, value: number): number {
    if (!(value >= 0))
      throw new ArgumentError(`Layer ${this.name}: expected ${option} to be at least 0, got ${value}.`);
    return value;
  }
}

export interface ReLUOptions extends LayerOptions {
  /** The largest output; none where left out. */
  maxValue?: number | null;
  /** Slope below the threshold; default 0. */
  negativeSlope?: number;
  /** Below it the slope is `negativeSlope`; default 0. */
  threshold?: number;
}

/**
 * x from `threshold` to `maxValue`, `maxValue` above, negativeSlope (x - threshold) below.
 *
 * @example
 * tf.layers.reLU({ maxValue: 6 }).apply(tf.tensor([[-1, 3, 9]])); // [[0, 3, 6]]
 */
export class ReLU extends Elementwise {
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;

  constructor(options: ReLUOptions = {}) {
    super(options);
    const { maxValue = null, negativeSlope = 0, threshold = 0 } = options;
    this.maxValue = maxValue === null ? null : this.requireNonNegative('maxValue', maxValue);
    this.negativeSlope = this.requireNonNegative('negativeSlope', negativeSlope);
    this.threshold = this.requireNonNegative('threshold', threshold);
  }

  override call(inputs: Tensor): Tensor {
    return activations.relu(inputs, this.negativeSlope, this.maxValue, this.threshold);
  }

  override getConfig(): Config {
    const { maxValue, negativeSlope, threshold } = this;
    return { ...super.getConfig(), maxValue, negativeSlope, threshold };
  }
}

export interface LeakyReLUOptions extends LayerOptions {
  /** Slope below 0; default 0.3. */
  negativeSlope?: number;
  /** TensorFlow.js's name of `negativeSlope`. */
  alpha?: number;
}

/**
 * x above 0, negativeSlope x below.
 *
 * @example
 * tf.layers.leakyReLU({ negativeSlope: 0.1 }).apply(tf.tensor([[-1, 3]])); // [[-0.1, 3]]
 */
export class LeakyReLU extends Elementwise {
  readonly negativeSlope: number;

  constructor(options: LeakyReLUOptions = {}) {
    super(options);
    this.negativeSlope = this.requireNonNegative('negativeSlope', options.negativeSlope ?? options.alpha ?? 0.3);
  }

  override call(inputs: Tensor): Tensor {
    return activations.leakyRelu(inputs, this.negativeSlope);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), negativeSlope: this.negativeSlope };
  }
}

export interface ELUOptions extends LayerOptions {
  /** Minus the smallest output; default 1. */
  alpha?: number;
}

/**
 * x above 0, alpha (e^x - 1) below.
 *
 * @example
 * tf.layers.elu().apply(tf.tensor([[-1, 3]])); // [[-0.632, 3]]
 */
export class ELU extends Elementwise {
  readonly alpha: number;

  constructor(options: ELUOptions = {}) {
    super(options);
    this.alpha = options.alpha ?? 1;
  }

  override call(inputs: Tensor): Tensor {
    return activations.elu(inputs, this.alpha);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}

export interface PReLUOptions extends LayerOptions, WeightOptionsFor<'alpha'> {
  /** Axes along which the slopes are the same, from 1: of images [1, 2] leaves one slope a channel. */
  sharedAxes?: number | readonly number[] | null;
}

/**
 * x above 0, alpha x below, where alpha is learned: one for each feature (He et al. 2015). It starts at 0.
 *
 * @example
 * tf.layers.prelu({ alphaInitializer: 'ones' }).apply(tf.tensor([[-1, 3]])); // the same
 */
export class PReLU extends Elementwise {
  readonly sharedAxes: readonly number[] | null;
  alpha: Variable | null = null;
  private readonly options: PReLUOptions;

  constructor(options: PReLUOptions = {}) {
    super(options);
    const { sharedAxes = null } = options;
    this.sharedAxes = typeof sharedAxes === 'number' ? [sharedAxes] : sharedAxes;
    if (this.sharedAxes?.some((axis) => !Number.isInteger(axis) || axis < 1))
      throw new ArgumentError(`Layer ${this.name}: expected sharedAxes from 1, got ${JSON.stringify(sharedAxes)}.`);
    this.options = options;
  }

  protected override inputSpec(): InputSpec | null {
    if (!this.alpha) return null;
    const axes = this.alpha.shape.flatMap((size, i) => (size === 1 ? [] : [[i + 1, size] as const]));
    return { rank: this.alpha.rank + 1, axes: Object.fromEntries(axes) };
  }

  override build(inputShape: PartialShape): void {
    const shape = inputShape.slice(1).map((size, i) => (this.sharedAxes?.includes(i + 1) ? 1 : size));
    if (shape.includes(null))
      throw new ShapeError(
        `Layer ${this.name}: sizes that slopes are learned for must be known; got ${formatShape(inputShape)}. Share axes with sharedAxes.`,
      );
    this.alpha = this.addWeightFor('alpha', shape as number[], this.options, 'zeros');
  }

  override call(inputs: Tensor): Tensor {
    return ops.prelu(inputs, this.alpha!.read());
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...weightConfig(this.options, 'alpha', 'zeros'), sharedAxes: this.sharedAxes };
  }
}
