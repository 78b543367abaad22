/** @file Preprocessing: classes, and functions of their options as TensorFlow.js has them. */
import { Rescaling, type RescalingOptions } from './rescaling.ts';

export { Rescaling, type RescalingOptions };

/** {@inheritDoc Rescaling} */
export const rescaling = (options: RescalingOptions) => new Rescaling(options);
