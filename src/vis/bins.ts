/** @file How many values fall into each of some bins of equal width, and what else a few numbers tell of many. */
import { extent } from './numbers.ts';

/** Bins of equal width from `low` on. */
export interface Bins {
  readonly low: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** Counts values into bins, the last one closed; those that are not finite are left out. @param range default: from the least to the greatest value; around it where there is only one */
export function binned(values: ArrayLike<number>, bins: number, range = extent(values)): Bins {
  const half = range[0] === range[1] ? Math.abs(range[0]) / 10 || 0.5 : 0;
  const [low, high] = [range[0] - half, range[1] + half];
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) counts[Math.min(bins - 1, Math.max(0, Math.floor((values[i] - low) / width)))]++;
  return { low, width, counts };
}

/** Mean, standard deviation and extremes of the finite values, and how many are none. */
export interface Moments {
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
  readonly notFinite: number;
  /** The part of all values that is exactly 0. */
  readonly zeros: number;
}

export function momentsOf(values: ArrayLike<number>): Moments {
  let [count, sum, zeros] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    count++;
    sum += values[i];
    if (values[i] === 0) zeros++;
  }
  const mean = count === 0 ? NaN : sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) squares += (values[i] - mean) ** 2;
  const [low, high] = extent(values);
  const deviation = count === 0 ? NaN : Math.sqrt(squares / count);
  return { mean, deviation, low, high, notFinite: values.length - count, zeros: zeros / (values.length || 1) };
}
