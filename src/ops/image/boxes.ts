/** @file Boxes on images: choosing among overlapping ones, drawing them, and making random ones. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toTensor } from '../convert.ts';
import { hostNumbers, hostNumbersAsync } from '../data-dependent.ts';
import { hostTensor } from '../host-tensor.ts';
import { toSampled } from './operands.ts';
import { op } from '../../symbolic/op.ts';

interface Choice {
  readonly indices: Tensor;
  readonly scores: Tensor;
  readonly count: Tensor;
}

/** Boxes chosen of one image, with zeros behind them up to `maxOutputSize`. */
function choose(
  boxes: TensorLike,
  scores: TensorLike,
  maxOutputSize: number,
  iouThreshold: number,
  scoreThreshold: number,
  softNmsSigma: number,
  operation: string,
): Choice {
  const corners = toSampled(toTensor(boxes, operation));
  const values = p.cast(toTensor(scores, operation), corners.dtype);
  const n = corners.shape[0];
  if (corners.rank !== 2 || corners.shape[1] !== 4 || values.rank !== 1 || values.shape[0] !== n)
    throw new ShapeError(
      `${operation}: expected boxes [n, 4] and scores [n], got ${formatShape(corners.shape)} and ${formatShape(values.shape)}.`,
    );
  checkThresholds(iouThreshold, maxOutputSize, operation);
  if (!(softNmsSigma >= 0 && softNmsSigma <= 1))
    throw new ArgumentError(`${operation}: expected softNmsSigma from 0 to 1, got ${softNmsSigma}.`);
  const params = { maxOutputSize: Math.min(maxOutputSize, n), iouThreshold, scoreThreshold, softNmsSigma };
  const [indices, chosen, count] = p.nonMaxSuppression(corners, p.reshape(values, [n, 1]), params);
  return { indices, scores: chosen, count };
}

function checkThresholds(iouThreshold: number, maxOutputSize: number, operation: string): void {
  if (!(iouThreshold >= 0 && iouThreshold <= 1))
    throw new ArgumentError(`${operation}: expected iouThreshold from 0 to 1, got ${iouThreshold}.`);
  if (!Number.isInteger(maxOutputSize) || maxOutputSize < 0)
    throw new ArgumentError(
      `${operation}: expected maxOutputSize to be an integer of 0 or more, got ${maxOutputSize}.`,
    );
}

/** The first `count` elements: a shape that depends on values, which a trace cannot know. */
const first = (x: Tensor, count: number): Tensor => p.slice(x, [0], [count]);

/**
 * Chooses boxes by their scores, leaving out those that overlap a better one by more than `iouThreshold` (shared area by
 * united area).
 *
 * @param boxes `[n, 4]`: two opposite corners, y1, x1, y2, x2.
 * @param scores `[n]`
 * @param maxOutputSize At most so many boxes.
 * @param scoreThreshold Boxes of this score or less are never chosen.
 * @returns Numbers of the chosen boxes, the best first, int32. How many depends on the values: inside `tf.function` use
 *   {@link nonMaxSuppressionPadded}.
 * @example `tf.image.nonMaxSuppression([[0, 0, 1, 1], [0, 0, 1, 0.9], [2, 2, 3, 3]], [0.9, 0.8, 0.7], 3)` is `[0, 2]`
 */
export const nonMaxSuppression = op(
  'image.nonMaxSuppression',
  function nonMaxSuppression(
    boxes: TensorLike,
    scores: TensorLike,
    maxOutputSize: number,
    iouThreshold = 0.5,
    scoreThreshold = -Infinity,
  ): Tensor {
    const operation = 'image.nonMaxSuppression';
    const { indices, count } = choose(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, 0, operation);
    return first(indices, hostNumbers(count, operation)[0]);
  },
);

/** {@link nonMaxSuppression} without blocking the event loop while the device finishes. */
export async function nonMaxSuppressionAsync(
  boxes: TensorLike,
  scores: TensorLike,
  maxOutputSize: number,
  iouThreshold = 0.5,
  scoreThreshold = -Infinity,
): Promise<Tensor> {
  const operation = 'image.nonMaxSuppressionAsync';
  const { indices, count } = choose(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, 0, operation);
  return first(indices, (await hostNumbersAsync(count, operation))[0]);
}

