/** @file Pooling: classes, and functions of their options as TensorFlow.js has them. */
import { GlobalAveragePooling2D, type GlobalPooling2DOptions } from './global-average-pooling2d.ts';
import { AveragePooling2D, MaxPooling2D, type Pooling2DOptions } from './pooling2d.ts';

export { AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D };
export type { GlobalPooling2DOptions, Pooling2DOptions };

/** {@inheritDoc MaxPooling2D} */
export const maxPooling2d = (options?: Pooling2DOptions) => new MaxPooling2D(options);
/** {@inheritDoc AveragePooling2D} */
export const averagePooling2d = (options?: Pooling2DOptions) => new AveragePooling2D(options);
/** {@inheritDoc GlobalAveragePooling2D} */
export const globalAveragePooling2d = (options?: GlobalPooling2DOptions) => new GlobalAveragePooling2D(options);
