/** @file Preprocessing: classes, and functions of their options as TensorFlow.js has them. */
import { CategoryEncoding, type CategoryEncodingOptions } from './category-encoding.ts';
import { Discretization, type DiscretizationOptions } from './discretization.ts';
import { HashedCrossing, type HashedCrossingOptions } from './hashed-crossing.ts';
import { Hashing, type HashingOptions } from './hashing.ts';
import { IntegerLookup, type IntegerLookupOptions } from './integer-lookup.ts';
import { Normalization, type NormalizationOptions } from './normalization.ts';
import { Rescaling, type RescalingOptions } from './rescaling.ts';
import { StringLookup, type StringLookupOptions } from './string-lookup.ts';
import { TextVectorization, type TextVectorizationOptions } from './text-vectorization.ts';

export { CategoryEncoding, Discretization, HashedCrossing, Hashing, IntegerLookup };
export { Normalization, Rescaling, StringLookup, TextVectorization };
export type { CategoryEncodingOptions, DiscretizationOptions, HashedCrossingOptions, HashingOptions };
export type { IntegerLookupOptions, NormalizationOptions, RescalingOptions, StringLookupOptions };
export type { TextVectorizationOptions };
export type { AdaptOptions, DataInMemory, DataStream } from './adaptation.ts';
export type { RawValues } from './data-layer.ts';

/** {@inheritDoc CategoryEncoding} */
export const categoryEncoding = (options: CategoryEncodingOptions) => new CategoryEncoding(options);
/** {@inheritDoc Discretization} */
export const discretization = (options: DiscretizationOptions) => new Discretization(options);
/** {@inheritDoc HashedCrossing} */
export const hashedCrossing = (options: HashedCrossingOptions) => new HashedCrossing(options);
/** {@inheritDoc Hashing} */
export const hashing = (options: HashingOptions) => new Hashing(options);
/** {@inheritDoc IntegerLookup} */
export const integerLookup = (options?: IntegerLookupOptions) => new IntegerLookup(options);
/** {@inheritDoc Normalization} */
export const normalization = (options?: NormalizationOptions) => new Normalization(options);
/** {@inheritDoc Rescaling} */
export const rescaling = (options: RescalingOptions) => new Rescaling(options);
/** {@inheritDoc StringLookup} */
export const stringLookup = (options?: StringLookupOptions) => new StringLookup(options);
/** {@inheritDoc TextVectorization} */
export const textVectorization = (options?: TextVectorizationOptions) => new TextVectorization(options);
