/** @file Schedules that fall by a simple law: exponential, in inverse time, polynomial, in steps. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { LearningRateSchedule, checkNumbers, checkSteps } from './schedule.ts';

export interface DecayOptions {
  initialLearningRate: number;
  /** Steps in which the law goes once. */
  decaySteps: number;
  decayRate: number;
  /** Falls every `decaySteps` steps alone; default false. */
  staircase?: boolean;
  name?: string;
}

/** What exponential and inverse-time decay share. */
abstract class RateDecay extends LearningRateSchedule {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  readonly staircase: boolean;
  readonly name: string;

  constructor(kind: string, { initialLearningRate, decaySteps, decayRate, staircase = false, name }: DecayOptions) {
    super();
    checkNumbers(kind, { initialLearningRate, decayRate });
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = checkSteps(kind, 'decaySteps', decaySteps);
    this.decayRate = decayRate;
    this.staircase = staircase;
    this.name = name ?? kind;
  }

  /** How many times `decaySteps` have gone by. */
  protected times(step: Tensor): Tensor {
    const times = ops.div(step, this.decaySteps);
    return this.staircase ? ops.floor(times) : times;
  }

  override getConfig(): Config {
    const { initialLearningRate, decaySteps, decayRate, staircase, name } = this;
    return { initialLearningRate, decaySteps, decayRate, staircase, name };
  }
}

/**
 * `initialLearningRate decayRate^(step / decaySteps)`; with `staircase` the exponent is a whole number.
 *
 * @example
 * const learningRate = new tf.optimizers.schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.96 });
 * model.compile({ optimizer: tf.optimizers.sgd({ learningRate }), loss: 'mse' });
 */
export class ExponentialDecay extends RateDecay {
  constructor(options: DecayOptions) {
    super('ExponentialDecay', options);
  }

  override call(step: Tensor): Tensor {
    return ops.mul(ops.pow(this.decayRate, this.times(step)), this.initialLearningRate);
  }
}

/**
 * `initialLearningRate / (1 + decayRate step / decaySteps)`; with `staircase` the quotient is a whole number.
 *
 * @example new tf.optimizers.schedules.InverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.5 })
 */
export class InverseTimeDecay extends RateDecay {
  constructor(options: DecayOptions) {
    super('InverseTimeDecay', options);
  }

  override call(step: Tensor): Tensor {
    return ops.div(this.initialLearningRate, ops.add(ops.mul(this.times(step), this.decayRate), 1));
  }
}

export interface PolynomialDecayOptions {
  initialLearningRate: number;
  /** Steps from the first learning rate to the last. */
  decaySteps: number;
  /** Default 0.0001. */
  endLearningRate?: number;
  /** Default 1: a straight line. */
  power?: number;
  /** Begins anew each time, over one more `decaySteps` than before; default false: stays at the end. */
  cycle?: boolean;
  name?: string;
}

/**
 * `(initialLearningRate - endLearningRate) (1 - step / decaySteps)^power + endLearningRate`, steps beyond `decaySteps` counting
 * as that many; with `cycle` `decaySteps` is its next multiple instead.
 *
 * @example new tf.optimizers.schedules.PolynomialDecay({ initialLearningRate: 0.1, decaySteps: 1000, endLearningRate: 0.01, power: 0.5 })
 */
export class PolynomialDecay extends LearningRateSchedule {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly endLearningRate: number;
  readonly power: number;
  readonly cycle: boolean;
  readonly name: string;

  constructor({
    initialLearningRate,
    decaySteps,
    endLearningRate = 0.0001,
    power = 1,
    cycle = false,
    name = 'PolynomialDecay',
  }: PolynomialDecayOptions) {
    super();
    checkNumbers('PolynomialDecay', { initialLearningRate, endLearningRate, power });
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = checkSteps('PolynomialDecay', 'decaySteps', decaySteps);
    this.endLearningRate = endLearningRate;
    this.power = power;
    this.cycle = cycle;
    this.name = name;
  }

  override call(step: Tensor): Tensor {
    const { decaySteps, endLearningRate, power } = this;
    const done = this.cycle
      ? ops.div(step, ops.mul(ops.maximum(ops.ceil(ops.div(step, decaySteps)), 1), decaySteps))
      : ops.div(ops.minimum(step, decaySteps), decaySteps);
    const left = ops.pow(ops.sub(1, done), power);
    return ops.add(ops.mul(left, this.initialLearningRate - endLearningRate), endLearningRate);
  }

  override getConfig(): Config {
    const { initialLearningRate, decaySteps, endLearningRate, power, cycle, name } = this;
    return { initialLearningRate, decaySteps, endLearningRate, power, cycle, name };
  }
}

export interface PiecewiseConstantDecayOptions {
  /** Steps, in rising order. */
  boundaries: readonly number[];
  /** One value more: up to and with the first boundary, up to the second, ..., beyond the last. */
  values: readonly number[];
  name?: string;
}

/**
 * `values[i]` while the step is at most `boundaries[i]`, the last value beyond.
 *
 * @example new tf.optimizers.schedules.PiecewiseConstantDecay({ boundaries: [1000, 5000], values: [0.1, 0.01, 0.001] })
 */
export class PiecewiseConstantDecay extends LearningRateSchedule {
  readonly boundaries: readonly number[];
  readonly values: readonly number[];
  readonly name: string;

  constructor({ boundaries, values, name = 'PiecewiseConstant' }: PiecewiseConstantDecayOptions) {
    super();
    if (!Array.isArray(boundaries) || !Array.isArray(values) || values.length !== boundaries.length + 1)
      throw new ArgumentError(
        `schedules.PiecewiseConstantDecay: expected one value more than boundaries, got ${JSON.stringify(boundaries)} and ` +
          `${JSON.stringify(values)}.`,
      );
    if (boundaries.some((boundary, i) => i > 0 && !(boundary > boundaries[i - 1])))
      throw new ArgumentError(
        `schedules.PiecewiseConstantDecay: expected boundaries in rising order, got ${JSON.stringify(boundaries)}.`,
      );
    this.boundaries = boundaries;
    this.values = values;
    this.name = name;
  }

  override call(step: Tensor): Tensor {
    return this.boundaries.reduce<Tensor>(
      (value, boundary, i) => ops.where(ops.greater(step, boundary), this.values[i + 1], value),
      ops.scalar(this.values[0]),
    );
  }

  override getConfig(): Config {
    return { boundaries: this.boundaries, values: this.values, name: this.name };
  }
}
