/** @file Adafactor: second moments of matrices kept as a row and a column. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface AdafactorOptions extends OptimizerOptions {
  /** The share of the second moment that is kept in step t is 1 - t^beta2Decay; default -0.8. */
  beta2Decay?: number;
  /** Added to g²; default 1e-30. */
  epsilon1?: number;
  /** The least size by which a weight's steps are scaled; default 0.001. */
  epsilon2?: number;
  /** The greatest root mean square of a step before it is scaled; default 1. */
  clipThreshold?: number;
  /**
   * Bounds the learning rate by 1 / sqrt(t); default true. As in Keras the size of a step has that bound either way, so that
   * this only says what was meant.
   */
  relativeStep?: boolean;
}

interface AdafactorScalars extends StepScalars {
  /** min(learningRate, 1 / sqrt(t)) */
  readonly rate: Tensor;
  /** 1 - t^beta2Decay */
  readonly kept: Tensor;
  /** t^beta2Decay */
  readonly added: Tensor;
}

const rootMeanSquare = (x: Tensor): Tensor => ops.sqrt(ops.mean(ops.square(x)));

/**
 * Adafactor (Shazeer and Stern 2018): u = g / sqrt(v), w <- w - max(epsilon2, rms(w)) min(learningRate, 1 / sqrt(t))
 * u / max(1, rms(u) / clipThreshold). Of a weight with two axes and more, v is the product of the running means of
 * g² + epsilon1 over the last axis and over the one before it.
 *
 * @example model.compile({ optimizer: tf.optimizers.adafactor({ learningRate: 0.01 }), loss: 'mse' })
 */
export class Adafactor extends Optimizer {
  readonly beta2Decay: number;
  readonly epsilon1: number;
  readonly epsilon2: number;
  readonly clipThreshold: number;
  readonly relativeStep: boolean;

  constructor({
    learningRate = 0.001,
    beta2Decay = -0.8,
    epsilon1 = 1e-30,
    epsilon2 = 1e-3,
    clipThreshold = 1,
    relativeStep = true,
    ...options
  }: AdafactorOptions = {}) {
    super({ learningRate, ...options });
    this.beta2Decay = beta2Decay;
    this.epsilon1 = epsilon1;
    this.epsilon2 = epsilon2;
    this.clipThreshold = clipThreshold;
    this.relativeStep = relativeStep;
  }

  // Keras keeps all three of each variable: places that vectors have no use for, and the whole v of matrices.
  protected override slots({ shape }: Variable): readonly Slot[] {
    const placeholder: Slot = { name: '', shape: [], dtype: 'int32' };
    const factors: Slot[] =
      shape.length < 2
        ? [placeholder, placeholder]
        : [
            { name: '', shape: shape.slice(0, -1) },
            { name: '', shape: [...shape.slice(0, -2), shape[shape.length - 1]] },
          ];
    return [...factors, { name: 'velocity' }];
  }

  protected override prepare(scalars: StepScalars): AdafactorScalars {
    const { learningRate, step } = scalars;
    const added = ops.pow(step, this.beta2Decay);
    return { ...scalars, rate: ops.minimum(learningRate, ops.rsqrt(step)), kept: ops.sub(1, added), added };
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [rows, columns, velocity]: readonly Tensor[],
    { rate, kept, added }: AdafactorScalars,
  ): Update {
    const squares = ops.add(ops.square(gradient), this.epsilon1);
    const running = (mean: Tensor, next: Tensor): Tensor => ops.add(ops.mul(mean, kept), ops.mul(next, added));
    const isFactored = value.rank >= 2;
    const nextRows = isFactored ? running(rows, ops.mean(squares, -1)) : rows;
    const nextColumns = isFactored ? running(columns, ops.mean(squares, -2)) : columns;
    const nextVelocity = isFactored
      ? ops.mul(ops.expandDims(ops.div(nextRows, ops.mean(nextRows, -1, true)), -1), ops.expandDims(nextColumns, -2))
      : running(velocity, squares);
    const direction = ops.div(gradient, ops.sqrt(nextVelocity));
    const excess = ops.maximum(ops.div(rootMeanSquare(direction), this.clipThreshold), 1);
    const size = ops.mul(ops.maximum(rootMeanSquare(value), this.epsilon2), rate);
    return {
      value: ops.sub(value, ops.mul(direction, ops.div(size, excess))),
      state: [nextRows, nextColumns, nextVelocity],
    };
  }

  override getConfig(): Config {
    const { beta2Decay, epsilon1, epsilon2, clipThreshold, relativeStep } = this;
    return { ...super.getConfig(), beta2Decay, epsilon1, epsilon2, clipThreshold, relativeStep };
  }
}
