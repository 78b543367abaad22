/** @file t-SNE: points on a plane such that neighbours stay neighbours. */
import { ArgumentError } from '../tensor/errors.ts';
import { type NumericInput, readRank } from './numbers.ts';
import { pca } from './pca.ts';

export interface TSNEOptions {
  /** 2 or 3. Default 2. */
  dimensions?: 2 | 3;
  /** About how many neighbours each point has; less than a third of the points. Default 30, or what the points allow. */
  perplexity?: number;
  /** Default 750. */
  iterations?: number;
}

/** The first iterations pull clusters together: affinities are so many times their size. */
const exaggeration = 12;
const exaggeratedIterations = 250;
/** Distances are taken between no more principal components than this. */
const mostFeatures = 50;
/** Time and memory grow with the square of the number of points. */
const mostPoints = 5000;

/**
 * t-distributed stochastic neighbour embedding (van der Maaten and Hinton, 2008), exact, begun from the principal components, so
 * that the same points always give the same picture. Distances between far clusters mean nothing.
 *
 * @param points shape [n, features]; up to 5,000 of them
 * @returns [n][dimensions]
 * @throws ShapeError, ArgumentError
 * @example
 * const places = tf.vis.tsne(embeddings, { perplexity: 20 });
 */
export function tsne(points: NumericInput, options: TSNEOptions = {}): number[][] {
  const { shape } = readRank(points, 2, 'tf.vis.tsne');
  const [count, features] = shape;
  if (count < 4 || count > mostPoints)
    throw new ArgumentError(`tf.vis.tsne takes 4 to ${mostPoints} points, got ${count}; give it some of them.`);
  const { dimensions = 2, perplexity = Math.min(30, (count - 1) / 3), iterations = 750 } = options;
  if (dimensions !== 2 && dimensions !== 3)
    throw new ArgumentError(`tf.vis.tsne: dimensions must be 2 or 3, got ${String(dimensions)}.`);
  if (!(perplexity >= 1 && perplexity <= (count - 1) / 3))
    throw new ArgumentError(
      `tf.vis.tsne: perplexity must be from 1 to ${Math.floor((count - 1) / 3)} (a third of the ${count} points), got ${perplexity}.`,
    );
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new ArgumentError(`tf.vis.tsne: iterations must be a whole number of at least 1, got ${iterations}.`);
  const { projected } = pca(points, Math.min(mostFeatures, count, features));
  const affinities = jointAffinities(projected, perplexity);
  return descend(affinities, startFrom(projected, dimensions), dimensions, iterations);
}

/** Squared distances between all points, row-major. */
function squaredDistances(points: readonly (readonly number[])[]): Float64Array {
  const count = points.length;
  const distances = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < points[i].length; k++) sum += (points[i][k] - points[j][k]) ** 2;
      distances[i * count + j] = distances[j * count + i] = sum;
    }
  return distances;
}

/** The symmetric affinities pᵢⱼ; each point's Gaussian is as wide as gives it the perplexity. */
function jointAffinities(points: readonly (readonly number[])[], perplexity: number): Float64Array {
  const count = points.length;
  const distances = squaredDistances(points);
  const conditional = new Float64Array(count * count);
  const entropyWanted = Math.log(perplexity);
  for (let i = 0; i < count; i++) {
    const row = distances.subarray(i * count, (i + 1) * count);
    const own = conditional.subarray(i * count, (i + 1) * count);
    let nearest = Infinity;
    for (let j = 0; j < count; j++) if (j !== i) nearest = Math.min(nearest, row[j]);
    let [low, high, precision] = [0, Infinity, 1];
    for (let turn = 0; turn < 64; turn++) {
      let [sum, weighted] = [0, 0];
      for (let j = 0; j < count; j++) {
        // Against the nearest, so that the sum does not vanish where all are far.
        const distance = row[j] - nearest;
        own[j] = j === i ? 0 : Math.exp(-precision * distance);
        sum += own[j];
        weighted += own[j] * distance;
      }
      for (let j = 0; j < count; j++) own[j] /= sum;
      const entropy = Math.log(sum) + (precision * weighted) / sum;
      if (Math.abs(entropy - entropyWanted) < 1e-5) break;
      if (entropy > entropyWanted)
        [low, precision] = [precision, high === Infinity ? precision * 2 : (precision + high) / 2];
      else [high, precision] = [precision, (precision + low) / 2];
    }
  }
  const joint = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      joint[i * count + j] = Math.max(1e-12, (conditional[i * count + j] + conditional[j * count + i]) / (2 * count));
  return joint;
}

/** The first components, shrunk to a small cloud; missing dimensions are spread by the point's number. */
function startFrom(projected: readonly (readonly number[])[], dimensions: number): Float64Array {
  const count = projected.length;
  const spread = Math.sqrt(projected.reduce((sum, [first]) => sum + first * first, 0) / count) || 1;
  const places = new Float64Array(count * dimensions);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < dimensions; k++)
      // Points that coincide would stay together for ever: each is moved a little, by its number.
      places[i * dimensions + k] = ((projected[i][k] ?? 0) / spread) * 1e-4 + Math.sin((i + 1) * (k + 1.7)) * 1e-6;
  return places;
}

/** Gradient descent with momentum and a gain for each coordinate. */
function descend(affinities: Float64Array, places: Float64Array, dimensions: number, iterations: number): number[][] {
  const count = places.length / dimensions;
  const rate = Math.max(50, count / exaggeration / 4);
  const velocity = new Float64Array(places.length);
  const gains = new Float64Array(places.length).fill(1);
  const gradient = new Float64Array(places.length);
  const closeness = new Float64Array(count * count);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const isEarly = iteration < Math.min(exaggeratedIterations, iterations / 3);
    const factor = isEarly ? exaggeration : 1;
    let total = 0;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++) {
        let distance = 1;
        for (let k = 0; k < dimensions; k++) distance += (places[i * dimensions + k] - places[j * dimensions + k]) ** 2;
        closeness[i * count + j] = 1 / distance;
        total += 2 / distance;
      }
    gradient.fill(0);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++) {
        const near = closeness[i * count + j];
        const pull = 4 * (factor * affinities[i * count + j] - near / total) * near;
        for (let k = 0; k < dimensions; k++) {
          const force = pull * (places[i * dimensions + k] - places[j * dimensions + k]);
          gradient[i * dimensions + k] += force;
          gradient[j * dimensions + k] -= force;
        }
      }
    const momentum = isEarly ? 0.5 : 0.8;
    for (let at = 0; at < places.length; at++) {
      const isTurning = gradient[at] * velocity[at] > 0;
      gains[at] = Math.max(0.01, isTurning ? gains[at] * 0.8 : gains[at] + 0.2);
      velocity[at] = momentum * velocity[at] - rate * gains[at] * gradient[at];
      places[at] += velocity[at];
    }
  }
  return Array.from({ length: count }, (_, i) => Array.from(places.subarray(i * dimensions, (i + 1) * dimensions)));
}
