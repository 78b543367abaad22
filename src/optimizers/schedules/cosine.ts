/** @file Schedules along a cosine: once, after a warm-up, or again and again. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { LearningRateSchedule, checkNumbers, checkSteps } from './schedule.ts';

/** Half a cosine from 1, where nothing is done, to 0, where all is. */
const halfCosine = (done: Tensor): Tensor => ops.mul(ops.add(ops.cos(ops.mul(done, Math.PI)), 1), 0.5);

export interface CosineDecayOptions {
  initialLearningRate: number;
  /** Steps of the fall, after the warm-up. */
  decaySteps: number;
  /** The last learning rate as a share of the highest; default 0. */
  alpha?: number;
  name?: string;
  /** Where a warm-up leads to; default none: there is no warm-up. */
  warmupTarget?: number | null;
  /** Steps of the warm-up; default 0. */
  warmupSteps?: number;
}

/**
 * From the highest learning rate down to `alpha` of it along half a cosine (Loshchilov and Hutter 2017):
 * `highest ((1 - alpha) (1 + cos(π step / decaySteps)) / 2 + alpha)`. With a `warmupTarget` that is the highest, and the
 * first `warmupSteps` lead there from `initialLearningRate` in a straight line.
 *
 * @example new tf.optimizers.schedules.CosineDecay({ initialLearningRate: 0, decaySteps: 1000, warmupTarget: 0.1, warmupSteps: 100 })
 */
export class CosineDecay extends LearningRateSchedule {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly alpha: number;
  readonly name: string;
  readonly warmupTarget: number | null;
  readonly warmupSteps: number;

  constructor({
    initialLearningRate,
    decaySteps,
    alpha = 0,
    name = 'CosineDecay',
    warmupTarget = null,
    warmupSteps = 0,
  }: CosineDecayOptions) {
    super();
    checkNumbers('CosineDecay', { initialLearningRate, alpha, warmupSteps });
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = checkSteps('CosineDecay', 'decaySteps', decaySteps);
    this.alpha = alpha;
    this.name = name;
    this.warmupTarget = warmupTarget;
    this.warmupSteps = warmupSteps;
  }

  private decayed(from: number, step: Tensor): Tensor {
    const done = ops.div(ops.minimum(step, this.decaySteps), this.decaySteps);
    return ops.mul(ops.add(ops.mul(halfCosine(done), 1 - this.alpha), this.alpha), from);
  }

  override call(step: Tensor): Tensor {
    const { initialLearningRate: first, warmupTarget: target, warmupSteps } = this;
    if (target === null) return this.decayed(first, step);
    const after = this.decayed(target, ops.sub(step, warmupSteps));
    if (!(warmupSteps > 0)) return after;
    const warming = ops.add(ops.mul(ops.div(step, warmupSteps), target - first), first);
    return ops.where(ops.less(step, warmupSteps), warming, after);
  }

  override getConfig(): Config {
    const { initialLearningRate, decaySteps, alpha, name, warmupTarget, warmupSteps } = this;
    return { initialLearningRate, decaySteps, alpha, name, warmupTarget, warmupSteps };
  }
}

export interface CosineDecayRestartsOptions {
  initialLearningRate: number;
  /** Steps of the first fall. */
  firstDecaySteps: number;
  /** How much longer each fall is than the one before; default 2. */
  tMul?: number;
  /** How much of the height is left after each restart; default 1. */
  mMul?: number;
  /** The last learning rate of a fall as a share of the first; default 0. */
  alpha?: number;
  name?: string;
}

/**
 * Falls along half a cosine, begun anew each time from `mMul` of the height and for `tMul` times as many steps (SGDR,
 * Loshchilov and Hutter 2017).
 *
 * @example new tf.optimizers.schedules.CosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1000 })
 */
export class CosineDecayRestarts extends LearningRateSchedule {
  readonly initialLearningRate: number;
  readonly firstDecaySteps: number;
  readonly tMul: number;
  readonly mMul: number;
  readonly alpha: number;
  readonly name: string;

  constructor({
    initialLearningRate,
    firstDecaySteps,
    tMul = 2,
    mMul = 1,
    alpha = 0,
    name = 'SGDRDecay',
  }: CosineDecayRestartsOptions) {
    super();
    checkNumbers('CosineDecayRestarts', { initialLearningRate, tMul, mMul, alpha });
    if (!(tMul > 0)) throw new ArgumentError(`schedules.CosineDecayRestarts: expected tMul > 0, got ${tMul}.`);
    this.initialLearningRate = initialLearningRate;
    this.firstDecaySteps = checkSteps('CosineDecayRestarts', 'firstDecaySteps', firstDecaySteps);
    this.tMul = tMul;
    this.mMul = mMul;
    this.alpha = alpha;
    this.name = name;
  }

  /** How many restarts there were, and how much of the present fall is done. */
  private phase(falls: Tensor): [restarts: Tensor, done: Tensor] {
    const { tMul } = this;
    if (tMul === 1) {
      const restarts = ops.floor(falls);
      return [restarts, ops.sub(falls, restarts)];
    }
    const restarts = ops.floor(ops.div(ops.log(ops.add(ops.mul(falls, tMul - 1), 1)), Math.log(tMul)));
    const length = ops.pow(tMul, restarts);
    const before = ops.div(ops.sub(1, length), 1 - tMul);
    return [restarts, ops.div(ops.sub(falls, before), length)];
  }

  override call(step: Tensor): Tensor {
    const [restarts, done] = this.phase(ops.div(step, this.firstDecaySteps));
    const height = ops.mul(halfCosine(done), ops.pow(this.mMul, restarts));
    return ops.mul(ops.add(ops.mul(height, 1 - this.alpha), this.alpha), this.initialLearningRate);
  }

  override getConfig(): Config {
    const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha, name } = this;
    return { initialLearningRate, firstDecaySteps, tMul, mMul, alpha, name };
  }
}
