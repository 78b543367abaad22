/** @file The losses that are functions, by name: what a string, and a function in a config, can mean. */
import { type Config, lookUp, sameSpelling, snakeCase } from '../configuration.ts';
import type { TensorLike } from '../ops/index.ts';
import { customObject, registeredNameOf } from '../serialization/registry.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from './crossentropy.ts';
import { circle } from './circle.ts';
import { ctc } from './ctc.ts';
import { klDivergence, poisson } from './distributions.ts';
import { binaryFocalCrossentropy, categoricalFocalCrossentropy, categoricalGeneralizedCrossEntropy } from './focal.ts';
import { categoricalHinge, hinge, squaredHinge } from './hinge.ts';
import {
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from './regression.ts';
import { dice, tversky } from './segmentation.ts';

/** Values of targets and predictions, one for each sample; `options` are the function's own. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any function of two tensors, whatever its options are
export type LossFunction = (yTrue: Tensor, yPred: Tensor, options?: any) => Tensor;

/** Every loss that is a function, by its name. */
export const lossFunctions = {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalGeneralizedCrossEntropy,
  categoricalHinge,
  circle,
  cosineSimilarity,
  ctc,
  dice,
  hinge,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
  sparseCategoricalCrossentropy,
  squaredHinge,
  tversky,
} satisfies Record<string, (yTrue: TensorLike, yPred: TensorLike, ...options: never[]) => Tensor>;

/** Whether a function is one of the library's losses. */
export const isLossFunction = (fn: LossFunction): boolean => Object.values<unknown>(lossFunctions).includes(fn);

/** Other names of losses, and what each is called in full. */
const aliases = {
  bce: 'binaryCrossentropy',
  kld: 'klDivergence',
  kullbackLeiblerDivergence: 'klDivergence',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  mse: 'meanSquaredError',
  msle: 'meanSquaredLogarithmicError',
  cosineProximity: 'cosineSimilarity',
  huberLoss: 'huber',
} as const;

/** A name of a loss: in camelCase, or (not listed) in any other spelling. */
export type LossName = keyof typeof lossFunctions | keyof typeof aliases;

/** What a short name stands for, of losses and of the metrics that are their means; other names as they are. */
export const fullName = (name: string): string =>
  Object.entries(aliases).find(([alias]) => sameSpelling(alias, name))?.[1] ?? name;

/** The error for a name that nothing has. */
export const unknownName = (kind: 'loss' | 'metric', name: string, known: readonly string[]): ArgumentError =>
  new ArgumentError(
    `Unknown ${kind} '${name}'; expected one of: ${[...known, ...Object.keys(aliases)].join(', ')}. ` +
      `A class or a function of your own is given itself, or registered first: tf.serialization.registerClass(...).`,
  );

/** A function as a config holds it: by Keras's name, its own, or the one under which it was registered. */
export interface SerializedFunction {
  readonly className: 'function';
  readonly config: string;
}

/** Whether a value is a function as configs hold it. */
export const isSerializedFunction = (value: unknown): value is SerializedFunction =>
  typeof value === 'object' && value !== null && (value as Config).className === 'function';

/** A function by the name that it can be found by. */
export function serializeFunction(fn: LossFunction, known: object = lossFunctions): SerializedFunction {
  const own = Object.entries(known).find(([, function_]) => function_ === fn)?.[0];
  return { className: 'function', config: own ? snakeCase(own) : (registeredNameOf(fn) ?? fn.name) };
}

/** The function that a config names: one of the user's first, then one of `known`. @throws ArgumentError */
export function deserializeFunction(
  { config }: SerializedFunction,
  known: Readonly<Record<string, LossFunction>> = lossFunctions,
): LossFunction {
  const custom = customObject(config);
  return typeof custom === 'function' ? (custom as LossFunction) : lookUp('function', known, fullName(config));
}
