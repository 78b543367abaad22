/** @file Counting elements: bins, histograms, confusion, what is not 0. */
import * as p from '../primitives/calls.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toTensor } from './convert.ts';
import { hostTensor } from './host-tensor.ts';
import type { Axis } from './reduction.ts';
import { areNotZero } from './truth.ts';
import { op } from '../symbolic/op.ts';

/** Weights as TensorFlow.js takes them: none, or an empty list, for 1 each. */
function toWeights(weights: TensorLike | null | undefined, like: Tensor, operation: string): Tensor {
  const given = weights == null ? null : toTensor(weights, operation);
  if (given === null || (given.size === 0 && like.size > 0)) {
    return p.broadcastTo(scalarLike(1, like), like.shape);
  }
  if (!shapesEqual(given.shape, like.shape))
    throw new ShapeError(
      `${operation}: expected weights of shape ${formatShape(like.shape)}, got ${formatShape(given.shape)}.`,
    );
  return given;
}

/** Bin numbers from 0; those that no bin has go to one more, at the end. */
function toBins(x: TensorLike, size: number, operation: string): Tensor {
  if (!Number.isInteger(size) || size < 0)
    throw new ArgumentError(`${operation}: expected size to be a whole number of 0 or more, got ${size}.`);
  const bins = p.cast(toTensor(x, operation, 'int32'), 'int32');
  const limit = scalarLike(size, bins);
  const isThere = p.logicalAnd(p.greaterEqual(bins, scalarLike(0, bins)), p.less(bins, limit));
  return p.select(isThere, bins, limit);
}

/**
 * How often each number from 0 to `size - 1` is there, int32; or the sum of the weights where it is, in their dtype.
 *
 * @param x Whole numbers of 0 or more; larger ones than `size - 1` are left out.
 * @param weights Of the shape of `x`; 1 each by default.
 * @example `tf.bincount([1, 1, 3], null, 4)` is `[0, 2, 0, 1]`
 */
export const bincount = op(
  'bincount',
  function bincount(x: TensorLike, weights: TensorLike | null, size: number): Tensor {
    const bins = toBins(x, size, 'bincount');
    const counted = toWeights(weights, bins, 'bincount');
    const flat = p.reshape(counted, [bins.size]);
    return p.slice(p.scatterAdd(flat, p.reshape(bins, [bins.size]), 0, size + 1), [0], [size]);
  },
);

/**
 * {@link bincount} of a vector, or of each row of a matrix.
 *
 * @param binaryOutput Only whether a number is there, 1 or 0; without weights.
 * @returns `[size]`, or `[rows, size]`
 * @example `tf.denseBincount([[0, 1, 1], [2, 2, 2]], null, 3)` is `[[1, 2, 0], [0, 0, 3]]`
 */
export const denseBincount = op(
  'denseBincount',
  function denseBincount(x: TensorLike, weights: TensorLike | null, size: number, binaryOutput = false): Tensor {
    const bins = toBins(x, size, 'denseBincount');
    if (bins.rank !== 1 && bins.rank !== 2)
      throw new ShapeError(`denseBincount: expected a vector or a matrix, got shape ${formatShape(bins.shape)}.`);
    const counted = toWeights(binaryOutput ? null : weights, bins, 'denseBincount');
    const rows = bins.rank === 2 ? bins.shape[0] : 1;
    const width = size + 1;
    // Rows one after another, each with bins of its own.
    const starts = p.cumsum(p.broadcastTo(scalarLike(width, bins), [rows, 1]), 0, true);
    const matrix = p.add(p.reshape(bins, [rows, bins.size / Math.max(1, rows)]), starts);
    const sums = p.scatterAdd(p.reshape(counted, [bins.size]), p.reshape(matrix, [bins.size]), 0, rows * width);
    const counts = p.slice(p.reshape(sums, [rows, width]), [0, 0], [rows, size]);
    const result = binaryOutput ? p.minimum(counts, scalarLike(1, counts)) : counts;
    return bins.rank === 2 ? result : p.reshape(result, [size]);
  },
);

