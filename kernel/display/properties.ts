/** @file Reading properties of values whose kind is being found out, without running what their authors did not mean to be run. */
import { types } from 'node:util';

/**
 * Properties by name, those that cannot be read without harm left out: a getter that an object has of its own is not run
 * (data libraries have theirs on classes), one that throws has no value. Proxies are asked: data frames are such.
 */
export function propertiesOf<Name extends PropertyKey>(
  value: object,
  ...names: readonly Name[]
): Record<Name, unknown> {
  return Object.fromEntries(names.map((name) => [name, propertyOf(value, name)])) as Record<Name, unknown>;
}

function propertyOf(value: object, name: PropertyKey): unknown {
  try {
    if (types.isProxy(value)) return (value as Record<PropertyKey, unknown>)[name];
    const own = Object.getOwnPropertyDescriptor(value, name);
    if (own) return own.value as unknown;
    return (value as Record<PropertyKey, unknown>)[name];
  } catch {
    return undefined;
  }
}
