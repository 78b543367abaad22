/** @file `tf.initializers`: makers of first weights, and the names they are known by. */
import { type Identifier, resolve } from '../serialization/identifier.ts';
import { ClassRegistry, type CustomObjects, type SerializedObject } from '../serialization/registry.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Constant, type ConstantOptions, Identity, type IdentityOptions, Ones, Zeros } from './constant.ts';
import { FunctionInitializer, Initializer, type InitializerFunction } from './initializer.ts';
import { Orthogonal, type OrthogonalOptions } from './orthogonal.ts';
import { type NormalOptions, RandomNormal, RandomUniform, TruncatedNormal, type UniformOptions } from './random.ts';
import { STFT, type STFTOptions } from './stft.ts';
import * as scaling from './variance-scaling.ts';
import type { FanOptions, VarianceScalingOptions } from './variance-scaling.ts';

export { Constant, FunctionInitializer, Identity, Initializer, Ones, Orthogonal, STFT, Zeros };
export { RandomNormal, RandomUniform, TruncatedNormal };
export {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from './variance-scaling.ts';
export type { ConstantOptions, IdentityOptions, InitializerFunction, OrthogonalOptions, STFTOptions };
export type { NormalOptions, UniformOptions };
export type { FanOptions, VarianceScalingOptions };
export type { Seed, SeedOptions } from './seed.ts';

/** Every element 0. */
export const zeros = (): Zeros => new Zeros();
/** Every element 1. */
export const ones = (): Ones => new Ones();
/** Every element `value`: `constant({ value: 3 })`. */
export const constant = (options?: ConstantOptions): Constant => new Constant(options);
/** The identity matrix times `gain`. */
export const identity = (options?: IdentityOptions): Identity => new Identity(options);
/** Normal values: `randomNormal({ mean: 0, stddev: 0.05, seed })`. */
export const randomNormal = (options?: NormalOptions): RandomNormal => new RandomNormal(options);
/** Normal values within two standard deviations: `truncatedNormal({ mean: 0, stddev: 0.05, seed })`. */
export const truncatedNormal = (options?: NormalOptions): TruncatedNormal => new TruncatedNormal(options);
/** Uniform values: `randomUniform({ minval: -0.05, maxval: 0.05, seed })`. */
export const randomUniform = (options?: UniformOptions): RandomUniform => new RandomUniform(options);
/** A matrix that keeps lengths: `orthogonal({ gain: 1, seed })`. */
export const orthogonal = (options?: OrthogonalOptions): Orthogonal => new Orthogonal(options);
/** A kernel of Fourier transforms. */
export const stft = (options?: STFTOptions): STFT => new STFT(options);
/** Values of variance `scale / n`: `varianceScaling({ scale: 1, mode: 'fanIn', distribution: 'normal', seed })`. */
export const varianceScaling = (options?: VarianceScalingOptions): scaling.VarianceScaling =>
  new scaling.VarianceScaling(options);
/** Uniform in ±sqrt(6 / (fanIn + fanOut)). */
export const glorotUniform = (options?: FanOptions): scaling.GlorotUniform => new scaling.GlorotUniform(options);
/** Truncated normal of variance 2 / (fanIn + fanOut). */
export const glorotNormal = (options?: FanOptions): scaling.GlorotNormal => new scaling.GlorotNormal(options);
/** Uniform in ±sqrt(6 / fanIn). */
export const heUniform = (options?: FanOptions): scaling.HeUniform => new scaling.HeUniform(options);
/** Truncated normal of variance 2 / fanIn. */
export const heNormal = (options?: FanOptions): scaling.HeNormal => new scaling.HeNormal(options);
/** Uniform in ±sqrt(3 / fanIn). */
export const lecunUniform = (options?: FanOptions): scaling.LecunUniform => new scaling.LecunUniform(options);
/** Truncated normal of variance 1 / fanIn. */
export const lecunNormal = (options?: FanOptions): scaling.LecunNormal => new scaling.LecunNormal(options);
/** TensorFlow.js's spelling of `lecunUniform`. */
export const leCunUniform = lecunUniform;
/** TensorFlow.js's spelling of `lecunNormal`. */
export const leCunNormal = lecunNormal;

/** @internal The classes by Keras's names, then other names that Keras has for some of them. */
export const initializerClasses = new ClassRegistry<Initializer>('initializer', 'keras.initializers', () => ({
  Zeros,
  Ones,
  Constant,
  Identity,
  RandomNormal,
  TruncatedNormal,
  RandomUniform,
  VarianceScaling: scaling.VarianceScaling,
  GlorotUniform: scaling.GlorotUniform,
  GlorotNormal: scaling.GlorotNormal,
  HeUniform: scaling.HeUniform,
  HeNormal: scaling.HeNormal,
  LecunUniform: scaling.LecunUniform,
  LecunNormal: scaling.LecunNormal,
  Orthogonal,
  STFT,
  FunctionInitializer,
  IdentityInitializer: Identity,
  OrthogonalInitializer: Orthogonal,
  STFTInitializer: STFT,
  normal: RandomNormal,
  uniform: RandomUniform,
  zero: Zeros,
  one: Ones,
}));

type Name =
  | 'zeros'
  | 'ones'
  | 'constant'
  | 'identity'
  | 'randomNormal'
  | 'truncatedNormal'
  | 'randomUniform'
  | 'varianceScaling'
  | 'glorotUniform'
  | 'glorotNormal'
  | 'heUniform'
  | 'heNormal'
  | 'lecunUniform'
  | 'lecunNormal'
  | 'orthogonal';

/** A name in any spelling, an initializer, its class or config, the values themselves, or a function of shape and dtype. */
export type InitializerIdentifier = Name | Identifier<Initializer> | InitializerFunction | Tensor;

/**
 * The initializer meant by an identifier.
 *
 * @throws ArgumentError for an unknown name.
 * @example tf.initializers.getInitializer('he_normal') // a HeNormal
 */
export const getInitializer = (identifier: InitializerIdentifier): Initializer =>
  identifier instanceof Tensor
    ? new Constant({ value: identifier })
    : resolve(initializerClasses, Initializer, identifier, (fn: InitializerFunction) => new FunctionInitializer(fn));

/** An initializer as a config holds it. */
export const serializeInitializer = (initializer: Initializer): SerializedObject =>
  initializerClasses.serialize(initializer);

/** The initializer that `serializeInitializer` described; `customObjects` adds classes by name. @throws ArgumentError */
export const deserializeInitializer = (config: string | SerializedObject, customObjects?: CustomObjects): Initializer =>
  initializerClasses.deserialize(config, customObjects);
