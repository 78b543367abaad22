/** @file Normalization: classes, and functions of their options as TensorFlow.js has them. */
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.ts';
import { GroupNormalization, type GroupNormalizationOptions } from './group-normalization.ts';
import { LayerNormalization, type LayerNormalizationOptions } from './layer-normalization.ts';
import {
  RMSNormalization,
  type RMSNormalizationOptions,
  UnitNormalization,
  type UnitNormalizationOptions,
} from './rms-normalization.ts';
import { SpectralNormalization, type SpectralNormalizationOptions } from './spectral-normalization.ts';

export { BatchNormalization, GroupNormalization, LayerNormalization, RMSNormalization, SpectralNormalization };
export { UnitNormalization };
export type { BatchNormalizationOptions, GroupNormalizationOptions, LayerNormalizationOptions };
export type { RMSNormalizationOptions, SpectralNormalizationOptions, UnitNormalizationOptions };
export type { RenormClipping } from './batch-normalization.ts';

/** {@inheritDoc BatchNormalization} */
export const batchNormalization = (options?: BatchNormalizationOptions) => new BatchNormalization(options);
/** {@inheritDoc LayerNormalization} */
export const layerNormalization = (options?: LayerNormalizationOptions) => new LayerNormalization(options);
/** {@inheritDoc GroupNormalization} */
export const groupNormalization = (options?: GroupNormalizationOptions) => new GroupNormalization(options);
/** {@inheritDoc RMSNormalization} */
export const rmsNormalization = (options?: RMSNormalizationOptions) => new RMSNormalization(options);
/** {@inheritDoc UnitNormalization} */
export const unitNormalization = (options?: UnitNormalizationOptions) => new UnitNormalization(options);
/** {@inheritDoc SpectralNormalization} */
export const spectralNormalization = (options: SpectralNormalizationOptions) => new SpectralNormalization(options);
