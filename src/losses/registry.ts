/** @file Losses by name: classes, functions, configs. */
import { snakeCase } from '../configuration.ts';
import {
  ClassRegistry,
  type CustomObjects,
  type SerializableClass,
  type SerializedObject,
  customObject,
  withCustomObjects,
} from '../serialization/registry.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Circle } from './circle.ts';
import { BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy } from './crossentropy.ts';
import { CTC } from './ctc.ts';
import { KLDivergence, Poisson } from './distributions.ts';
import { BinaryFocalCrossentropy, CategoricalFocalCrossentropy, CategoricalGeneralizedCrossEntropy } from './focal.ts';
import { LossFunctionWrapper } from './function-loss.ts';
import {
  type LossFunction,
  type LossName,
  type SerializedFunction,
  deserializeFunction,
  fullName,
  isSerializedFunction,
  lossFunctions,
  serializeFunction,
  unknownName,
} from './functions.ts';
import { CategoricalHinge, Hinge, SquaredHinge } from './hinge.ts';
import { Loss } from './loss.ts';
import {
  CosineSimilarity,
  Huber,
  LogCosh,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
} from './regression.ts';
import { Dice, Tversky } from './segmentation.ts';
import { type HasShape, targetKind } from './target-kind.ts';

/** Every class of losses, by the name that Keras has for it. */
export const lossRegistry = new ClassRegistry<Loss>('loss', 'keras.losses', () => ({
  BinaryCrossentropy,
  BinaryFocalCrossentropy,
  CTC,
  CategoricalCrossentropy,
  CategoricalFocalCrossentropy,
  CategoricalGeneralizedCrossEntropy,
  CategoricalHinge,
  Circle,
  CosineSimilarity,
  Dice,
  Hinge,
  Huber,
  KLDivergence,
  LogCosh,
  LossFunctionWrapper,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  Poisson,
  SparseCategoricalCrossentropy,
  SquaredHinge,
  Tversky,
}));

/** What `crossentropy` and `ce` mean. */
const crossentropies = {
  binary: BinaryCrossentropy,
  sparse: SparseCategoricalCrossentropy,
  categorical: CategoricalCrossentropy,
};
const isCrossentropy = (name: string): boolean => ['crossentropy', 'ce'].includes(name.toLowerCase());

/** A name in any spelling, a loss or its class, a function that gives one value for each sample, or a config. */
export type LossIdentifier =
  | LossName
  | 'crossentropy'
  | 'ce'
  | (string & {})
  | Loss
  | SerializableClass<Loss>
  | LossFunction
  | SerializedObject
  | SerializedFunction;

const ofFunction = (fn: LossFunction): Loss =>
  new LossFunctionWrapper({ fn, name: snakeCase(fn.name) || 'custom_loss' });

const ofClassOrFunction = (given: SerializableClass<Loss> | LossFunction): Loss =>
  given.prototype instanceof Loss ? new (given as SerializableClass<Loss>)() : ofFunction(given as LossFunction);

/** Refuses a name that no loss has, before any data is seen. @throws ArgumentError */
export function checkLoss(identifier: LossIdentifier): void {
  if (typeof identifier === 'string' && !isCrossentropy(identifier)) maker(identifier);
}

/**
 * The loss meant by a name, an instance, a function or a config. `crossentropy` (`ce`) chooses by the shapes of targets and
 * predictions.
 *
 * @throws ArgumentError for an unknown name.
 * @example `tf.losses.get('mse')`, `tf.losses.get({ className: 'Huber', config: { delta: 2 } })`
 */
export function getLoss(identifier: LossIdentifier, yTrue?: HasShape, yPred?: HasShape): Loss {
  if (identifier instanceof Loss) return identifier;
  if (typeof identifier === 'function') return ofClassOrFunction(identifier);
  if (typeof identifier !== 'string') return deserializeLoss(identifier);
  if (isCrossentropy(identifier)) {
    if (!yTrue || !yPred)
      throw new ArgumentError(
        `The loss '${identifier}' depends on the shapes of targets and predictions; without a model name one: ` +
          `binaryCrossentropy, categoricalCrossentropy or sparseCategoricalCrossentropy.`,
      );
    return new crossentropies[targetKind(yTrue, yPred)]();
  }
  return maker(identifier)();
}

/** What makes the loss of a name: a user's function or class, or one of ours. */
function maker(name: string): () => Loss {
  const custom = customObject(name);
  if (typeof custom === 'function') return () => ofClassOrFunction(custom as LossFunction);
  const known = fullName(name);
  if (!lossRegistry.has(known)) throw unknownName('loss', name, Object.keys(lossFunctions));
  const LossClass = lossRegistry.classOf(known);
  return () => new LossClass();
}

/** A loss as a config holds it; of a function its name. */
export const serializeLoss = (loss: Loss | LossFunction): SerializedObject | SerializedFunction =>
  loss instanceof Loss ? lossRegistry.serialize(loss) : serializeFunction(loss);

/** The loss that a config describes. @throws ArgumentError */
export function deserializeLoss(
  config: string | SerializedObject | SerializedFunction,
  customObjects: CustomObjects = {},
): Loss {
  return withCustomObjects(customObjects, () => {
    if (typeof config === 'string') return maker(config)();
    return isSerializedFunction(config) ? ofFunction(deserializeFunction(config)) : lossRegistry.deserialize(config);
  });
}
