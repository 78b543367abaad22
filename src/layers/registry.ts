/** @file Which class each layer's name in a config means. */
import {
  ClassRegistry,
  type CustomObjects,
  type SerializableClass,
  type SerializedObject,
} from '../serialization/registry.ts';
import * as core from './core/index.ts';
import * as convolutional from './convolutional/index.ts';
import * as pooling from './pooling/index.ts';
import * as merging from './merging/index.ts';
import * as normalization from './normalization/index.ts';
import * as regularization from './regularization/index.ts';
import * as recurrent from './recurrent/index.ts';
import * as reshaping from './reshaping/index.ts';
import * as preprocessing from './preprocessing/index.ts';
import { Layer } from './layer.ts';

/** Classes among the exports of a family. */
const layerClasses = (families: readonly object[]): Record<string, SerializableClass<Layer>> =>
  Object.fromEntries(
    families
      .flatMap((family) => Object.entries(family))
      .filter(([, value]: [string, unknown]) => typeof value === 'function' && value.prototype instanceof Layer),
  );

let classes: Record<string, SerializableClass<Layer>> | null = null;

/** Every layer under Keras's name of its class; models add themselves. */
export const layerRegistry = new ClassRegistry<Layer>(
  'layer',
  'keras.layers',
  () =>
    (classes ??= layerClasses([
      core,
      merging,
      convolutional,
      pooling,
      normalization,
      regularization,
      recurrent,
      reshaping,
      preprocessing,
    ])),
);

/** A layer as configs hold it. */
export const serializeLayer = (layer: Layer): SerializedObject => layerRegistry.serialize(layer);

/** The layer that a config describes: new, without weights. @throws ArgumentError for a class that is not known */
export const deserializeLayer = (config: string | SerializedObject, customObjects?: CustomObjects): Layer =>
  layerRegistry.deserialize(config, customObjects);
