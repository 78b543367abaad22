/** @file `tf.initializers`: makers of first weights, and the names they are known by. */
import { lookUp } from '../configuration.ts';
import { Constant, Ones, Zeros } from './constant.ts';
import { Initializer } from './initializer.ts';
import { type NormalOptions, RandomNormal, RandomUniform, TruncatedNormal, type UniformOptions } from './random.ts';
import { VarianceScaling, varianceScalingFamily, type VarianceScalingOptions } from './variance-scaling.ts';

export { Constant, Initializer, Ones, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, Zeros };
export type { NormalOptions, UniformOptions, VarianceScalingOptions };

interface SeedOptions {
  /** The same seed gives the same values each time; left out, the global generator is used. */
  seed?: number;
}

const family =
  (name: keyof typeof varianceScalingFamily) =>
  (options: SeedOptions = {}) =>
    new VarianceScaling({ ...varianceScalingFamily[name], ...options });

export const zeros = () => new Zeros();
export const ones = () => new Ones();
export const constant = (options: { value: number }) => new Constant(options);
export const randomNormal = (options?: NormalOptions) => new RandomNormal(options);
export const truncatedNormal = (options?: NormalOptions) => new TruncatedNormal(options);
export const randomUniform = (options?: UniformOptions) => new RandomUniform(options);
export const varianceScaling = (options?: VarianceScalingOptions) => new VarianceScaling(options);
/** Uniform in +-sqrt(6 / (fanIn + fanOut)). */
export const glorotUniform = family('glorotUniform');
/** Truncated normal of variance 2 / (fanIn + fanOut). */
export const glorotNormal = family('glorotNormal');
/** Uniform in +-sqrt(6 / fanIn). */
export const heUniform = family('heUniform');
/** Truncated normal of variance 2 / fanIn. */
export const heNormal = family('heNormal');
/** Uniform in +-sqrt(3 / fanIn). */
export const lecunUniform = family('lecunUniform');
/** Truncated normal of variance 1 / fanIn. */
export const lecunNormal = family('lecunNormal');

const byName = {
  zeros,
  ones,
  randomNormal,
  truncatedNormal,
  randomUniform,
  varianceScaling,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
};

/** A name in any spelling, or an initializer. */
export type InitializerIdentifier = keyof typeof byName | (string & {}) | Initializer;

/** The initializer meant by a name or an instance. @throws ArgumentError for an unknown name. */
export const getInitializer = (identifier: InitializerIdentifier): Initializer =>
  identifier instanceof Initializer ? identifier : lookUp<() => Initializer>('initializer', byName, identifier)();
