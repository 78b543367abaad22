/** @file What many numbers come to: range, mean, spread, and a histogram. */

export interface Statistics {
  /** Numbers looked at. */
  readonly count: number;
  readonly nan: number;
  readonly infinite: number;
  /** Of the finite numbers; undefined where there are none. */
  readonly spread?: Spread;
}

export interface Spread {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the population: divided by n. */
  readonly std: number;
  /** How many numbers lie in each of equally wide parts of the range. */
  readonly histogram: readonly number[];
}

/** Longer arrays are sampled evenly, so that a view takes a moment at most. */
const mostNumbers = 4_000_000;
const bins = 32;

/** Statistics of numbers, of every nth of them where there are very many. */
export function statisticsOf(values: ArrayLike<number> | ArrayLike<bigint>): Statistics {
  const step = Math.max(1, Math.ceil(values.length / mostNumbers));
  let [count, nan, infinite, finite] = [0, 0, 0, 0];
  let [min, max, mean, squares] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < values.length; i += step) {
    const value = Number(values[i]);
    count++;
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
      // Welford's recurrence: exact enough for numbers far from zero, in one pass.
      const delta = value - mean;
      mean += delta / ++finite;
      squares += delta * (value - mean);
    }
  }
  if (finite === 0) return { count, nan, infinite };
  const histogram = new Array<number>(bins).fill(0);
  // The range of float64 itself may be beyond float64.
  const scale = max > min ? 1 / (max / bins - min / bins) : 0;
  for (let i = 0; i < values.length; i += step) {
    const value = Number(values[i]);
    if (Number.isFinite(value)) histogram[Math.min(bins - 1, Math.max(0, Math.floor((value - min) * scale) || 0))]++;
  }
  return { count, nan, infinite, spread: { min, max, mean, std: Math.sqrt(squares / finite), histogram } };
}
