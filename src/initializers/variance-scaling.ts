/** @file Initializers whose spread follows the number of a weight's inputs and outputs. */
import { type Config, sameSpelling } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { DType } from '../tensor/dtype.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { RandomInitializer } from './random.ts';
import { type SeedOptions, drawNormal, drawTruncated, drawUniform, seedConfig } from './seed.ts';

const modes = ['fanIn', 'fanOut', 'fanAvg'] as const;
const distributions = ['truncatedNormal', 'untruncatedNormal', 'uniform'] as const;
export type FanMode = (typeof modes)[number];
export type FanDistribution = (typeof distributions)[number];

export interface FanOptions extends SeedOptions {
  /** The axes whose product is the number of inputs; default: all but the last. Together with `outputAxes`. */
  inputAxes?: readonly number[] | null;
  /** The axes whose product is the number of outputs; default: all but the last but one. */
  outputAxes?: readonly number[] | null;
}

export interface VarianceScalingOptions extends FanOptions {
  /** Factor of the variance; default 1. */
  scale?: number;
  /** What the variance is divided by; default `fanIn`. */
  mode?: FanMode | 'fan_in' | 'fan_out' | 'fan_avg';
  /** Default `truncatedNormal`, which is also what `normal` means. */
  distribution?: FanDistribution | 'truncated_normal' | 'untruncated_normal' | 'normal';
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

/** Sizes of these axes, counted from the end where negative, multiplied. @throws ArgumentError */
const product = (shape: Shape, axes: readonly number[]): number =>
  axes.reduce((size, axis) => {
    const dimension = shape.at(axis);
    if (dimension === undefined)
      throw new ArgumentError(`initializers: there is no axis ${axis} in a weight of shape [${shape.join(', ')}].`);
    return size * dimension;
  }, 1);

function choose<T extends string>(option: string, known: readonly T[], given: string): T {
  const found = known.find((name) => sameSpelling(name, given));
  if (!found)
    throw new ArgumentError(
      `initializers.varianceScaling: expected ${option} ${known.join(', ')}; got '${String(given)}'.`,
    );
  return found;
}

/**
 * Values of variance `scale / n`, n being the fan that `mode` names.
 *
 * A uniform distribution has the limits ±sqrt(3 scale / n); a truncated normal is widened so that its variance after the
 * truncation is right.
 *
 * @example tf.initializers.varianceScaling({ scale: 2, mode: 'fanOut' }).apply([10, 20])
 */
export class VarianceScaling extends RandomInitializer {
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: FanDistribution;
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;

  constructor({
    scale = 1,
    mode = 'fanIn',
    distribution = 'truncatedNormal',
    seed,
    inputAxes = null,
    outputAxes = null,
  }: VarianceScalingOptions = {}) {
    super('varianceScaling', seed);
    if (!(scale > 0)) throw new ArgumentError(`initializers.varianceScaling: expected scale > 0, got ${scale}.`);
    this.scale = scale;
    this.mode = choose('mode', modes, mode);
    this.distribution =
      distribution === 'normal' ? 'truncatedNormal' : choose('distribution', distributions, distribution);
    this.inputAxes = inputAxes;
    this.outputAxes = outputAxes;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    const { inputAxes, outputAxes } = this;
    const { fanIn, fanOut } =
      inputAxes && outputAxes
        ? { fanIn: product(shape, inputAxes), fanOut: product(shape, outputAxes) }
        : computeFans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[this.mode];
    const deviation = Math.sqrt(this.scale / Math.max(1, fan));
    switch (this.distribution) {
      case 'uniform': {
        const limit = Math.sqrt(3) * deviation;
        return drawUniform(shape, -limit, limit, dtype, this.seed);
      }
      case 'truncatedNormal':
        return drawTruncated(shape, 0, deviation / truncatedDeviation, dtype, this.seed);
      case 'untruncatedNormal':
        return drawNormal(shape, 0, deviation, dtype, this.seed);
    }
  }

  override getConfig(): Config {
    const { scale, mode, distribution, inputAxes, outputAxes } = this;
    return { ...super.getConfig(), scale, mode, distribution, inputAxes, outputAxes };
  }
}

type Member = Required<Pick<VarianceScalingOptions, 'scale' | 'mode' | 'distribution'>>;

/** A member of the family: only its seed and its axes are free. */
abstract class FamilyMember extends VarianceScaling {
  constructor(member: Member, { seed, inputAxes, outputAxes }: FanOptions) {
    super({ ...member, seed, inputAxes, outputAxes });
  }

  override getConfig(): Config {
    return { seed: seedConfig(this.seed), inputAxes: this.inputAxes, outputAxes: this.outputAxes };
  }
}

/** Uniform in ±sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export class GlorotUniform extends FamilyMember {
  constructor(options: FanOptions = {}) {
    super({ scale: 1, mode: 'fanAvg', distribution: 'uniform' }, options);
  }
}

/** Truncated normal of variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010). */
export class GlorotNormal extends FamilyMember {
  constructor(options: FanOptions = {}) {
    super({ scale: 1, mode: 'fanAvg', distribution: 'truncatedNormal' }, options);
  }
}

/** Uniform in ±sqrt(6 / fanIn) (He et al. 2015). */
export class HeUniform extends FamilyMember {
  constructor(options: FanOptions = {}) {
    super({ scale: 2, mode: 'fanIn', distribution: 'uniform' }, options);
  }
}

/** Truncated normal of variance 2 / fanIn (He et al. 2015). */
export class HeNormal extends FamilyMember {
  constructor(options: FanOptions = {}) {
    super({ scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' }, options);
  }
}

/** Uniform in ±sqrt(3 / fanIn) (LeCun et al. 1998). */
export class LecunUniform extends FamilyMember {
  constructor(options: FanOptions = {}) {
    super({ scale: 1, mode: 'fanIn', distribution: 'uniform' }, options);
  }
}

/** Truncated normal of variance 1 / fanIn (LeCun et al. 1998; what `selu` needs). */
export class LecunNormal extends FamilyMember {
  constructor(options: FanOptions = {}) {
    super({ scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' }, options);
  }
}
