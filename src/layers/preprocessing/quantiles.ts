/**
 * @file Quantiles of a stream of numbers: summaries of values with weights, joined and made shorter, within a given error. In float32
 * where Keras is, so that boundaries are the same.
 */

/** Ascending values, and how many numbers each of them stands for. */
export interface Summary {
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

export const noValues: Summary = { values: [], weights: [] };

/** Every so manieth of the sorted numbers, so that about 1 / epsilon remain. */
export function summarize(numbers: Float32Array, epsilon: number): Summary {
  const sorted = numbers.slice().sort();
  const step = Math.max(sorted.length * epsilon, 1);
  const values: number[] = [];
  for (let i = Math.trunc(step - 1); i < sorted.length; i += Math.trunc(step)) values.push(sorted[i]);
  return { values, weights: values.map(() => Math.fround(step)) };
}

/** Both together, within the error. */
export function mergeSummaries(a: Summary, b: Summary, epsilon: number): Summary {
  const values = [...a.values, ...b.values];
  const weights = [...a.weights, ...b.weights];
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  return compress({ values: order.map((i) => values[i]), weights: order.map((i) => weights[i]) }, epsilon);
}

/** The values between `bins` parts of about one weight. */
export const boundariesOf = (summary: Summary, bins: number): number[] =>
  compress(summary, 1 / bins).values.slice(0, -1);

/** `ys` at each place of `xs`, which ascend, on straight lines between them; beyond the ends those at the ends. */
function interpolate(places: readonly number[], xs: readonly number[], ys: readonly number[]): number[] {
  const last = xs.length - 1;
  return places.map((place) => {
    if (place >= xs[last]) return ys[last];
    const next = xs.findIndex((x) => x > place);
    if (next <= 0) return ys[0];
    const slope = (ys[next] - ys[next - 1]) / (xs[next] - xs[next - 1]);
    return slope * (place - xs[next - 1]) + ys[next - 1];
  });
}

/** As many values as parts of size epsilon, each standing for such a part of the weight. */
function compress(summary: Summary, epsilon: number): Summary {
  if (summary.values.length * epsilon < 1) return summary;
  const parts = Array.from({ length: Math.ceil(1 / epsilon) }, (_, i) => epsilon + i * epsilon);
  let sum = 0;
  const sums = summary.weights.map((weight) => (sum = Math.fround(sum + weight)));
  const shares = sums.map((each) => Math.fround(each / sum));
  const values = interpolate(parts, shares, summary.values);
  const reached = interpolate(parts, shares, sums);
  return {
    values: values.map(Math.fround),
    weights: reached.map((each, i) => Math.fround(each - (i === 0 ? 0 : reached[i - 1]))),
  };
}
