/** @file The optimizers by name, and how configs hold them. */
import { type Identifier, resolve } from '../serialization/identifier.ts';
import {
  ClassRegistry,
  type CustomObjects,
  type SerializableClass,
  type SerializedObject,
} from '../serialization/registry.ts';
import { Optimizer } from './optimizer.ts';

let classes: Readonly<Record<string, SerializableClass<Optimizer>>> = {};

/** @internal Tells of the classes: those that hold other optimizers need this module before they are there. */
export function setOptimizerClasses(all: Readonly<Record<string, SerializableClass<Optimizer>>>): void {
  classes = all;
}

/** @internal The classes by Keras's names. */
export const optimizerClasses = new ClassRegistry<Optimizer>('optimizer', 'keras.optimizers', () => classes);

/** A name in any spelling, an optimizer, its class or config. */
export type OptimizerIdentifier =
  | 'sgd'
  | 'rmsprop'
  | 'adam'
  | 'adamW'
  | 'adamax'
  | 'nadam'
  | 'adagrad'
  | 'adadelta'
  | 'ftrl'
  | 'lion'
  | 'adafactor'
  | 'lamb'
  | 'muon'
  | 'scheduleFreeAdamW'
  | Identifier<Optimizer>;

/**
 * The optimizer meant by an identifier, with default options where it is a name.
 *
 * @throws ArgumentError for an unknown name.
 * @example tf.optimizers.getOptimizer('adam') // an Adam
 */
export const getOptimizer = (identifier: OptimizerIdentifier): Optimizer =>
  resolve(optimizerClasses, Optimizer, identifier);

/** An optimizer as a config holds it. */
export const serializeOptimizer = (optimizer: Optimizer): SerializedObject => optimizerClasses.serialize(optimizer);

/** The optimizer that `serializeOptimizer` described; `customObjects` adds classes by name. @throws ArgumentError */
export const deserializeOptimizer = (config: string | SerializedObject, customObjects?: CustomObjects): Optimizer =>
  optimizerClasses.deserialize(config, customObjects);
