/** @file Pooling: classes, and functions of their options as TensorFlow.js has them. */
import {
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  type AdaptivePoolingOptions,
  AdaptiveMaxPooling1D,
  AdaptiveMaxPooling2D,
  AdaptiveMaxPooling3D,
} from './adaptive-pooling.ts';
import {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  type GlobalPoolingOptions,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
} from './global-pooling.ts';
import {
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
  type PoolingOptions,
} from './window-pooling.ts';

export { AdaptiveAveragePooling1D, AdaptiveAveragePooling2D, AdaptiveAveragePooling3D };
export { AdaptiveMaxPooling1D, AdaptiveMaxPooling2D, AdaptiveMaxPooling3D };
export { GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D };
export { GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D };
export { AveragePooling1D, AveragePooling2D, AveragePooling3D };
export { MaxPooling1D, MaxPooling2D, MaxPooling3D };
export type { AdaptivePoolingOptions, GlobalPoolingOptions, PoolingOptions };

// Keras's other names.
export { AveragePooling1D as AvgPool1D, AveragePooling2D as AvgPool2D, AveragePooling3D as AvgPool3D };
export { MaxPooling1D as MaxPool1D, MaxPooling2D as MaxPool2D, MaxPooling3D as MaxPool3D };
export {
  GlobalAveragePooling1D as GlobalAvgPool1D,
  GlobalAveragePooling2D as GlobalAvgPool2D,
  GlobalAveragePooling3D as GlobalAvgPool3D,
};
export {
  GlobalMaxPooling1D as GlobalMaxPool1D,
  GlobalMaxPooling2D as GlobalMaxPool2D,
  GlobalMaxPooling3D as GlobalMaxPool3D,
};

/** {@inheritDoc AveragePooling1D} */
export const averagePooling1d = (options?: PoolingOptions) => new AveragePooling1D(options);
/** {@inheritDoc AveragePooling2D} */
export const averagePooling2d = (options?: PoolingOptions) => new AveragePooling2D(options);
/** {@inheritDoc AveragePooling3D} */
export const averagePooling3d = (options?: PoolingOptions) => new AveragePooling3D(options);
/** {@inheritDoc MaxPooling1D} */
export const maxPooling1d = (options?: PoolingOptions) => new MaxPooling1D(options);
/** {@inheritDoc MaxPooling2D} */
export const maxPooling2d = (options?: PoolingOptions) => new MaxPooling2D(options);
/** {@inheritDoc MaxPooling3D} */
export const maxPooling3d = (options?: PoolingOptions) => new MaxPooling3D(options);
/** {@inheritDoc GlobalAveragePooling1D} */
export const globalAveragePooling1d = (options?: GlobalPoolingOptions) => new GlobalAveragePooling1D(options);
/** {@inheritDoc GlobalAveragePooling2D} */
export const globalAveragePooling2d = (options?: GlobalPoolingOptions) => new GlobalAveragePooling2D(options);
/** {@inheritDoc GlobalAveragePooling3D} */
export const globalAveragePooling3d = (options?: GlobalPoolingOptions) => new GlobalAveragePooling3D(options);
/** {@inheritDoc GlobalMaxPooling1D} */
export const globalMaxPooling1d = (options?: GlobalPoolingOptions) => new GlobalMaxPooling1D(options);
/** {@inheritDoc GlobalMaxPooling2D} */
export const globalMaxPooling2d = (options?: GlobalPoolingOptions) => new GlobalMaxPooling2D(options);
/** {@inheritDoc GlobalMaxPooling3D} */
export const globalMaxPooling3d = (options?: GlobalPoolingOptions) => new GlobalMaxPooling3D(options);
/** {@inheritDoc AdaptiveAveragePooling1D} */
export const adaptiveAveragePooling1d = (options: AdaptivePoolingOptions) => new AdaptiveAveragePooling1D(options);
/** {@inheritDoc AdaptiveAveragePooling2D} */
export const adaptiveAveragePooling2d = (options: AdaptivePoolingOptions) => new AdaptiveAveragePooling2D(options);
/** {@inheritDoc AdaptiveAveragePooling3D} */
export const adaptiveAveragePooling3d = (options: AdaptivePoolingOptions) => new AdaptiveAveragePooling3D(options);
/** {@inheritDoc AdaptiveMaxPooling1D} */
export const adaptiveMaxPooling1d = (options: AdaptivePoolingOptions) => new AdaptiveMaxPooling1D(options);
/** {@inheritDoc AdaptiveMaxPooling2D} */
export const adaptiveMaxPooling2d = (options: AdaptivePoolingOptions) => new AdaptiveMaxPooling2D(options);
/** {@inheritDoc AdaptiveMaxPooling3D} */
export const adaptiveMaxPooling3d = (options: AdaptivePoolingOptions) => new AdaptiveMaxPooling3D(options);

// TensorFlow.js's other names.
export {
  averagePooling1d as avgPool1d,
  averagePooling2d as avgPool2d,
  averagePooling3d as avgPool3d,
  averagePooling1d as avgPooling1d,
  averagePooling2d as avgPooling2d,
  averagePooling3d as avgPooling3d,
  maxPooling1d as maxPool1d,
  maxPooling2d as maxPool2d,
  maxPooling3d as maxPool3d,
  globalAveragePooling1d as globalAvgPool1d,
  globalAveragePooling2d as globalAvgPool2d,
  globalAveragePooling3d as globalAvgPool3d,
  globalMaxPooling1d as globalMaxPool1d,
  globalMaxPooling2d as globalMaxPool2d,
  globalMaxPooling3d as globalMaxPool3d,
};
