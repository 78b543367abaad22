/** @file What users give where an object of some kind is asked for: an instance, a class, a name, a config, a function. */
import type { Config } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import {
  type ClassRegistry,
  type Configurable,
  type SerializableClass,
  type SerializedObject,
  customObject,
  isSerialized,
  registeredNameOf,
} from './registry.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any constructor, also of an abstract class
type Base<T> = abstract new (...args: any[]) => T;

/** An instance, its class, the class's name in any spelling, or its config. */
export type Identifier<T extends Configurable> = T | SerializableClass<T> | SerializedObject | (string & {});

/**
 * The object that an identifier means.
 *
 * @param ofFunction - Makes an object of a plain function, where the kind takes those.
 * @throws ArgumentError
 */
export function resolve<T extends Configurable, F>(
  registry: ClassRegistry<T>,
  base: Base<T>,
  identifier: Identifier<T> | F,
  ofFunction?: (fn: F) => T,
): T {
  if (identifier instanceof base) return identifier;
  if (typeof identifier === 'string') {
    // A function that was registered under that name is meant as it stands.
    const custom = customObject(identifier);
    return custom === undefined ? registry.deserialize(identifier) : resolve(registry, base, custom as F, ofFunction);
  }
  if (isSerialized(identifier)) return registry.deserialize(identifier);
  if (typeof identifier === 'function') {
    if (identifier.prototype instanceof base) return new (identifier as SerializableClass<T>)();
    if (ofFunction) return ofFunction(identifier as F);
  }
  const given = typeof identifier === 'function' ? `the function ${identifier.name}` : JSON.stringify(identifier);
  throw new ArgumentError(
    `Expected a ${registry.kind}: an instance, a name (${registry.names.slice(0, 4).join(', ')}, ...)` +
      `${ofFunction ? ', a function' : ''} or a config { className, config }; got ${given}.`,
  );
}

/** The config of an object that is a plain function: the name under which it can be found again. @throws ArgumentError */
export function functionConfig(kind: string, fn: (...args: never[]) => unknown): Config {
  const name = registeredNameOf(fn) ?? fn.name;
  if (!name)
    throw new ArgumentError(
      `A ${kind} that is a function without a name cannot be saved: give it one and register it with tf.serialization.registerClass.`,
    );
  return { function: name };
}

/** The function that `functionConfig` described. @throws ArgumentError where it is not registered. */
export function functionOf<F>(kind: string, config: Config): F {
  const fn = customObject(String(config.function));
  if (typeof fn !== 'function')
    throw new ArgumentError(
      `The ${kind} '${String(config.function)}' is not known; register it first: tf.serialization.registerClass(${String(config.function)}), ` +
        `or load within tf.serialization.withCustomObjects.`,
    );
  return fn as F;
}
