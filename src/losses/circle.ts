/** @file The circle loss: embeddings of one class near each other, those of different classes apart. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { toFloat, toTensor } from '../ops/convert.ts';
import { op } from '../symbolic/op.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Loss, type LossOptions } from './loss.ts';
import { withMask } from './value-mask.ts';

export interface CircleOptions {
  /** Scale of the similarities; default 80. */
  gamma?: number;
  /** Similarities of one class should be above 1 - `margin`, those of different classes below it; default 0.4. */
  margin?: number;
  /** Whether a sample is left out of what it is compared with; default true. */
  removeDiagonal?: boolean;
}

export interface CircleReferences extends CircleOptions {
  /** Classes of `refEmbeddings`; default `yTrue`. */
  refLabels?: ops.TensorLike | null;
  /** What samples are compared with, [references, size]; default the batch itself. */
  refEmbeddings?: ops.TensorLike | null;
}

/** log Σ exp(x) along the last axis over the places where `mask` holds: very negative, but finite, where it holds nowhere. */
function maskedLogSumExp(x: Tensor, mask: Tensor): Tensor {
  const nothing = x.dtype === 'float16' ? -6e4 : -1e30;
  return ops.logSumExp(ops.where(mask, x, nothing), -1);
}

/**
 * log(1 + Σ exp(`gamma` aₙ (sₙ - `margin`)) Σ exp(-`gamma` aₚ (sₚ - 1 + `margin`))), with sₚ and sₙ the similarities of a sample
 * to those of its own and of other classes, aₚ = max(0, 1 + `margin` - sₚ), aₙ = max(0, `margin` + sₙ) (Sun et al. 2020).
 *
 * @param yTrue - Class numbers, [n] or [n, 1].
 * @param yPred - Embeddings of length 1, [n, size].
 * @returns [n]; 0 for a sample that is alone in its class or without any other. Such do not count in the mean of `Circle`.
 * @example `tf.losses.circle([0, 0, 1], [[1, 0], [0.8, 0.6], [0, 1]])`
 */
export const circle = op(
  'losses.circle',
  function circle(
    yTrue: ops.TensorLike,
    yPred: ops.TensorLike,
    { refLabels = null, refEmbeddings = null, removeDiagonal = true, gamma = 80, margin = 0.4 }: CircleReferences = {},
  ): Tensor {
    const embeddings = toFloat(yPred, 'circle');
    const references = refEmbeddings === null ? embeddings : toFloat(refEmbeddings, 'circle');
    if (embeddings.rank !== 2 || references.rank !== 2)
      throw new ShapeError(
        `circle: expected embeddings of shape [samples, size], got ${formatShape(embeddings.shape)}` +
          (refEmbeddings === null ? '.' : ` and ${formatShape(references.shape)}.`),
      );
    const labelsOf = (labels: ops.TensorLike, { shape: [count] }: Tensor): Tensor => {
      const given = toTensor(labels, 'circle', 'int32');
      if (given.size !== count)
        throw new ShapeError(`circle: expected ${count} class numbers, got shape ${formatShape(given.shape)}.`);
      return ops.reshape(ops.cast(given, 'int32'), [count]);
    };
    const labels = ops.expandDims(labelsOf(yTrue, embeddings), 1);
    const isSame = ops.equal(labels, ops.expandDims(labelsOf(refLabels ?? yTrue, references), 0));
    const isOther = ops.logicalNot(isSame);
    const isPair = removeDiagonal
      ? ops.logicalAnd(isSame, ops.equal(ops.eye(embeddings.shape[0], references.shape[0]), 0))
      : isSame;

    const distance = ops.relu(ops.sub(1, ops.matMul(embeddings, references, false, true)));
    const near = ops.mul(ops.add(distance, margin), ops.sub(distance, margin));
    const far = ops.mul(ops.relu(ops.sub(1 + margin, distance)), ops.sub(1 - margin, distance));
    const values = ops.softplus(
      ops.add(maskedLogSumExp(ops.mul(near, gamma), isPair), maskedLogSumExp(ops.mul(far, gamma), isOther)),
    );
    return withMask(values, ops.greater(values, 0));
  },
);

/** See {@link circle}. @example `new tf.losses.Circle({ gamma: 64, margin: 0.25 })` */
export class Circle extends Loss {
  readonly gamma: number;
  readonly margin: number;
  readonly removeDiagonal: boolean;

  constructor({ gamma = 80, margin = 0.4, removeDiagonal = true, ...options }: LossOptions & CircleOptions = {}) {
    super({ name: 'circle', ...options });
    this.gamma = gamma;
    this.margin = margin;
    this.removeDiagonal = removeDiagonal;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    const { gamma, margin, removeDiagonal } = this;
    return circle(yTrue, yPred, { gamma, margin, removeDiagonal });
  }

  override getConfig(): Config {
    const { gamma, margin, removeDiagonal } = this;
    return { ...super.getConfig(), gamma, margin, removeDiagonal };
  }
}
