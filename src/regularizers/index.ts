/** @file `tf.regularizers`: penalties on weights that join the loss, and the names they are known by. */
import { sameSpelling } from '../configuration.ts';
import { type Identifier, resolve } from '../serialization/identifier.ts';
import { ClassRegistry, type CustomObjects, type SerializedObject } from '../serialization/registry.ts';
import { L1, L1L2, L2, OrthogonalRegularizer, type OrthogonalRegularizerOptions } from './penalties.ts';
import { FunctionRegularizer, Regularizer, type RegularizerFunction } from './regularizer.ts';

export { FunctionRegularizer, L1, L1L2, L2, OrthogonalRegularizer, Regularizer };
export type { OrthogonalRegularizerOptions, RegularizerFunction };

/** `l1` sum(|w|); the factor is 0.01 unless told. */
export const l1 = (options?: { l1?: number }): L1 => new L1(options);
/** `l2` sum(w²); the factor is 0.01 unless told. */
export const l2 = (options?: { l2?: number }): L2 => new L2(options);
/** Both penalties; the factors are 0.01 unless told. */
export const l1l2 = ({ l1 = 0.01, l2 = 0.01 }: { l1?: number; l2?: number } = {}): L1L2 => new L1L2({ l1, l2 });
/** Rows or columns that are orthogonal: `orthogonalRegularizer({ factor: 0.01, mode: 'rows' })`. */
export const orthogonalRegularizer = (options?: OrthogonalRegularizerOptions): OrthogonalRegularizer =>
  new OrthogonalRegularizer(options);

/** @internal The classes by Keras's names. */
export const regularizerClasses = new ClassRegistry<Regularizer>('regularizer', 'keras.regularizers', () => ({
  L1,
  L2,
  L1L2,
  OrthogonalRegularizer,
  FunctionRegularizer,
}));

/** A name in any spelling, a regularizer, its class or config, or a function of the weight. */
export type RegularizerIdentifier =
  'l1' | 'l2' | 'l1l2' | 'orthogonalRegularizer' | Identifier<Regularizer> | RegularizerFunction;

/**
 * The regularizer meant by an identifier; null where there is none. The name `l1l2` means both factors of 0.01.
 *
 * @throws ArgumentError for an unknown name.
 * @example tf.regularizers.getRegularizer('l2') // an L2 of factor 0.01
 */
export function getRegularizer(identifier: RegularizerIdentifier | null | undefined): Regularizer | null {
  if (identifier === null || identifier === undefined) return null;
  if (typeof identifier === 'string' && sameSpelling(identifier, 'l1l2')) return l1l2();
  return resolve(regularizerClasses, Regularizer, identifier, (fn: RegularizerFunction) => new FunctionRegularizer(fn));
}

/** A regularizer as a config holds it. */
export const serializeRegularizer = (regularizer: Regularizer): SerializedObject =>
  regularizerClasses.serialize(regularizer);

/** The regularizer that `serializeRegularizer` described; `customObjects` adds classes by name. @throws ArgumentError */
export const deserializeRegularizer = (config: string | SerializedObject, customObjects?: CustomObjects): Regularizer =>
  regularizerClasses.deserialize(config, customObjects);
