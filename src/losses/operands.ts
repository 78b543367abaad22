/** @file Targets and predictions brought together: dtypes, ranks, shapes. */
import * as ops from '../ops/index.ts';
import { toFloat, toTensor } from '../ops/convert.ts';
import type { DType } from '../tensor/dtype.ts';
import { ShapeError } from '../tensor/errors.ts';
import { broadcastShapes, formatShape, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What keeps divisors and logarithms away from 0. */
export const epsilon = 1e-7;

/** The tensor in a dtype; itself where it has it. */
export const inDType = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : ops.cast(x, dtype));

/** Adds or drops a last axis of 1 where two ranks differ by it, so that [n] meets [n, 1] and does not broadcast to [n, n]. */
export function matchRanks(a: Tensor, b: Tensor): [Tensor, Tensor] {
  if (a.rank === b.rank + 1 && a.shape.at(-1) === 1)
    return b.rank === 1 ? [a, ops.expandDims(b, -1)] : [ops.squeeze(a, [-1]), b];
  if (b.rank === a.rank + 1 && b.shape.at(-1) === 1)
    return a.rank === 1 ? [ops.expandDims(a, -1), b] : [a, ops.squeeze(b, [-1])];
  return [a, b];
}

type Pair = [target: Tensor, prediction: Tensor];

/** Targets in the dtype and rank of the predictions, which become floats. */
function meet(loss: string, yTrue: ops.TensorLike, yPred: ops.TensorLike): Pair {
  const prediction = toFloat(yPred, loss);
  return matchRanks(inDType(toTensor(yTrue, loss, prediction.dtype), prediction.dtype), prediction);
}

/** Targets in the dtype and rank of the predictions. @throws ShapeError where the two do not broadcast */
export function align(loss: string, yTrue: ops.TensorLike, yPred: ops.TensorLike): Pair {
  const [target, prediction] = meet(loss, yTrue, yPred);
  broadcastShapes(target.shape, prediction.shape, `${loss} of targets and predictions`);
  return [target, prediction];
}

/** Targets in the dtype of the predictions, and of their shape. @throws ShapeError where they have another */
export function alignSameShape(loss: string, yTrue: ops.TensorLike, yPred: ops.TensorLike): Pair {
  const [target, prediction] = meet(loss, yTrue, yPred);
  if (!shapesEqual(target.shape, prediction.shape))
    throw new ShapeError(
      `${loss}: expected targets of the predictions' shape ${formatShape(prediction.shape)}, got ${formatShape(target.shape)}.`,
    );
  return [target, prediction];
}

/** Probabilities, none of them quite 0 or 1. */
export const clipProbabilities = (p: Tensor): Tensor => ops.clipByValue(p, epsilon, 1 - epsilon);
