/** @file Principal components: the directions in which points spread the most. */
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type NumericInput, readRank } from './numbers.ts';

/** Points seen along the directions in which they spread the most. */
export interface PrincipalComponents {
  /** The points in these directions, centred: [n][components]. */
  readonly projected: readonly (readonly number[])[];
  /** The directions, of length 1, by variance; the largest element of each is positive: [components][features]. */
  readonly components: readonly (readonly number[])[];
  readonly mean: readonly number[];
  /** Variance along each direction, with n − 1 in the denominator. */
  readonly explainedVariance: readonly number[];
  /** The same as parts of the whole variance. */
  readonly explainedVarianceRatio: readonly number[];
}

/** Up to this side a matrix is decomposed whole; of larger ones the wanted part is found by iteration. */
const largestWhole = 512;

/**
 * Principal component analysis in float64: the eigenvectors of the covariance matrix with the largest eigenvalues.
 *
 * @param points shape [n, features]
 * @param components how many directions; at most the smaller of n and features
 * @throws ShapeError, ArgumentError
 * @example
 * const { projected, explainedVarianceRatio } = tf.vis.pca(embeddings, 2);
 */
export function pca(points: NumericInput, components = 2): PrincipalComponents {
  const { values, shape } = readRank(points, 2, 'tf.vis.pca');
  const [count, features] = shape;
  const most = Math.min(count, features);
  if (!Number.isInteger(components) || components < 1 || components > most)
    throw new ArgumentError(
      `tf.vis.pca: components must be a whole number from 1 to ${most} (of ${count} points with ${features} features), got ${components}.`,
    );
  if (count < 2) throw new ArgumentError(`tf.vis.pca needs at least 2 points, got ${count}.`);
  const bad = Array.prototype.findIndex.call(values, (value: number) => !Number.isFinite(value));
  if (bad >= 0)
    throw new ArgumentError(
      `tf.vis.pca: expected finite values, got ${values[bad]} in point ${Math.floor(bad / features)}.`,
    );
  return ops.tidy(() => {
    const given = ops.tensor(Float64Array.from(values), [count, features], 'float64');
    const mean = ops.mean(given, 0);
    const centred = ops.sub(given, mean);
    const directions = principalDirections(centred, components);
    const projected = ops.matMul(centred, directions, false, true);
    const variance = (x: Tensor, axis?: number) => ops.div(ops.sum(ops.square(x), axis), count - 1);
    const explained = rowsOf(ops.reshape(variance(projected, 0), [1, components]))[0];
    const total = Number(variance(centred).dataSync()[0]);
    return {
      projected: rowsOf(projected),
      components: rowsOf(directions),
      mean: Array.from(mean.dataSync() as Float64Array),
      explainedVariance: explained,
      explainedVarianceRatio: explained.map((value) => (total === 0 ? 0 : value / total)),
    };
  });
}

/** [components, features]; each of length 1, its largest element positive. */
function principalDirections(centred: Tensor, components: number): Tensor {
  const [count, features] = centred.shape;
  let directions: Tensor;
  if (Math.min(count, features) > largestWhole) directions = ops.transpose(bySubspace(centred, components));
  else if (features <= count) {
    // Eigenvalues ascend: the last columns are wanted, the last one first.
    const [, vectors] = ops.linalg.eigh(ops.matMul(centred, centred, true, false));
    directions = ops.transpose(ops.reverse(ops.slice(vectors, [0, features - components]), 1));
  } else {
    // Of few points with many features the other product is smaller: x·xᵀ·u = λ·u, and xᵀ·u points where the features go.
    const [, vectors] = ops.linalg.eigh(ops.matMul(centred, centred, false, true));
    const leading = ops.reverse(ops.slice(vectors, [0, count - components]), 1);
    directions = ops.transpose(ops.matMul(centred, leading, true, false));
  }
  const rows = rowsOf(directions).map((row) => {
    const length = Math.hypot(...row);
    const largest = row.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    const scale = length === 0 ? 0 : Math.sign(largest) / length;
    return row.map((value) => value * scale);
  });
  return ops.tensor(rows, [components, features], 'float64');
}

/** Orthogonal iteration with some spare columns: [features, components]. */
function bySubspace(centred: Tensor, components: number): Tensor {
  const [count, features] = centred.shape;
  const columns = Math.min(components + 10, count, features);
  let [basis] = ops.linalg.qr(ops.cast(ops.randomNormal([features, columns], 0, 1, 'float32', 1), 'float64'));
  let before = 0;
  for (let turn = 0; turn < 200; turn++) {
    const image = ops.matMul(centred, basis);
    const [values, rotation] = ops.linalg.eigh(ops.matMul(image, image, true, false));
    const leading = Array.from(values.dataSync() as Float64Array).slice(-components);
    const sum = leading.reduce((all, value) => all + value, 0);
    const turned = ops.matMul(basis, rotation);
    if (Math.abs(sum - before) <= 1e-13 * sum) return ops.reverse(ops.slice(turned, [0, columns - components]), 1);
    before = sum;
    [basis] = ops.linalg.qr(ops.matMul(centred, image, true, false));
  }
  const image = ops.matMul(centred, basis);
  const [, rotation] = ops.linalg.eigh(ops.matMul(image, image, true, false));
  return ops.reverse(ops.slice(ops.matMul(basis, rotation), [0, columns - components]), 1);
}

function rowsOf(matrix: Tensor): number[][] {
  const [rows, columns] = matrix.shape;
  const values = matrix.dataSync() as Float64Array;
  return Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns)));
}
