/** @file `tf.constraints`: projections of weights onto allowed values, and the names they are known by. */
import { type Identifier, resolve } from '../serialization/identifier.ts';
import { ClassRegistry, type CustomObjects, type SerializedObject } from '../serialization/registry.ts';
import { Constraint, type ConstraintFunction, FunctionConstraint } from './constraint.ts';
import {
  MaxNorm,
  type MaxNormOptions,
  MinMaxNorm,
  type MinMaxNormOptions,
  NonNeg,
  UnitNorm,
  type UnitNormOptions,
} from './norms.ts';

export { Constraint, FunctionConstraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm };
export type { ConstraintFunction, MaxNormOptions, MinMaxNormOptions, UnitNormOptions };
export type { NormAxis } from './norms.ts';

/** Shortens vectors: `maxNorm({ maxValue: 2, axis: 0 })`. */
export const maxNorm = (options?: MaxNormOptions): MaxNorm => new MaxNorm(options);
/** Brings lengths into a range: `minMaxNorm({ minValue: 0, maxValue: 1, rate: 1, axis: 0 })`. */
export const minMaxNorm = (options?: MinMaxNormOptions): MinMaxNorm => new MinMaxNorm(options);
/** No negative elements: `nonNeg()`. */
export const nonNeg = (): NonNeg => new NonNeg();
/** Vectors of length 1: `unitNorm({ axis: 0 })`. */
export const unitNorm = (options?: UnitNormOptions): UnitNorm => new UnitNorm(options);

/** @internal The classes by Keras's names. */
export const constraintClasses = new ClassRegistry<Constraint>('constraint', 'keras.constraints', () => ({
  MaxNorm,
  MinMaxNorm,
  NonNeg,
  UnitNorm,
  FunctionConstraint,
}));

/** A name in any spelling, a constraint, its class or config, or a function of the weight. */
export type ConstraintIdentifier =
  'maxNorm' | 'minMaxNorm' | 'nonNeg' | 'unitNorm' | Identifier<Constraint> | ConstraintFunction;

/**
 * The constraint meant by an identifier; null where there is none.
 *
 * @throws ArgumentError for an unknown name.
 * @example tf.constraints.getConstraint('non_neg') // a NonNeg
 */
export function getConstraint(identifier: ConstraintIdentifier | null | undefined): Constraint | null {
  if (identifier === null || identifier === undefined) return null;
  return resolve(constraintClasses, Constraint, identifier, (fn: ConstraintFunction) => new FunctionConstraint(fn));
}

/** A constraint as a config holds it. */
export const serializeConstraint = (constraint: Constraint): SerializedObject =>
  constraintClasses.serialize(constraint);

/** The constraint that `serializeConstraint` described; `customObjects` adds classes by name. @throws ArgumentError */
export const deserializeConstraint = (config: string | SerializedObject, customObjects?: CustomObjects): Constraint =>
  constraintClasses.deserialize(config, customObjects);
