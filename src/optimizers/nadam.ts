/** @file Nadam: Adam that looks ahead along its momentum. */
import * as ops from '../ops/index.ts';
import { initScope } from '../tracing/trace.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { type MomentOptions, MomentOptimizer } from './moments.ts';
import type { StepScalars, Update } from './optimizer.ts';

export interface NadamOptions extends MomentOptions {
  /** Share of the first moment that is kept in a step, once the steps are many; default 0.9. */
  beta1?: number;
}

interface NadamScalars extends StepScalars {
  /** What the first moment counts: learningRate u(t+1) / (1 - u(1) ... u(t+1)). */
  readonly ofMoment: Tensor;
  /** What the gradient counts: learningRate (1 - u(t)) / (1 - u(1) ... u(t)). */
  readonly ofGradient: Tensor;
  /** 1 / sqrt(1 - beta2^t) */
  readonly correction: Tensor;
}

/**
 * Nadam (Dozat 2016), with the momentum u(t) = beta1 (1 - 0.96^t / 2) that rises to beta1:
 * w <- w - learningRate (u(t+1) m / (1 - Π u) + (1 - u(t)) g / (1 - Π u)) / (sqrt(v / (1 - beta2^t)) + epsilon),
 * m and v being the moments of Adam.
 *
 * @example model.compile({ optimizer: tf.optimizers.nadam({ learningRate: 0.001 }), loss: 'mse' })
 */
export class Nadam extends MomentOptimizer {
  /** u(1) ... u(t); made with the state. */
  private product: Variable | null = null;

  constructor(options: NadamOptions = {}) {
    super(options);
  }

  override build(variables: readonly Variable[]): void {
    super.build(variables);
    if (variables.length === 0) return;
    const dtype = variables[0].dtype === 'float64' ? 'float64' : 'float32';
    this.product ??= initScope(
      () => new Variable(ops.scalar(1, dtype), { name: `${this.name}/u_product`, trainable: false }),
    );
  }

  protected override lastVariables(): Variable[] {
    return this.product ? [this.product] : [];
  }

  override dispose(): void {
    super.dispose();
    this.product?.dispose();
    this.product = null;
  }

  /** u(t) */
  private momentum(step: Tensor): Tensor {
    return ops.mul(ops.sub(1, ops.mul(ops.pow(0.96, step), 0.5)), this.beta1);
  }

  protected override beginStep(step: Tensor): void {
    const product = this.product!;
    product.assign(ops.mul(product.read(), this.momentum(ops.cast(step, product.dtype))));
  }

  protected override prepare(scalars: StepScalars): NadamScalars {
    const { learningRate, step } = scalars;
    const [now, next] = [this.momentum(step), this.momentum(ops.add(step, 1))];
    const product = ops.cast(this.product!.read(), step.dtype);
    return {
      ...scalars,
      ofMoment: ops.div(ops.mul(learningRate, next), ops.sub(1, ops.mul(product, next))),
      ofGradient: ops.div(ops.mul(learningRate, ops.sub(1, now)), ops.sub(1, product)),
      correction: ops.rsqrt(ops.sub(1, ops.pow(this.beta2, step))),
    };
  }

  protected override update(
    value: Tensor,
    gradient: Tensor,
    [m, v]: readonly Tensor[],
    { ofMoment, ofGradient, correction }: NadamScalars,
  ): Update {
    const nextM = this.firstMoment(m, gradient);
    const nextV = this.secondMoment(v, gradient);
    const direction = ops.add(ops.mul(nextM, ofMoment), ops.mul(gradient, ofGradient));
    const deviation = ops.add(ops.mul(ops.sqrt(nextV), correction), this.epsilon);
    return { value: ops.sub(value, ops.div(direction, deviation)), state: [nextM, nextV] };
  }
}
