/** @file Ftrl: follow the regularized leader, for sparse models. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkNotNegative } from './expectations.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface FtrlOptions extends OptimizerOptions {
  /** How the learning rate falls with the sum of squares; at most 0, which is a fixed rate; default -0.5. */
  learningRatePower?: number;
  /** What the sum of squares begins with; default 0.1. */
  initialAccumulatorValue?: number;
  /** Makes weights exactly 0; default 0. */
  l1RegularizationStrength?: number;
  /** Keeps weights small; default 0. */
  l2RegularizationStrength?: number;
  /** Keeps weights small by a term in the gradient; default 0. */
  l2ShrinkageRegularizationStrength?: number;
  /** The paper's beta; default 0. */
  beta?: number;
}

/**
 * FTRL-proximal (McMahan et al. 2013). With s the sum of g², p = -learningRatePower and g' = g + 2 l2Shrinkage w:
 * z <- z + g' - (s'^p - s^p) / learningRate w,
 * w <- (clip(z, -l1, l1) - z) / (s'^p / learningRate + 2 l2 + beta / learningRate).
 *
 * @example model.compile({ optimizer: tf.optimizers.ftrl({ learningRate: 0.1, l1RegularizationStrength: 0.01 }), loss: 'mse' })
 */
export class Ftrl extends Optimizer {
  readonly learningRatePower: number;
  readonly initialAccumulatorValue: number;
  readonly l1RegularizationStrength: number;
  readonly l2RegularizationStrength: number;
  readonly l2ShrinkageRegularizationStrength: number;
  readonly beta: number;

  constructor({
    learningRate = 0.001,
    learningRatePower = -0.5,
    initialAccumulatorValue = 0.1,
    l1RegularizationStrength = 0,
    l2RegularizationStrength = 0,
    l2ShrinkageRegularizationStrength = 0,
    beta = 0,
    ...options
  }: FtrlOptions = {}) {
    super({ learningRate, ...options });
    checkNotNegative(this.name, {
      initialAccumulatorValue,
      l1RegularizationStrength,
      l2RegularizationStrength,
      l2ShrinkageRegularizationStrength,
    });
    if (!(learningRatePower <= 0))
      throw new ArgumentError(`${this.name}: expected learningRatePower of at most 0, got ${learningRatePower}.`);
    this.learningRatePower = learningRatePower;
    this.initialAccumulatorValue = initialAccumulatorValue;
    this.l1RegularizationStrength = l1RegularizationStrength;
    this.l2RegularizationStrength = l2RegularizationStrength;
    this.l2ShrinkageRegularizationStrength = l2ShrinkageRegularizationStrength;
    this.beta = beta;
  }

  protected override slots(): readonly Slot[] {
    return [{ name: 'accumulator', initial: this.initialAccumulatorValue }, { name: 'linear' }];
  }

  private power(squares: Tensor): Tensor {
    return this.learningRatePower === -0.5 ? ops.sqrt(squares) : ops.pow(squares, -this.learningRatePower);
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [squares, linear]: readonly Tensor[],
    { learningRate }: StepScalars,
  ): Update {
    const { l1RegularizationStrength: l1, l2RegularizationStrength: l2, l2ShrinkageRegularizationStrength } = this;
    const shrinking =
      l2ShrinkageRegularizationStrength === 0
        ? gradient
        : ops.add(gradient, ops.mul(value, 2 * l2ShrinkageRegularizationStrength));
    const nextSquares = ops.add(squares, ops.square(gradient));
    const [before, after] = [this.power(squares), this.power(nextSquares)];
    const growth = ops.div(ops.sub(after, before), learningRate);
    const nextLinear = ops.add(linear, ops.sub(shrinking, ops.mul(growth, value)));
    const fixed = ops.add(ops.div(this.beta, learningRate), 2 * l2);
    const quadratic = ops.add(ops.div(after, learningRate), fixed);
    const beyond = l1 === 0 ? ops.neg(nextLinear) : ops.sub(ops.clipByValue(nextLinear, -l1, l1), nextLinear);
    return { value: ops.div(beyond, quadratic), state: [nextSquares, nextLinear] };
  }

  override getConfig(): Config {
    const {
      learningRatePower,
      initialAccumulatorValue,
      l1RegularizationStrength,
      l2RegularizationStrength,
      l2ShrinkageRegularizationStrength,
      beta,
    } = this;
    return {
      ...super.getConfig(),
      learningRatePower,
      initialAccumulatorValue,
      l1RegularizationStrength,
      l2RegularizationStrength,
      l2ShrinkageRegularizationStrength,
      beta,
    };
  }
}
