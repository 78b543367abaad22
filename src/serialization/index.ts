/** @file `tf.serialization`: classes by name. */
export {
  type Configurable,
  type CustomObjects,
  type SerializableClass,
  type SerializedObject,
  isSerialized,
  registerClass,
  withCustomObjects,
} from './registry.ts';
