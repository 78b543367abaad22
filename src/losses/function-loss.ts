/** @file A loss made of a function. */
import type { Config } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  type LossFunction,
  type SerializedFunction,
  deserializeFunction,
  isSerializedFunction,
  serializeFunction,
} from './functions.ts';
import { Loss, type LossOptions } from './loss.ts';
import { matchRanks } from './operands.ts';

export interface FunctionLossOptions extends LossOptions {
  /** Gives values of targets and predictions, one for each sample. */
  fn: LossFunction | SerializedFunction;
  /** All other options go to the function. */
  [option: string]: unknown;
}

/**
 * The loss whose values a function gives. `compile` makes it of a plain function.
 *
 * @example `new tf.losses.LossFunctionWrapper({ fn: tf.losses.huber, delta: 2, reduction: 'sum' })`
 */
export class LossFunctionWrapper extends Loss {
  readonly fn: LossFunction;
  private readonly fnOptions: Config;

  constructor({ fn, reduction, name, dtype, ...fnOptions }: FunctionLossOptions) {
    const own = isSerializedFunction(fn) ? deserializeFunction(fn) : fn;
    if (typeof own !== 'function')
      throw new ArgumentError(
        `LossFunctionWrapper: expected fn to be a function of (yTrue, yPred), got ${String(fn)}.`,
      );
    super({ reduction, name, dtype });
    this.fn = own;
    this.fnOptions = fnOptions;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    const [target, prediction] = matchRanks(yTrue, yPred);
    return Object.keys(this.fnOptions).length > 0
      ? this.fn(target, prediction, this.fnOptions)
      : this.fn(target, prediction);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), fn: serializeFunction(this.fn), ...this.fnOptions };
  }
}
