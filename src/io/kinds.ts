/** @file Which module of Keras a class of a config is from. */
import { sameSpelling } from '../configuration.ts';
import { constraintClasses } from '../constraints/index.ts';
import { initializerClasses } from '../initializers/index.ts';
import { layerRegistry } from '../layers/registry.ts';
import { lossRegistry } from '../losses/registry.ts';
import { metricRegistry } from '../metrics/registry.ts';
import { optimizerClasses } from '../optimizers/registry.ts';
import { scheduleClasses } from '../optimizers/schedules/index.ts';
import { regularizerClasses } from '../regularizers/index.ts';

interface Kind {
  readonly module: string;
  has(className: string): boolean;
}

/** The kind of object that a key of a config asks for: names of classes alone do not tell (there is a loss and a metric Huber). */
const kindsByKey: readonly (readonly [key: RegExp, kind: Kind])[] = [
  [/initializer$/i, initializerClasses],
  [/regularizer$/i, regularizerClasses],
  [/constraint$/i, constraintClasses],
  [/^(inner)?optimizers?$/i, optimizerClasses],
  [/^learningRate$/, scheduleClasses],
  [/^loss$/, lossRegistry],
  [/metrics$/i, metricRegistry],
];

const kinds: readonly Kind[] = [
  ...[layerRegistry, lossRegistry, metricRegistry, optimizerClasses, scheduleClasses],
  ...[initializerClasses, regularizerClasses, constraintClasses],
];

/** Classes that are not where their kind is. */
const modulesByClass: Readonly<Record<string, string>> = {
  Sequential: 'keras',
  Model: 'keras',
  Functional: 'keras.src.models.functional',
  DTypePolicy: 'keras',
  LossFunctionWrapper: 'keras.src.losses.losses',
};

/** Keras's module of one of the library's classes; null for any other. */
export function kerasModule(className: string, key: string): string | null {
  if (Object.hasOwn(modulesByClass, className)) return modulesByClass[className];
  const wanted = kindsByKey.find(([pattern]) => pattern.test(key))?.[1];
  if (wanted?.has(className)) return wanted.module;
  return kinds.find((kind) => kind.has(className))?.module ?? null;
}

/** The class of a metric that a name in any spelling means; undefined where it is no class's. */
export const metricClass = (name: string): string | undefined =>
  metricRegistry.names.find((known) => sameSpelling(known, name));

/** Classes that Keras knows by another name inside than outside: HDF5 files have it, and paths of weights. */
const innerNames: Readonly<Record<string, string>> = { GroupQueryAttention: 'GroupedQueryAttention' };

/** The name of a class within Keras. */
export const innerClassName = (className: string): string => innerNames[className] ?? className;

/** The name of a class outside of Keras. */
export const outerClassName = (className: string): string =>
  Object.keys(innerNames).find((name) => innerNames[name] === className) ?? className;
