/** @file Initializers whose spread follows the number of a weight's inputs and outputs. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { DType } from '../tensor/dtype.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Initializer } from './initializer.ts';

const modes = ['fanIn', 'fanOut', 'fanAvg'] as const;
const distributions = ['truncatedNormal', 'untruncatedNormal', 'uniform'] as const;
export type FanMode = (typeof modes)[number];
export type FanDistribution = (typeof distributions)[number];

export interface VarianceScalingOptions {
  /** Factor of the variance; default 1. */
  scale?: number;
  /** What the variance is divided by; default `fanIn`. */
  mode?: FanMode;
  /** Default `truncatedNormal`. */
  distribution?: FanDistribution;
  seed?: number;
}

/** Standard deviation of a unit normal cut off at two standard deviations. */
const truncatedDeviation = 0.8796256610342398;

/** Inputs and outputs of one unit of a weight [...receptive field, in, out]. */
function computeFans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0], fanOut: shape[0] };
  const receptiveField = sizeOf(shape.slice(0, -2));
  return { fanIn: shape[shape.length - 2] * receptiveField, fanOut: shape[shape.length - 1] * receptiveField };
}

/**
 * Values of variance `scale / n`, n being the fan that `mode` names.
 *
 * A uniform distribution has the limits +-sqrt(3 scale / n); a truncated normal is widened so that its variance after the
 * truncation is right.
 */
export class VarianceScaling extends Initializer {
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: FanDistribution;
  readonly seed: number | undefined;

  constructor({ scale = 1, mode = 'fanIn', distribution = 'truncatedNormal', seed }: VarianceScalingOptions = {}) {
    super();
    if (!(scale > 0)) throw new ArgumentError(`initializers.varianceScaling: expected scale > 0, got ${scale}.`);
    if (!modes.includes(mode))
      throw new ArgumentError(`initializers.varianceScaling: expected mode ${modes.join(', ')}; got '${mode}'.`);
    if (!distributions.includes(distribution))
      throw new ArgumentError(
        `initializers.varianceScaling: expected distribution ${distributions.join(', ')}; got '${distribution}'.`,
      );
    this.scale = scale;
    this.mode = mode;
    this.distribution = distribution;
    this.seed = seed;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    const { fanIn, fanOut } = computeFans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[this.mode];
    const deviation = Math.sqrt(this.scale / Math.max(1, fan));
    switch (this.distribution) {
      case 'uniform': {
        const limit = Math.sqrt(3) * deviation;
        return ops.randomUniform([...shape], -limit, limit, dtype, this.seed);
      }
      case 'truncatedNormal':
        return ops.truncatedNormal([...shape], 0, deviation / truncatedDeviation, dtype, this.seed);
      case 'untruncatedNormal':
        return ops.randomNormal([...shape], 0, deviation, dtype, this.seed);
    }
  }

  override getConfig(): Config {
    return { scale: this.scale, mode: this.mode, distribution: this.distribution, seed: this.seed ?? null };
  }
}

type Member = Required<Pick<VarianceScalingOptions, 'scale' | 'mode' | 'distribution'>>;

/** The named members of the family: Glorot and Bengio 2010, He et al. 2015, LeCun et al. 1998. */
export const varianceScalingFamily = {
  glorotUniform: { scale: 1, mode: 'fanAvg', distribution: 'uniform' },
  glorotNormal: { scale: 1, mode: 'fanAvg', distribution: 'truncatedNormal' },
  heUniform: { scale: 2, mode: 'fanIn', distribution: 'uniform' },
  heNormal: { scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' },
  lecunUniform: { scale: 1, mode: 'fanIn', distribution: 'uniform' },
  lecunNormal: { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' },
} as const satisfies Record<string, Member>;