export interface ScoredSelection {
  readonly selectedIndices: Tensor;
  readonly selectedScores: Tensor;
}

/**
 * {@link nonMaxSuppression} with the scores of the chosen boxes. With a `softNmsSigma` above 0, a box that overlaps a chosen
 * one does not go: its score is multiplied by `exp(-overlap² / (2 sigma))` (Bodla et al., 2017).
 */
export const nonMaxSuppressionWithScore = op(
  'image.nonMaxSuppressionWithScore',
  function nonMaxSuppressionWithScore(
    boxes: TensorLike,
    scores: TensorLike,
    maxOutputSize: number,
    iouThreshold = 0.5,
    scoreThreshold = -Infinity,
    softNmsSigma = 0,
  ): ScoredSelection {
    const operation = 'image.nonMaxSuppressionWithScore';
    const chosen = choose(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma, operation);
    const count = hostNumbers(chosen.count, operation)[0];
    return { selectedIndices: first(chosen.indices, count), selectedScores: first(chosen.scores, count) };
  },
);

/** {@link nonMaxSuppressionWithScore} without blocking the event loop while the device finishes. */
export async function nonMaxSuppressionWithScoreAsync(
  boxes: TensorLike,
  scores: TensorLike,
  maxOutputSize: number,
  iouThreshold = 0.5,
  scoreThreshold = -Infinity,
  softNmsSigma = 0,
): Promise<ScoredSelection> {
  const operation = 'image.nonMaxSuppressionWithScoreAsync';
  const chosen = choose(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma, operation);
  const count = (await hostNumbersAsync(chosen.count, operation))[0];
  return { selectedIndices: first(chosen.indices, count), selectedScores: first(chosen.scores, count) };
}

export interface PaddedSelection {
  /** Numbers of the chosen boxes and, where padded, zeros behind them. */
  readonly selectedIndices: Tensor;
  /** How many were chosen, int32. */
  readonly validOutputs: Tensor;
}

const padTo = (x: Tensor, size: number): Tensor => p.pad(x, [[0, size - x.shape[0]]]);

/**
 * {@link nonMaxSuppression} of a fixed size, for `tf.function`: numbers behind the chosen ones are 0.
 *
 * @param padToMaxOutputSize Whether there are always `maxOutputSize` numbers; otherwise as many as were chosen.
 */
export const nonMaxSuppressionPadded = op(
  'image.nonMaxSuppressionPadded',
  function nonMaxSuppressionPadded(
    boxes: TensorLike,
    scores: TensorLike,
    maxOutputSize: number,
    iouThreshold = 0.5,
    scoreThreshold = -Infinity,
    padToMaxOutputSize = false,
  ): PaddedSelection {
    const operation = 'image.nonMaxSuppressionPadded';
    const { indices, count } = choose(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, 0, operation);
    const selectedIndices = padToMaxOutputSize
      ? padTo(indices, maxOutputSize)
      : first(indices, hostNumbers(count, operation)[0]);
    return { selectedIndices, validOutputs: count };
  },
);

/** {@link nonMaxSuppressionPadded} without blocking the event loop while the device finishes. */
export async function nonMaxSuppressionPaddedAsync(
  boxes: TensorLike,
  scores: TensorLike,
  maxOutputSize: number,
  iouThreshold = 0.5,
  scoreThreshold = -Infinity,
  padToMaxOutputSize = false,
): Promise<PaddedSelection> {
  const operation = 'image.nonMaxSuppressionPaddedAsync';
  const { indices, count } = choose(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, 0, operation);
  const selectedIndices = padToMaxOutputSize
    ? padTo(indices, maxOutputSize)
    : first(indices, (await hostNumbersAsync(count, operation))[0]);
  return { selectedIndices, validOutputs: count };
}

export interface CombinedSelection {
  readonly nmsedBoxes: Tensor;
  readonly nmsedScores: Tensor;
  /** Numbers of the classes, in the dtype of the scores. */
  readonly nmsedClasses: Tensor;
  /** How many boxes each image has; zeros follow them. */
  readonly validDetections: Tensor;
}

