/** @file BatchNormalization: mean 0 and variance 1 for each feature of a batch. */
import { stopGradient } from '../../autodiff/index.ts';
import type { Config } from '../../configuration.ts';
import { getInitializer, type InitializerIdentifier } from '../../initializers/index.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize } from '../expectations.ts';
import type { InputSpec } from '../input-spec.ts';
import type { CallOptions, PartialShape } from '../layer.ts';
import { identifierConfig } from '../serialization.ts';
import { Scaled, type ScaledOptions, alongAxes, inFullPrecision } from './scaled.ts';

/** Bounds of batch renormalization's corrections; what is left out is not bounded. */
export interface RenormClipping {
  rmin?: number;
  rmax?: number;
  dmax?: number;
}

export interface BatchNormalizationOptions extends ScaledOptions {
  /** The axis of the features; default the last. */
  axis?: number;
  /** Share of the moving statistics that is kept in a step; default 0.99. */
  momentum?: number;
  movingMeanInitializer?: InitializerIdentifier;
  movingVarianceInitializer?: InitializerIdentifier;
  /** Statistics over all replicas of a distributed training; there is one here. Default false. */
  synchronized?: boolean;
  /** Corrects the batch's statistics towards the moving ones in training (Ioffe 2017); default false. */
  renorm?: boolean;
  renormClipping?: RenormClipping | null;
  /** Share of the renormalization's moving statistics that is kept in a step; default 0.99. */
  renormMomentum?: number;
}

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, for each feature (Ioffe and Szegedy 2015); epsilon is 0.001 unless told.
 *
 * In training mean and variance are the batch's (of the steps that a mask lets count), and moving <- momentum moving + (1 - momentum) batch; in
 * inference, and always when the layer is frozen (`trainable = false`), they are the moving ones. Output of the input's shape.
 *
 * @example
 * tf.layers.batchNormalization().apply(tf.tensor([[1], [3]]), { training: true }); // [[-1], [1]], about
 */
export class BatchNormalization extends Scaled {
  readonly axis: number;
  readonly momentum: number;
  readonly renorm: boolean;
  readonly renormClipping: RenormClipping;
  readonly renormMomentum: number;
  movingMean: Variable | null = null;
  movingVariance: Variable | null = null;
  movingStddev: Variable | null = null;
  renormMean: Variable | null = null;
  renormStddev: Variable | null = null;
  declare protected readonly options: BatchNormalizationOptions;

  constructor(options: BatchNormalizationOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.momentum = options.momentum ?? 0.99;
    this.renorm = options.renorm ?? false;
    this.renormClipping = options.renormClipping ?? {};
    this.renormMomentum = options.renormMomentum ?? 0.99;
    const unknown = Object.keys(this.renormClipping).find((key) => !['rmin', 'rmax', 'dmax'].includes(key));
    if (unknown !== undefined)
      throw new ArgumentError(
        `Layer ${this.name}: expected renormClipping to have rmin, rmax and dmax; got ${unknown}.`,
      );
  }

  protected override inputSpec(): InputSpec {
    return { minRank: 2, ...(this.movingMean && { axes: { [this.axis]: this.movingMean.shape[0] } }) };
  }

  override build(inputShape: PartialShape): void {
    const features = [knownSize(this.name, inputShape, this.axis)];
    this.addScaling(features);
    const { movingMeanInitializer: mean = 'zeros', movingVarianceInitializer: variance = 'ones' } = this.options;
    const moving = (name: string, initializer: InitializerIdentifier): Variable =>
      this.addWeight(name, features, null, initializer, null, false, null, { autocast: false });
    this.movingMean = moving('moving_mean', mean);
    this.movingVariance = moving('moving_variance', variance);
    if (!this.renorm) return;
    const stddev = (shape: readonly number[], dtype: Tensor['dtype']): Tensor =>
      ops.sqrt(getInitializer(variance).apply(shape, dtype));
    this.movingStddev = moving('moving_stddev', stddev);
    this.renormMean = moving('renorm_mean', mean);
    this.renormStddev = moving('renorm_stddev', stddev);
  }

  override call(inputs: Tensor, { training, mask }: CallOptions): Tensor {
    const x = inFullPrecision(inputs);
    const axis = normalizeAxis(this.axis, x.rank, this.name);
    const place = (weight: Tensor): Tensor => alongAxes(weight, x.shape, [axis]);
    if (!training || !this.trainable)
      return this.normalized(x, this.movingMean!.read(), this.movingVariance!.read(), place);
    const [mean, variance] =
      mask instanceof Tensor ? this.maskedStatistics(x, mask, axis) : this.batchStatistics(x, axis);
    if (this.renorm) return this.renormalized(x, mean, variance, place);
    this.follow(this.movingMean!, mean, this.momentum);
    this.follow(this.movingVariance!, variance, this.momentum);
    return this.normalized(x, mean, variance, place);
  }

