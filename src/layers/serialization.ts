/** @file How configs and summaries name what a layer was made with. */
import { type Activation, activationName } from '../activations/index.ts';
import {
  type Configurable,
  type SerializableClass,
  type SerializedObject,
  isSerialized,
  registeredNameOf,
} from '../serialization/registry.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';

/** What may stand for an initializer, a regularizer or a constraint in a layer's options. */
type Identifier =
  | string
  | Configurable
  | SerializedObject
  | SerializableClass<Configurable>
  | ((...args: never[]) => Tensor)
  | Tensor
  | null
  | undefined;

/** A name as it is, an object as its class and arguments, a function as its name, values as a constant. @throws ArgumentError */
export function identifierConfig(identifier: Identifier): unknown {
  if (identifier === null || identifier === undefined || typeof identifier === 'string') return identifier ?? null;
  if (identifier instanceof Tensor) return { className: 'Constant', config: { value: identifier.arraySync() } };
  if (typeof identifier === 'function') {
    const name = registeredNameOf(identifier) ?? identifier.name;
    if (name) return name;
    throw new ArgumentError(
      'A function without a name cannot be saved with its layer: give it one and register it with tf.serialization.registerClass.',
    );
  }
  if (isSerialized(identifier)) return identifier;
  const type = identifier.constructor;
  const registeredName = registeredNameOf(type);
  return { className: type.name, config: identifier.getConfig(), ...(registeredName && { registeredName }) };
}

/** The activation's name, nothing where there is none. */
export function activationDetail(activation: Activation): string {
  const name = activationName(activation);
  return name === 'linear' ? '' : name;
}
