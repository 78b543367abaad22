/** @file Which class each layer's name in a config means. The families are added by index.ts: a wrapper here would be asked for before it is there. */
import {
  ClassRegistry,
  type CustomObjects,
  type SerializableClass,
  type SerializedObject,
} from '../serialization/registry.ts';
import { Layer } from './layer.ts';

const classes: Record<string, SerializableClass<Layer>> = {};

/** Makes the classes among a family's exports known under their names, which are Keras's. */
export function addLayerFamily(family: object): void {
  for (const [name, value] of Object.entries(family) as [string, unknown][])
    if (typeof value === 'function' && value.prototype instanceof Layer)
      classes[name] = value as SerializableClass<Layer>;
}

/** Every layer under Keras's name of its class; models add themselves. */
export const layerRegistry = new ClassRegistry<Layer>('layer', 'keras.layers', () => classes);

/** A layer as configs hold it. */
export const serializeLayer = (layer: Layer): SerializedObject => layerRegistry.serialize(layer);

/** The layer that a config describes: new, without weights. @throws ArgumentError for a class that is not known */
export const deserializeLayer = (config: string | SerializedObject, customObjects?: CustomObjects): Layer =>
  layerRegistry.deserialize(config, customObjects);
