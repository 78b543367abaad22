/** @file Normalization: classes, and functions of their options as TensorFlow.js has them. */
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.ts';

export { BatchNormalization, type BatchNormalizationOptions };

/** {@inheritDoc BatchNormalization} */
export const batchNormalization = (options?: BatchNormalizationOptions) => new BatchNormalization(options);
