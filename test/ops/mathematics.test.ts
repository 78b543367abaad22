/** @file Operations of mathematics against TensorFlow and numpy (test/fixtures/mathematics/operations.py), at once and traced. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { DType, Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

type Plain = readonly [dtype: string, shape: number[], values: (number | string)[]];
interface Fixture {
  readonly name: string;
  readonly operands: readonly Plain[];
  readonly results: readonly Plain[];
}
const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/mathematics/operations.json', import.meta.url), 'utf8'),
) as { cases: Fixture[] };

const infinities: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
const tensorOf = ([dtype, shape, values]: Plain): Tensor => {
  const numbers = values.map((value) => (typeof value === 'string' ? infinities[value] : value));
  return tf.tensor(dtype === 'int64' ? numbers.map(BigInt) : numbers, shape, dtype as DType);
};

type Operation = (...x: Tensor[]) => Tensor | readonly (Tensor | null)[];
/** What each name of the fixture is here. */
const operations: Record<string, Operation> = {
  cumprodExclusiveReverse: (x) => tf.cumprod(x, 0, true, true),
  cumprod: (x) => tf.cumprod(x, 1),
  cummax: (x) => tf.cummax(x, 1),
  cummin: (x) => tf.cummin(x, 1),
  cumulativeLogsumexp: (x) => tf.cumulativeLogsumexp(x, 1),
  cumulativeLogsumexpReverse: (x) => tf.cumulativeLogsumexp(x, 0, false, true),
  diff: (x) => tf.diff(x, 2),
  polyval: (x) => tf.polyval([2, -1, 3], x),
  expm: tf.linalg.expm,
  sqrtm: tf.linalg.sqrtm,
  logm: tf.linalg.logm,
  matrixPower: (x) => tf.linalg.matrixPower(x, 5),
  matrixPowerInverse: (x) => tf.linalg.matrixPower(x, -2),
  normOfColumns: (x) => tf.norm(x, 1, [1, 0], true),
  l2Normalize: (x) => tf.l2Normalize(x, 1),
  clipByNorm: (x) => tf.clipByNorm(x, 1.5),
  clipByNormAxis: (x) => tf.clipByNorm(x, 1, [1]),
  clipByGlobalNorm: (a, b) => {
    const [clipped, size] = tf.clipByGlobalNorm([a, b], 2);
    return [...clipped, size];
  },
  localResponseNormalization: (x) => tf.localResponseNormalization(x, 2, 1.5, 0.3, 0.7),
  sort: (x) => tf.sort(x, 0, 'DESCENDING'),
  argsort: (x) => tf.argsort(x, 1),
  argsortDescending: (x) => tf.argsort(x, 1, 'DESCENDING'),
  searchSortedLeft: (s, v) => tf.searchSorted(s, v),
  searchSortedRight: (s, v) => tf.searchSorted(s, v, 'right'),
  bucketize: (x) => tf.bucketize(x, [0, 10, 100]),
  inTopK: (x, targets) => tf.inTopK(x, targets, 2),
  booleanMaskAxis: (x, mask) => tf.booleanMask(x, mask, 1),
  unique: (x) => Object.values(tf.unique(x)),
  uniqueAxis: (x) => Object.values(tf.unique(x, 0)),
  uniqueWithCounts: (x) => Object.values(tf.uniqueWithCounts(x)),
  dynamicPartition: (x, partitions) => tf.dynamicPartition(x, partitions, 3),
  dynamicStitch: (a, b, c, d) => tf.dynamicStitch([a, b], [c, d]),
  scatterND: (indices, updates) => tf.scatterND(indices, updates, [4, 2]),
  gatherBatch: (x, indices) => tf.gather(x, indices, 2, 1),
  gatherBatch2: (x, indices) => tf.gather(x, indices, null, 2),
  bincount: (x) => tf.bincount(x, [], 5),
  bincountWeights: (x, weights) => tf.bincount(x, weights, 5),
  denseBincount: (x) => tf.denseBincount(x, null, 5),
  denseBincountBinary: (x) => tf.denseBincount(x, null, 5, true),
  histogramFixedWidth: (x) => tf.histogramFixedWidth(x, [0, 5], 5),
  histogramFixedWidthBins: (x) => tf.histogramFixedWidthBins(x, [0, 5], 5),
  confusionMatrix: (a, b) => tf.confusionMatrix(a, b, 5),
  countNonzero: (x) => tf.countNonzero(x, 0),
  roll: (x) => tf.roll(x, [1, -2], [0, 1]),
  rot90: (x) => tf.rot90(x),
  rot90Back: (x) => tf.rot90(x, -1, [1, 2]),
  repeat: (x) => tf.repeat(x, [1, 3, 0, 2], 1),
  repeatFlat: (x) => tf.repeat(x, 2),
  meshgrid: (...x) => tf.meshgrid(...x),
  meshgridIj: (...x) => tf.meshgrid(...x, { indexing: 'ij' }),
  mirrorPadReflect: (x) => tf.mirrorPad(x, [[1, 0], [2, 3]], 'reflect'), // prettier-ignore
  mirrorPadSymmetric: (x) => tf.mirrorPad(x, [[2, 1], [0, 4]], 'symmetric'), // prettier-ignore
  reverseSequence: (x, lengths) => tf.reverseSequence(x, lengths, 2, 1),
  sequenceMask: (lengths) => tf.sequenceMask(lengths, 5),
  unravelIndex: (x) => tf.unravelIndex(x, [3, 4, 2]),
  moveAxis: (x) => tf.moveAxis(x, [0, 1], [-1, 0]),
  percentile: (x) => tf.percentile(x, [0, 30, 50, 100], 1),
  median: (x) => tf.median(x, 0),
  quantileKept: (x) => tf.quantile(x, 0.25, [0, 2], 'linear', true),
  weightedMoments: (x, weights) => Object.values(tf.weightedMoments(x, [1], weights)),
  normalizeMoments: (x) => {
    const { count, meanSS, varianceSS, shift } = tf.sufficientStatistics(x, [1], 0.5);
    return Object.values(tf.normalizeMoments(count, meanSS, varianceSS, shift));
  },
};
for (const name of Object.keys(tf).filter((key) => key.startsWith('unsortedSegment')))
  operations[name] = (x, ids) => (tf[name as 'unsortedSegmentSum'] as typeof tf.unsortedSegmentSum)(x, ids, 4);