/**
 * {@link nonMaxSuppression} of each class of each image, and of these the best.
 *
 * @param boxes `[batch, n, q, 4]`, q the number of classes, or 1 where all classes share the boxes.
 * @param scores `[batch, n, classes]`
 * @param padPerClass Whether the result has at most `maxOutputSizePerClass · classes` places rather than `maxTotalSize`.
 * @param clipBoxes Whether coordinates are cut to [0, 1].
 */
export const combinedNonMaxSuppression = op(
  'image.combinedNonMaxSuppression',
  function combinedNonMaxSuppression(
    boxes: TensorLike,
    scores: TensorLike,
    maxOutputSizePerClass: number,
    maxTotalSize: number,
    iouThreshold = 0.5,
    scoreThreshold = -Infinity,
    padPerClass = false,
    clipBoxes = true,
  ): CombinedSelection {
    const operation = 'image.combinedNonMaxSuppression';
    const corners = toSampled(toTensor(boxes, operation));
    const values = p.cast(toTensor(scores, operation), corners.dtype);
    const [batch, n, classes] = values.shape;
    const shared = corners.shape[2];
    if (
      values.rank !== 3 ||
      corners.rank !== 4 ||
      corners.shape[0] !== batch ||
      corners.shape[1] !== n ||
      corners.shape[3] !== 4 ||
      (shared !== 1 && shared !== classes)
    )
      // prettier-ignore
      throw new ShapeError(
      `${operation}: expected boxes [batch, n, 1 or classes, 4] and scores [batch, n, classes], got ${formatShape(corners.shape)} and ${formatShape(values.shape)}.`,
    );
    checkThresholds(iouThreshold, maxOutputSizePerClass, operation);
    checkThresholds(iouThreshold, maxTotalSize, operation);
    const perClass = Math.min(maxOutputSizePerClass, n);
    const byClass = p.broadcastTo(p.transpose(corners, [0, 2, 1, 3]), [batch, classes, n, 4]);
    const scoresByClass = p.reshape(p.transpose(values, [0, 2, 1]), [batch, classes, n, 1]);
    const params = { maxOutputSize: perClass, iouThreshold, scoreThreshold, softNmsSigma: 0 };
    const [indices, chosen, counts] = p.nonMaxSuppression(byClass, scoresByClass, params);

    const candidates = classes * perClass;
    const place = hostTensor(Array.from({ length: perClass }, (_, i) => i), [perClass]); // prettier-ignore
    const isChosen = p.less(p.broadcastTo(place, [batch, classes, perClass]), p.reshape(counts, [batch, classes, 1]));
    const flatScores = p.reshape(p.select(isChosen, chosen, scalarLike(-Infinity, chosen)), [batch, candidates]);
    const size = padPerClass ? Math.min(maxTotalSize, maxOutputSizePerClass * classes) : maxTotalSize;
    const kept = Math.min(size, candidates);
    const [best, order] = p.topK(flatScores, kept);
    const total = p.sum(p.cast(isChosen, 'int32'), [1, 2]);
    const validDetections = p.minimum(total, scalarLike(kept, total));
    const isValid = p.less(hostTensor(Array.from({ length: kept }, (_, i) => i), [1, kept]), p.reshape(validDetections, [batch, 1])); // prettier-ignore
    const orZero = (x: Tensor, valid: Tensor): Tensor => p.select(valid, x, scalarLike(0, x));

    const wide = [batch, candidates, 4];
    const rows = p.broadcastTo(p.reshape(indices, [batch, classes, perClass, 1]), [batch, classes, perClass, 4]);
    const candidateBoxes = p.reshape(p.gatherAlong(byClass, rows, 2), wide);
    const picked = p.gatherAlong(
      candidateBoxes,
      p.broadcastTo(p.reshape(order, [batch, kept, 1]), [batch, kept, 4]),
      1,
    );
    const bounded = clipBoxes ? p.minimum(p.maximum(picked, scalarLike(0, picked)), scalarLike(1, picked)) : picked;
    const classOf = p.cast(p.floorDiv(order, scalarLike(Math.max(1, perClass), order)), values.dtype);
    const behind = [0, size - kept] as const;
    return {
      nmsedBoxes: p.pad(orZero(bounded, p.reshape(isValid, [batch, kept, 1])), [[0, 0], behind, [0, 0]]),
      nmsedScores: p.pad(orZero(best, isValid), [[0, 0], behind]),
      nmsedClasses: p.pad(orZero(classOf, isValid), [[0, 0], behind]),
      validDetections,
    };
  },
);

