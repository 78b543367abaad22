/** @file Which module of Keras a class of a config is from. */
import { constraintClasses } from '../constraints/index.ts';
import { layerRegistry } from '../layers/registry.ts';
import { lossRegistry } from '../losses/registry.ts';

/** The kind of object that a key of a config asks for: names of classes alone do not tell (there is a loss and a metric Huber). */
const modulesByKey: readonly (readonly [key: RegExp, module: string])[] = [
  [/initializer$/i, 'keras.initializers'],
  [/regularizer$/i, 'keras.regularizers'],
  [/constraint$/i, 'keras.constraints'],
  [/^(inner)?optimizers?$/i, 'keras.optimizers'],
  [/^learningRate$/, 'keras.optimizers.schedules'],
  [/^loss$/, 'keras.losses'],
  [/metrics$/i, 'keras.metrics'],
];

/** Classes that are not where their kind is. */
const modulesByClass: Readonly<Record<string, string>> = {
  Sequential: 'keras',
  Model: 'keras',
  Functional: 'keras.src.models.functional',
  DTypePolicy: 'keras',
};

/** Keras's module of one of the library's classes; null for any other. */
export function kerasModule(className: string, key: string): string | null {
  if (Object.hasOwn(modulesByClass, className)) return modulesByClass[className];
  const byKey = modulesByKey.find(([pattern]) => pattern.test(key));
  if (byKey) return byKey[1];
  return [layerRegistry, lossRegistry, constraintClasses].find((kind) => kind.has(className))?.module ?? null;
}
