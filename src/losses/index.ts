/** @file `tf.losses`: classes, functions, and the names they are known by. */
import { lookUp } from '../configuration.ts';
import * as classes from './classes.ts';
import { FunctionLoss, Loss, type LossFunction } from './loss.ts';

export * from './classes.ts';
export * from './functions.ts';
export {
  absoluteDifference,
  computeWeightedLoss,
  cosineDistance,
  hingeLoss,
  huberLoss,
  logLoss,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from './weighted.ts';
export { Loss, type LossFunction, type LossOptions, type Reduction } from './loss.ts';

const byName = {
  meanSquaredError: () => new classes.MeanSquaredError(),
  mse: () => new classes.MeanSquaredError(),
  meanAbsoluteError: () => new classes.MeanAbsoluteError(),
  mae: () => new classes.MeanAbsoluteError(),
  huber: () => new classes.Huber(),
  binaryCrossentropy: () => new classes.BinaryCrossentropy(),
  bce: () => new classes.BinaryCrossentropy(),
  categoricalCrossentropy: () => new classes.CategoricalCrossentropy(),
  sparseCategoricalCrossentropy: () => new classes.SparseCategoricalCrossentropy(),
};

/** A name in any spelling, a loss, or a function that gives one value for each sample. */
export type LossIdentifier = keyof typeof byName | (string & {}) | Loss | LossFunction;

/** The loss meant by a name, an instance or a function. @throws ArgumentError for an unknown name. */
export function getLoss(identifier: LossIdentifier): Loss {
  if (identifier instanceof Loss) return identifier;
  return typeof identifier === 'function'
    ? new FunctionLoss(identifier)
    : lookUp<() => Loss>('loss', byName, identifier)();
}