  /** Two numbers for each feature first, so that the batch itself is passed over only twice. */
  private normalized(
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    place: (weight: Tensor) => Tensor,
    correction?: { readonly r: Tensor; readonly d: Tensor },
  ): Tensor {
    const inverse = ops.rsqrt(ops.add(variance, this.epsilon));
    const gamma = this.gamma?.read() ?? null;
    const times = (a: Tensor, b: Tensor | null): Tensor => (b ? ops.mul(a, b) : a);
    const factor = times(times(inverse, correction?.r ?? null), gamma);
    const moved = ops.neg(ops.mul(mean, factor));
    const corrected = correction ? ops.add(moved, times(correction.d, gamma)) : moved;
    const shift = this.beta ? ops.add(this.beta.read(), corrected) : corrected;
    return ops.cast(ops.add(ops.mul(x, place(factor)), place(shift)), this.computeDtype);
  }

  private batchStatistics(x: Tensor, axis: number): [mean: Tensor, variance: Tensor] {
    const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
    const mean = ops.mean(x, others, true);
    const variance = ops.mean(ops.square(ops.sub(x, mean)), others);
    return [ops.reshape(mean, [variance.size]), variance];
  }

  /** Of the steps that count. */
  private maskedStatistics(x: Tensor, mask: Tensor, axis: number): [mean: Tensor, variance: Tensor] {
    if (mask.rank !== x.rank - 1)
      throw new ShapeError(
        `Layer ${this.name}: expected a mask of one axis less than the input ${formatShape(x.shape)}; got ${formatShape(mask.shape)}.`,
      );
    const counts = ops.broadcastTo(ops.expandDims(ops.cast(mask, x.dtype), -1), x.shape);
    const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
    const total = ops.add(ops.sum(counts, others, true), 1e-7);
    const mean = ops.div(ops.sum(ops.mul(x, counts), others, true), total);
    const distance = ops.mul(ops.sub(x, mean), counts);
    const variance = ops.div(ops.sum(ops.square(distance), others, true), total);
    const flat = (value: Tensor): Tensor => ops.reshape(value, [x.shape[axis]]);
    return [flat(mean), flat(variance)];
  }

  private renormalized(x: Tensor, mean: Tensor, variance: Tensor, place: (weight: Tensor) => Tensor): Tensor {
    const { rmin, rmax, dmax } = this.renormClipping;
    const stddev = ops.sqrt(ops.add(variance, this.epsilon));
    const known = ops.maximum(this.renormStddev!.read(), Math.sqrt(this.epsilon));
    let r = ops.div(stddev, known);
    let d = ops.div(ops.sub(mean, this.renormMean!.read()), known);
    if (rmin !== undefined) r = ops.maximum(r, rmin);
    if (rmax !== undefined) r = ops.minimum(r, rmax);
    if (dmax !== undefined) d = ops.clipByValue(d, -dmax, dmax);
    const outputs = this.normalized(x, mean, variance, place, { r: stopGradient(r), d: stopGradient(d) });
    this.follow(this.renormMean!, mean, this.renormMomentum);
    this.follow(this.renormStddev!, stddev, this.renormMomentum);
    this.follow(this.movingMean!, mean, this.momentum);
    const movingStddev = this.follow(this.movingStddev!, stddev, this.momentum);
    this.movingVariance!.assign(ops.relu(ops.sub(ops.square(movingStddev), this.epsilon)));
    return outputs;
  }

  private follow(moving: Variable, batch: Tensor, momentum: number): Tensor {
    const next = ops.add(ops.mul(moving.read(), momentum), ops.mul(ops.cast(batch, moving.dtype), 1 - momentum));
    moving.assign(next);
    return next;
  }

  override getConfig(): Config {
    const { axis, momentum, renorm, renormClipping, renormMomentum, options } = this;
    return {
      ...super.getConfig(),
      ...{ axis, momentum, synchronized: options.synchronized ?? false },
      ...{ renorm, renormClipping: Object.keys(renormClipping).length > 0 ? renormClipping : null, renormMomentum },
      movingMeanInitializer: identifierConfig(options.movingMeanInitializer ?? 'zeros'),
      movingVarianceInitializer: identifierConfig(options.movingVarianceInitializer ?? 'ones'),
    };
  }
}