/** The function of a name; those with an argument in it, such as an equation, are made here. */
function operationOf(name: string): Operation {
  const [first, rest] = name.split(/ (.*)/);
  if (first === 'einsum') return (...x) => tf.einsum(rest, ...x);
  if (first === 'norm') {
    const order = Number.isNaN(Number(rest)) ? (rest as 'fro') : Number(rest);
    return (x) => tf.norm(x, order, [-2, -1]);
  }
  if (first === 'percentile' && rest) return (x) => tf.percentile(x, 40, null, rest as tf.Interpolation);
  const operation = operations[name] ?? (tf as unknown as Record<string, Operation>)[name];
  if (!operation) throw new Error(`The fixture has a case ${name} that this test does not know.`);
  return operation;
}

/** Results whose shape hangs on values: these refuse to be traced. */
const dataDependent = new Set([
  ...['nonzero', 'booleanMask', 'booleanMaskAxis', 'unique', 'uniqueAxis', 'uniqueWithCounts', 'setdiff1d'],
  ...['dynamicPartition', 'dynamicStitch', 'segmentSum', 'segmentMean', 'segmentProd', 'segmentMax', 'segmentMin'],
]);

/** The digits that TensorFlow computed in float32 itself, or lost on the way. */
const close = (dtype: string) => (dtype === 'float64' ? { rtol: 1e-11, atol: 1e-12 } : { rtol: 2e-6, atol: 1e-6 });

const listOf = (results: ReturnType<Operation>): Tensor[] =>
  (results instanceof tf.Tensor ? [results] : results) as Tensor[];

describe.each(cases.map((fixture, i) => [fixture.name, i, fixture] as const))('%s (%i)', (name, _, fixture) => {
  const operands = fixture.operands.map(tensorOf);
  const check = (results: readonly Tensor[]): void => {
    expect(results.length).toBe(fixture.results.length);
    fixture.results.forEach((expected, k) => {
      expect(results[k]).toHaveType(expected[0], expected[1]);
      expect(results[k].cast('float64')).toBeAllClose(tensorOf(expected).cast('float64'), close(expected[0]));
    });
  };
  const operation = operationOf(name);
  it('at once', () => check(listOf(operation(...operands))));
  it('traced', () => {
    const traced = tf.function((...x: Tensor[]) => listOf(operation(...x)));
    if (dataDependent.has(name)) expect(() => traced(...operands)).toThrow(tf.TraceError);
    else check(traced(...operands) as Tensor[]);
  });
});
