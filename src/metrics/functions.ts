/** @file Metrics as functions: one value for each sample. */
import { classIndices } from '../losses/crossentropy.ts';
import { matchRanks } from '../losses/operands.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';

export {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from '../losses/crossentropy.ts';
export { meanAbsoluteError, meanSquaredError } from '../losses/regression.ts';

/** 1 where the prediction equals the target, else 0. */
export function accuracy(yTrue: Tensor, yPred: Tensor): Tensor {
  const [target, prediction] = matchRanks(ops.cast(yTrue, yPred.dtype), yPred);
  return ops.cast(ops.equal(target, prediction), 'float32');
}

/** 1 where `yPred > threshold` agrees with a target of 1, and where not, with 0. */
export function binaryAccuracy(yTrue: Tensor, yPred: Tensor, threshold = 0.5): Tensor {
  const [target, prediction] = matchRanks(yTrue, yPred);
  return accuracy(target, ops.cast(ops.greater(prediction, threshold), target.dtype));
}

/** 1 where the largest prediction is at the largest target (one-hot), else 0. */
export const categoricalAccuracy = (yTrue: Tensor, yPred: Tensor): Tensor =>
  ops.cast(ops.equal(ops.argMax(yTrue, -1), ops.argMax(yPred, -1)), 'float32');

/** 1 where the largest prediction is at the class number that is the target, else 0. */
export const sparseCategoricalAccuracy = (yTrue: Tensor, yPred: Tensor): Tensor =>
  ops.cast(ops.equal(classIndices('sparseCategoricalAccuracy', yTrue, yPred), ops.argMax(yPred, -1)), 'float32');
