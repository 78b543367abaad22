/** @file LossScaleOptimizer: another optimizer, with a loss scale that finds itself. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { IndexedSlices } from '../tensor/indexed-slices.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { onElements } from './clipping.ts';
import type { Pair } from './gradients.ts';
import type { LearningRateLike } from './learning-rate.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerIdentifier, getOptimizer, serializeOptimizer } from './registry.ts';

export interface LossScaleOptions {
  /** The optimizer that makes the steps. */
  innerOptimizer: OptimizerIdentifier;
  /** The first loss scale; default 2^15. Too high a one falls quickly. */
  initialScale?: number;
  /** After so many steps without overflow the scale is doubled; default 2,000. */
  dynamicGrowthSteps?: number;
  name?: string | null;
}

/**
 * Multiplies the loss by a scale, so that gradients do not vanish in float16, and divides the gradients by it before the inner
 * optimizer's step. Where a gradient is not finite, that step is left out and the scale halved; it is doubled after
 * `dynamicGrowthSteps` steps without that. Options such as clipping belong to the inner optimizer.
 *
 * @example new tf.optimizers.LossScaleOptimizer({ innerOptimizer: tf.optimizers.adam(0.001) })
 */
export class LossScaleOptimizer extends Optimizer {
  readonly innerOptimizer: Optimizer;
  readonly initialScale: number;
  readonly dynamicGrowthSteps: number;
  /** Steps since the scale changed. */
  readonly stepCounter: Variable;
  /** The loss scale now. */
  readonly dynamicScale: Variable;

  constructor({
    innerOptimizer,
    initialScale = 2 ** 15,
    dynamicGrowthSteps = 2000,
    name,
    ...others
  }: LossScaleOptions) {
    super({ learningRate: 0, name: name ?? 'loss_scale_optimizer' });
    const [other] = Object.entries(others).find(([, value]) => Boolean(value)) ?? [];
    if (other !== undefined)
      throw new ArgumentError(`${this.name}: '${other}' is an option of the inner optimizer; set it there.`);
    if (!(initialScale > 0)) throw new ArgumentError(`${this.name}: expected initialScale > 0, got ${initialScale}.`);
    if (!(Number.isInteger(dynamicGrowthSteps) && dynamicGrowthSteps > 0))
      throw new ArgumentError(
        `${this.name}: expected dynamicGrowthSteps to be a whole number of at least 1, got ${dynamicGrowthSteps}.`,
      );
    this.innerOptimizer = getOptimizer(innerOptimizer);
    // Gradients would be divided twice.
    this.innerOptimizer.lossScaleFactor = null;
    this.initialScale = initialScale;
    this.dynamicGrowthSteps = dynamicGrowthSteps;
    const state = (name: string, value: Tensor): Variable =>
      new Variable(value, { name: `${this.name}/${name}`, trainable: false });
    this.stepCounter = state('step_counter', ops.scalar(0, 'int32'));
    this.dynamicScale = state('dynamic_scale', ops.scalar(initialScale));
  }

  override get iterations(): Variable {
    return this.innerOptimizer.iterations;
  }

  override get learningRate(): number {
    return this.innerOptimizer.learningRate;
  }
  override set learningRate(value: LearningRateLike) {
    this.innerOptimizer.learningRate = value;
  }

  override get variables(): Variable[] {
    return [...this.ownVariables(), this.stepCounter, this.dynamicScale, ...this.innerOptimizer.variables];
  }

  override get useEma(): boolean {
    return this.innerOptimizer.useEma;
  }

  override get movingAverages(): (readonly [variable: Variable, average: Variable])[] {
    return this.innerOptimizer.movingAverages;
  }

  override get built(): boolean {
    return this.innerOptimizer.built;
  }

  override build(variables: readonly Variable[]): void {
    this.innerOptimizer.build(variables);
  }

  protected override applyPresent(pairs: readonly Pair[]): void {
    const finite = pairs
      .map(([gradient]) => ops.all(ops.isFinite(gradient instanceof IndexedSlices ? gradient.values : gradient)))
      .reduce((a, b) => ops.logicalAnd(a, b));
    const scale = this.dynamicScale.read();
    ops.cond(
      finite,
      () => {
        this.innerOptimizer.applyGradients(
          pairs.map(([gradient, variable]) => [
            onElements(gradient, (x) => ops.div(x, ops.cast(scale, x.dtype))),
            variable,
          ]),
        );
        const steps = ops.add(this.stepCounter.read(), ops.scalar(1, 'int32'));
        const grows = ops.equal(steps, ops.scalar(this.dynamicGrowthSteps, 'int32'));
        this.stepCounter.assign(ops.where(grows, ops.scalar(0, 'int32'), steps));
        this.dynamicScale.assign(ops.where(grows, ops.mul(scale, 2), scale));
        return [];
      },
      () => {
        this.stepCounter.assign(ops.scalar(0, 'int32'));
        this.dynamicScale.assign(ops.mul(scale, 0.5));
        return [];
      },
    );
  }

  override scaleLoss(loss: Tensor): Tensor {
    return ops.mul(loss, ops.cast(this.dynamicScale.read(), loss.dtype));
  }

  override dispose(): void {
    this.innerOptimizer.dispose();
  }

  override getConfig(): Config {
    return {
      name: this.name,
      innerOptimizer: serializeOptimizer(this.innerOptimizer),
      initialScale: this.initialScale,
      dynamicGrowthSteps: this.dynamicGrowthSteps,
    };
  }
}
