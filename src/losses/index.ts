/** @file `tf.losses`: classes, functions, and the names they are known by. */
import { klDivergence } from './distributions.ts';
import {
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from './regression.ts';

export { type CircleOptions, type CircleReferences, Circle, circle } from './circle.ts';
export {
  type CrossentropyOptions,
  type SparseCrossentropyOptions,
  BinaryCrossentropy,
  CategoricalCrossentropy,
  SparseCategoricalCrossentropy,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from './crossentropy.ts';
export { CTC, ctc } from './ctc.ts';
export { KLDivergence, Poisson, klDivergence, poisson } from './distributions.ts';
export {
  type BinaryFocalOptions,
  type FocalOptions,
  type GeneralizedCrossEntropyOptions,
  BinaryFocalCrossentropy,
  CategoricalFocalCrossentropy,
  CategoricalGeneralizedCrossEntropy,
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalGeneralizedCrossEntropy,
} from './focal.ts';
export { type FunctionLossOptions, LossFunctionWrapper } from './function-loss.ts';
export type { LossFunction, LossName, SerializedFunction } from './functions.ts';
export { CategoricalHinge, Hinge, SquaredHinge, categoricalHinge, hinge, squaredHinge } from './hinge.ts';
export { type LossOptions, Loss } from './loss.ts';
export {
  type LossIdentifier,
  checkLoss,
  deserializeLoss as deserialize,
  deserializeLoss,
  getLoss as get,
  getLoss,
  lossRegistry,
  serializeLoss as serialize,
  serializeLoss,
} from './registry.ts';
export {
  type AxisOptions,
  type HuberOptions,
  CosineSimilarity,
  Huber,
  LogCosh,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from './regression.ts';
export { type DiceOptions, type TverskyOptions, Dice, Tversky, dice, tversky } from './segmentation.ts';
export type { HasShape } from './target-kind.ts';
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
export type { Reduction, ReductionName } from './weighting.ts';

/** {@link meanSquaredError} */
export const mse = meanSquaredError;
/** {@link meanSquaredError} */
export const MSE = meanSquaredError;
/** {@link meanAbsoluteError} */
export const mae = meanAbsoluteError;
/** {@link meanAbsoluteError} */
export const MAE = meanAbsoluteError;
/** {@link meanAbsolutePercentageError} */
export const mape = meanAbsolutePercentageError;
/** {@link meanAbsolutePercentageError} */
export const MAPE = meanAbsolutePercentageError;
/** {@link meanSquaredLogarithmicError} */
export const msle = meanSquaredLogarithmicError;
/** {@link meanSquaredLogarithmicError} */
export const MSLE = meanSquaredLogarithmicError;
/** {@link klDivergence} */
export const kld = klDivergence;
/** {@link klDivergence} */
export const KLD = klDivergence;
/** {@link klDivergence} */
export const kullbackLeiblerDivergence = klDivergence;
/** {@link logCosh} */
export const logcosh = logCosh;
