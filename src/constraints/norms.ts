/** @file Constraints on the length of a weight's vectors, and on its signs. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Constraint } from './constraint.ts';

/** Added to a length before dividing by it; Keras's epsilon. */
const epsilon = 1e-7;

/** One axis or several. */
export type NormAxis = number | readonly number[];

export interface UnitNormOptions {
  /**
   * The axes along which a vector lies; default 0: one for each unit of a dense kernel [inputs, units]. Of a convolution's
   * kernel [height, width, in, out] it is [0, 1, 2].
   */
  axis?: NormAxis;
}

export interface MaxNormOptions extends UnitNormOptions {
  /** The greatest length; default 2. */
  maxValue?: number;
}

export interface MinMaxNormOptions extends UnitNormOptions {
  /** The least length; default 0. */
  minValue?: number;
  /** The greatest length; default 1. */
  maxValue?: number;
  /** How far a step goes towards an allowed length: 1, the default, all the way. */
  rate?: number;
}

function checkAxis(name: string, axis: NormAxis): NormAxis {
  const axes = Array.isArray(axis) ? (axis as readonly number[]) : [axis as number];
  if (!axes.every(Number.isInteger))
    throw new ArgumentError(
      `constraints.${name}: expected axis to be a whole number or a list of them, got ${JSON.stringify(axis)}.`,
    );
  return axis;
}

function checkLength(name: string, option: string, value: number): number {
  if (!(value >= 0)) throw new ArgumentError(`constraints.${name}: expected ${option} of at least 0, got ${value}.`);
  return value;
}

const lengths = (weight: Tensor, axis: NormAxis): Tensor =>
  ops.sqrt(ops.sum(ops.square(weight), typeof axis === 'number' ? axis : [...axis], true));

/** The weight with its vectors made as long as `wanted`. */
const withLengths = (weight: Tensor, now: Tensor, wanted: Tensor): Tensor =>
  ops.mul(weight, ops.div(wanted, ops.add(now, epsilon)));

/**
 * Vectors longer than `maxValue` are shortened to it: w min(|w|, maxValue) / (|w| + 1e-7) (Srivastava et al. 2014).
 *
 * @example new tf.constraints.MaxNorm({ maxValue: 1 }).apply(tf.tensor([[3], [4]])) // [[0.6], [0.8]]
 */
export class MaxNorm extends Constraint {
  readonly maxValue: number;
  readonly axis: NormAxis;

  constructor({ maxValue = 2, axis = 0 }: MaxNormOptions = {}) {
    super();
    this.maxValue = checkLength('maxNorm', 'maxValue', maxValue);
    this.axis = checkAxis('maxNorm', axis);
  }

  override apply(weight: Tensor): Tensor {
    const now = lengths(weight, this.axis);
    return withLengths(weight, now, ops.minimum(now, this.maxValue));
  }

  override getConfig(): Config {
    return { maxValue: this.maxValue, axis: this.axis };
  }
}

/**
 * Every vector gets the length 1: w / (|w| + 1e-7).
 *
 * @example new tf.constraints.UnitNorm().apply(tf.tensor([[3], [4]])) // [[0.6], [0.8]]
 */
export class UnitNorm extends Constraint {
  readonly axis: NormAxis;

  constructor({ axis = 0 }: UnitNormOptions = {}) {
    super();
    this.axis = checkAxis('unitNorm', axis);
  }

  override apply(weight: Tensor): Tensor {
    return ops.div(weight, ops.add(lengths(weight, this.axis), epsilon));
  }

  override getConfig(): Config {
    return { axis: this.axis };
  }
}

/**
 * Lengths are brought between `minValue` and `maxValue`: w (rate clip(|w|, minValue, maxValue) + (1 - rate) |w|) / (|w| + 1e-7).
 *
 * @example new tf.constraints.MinMaxNorm({ minValue: 10, maxValue: 20 }).apply(tf.tensor([[3], [4]])) // [[6], [8]]
 */
export class MinMaxNorm extends Constraint {
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;
  readonly axis: NormAxis;

  constructor({ minValue = 0, maxValue = 1, rate = 1, axis = 0 }: MinMaxNormOptions = {}) {
    super();
    this.minValue = checkLength('minMaxNorm', 'minValue', minValue);
    this.maxValue = checkLength('minMaxNorm', 'maxValue', maxValue);
    if (minValue > maxValue)
      throw new ArgumentError(
        `constraints.minMaxNorm: expected minValue of at most maxValue, got ${minValue} and ${maxValue}.`,
      );
    this.rate = rate;
    this.axis = checkAxis('minMaxNorm', axis);
  }

  override apply(weight: Tensor): Tensor {
    const now = lengths(weight, this.axis);
    const allowed = ops.clipByValue(now, this.minValue, this.maxValue);
    const wanted = this.rate === 1 ? allowed : ops.add(ops.mul(allowed, this.rate), ops.mul(now, 1 - this.rate));
    return withLengths(weight, now, wanted);
  }

  override getConfig(): Config {
    return { minValue: this.minValue, maxValue: this.maxValue, rate: this.rate, axis: this.axis };
  }
}

/**
 * Negative elements become 0: max(w, 0).
 *
 * @example new tf.constraints.NonNeg().apply(tf.tensor([-1, 2])) // [0, 2]
 */
export class NonNeg extends Constraint {
  override apply(weight: Tensor): Tensor {
    return ops.maximum(weight, 0);
  }
}
