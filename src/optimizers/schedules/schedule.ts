/** @file What every learning-rate schedule is: a learning rate as a function of the step. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * A learning rate that follows the number of steps made. Subclass it with a `call` on tensors, so that it also runs inside
 * the compiled step, and give an instance as an optimizer's `learningRate`.
 *
 * @example
 * class Halving extends tf.optimizers.schedules.LearningRateSchedule {
 *   override call(step: tf.Tensor) { return tf.pow(0.5, step); }
 *   override getConfig() { return {}; }
 * }
 */
export abstract class LearningRateSchedule {
  /** The learning rate at a step (a float32 scalar, 0 at first): a scalar. */
  abstract call(step: Tensor): Tensor;

  /** The learning rate at a step, a number or a tensor of one. */
  apply(step: number | Tensor): Tensor {
    return this.call(typeof step === 'number' ? ops.scalar(step) : ops.cast(step, 'float32'));
  }

  /** The options from which the same schedule can be made again. */
  abstract getConfig(): Config;
}

/** @throws ArgumentError unless it is a positive number */
export function checkSteps(schedule: string, option: string, value: number): number {
  if (!(value > 0)) throw new ArgumentError(`schedules.${schedule}: expected ${option} > 0, got ${value}.`);
  return value;
}

/** @throws ArgumentError unless each is a number */
export function checkNumbers(schedule: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    if (typeof value !== 'number' || Number.isNaN(value))
      throw new ArgumentError(`schedules.${schedule}: expected ${name} to be a number, got ${String(value)}.`);
}