/** The colours TensorFlow takes in turn where none are given, with an alpha. */
const defaultColors = [
  ...[[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1]], // prettier-ignore
  ...[[0.5, 0.5, 0, 1], [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]], // prettier-ignore
];

/**
 * Images with the frames of boxes drawn on them, one pixel wide; later boxes over earlier ones.
 *
 * @param images `[batch, height, width, channels]`
 * @param boxes `[batch, count, 4]`: top, left, bottom, right, where 0 is the first pixel and 1 the last one.
 * @param colors `[n, channels]`, taken in turn; ten different ones by default (colours of [0, 1] and up to 4 channels).
 */
export const drawBoundingBoxes = op(
  'image.drawBoundingBoxes',
  function drawBoundingBoxes(images: TensorLike, boxes: TensorLike, colors?: TensorLike): Tensor {
    const operation = 'image.drawBoundingBoxes';
    const x = toSampled(toTensor(images, operation));
    const corners = p.cast(toTensor(boxes, operation), x.dtype);
    const [batch, height, width, channels] = x.shape;
    if (x.rank !== 4 || corners.rank !== 3 || corners.shape[0] !== batch || corners.shape[2] !== 4)
      throw new ShapeError(
        `${operation}: expected images [batch, height, width, channels] and boxes [batch, count, 4], got ${formatShape(x.shape)} and ${formatShape(corners.shape)}.`,
      );
    const palette = colors
      ? p.cast(toTensor(colors, operation), x.dtype)
      : hostTensor(
          defaultColors.flatMap((color) => (channels === 1 ? [1] : color.slice(0, channels))),
          [defaultColors.length, Math.min(channels, 4)],
          x.dtype,
        );
    if (palette.rank !== 2 || palette.shape[1] !== channels || palette.shape[0] === 0)
      throw new ShapeError(
        `${operation}: expected colors of shape [n, ${channels}], one for each channel, got ${formatShape(palette.shape)}.`,
      );
    const count = corners.shape[1];
    if (count === 0) return p.reshape(x, x.shape);
    const edge = (i: number, size: number): Tensor => {
      const scaled = p.mul(p.slice(corners, [0, 0, i], [batch, count, 1]), scalarLike(size - 1, x));
      // Towards 0, as whole numbers are made of floats.
      return p.reshape(p.cast(scaled, 'int32'), [batch, count, 1, 1]);
    };
    const [top, left, bottom, right] = [edge(0, height), edge(1, width), edge(2, height), edge(3, width)];
    const rows = hostTensor(Array.from({ length: height }, (_, i) => i), [height, 1]); // prettier-ignore
    const columns = hostTensor(Array.from({ length: width }, (_, i) => i), [1, width]); // prettier-ignore
    const all = (...conditions: Tensor[]): Tensor => conditions.reduce(p.logicalAnd);
    const between = (place: Tensor, low: Tensor, high: Tensor): Tensor =>
      p.logicalAnd(p.greaterEqual(place, low), p.lessEqual(place, high));
    const onSides = p.logicalOr(p.equal(rows, top), p.equal(rows, bottom));
    const onEnds = p.logicalOr(p.equal(columns, left), p.equal(columns, right));
    const framed = all(
      p.logicalOr(all(onSides, between(columns, left, right)), all(onEnds, between(rows, top, bottom))),
      // A box whose end comes before its beginning is none.
      p.logicalAnd(p.lessEqual(top, bottom), p.lessEqual(left, right)),
    );
    // The number of the last box that covers a pixel, from 1; 0 for none.
    const numbered = hostTensor(Array.from({ length: count }, (_, i) => i + 1), [count, 1, 1]); // prettier-ignore
    const covering = p.max(p.mul(p.cast(p.broadcastTo(framed, [batch, count, height, width]), 'int32'), numbered), [1]);
    const turn = p.mod(
      p.maximum(p.sub(covering, hostTensor([1], [])), hostTensor([0], [])),
      hostTensor([palette.shape[0]], []),
    );
    const isDrawn = p.reshape(p.greater(covering, hostTensor([0], [])), [batch, height, width, 1]);
    return p.select(isDrawn, p.gather(palette, turn, 0), x);
  },
);