/**
 * How many elements lie in each of `nbins` bins of one width, int32; those beyond the range count in the first and last one.
 *
 * @param valueRange `[least, greatest]`
 * @example `tf.histogramFixedWidth([-1, 0, 1.5, 2, 5, 15], [0, 5], 5)` is `[2, 1, 1, 0, 2]`
 */
export const histogramFixedWidth = op(
  'histogramFixedWidth',
  function histogramFixedWidth(
    values: TensorLike,
    valueRange: readonly [number, number],
    nbins = 100,
    dtype: DType = 'int32',
  ): Tensor {
    const bins = histogramFixedWidthBins(values, valueRange, nbins);
    return p.cast(bincount(bins, null, nbins), dtype);
  },
);
/**
 * The bin of each element, int32, as {@link histogramFixedWidth} counts them.
 *
 * @example `tf.histogramFixedWidthBins([-1, 0, 1.5, 2, 5, 15], [0, 5], 5)` is `[0, 0, 1, 2, 4, 4]`
 */
export const histogramFixedWidthBins = op(
  'histogramFixedWidthBins',
  function histogramFixedWidthBins(values: TensorLike, valueRange: readonly [number, number], nbins = 100): Tensor {
    const [least, greatest] = valueRange;
    if (!(least < greatest) || !Number.isInteger(nbins) || nbins < 1)
      throw new ArgumentError(
        `histogramFixedWidth: expected an ascending range and at least 1 bin, got [${least}, ${greatest}] and ${nbins} bins.`,
      );
    const value = toFloat(values, 'histogramFixedWidth');
    const share = p.div(p.sub(value, scalarLike(least, value)), scalarLike(greatest - least, value));
    const place = p.floor(p.mul(share, scalarLike(nbins, value)));
    const held = p.minimum(p.maximum(place, scalarLike(0, place)), scalarLike(nbins - 1, place));
    return p.cast(held, 'int32');
  },
);

/**
 * How often each class was predicted for each true one, int32.
 *
 * @param labels True classes, a vector of whole numbers. @param predictions Predicted ones.
 * @param weights How much each pair counts; 1 by default.
 * @returns `[numClasses, numClasses]`: true classes in rows, predicted ones in columns
 * @example `tf.confusionMatrix([0, 1, 1], [0, 1, 0], 2)` is `[[1, 0], [1, 1]]`
 */
export const confusionMatrix = op(
  'confusionMatrix',
  function confusionMatrix(
    labels: TensorLike,
    predictions: TensorLike,
    numClasses: number,
    weights: TensorLike | null = null,
  ): Tensor {
    const [rows, columns] = [labels, predictions].map((x) => toBins(x, numClasses, 'confusionMatrix'));
    if (rows.rank !== 1 || !shapesEqual(rows.shape, columns.shape))
      throw new ShapeError(
        `confusionMatrix: expected two vectors of one length, got shapes ${formatShape(rows.shape)} and ${formatShape(columns.shape)}.`,
      );
    const width = numClasses + 1;
    const cells = p.add(p.mul(rows, scalarLike(width, rows)), columns);
    const counted = p.reshape(bincount(cells, weights, width * width), [width, width]);
    return p.slice(counted, [0, 0], [numClasses, numClasses]);
  },
);

/**
 * How many elements over `axis` (all axes by default) are not 0, int32.
 *
 * @example `tf.countNonzero([[0, 1], [2, 3]], 1)` is `[1, 2]`
 */
export const countNonzero = op(
  'countNonzero',
  function countNonzero(x: TensorLike, axis: Axis = null, keepDims = false): Tensor {
    const value = toTensor(x, 'countNonzero');
    return p.sum(p.cast(areNotZero(value), 'int32'), axis, keepDims);
  },
);
/**
 * The share of elements that are 0, a float32 scalar; NaN of no elements.
 *
 * @example `tf.zeroFraction([0, 1, 0, 2])` is `0.5`
 */
export const zeroFraction = op('zeroFraction', function zeroFraction(x: TensorLike): Tensor {
  const value = toTensor(x, 'zeroFraction');
  const zeros = p.sub(hostTensor([value.size], []), countNonzero(value));
  const counted = p.cast(zeros, 'float32');
  return p.div(counted, scalarLike(value.size, counted));
});
