/** @file Statistics: quantiles, weighted moments, what moments can be made of, moving averages. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, normalizeAxes, reducedShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toFloatPair, toOperands } from './convert.ts';
import { hostTensor } from './host-tensor.ts';
import { type Axis, std, variance } from './reduction.ts';
import { op } from '../symbolic/op.ts';

/** What a quantile between two elements is: on the line between them, the nearer, the lower, the higher one, or their mean. */
export type Interpolation = 'linear' | 'nearest' | 'lower' | 'higher' | 'midpoint';

/**
 * Percentiles over `axis` (all axes by default), as numpy's `percentile`.
 *
 * @param q From 0 to 100; several give a leading axis.
 * @returns NaN where an element is NaN.
 * @example `tf.percentile([1, 2, 3, 4], 50)` is 2.5
 */
export const percentile = op(
  'percentile',
  function percentile(
    x: TensorLike,
    q: number | readonly number[],
    axis: Axis = null,
    interpolation: Interpolation = 'linear',
    keepDims = false,
  ): Tensor {
    const shares = typeof q === 'number' ? q / 100 : q.map((one) => one / 100);
    return quantileOf(toFloat(x, 'percentile'), shares, axis, interpolation, keepDims, 'percentile');
  },
);
/** {@link percentile} with `q` from 0 to 1. @example `tf.quantile([1, 2, 3, 4, 5], 0.25)` is `2` */
export const quantile = op(
  'quantile',
  (
    x: TensorLike,
    q: number | readonly number[],
    axis: Axis = null,
    interpolation: Interpolation = 'linear',
    keepDims = false,
  ): Tensor => quantileOf(toFloat(x, 'quantile'), q, axis, interpolation, keepDims, 'quantile'),
);
/**
 * The median over `axis` (all axes by default): of an even number of elements the mean of the middle two.
 *
 * @example `tf.median([1, 2, 3, 10])` is `2.5`
 */
export const median = op('median', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  quantileOf(toFloat(x, 'median'), 0.5, axis, 'linear', keepDims, 'median'),
);

const between: Readonly<Record<Interpolation, (fraction: number) => number>> = {
  linear: (fraction) => fraction,
  nearest: (fraction) => Math.round(fraction),
  lower: () => 0,
  higher: (fraction) => (fraction > 0 ? 1 : 0),
  midpoint: (fraction) => (fraction > 0 ? 0.5 : 0),
};

function quantileOf(
  value: Tensor,
  q: number | readonly number[],
  axis: Axis,
  interpolation: Interpolation,
  keepDims: boolean,
  operation: string,
): Tensor {
  const shares = typeof q === 'number' ? [q] : q;
  if (!Object.hasOwn(between, interpolation) || shares.some((share) => !(share >= 0 && share <= 1)))
    throw new ArgumentError(
      `${operation}: expected q from 0 to ${operation === 'percentile' ? 100 : 1} and an interpolation of ${Object.keys(between).join(', ')}, ` +
        `got ${JSON.stringify(q)} and ${JSON.stringify(interpolation)}.`,
    );
  const axes = normalizeAxes(axis, value.rank, operation);
  const rest = value.shape.map((_, a) => a).filter((a) => !axes.includes(a));
  const batch = rest.map((a) => value.shape[a]);
  const count = sizeOf(axes.map((a) => value.shape[a]));
  if (count === 0)
    throw new ShapeError(
      `${operation}: shape ${formatShape(value.shape)} has no elements on axes ${formatShape(axes)}.`,
    );
  const rows = p.reshape(p.transpose(value, [...rest, ...axes]), [sizeOf(batch), count]);
  const sorted = p.gatherAlong(rows, p.argsort(rows, false), 1);
  const places = shares.map((share) => share * (count - 1));
  const lower = places.map(Math.floor);
  const weights = places.map((place, i) => between[interpolation](place - lower[i]));
  const at = (indices: readonly number[]): Tensor => p.gather(sorted, hostTensor(indices), 1);
  const low = at(lower);
  const high = at(lower.map((place) => Math.min(place + 1, count - 1)));
  const weight = p.cast(hostTensor(weights, [weights.length], 'float64'), value.dtype);
  const isFlat = p.equal(low, high);
  // Between equal infinities a difference would be NaN.
  const step = p.select(isFlat, scalarLike(0, low), p.sub(high, low));
  const mixed = p.add(low, p.mul(step, weight));
  const anyNaN = p.greater(p.sum(p.cast(p.isNaN(rows), 'int32'), 1, true), hostTensor([0], []));
  const result = p.transpose(p.select(anyNaN, scalarLike(NaN, mixed), mixed), [1, 0]);
  const shape = keepDims ? reducedShape(value.shape, axes, true) : batch;
  return p.reshape(result, typeof q === 'number' ? shape : [shares.length, ...shape]);
}

/**
 * The variance over `axis`; TensorFlow's name for {@link variance}.
 *
 * @example `tf.reduceVariance([1, 3])` is `1`
 */
