/** @file BatchNormalization: mean 0 and variance 1 for each feature of a batch. */
import type { Config } from '../../configuration.ts';
import type { InitializerIdentifier } from '../../initializers/index.ts';
import * as ops from '../../ops/index.ts';
import type { RegularizerIdentifier } from '../../regularizers/index.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize } from '../expectations.ts';
import type { InputSpec } from '../input-spec.ts';
import { type CallOptions, Layer, type LayerOptions, type PartialShape } from '../layer.ts';
import { identifierConfig } from '../serialization.ts';

export interface BatchNormalizationOptions extends LayerOptions {
  /** The axis of the features; default the last. */
  axis?: number;
  /** Share of the moving statistics that is kept in a step; default 0.99. */
  momentum?: number;
  /** Added to the variance; default 0.001. */
  epsilon?: number;
  /** Adds a learned beta; default true. */
  center?: boolean;
  /** Multiplies by a learned gamma; default true. */
  scale?: boolean;
  betaInitializer?: InitializerIdentifier;
  gammaInitializer?: InitializerIdentifier;
  movingMeanInitializer?: InitializerIdentifier;
  movingVarianceInitializer?: InitializerIdentifier;
  betaRegularizer?: RegularizerIdentifier | null;
  gammaRegularizer?: RegularizerIdentifier | null;
}

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, for each feature (Ioffe and Szegedy 2015).
 *
 * In training mean and variance are the batch's, and moving <- momentum moving + (1 - momentum) batch; in inference, and
 * always when the layer is frozen (`trainable = false`), they are the moving ones. Output of the input's shape.
 */
export class BatchNormalization extends Layer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  gamma: Variable | null = null;
  beta: Variable | null = null;
  movingMean: Variable | null = null;
  movingVariance: Variable | null = null;
  private readonly options: BatchNormalizationOptions;

  constructor(options: BatchNormalizationOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.momentum = options.momentum ?? 0.99;
    this.epsilon = options.epsilon ?? 1e-3;
    this.options = options;
  }

  protected override inputSpec(): InputSpec {
    return { minRank: 2, ...(this.movingMean && { axes: { [this.axis]: this.movingMean.shape[0] } }) };
  }

  override build(inputShape: PartialShape): void {
    const features = [knownSize(this.name, inputShape, this.axis)];
    const { center = true, scale = true, ...given } = this.options;
    const add = (name: string, initializer: InitializerIdentifier, regularizer?: RegularizerIdentifier | null) =>
      this.addWeight(name, features, this.dtype, initializer, regularizer);
    const addMoving = (name: string, initializer: InitializerIdentifier) =>
      this.addWeight(name, features, this.dtype, initializer, null, false);
    if (scale) this.gamma = add('gamma', given.gammaInitializer ?? 'ones', given.gammaRegularizer);
    if (center) this.beta = add('beta', given.betaInitializer ?? 'zeros', given.betaRegularizer);
    this.movingMean = addMoving('moving_mean', given.movingMeanInitializer ?? 'zeros');
    this.movingVariance = addMoving('moving_variance', given.movingVarianceInitializer ?? 'ones');
  }

  override call(inputs: Tensor, { training }: CallOptions): Tensor {
    const axis = normalizeAxis(this.axis, inputs.rank, this.name);
    const [mean, variance] =
      training && this.trainable
        ? this.batchStatistics(inputs, axis)
        : [this.movingMean!.read(), this.movingVariance!.read()];
    // Two numbers for each feature first, so that the batch itself is passed over only twice.
    const inverse = ops.rsqrt(ops.add(variance, this.epsilon));
    const factor = this.gamma ? ops.mul(inverse, this.gamma.read()) : inverse;
    const shift = this.beta ? ops.sub(this.beta.read(), ops.mul(mean, factor)) : ops.neg(ops.mul(mean, factor));
    const place = (x: Tensor): Tensor =>
      axis === inputs.rank - 1 ? x : ops.reshape(x, [x.size, ...Array<number>(inputs.rank - 1 - axis).fill(1)]);
    return ops.add(ops.mul(inputs, place(factor)), place(shift));
  }

  private batchStatistics(inputs: Tensor, axis: number): [Tensor, Tensor] {
    const others = inputs.shape.map((_, i) => i).filter((i) => i !== axis);
    const mean = ops.mean(inputs, others, true);
    const variance = ops.mean(ops.square(ops.sub(inputs, mean)), others);
    const flatMean = ops.reshape(mean, [variance.size]);
    this.follow(this.movingMean!, flatMean);
    this.follow(this.movingVariance!, variance);
    return [flatMean, variance];
  }

  private follow(moving: Variable, batch: Tensor): void {
    moving.assign(ops.add(ops.mul(moving.read(), this.momentum), ops.mul(batch, 1 - this.momentum)));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override getConfig(): Config {
    const { axis, momentum, epsilon, options } = this;
    return {
      ...super.getConfig(),
      ...{ axis, momentum, epsilon, center: options.center ?? true, scale: options.scale ?? true },
      betaInitializer: identifierConfig(options.betaInitializer ?? 'zeros'),
      gammaInitializer: identifierConfig(options.gammaInitializer ?? 'ones'),
      movingMeanInitializer: identifierConfig(options.movingMeanInitializer ?? 'zeros'),
      movingVarianceInitializer: identifierConfig(options.movingVarianceInitializer ?? 'ones'),
      betaRegularizer: identifierConfig(options.betaRegularizer),
      gammaRegularizer: identifierConfig(options.gammaRegularizer),
    };
  }
}
