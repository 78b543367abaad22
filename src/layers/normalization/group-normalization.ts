/** @file GroupNormalization: mean 0 and variance 1 within groups of channels of each sample. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { knownSize } from '../expectations.ts';
import type { InputSpec } from '../input-spec.ts';
import type { PartialShape } from '../layer.ts';
import { Scaled, type ScaledOptions, inFullPrecision } from './scaled.ts';

export interface GroupNormalizationOptions extends ScaledOptions {
  /** How many groups the channels are split into; -1: each channel for itself. Default 32. */
  groups?: number;
  /** The axis of the channels; default the last. */
  axis?: number;
}

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, mean and variance over all but the batch within groups of channels (Wu and He 2018).
 * gamma and beta have one number a channel; epsilon is 0.001 unless told. Output of the input's shape.
 *
 * @example
 * tf.layers.groupNormalization({ groups: 2 }).apply(tf.ones([1, 4, 4, 6])).shape; // [1, 4, 4, 6]
 */
export class GroupNormalization extends Scaled {
  readonly groups: number;
  readonly axis: number;

  constructor(options: GroupNormalizationOptions = {}) {
    super(options);
    this.groups = options.groups ?? 32;
    this.axis = options.axis ?? -1;
    if (!Number.isInteger(this.groups) || (this.groups < 1 && this.groups !== -1))
      throw new ArgumentError(
        `Layer ${this.name}: expected groups to be a whole number of at least 1, or -1; got ${this.groups}.`,
      );
  }

  protected override inputSpec(): InputSpec | null {
    const channels = (this.gamma ?? this.beta)?.shape[0];
    return channels === undefined ? null : { axes: { [this.axis]: channels } };
  }

  override build(inputShape: PartialShape): void {
    const channels = knownSize(this.name, inputShape, this.axis);
    if (this.groups > 0 && channels % this.groups !== 0)
      throw new ArgumentError(`Layer ${this.name}: ${channels} channels do not split into ${this.groups} groups.`);
    this.addScaling([channels]);
  }

  override call(inputs: Tensor): Tensor {
    const x = inFullPrecision(inputs);
    const axis = normalizeAxis(this.axis, x.rank, `Layer ${this.name}`);
    const channels = x.shape[axis];
    const groups = this.groups === -1 ? channels : this.groups;
    // [batch, ..., groups, channels of a group, ...]
    const split = (shape: readonly number[]): number[] => shape.toSpliced(axis, 1, groups, channels / groups);
    const grouped = ops.reshape(x, split(x.shape));
    const axes = grouped.shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
    const mean = ops.mean(grouped, axes, true);
    const variance = ops.mean(ops.square(ops.sub(grouped, mean)), axes, true);
    const ones = x.shape.map((size, i) => (i === axis ? size : 1));
    const normalized = this.scaled(grouped, mean, variance, (weight) => ops.reshape(weight, split(ones)));
    return ops.cast(ops.reshape(normalized, x.shape), this.computeDtype);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), groups: this.groups, axis: this.axis };
  }
}
