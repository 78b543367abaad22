/** @file The loss of connectionist temporal classification, for sequences whose labels have no places. */
import * as ops from '../ops/index.ts';
import { toFloat, toTensor } from '../ops/convert.ts';
import { op } from '../symbolic/op.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Loss, type LossOptions } from './loss.ts';

/**
 * Minus the logarithm of the probability that logits give a sequence of labels, over all ways to place them (`tf.ctcLoss`).
 * All steps count, and class 0 stands for nothing.
 *
 * @param yTrue - Class numbers from 1, behind them zeros: [batch, maxLabels].
 * @param yPred - Logits, [batch, steps, classes].
 * @returns [batch]
 * @example `tf.losses.ctc([[1, 2, 0]], tf.zeros([1, 4, 3]))`
 */
export const ctc = op('losses.ctc', function ctc(yTrue: ops.TensorLike, yPred: ops.TensorLike): Tensor {
  const labels = ops.cast(toTensor(yTrue, 'ctc', 'int32'), 'int32');
  const logits = toFloat(yPred, 'ctc');
  if (labels.rank !== 2 || logits.rank !== 3)
    throw new ShapeError(
      `ctc: expected class numbers of shape [batch, maxLabels] and logits of shape [batch, steps, classes]; ` +
        `got ${formatShape(labels.shape)} and ${formatShape(logits.shape)}.`,
    );
  const [batch, steps] = logits.shape;
  const labelLength = ops.sum(ops.cast(ops.notEqual(labels, 0), 'int32'), -1);
  return ops.ctcLoss(labels, logits, labelLength, ops.fill([batch], steps, 'int32'), false, 0);
});

/** See {@link ctc}. @example `model.compile({ optimizer: 'adam', loss: new tf.losses.CTC() })` */
export class CTC extends Loss {
  constructor(options: LossOptions = {}) {
    super({ name: 'ctc', ...options });
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return ctc(yTrue, yPred);
  }
}