export const reduceVariance: (x: TensorLike, axis?: Axis, keepDims?: boolean) => Tensor = variance;
/**
 * The standard deviation over `axis`; TensorFlow's name for {@link std}.
 *
 * @example `tf.reduceStd([1, 5])` is `2`
 */
export const reduceStd: (x: TensorLike, axis?: Axis, keepDims?: boolean) => Tensor = std;

/**
 * Mean and variance over `axes`, each element counted by its weight: `Σwx / Σw` and `Σw(x - mean)² / Σw`.
 *
 * @param weights Not negative; they broadcast with `x`.
 * @example `tf.weightedMoments([1, 3], 0, [1, 3])` is `{ mean: 2.5, variance: 0.75 }`
 */
export const weightedMoments = op(
  'weightedMoments',
  function weightedMoments(
    x: TensorLike,
    axes: Axis,
    weights: TensorLike,
    keepDims = false,
  ): { mean: Tensor; variance: Tensor } {
    const [value, weight] = toFloatPair(x, weights, 'weightedMoments');
    const shape = p.add(value, p.mul(weight, scalarLike(0, weight))).shape;
    const [all, shares] = [p.broadcastTo(value, shape), p.broadcastTo(weight, shape)];
    const over = normalizeAxes(axes, shape.length, 'weightedMoments');
    const total = p.sum(shares, over, true);
    const mean = p.div(p.sum(p.mul(all, shares), over, true), total);
    const spread = p.div(p.sum(p.mul(p.square(p.sub(all, mean)), shares), over, true), total);
    const shaped = (result: Tensor): Tensor => p.reshape(result, reducedShape(shape, over, keepDims));
    return { mean: shaped(mean), variance: shaped(spread) };
  },
);

/** What moments are made of, see {@link sufficientStatistics}. */
export interface SufficientStatistics {
  /** How many elements. */
  readonly count: Tensor;
  /** `Σ (x - shift)` */
  readonly meanSS: Tensor;
  /** `Σ (x - shift)²` */
  readonly varianceSS: Tensor;
  readonly shift: Tensor | null;
}

/**
 * Sums of which mean and variance can be made by {@link normalizeMoments}, also of several parts added up.
 *
 * @param shift Near the mean, so that no digits are lost.
 * @example `tf.sufficientStatistics([1, 3], 0).varianceSS` is `10`
 */
export const sufficientStatistics = op(
  'sufficientStatistics',
  function sufficientStatistics(
    x: TensorLike,
    axes: Axis,
    shift: TensorLike | null = null,
    keepDims = false,
  ): SufficientStatistics {
    const [value, centre] = shift === null ? [toFloat(x, 'sufficientStatistics'), null] : toFloatPair(x, shift, 'sufficientStatistics'); // prettier-ignore
    const over = normalizeAxes(axes, value.rank, 'sufficientStatistics');
    const moved = centre === null ? value : p.sub(value, centre);
    const counted = sizeOf(over.map((axis): number => value.shape[axis]));
    return {
      count: p.reshape(scalarLike(counted, value), [] satisfies Shape),
      meanSS: p.sum(moved, over, keepDims),
      varianceSS: p.sum(p.square(moved), over, keepDims),
      shift: centre,
    };
  },
);
/**
 * Mean and variance from {@link sufficientStatistics}.
 *
 * @example `tf.normalizeMoments(2, 4, 10)` is `{ mean: 2, variance: 1 }`
 */
export const normalizeMoments = op(
  'normalizeMoments',
  function normalizeMoments(
    count: TensorLike,
    meanSS: TensorLike,
    varianceSS: TensorLike,
    shift: TensorLike | null = null,
  ): { mean: Tensor; variance: Tensor } {
    const [counted, sum, squares] = toOperands([count, meanSS, varianceSS], 'normalizeMoments');
    const shifted = p.div(sum, counted);
    const mean = shift === null ? shifted : p.add(...toFloatPair(shifted, shift, 'normalizeMoments'));
    return { mean, variance: p.sub(p.div(squares, counted), p.square(shifted)) };
  },
);

/**
 * A moving average after one more value: `v + (x - v)(1 - decay)`.
 *
 * @param step How many values there were, with `zeroDebias`: an average that began at 0 is corrected by `1 - decay^step`.
 * @example `tf.movingAverage([1], [2], 0.9, null, false)` is `[1.1]`
 */
export const movingAverage = op(
  'movingAverage',
  function movingAverage(
    v: TensorLike,
    x: TensorLike,
    decay: TensorLike,
    step: TensorLike | null = null,
    zeroDebias = true,
  ): Tensor {
    const [average, value] = toFloatPair(v, x, 'movingAverage');
    const rate = p.cast(toFloat(decay, 'movingAverage'), average.dtype);
    const rest = p.sub(scalarLike(1, rate), rate);
    const update = p.mul(p.sub(value, average), rest);
    if (!zeroDebias) return p.add(average, update);
    if (step === null)
      throw new ArgumentError('movingAverage: with zeroDebias, step is needed: how many values there were.');
    const turns = p.cast(toFloat(step, 'movingAverage'), average.dtype);
    return p.add(average, p.div(update, p.sub(scalarLike(1, rate), p.pow(rate, turns))));
  },
);
