/** @file Preprocessing: classes, and functions of their options as TensorFlow.js has them. */
import { CategoryEncoding, type CategoryEncodingOptions } from './category-encoding.ts';
import { CenterCrop, type CenterCropOptions } from './center-crop.ts';
import { Discretization, type DiscretizationOptions } from './discretization.ts';
import { HashedCrossing, type HashedCrossingOptions } from './hashed-crossing.ts';
import { Hashing, type HashingOptions } from './hashing.ts';
import { IntegerLookup, type IntegerLookupOptions } from './integer-lookup.ts';
import { MelSpectrogram, type MelSpectrogramOptions } from './mel-spectrogram.ts';
import { Normalization, type NormalizationOptions } from './normalization.ts';
import { Rescaling, type RescalingOptions } from './rescaling.ts';
import { Resizing, type ResizingOptions } from './resizing.ts';
import { STFTSpectrogram, type STFTSpectrogramOptions } from './stft-spectrogram.ts';
import { StringLookup, type StringLookupOptions } from './string-lookup.ts';
import { TextVectorization, type TextVectorizationOptions } from './text-vectorization.ts';

export { CategoryEncoding, CenterCrop, Discretization, HashedCrossing, Hashing, IntegerLookup, MelSpectrogram };
export { Normalization, Rescaling, Resizing, STFTSpectrogram, StringLookup, TextVectorization };
export type { CategoryEncodingOptions, DiscretizationOptions, HashedCrossingOptions, HashingOptions };
export type { IntegerLookupOptions, NormalizationOptions, RescalingOptions, StringLookupOptions };
export type { CenterCropOptions, MelSpectrogramOptions, ResizingOptions, STFTSpectrogramOptions };
export type { TextVectorizationOptions };
export type { AdaptOptions, DataInMemory, DataStream } from './adaptation.ts';
export type { RawValues } from './data-layer.ts';

/** {@inheritDoc CategoryEncoding} */
export const categoryEncoding = (options: CategoryEncodingOptions) => new CategoryEncoding(options);
/** {@inheritDoc CenterCrop} */
export const centerCrop = (options: CenterCropOptions) => new CenterCrop(options);
/** {@inheritDoc Discretization} */
export const discretization = (options: DiscretizationOptions) => new Discretization(options);
/** {@inheritDoc HashedCrossing} */
export const hashedCrossing = (options: HashedCrossingOptions) => new HashedCrossing(options);
/** {@inheritDoc Hashing} */
export const hashing = (options: HashingOptions) => new Hashing(options);
/** {@inheritDoc IntegerLookup} */
export const integerLookup = (options?: IntegerLookupOptions) => new IntegerLookup(options);
/** {@inheritDoc MelSpectrogram} */
export const melSpectrogram = (options?: MelSpectrogramOptions) => new MelSpectrogram(options);
/** {@inheritDoc Normalization} */
export const normalization = (options?: NormalizationOptions) => new Normalization(options);
/** {@inheritDoc Rescaling} */
export const rescaling = (options: RescalingOptions) => new Rescaling(options);
/** {@inheritDoc Resizing} */
export const resizing = (options: ResizingOptions) => new Resizing(options);
/** {@inheritDoc STFTSpectrogram} */
export const stftSpectrogram = (options?: STFTSpectrogramOptions) => new STFTSpectrogram(options);
/** {@inheritDoc StringLookup} */
export const stringLookup = (options?: StringLookupOptions) => new StringLookup(options);
/** {@inheritDoc TextVectorization} */
export const textVectorization = (options?: TextVectorizationOptions) => new TextVectorization(options);
