/** @file Rows of the gradient checks for special functions, scattering, sorting, sums of products and their like. */
import type { Tensor } from '../../src/index.ts';
import * as tf from '../../src/index.ts';
import * as p from '../../src/primitives/calls.ts';
import type { MathematicsParams, UnarySpecial } from '../../src/primitives/mathematics.ts';
import { type Case, numbersOf, of } from './numbers.ts';

const numbers = numbersOf(23);
const positive = (shape: readonly number[]): Tensor => numbers(shape, 0.3, 2.5);
const index = (values: number[] | number[][]): Tensor => tf.tensor(values, undefined, 'int32');
const at = (f: (x: Tensor) => Tensor, low?: number, high?: number): Case => of(f, numbers([2, 3], low, high));
const all = (...tensors: Tensor[]): Tensor => tf.concat(tensors.map((tensor) => tensor.flatten()));
/** Square matrices near the identity, whose logarithm and root are real. */
const near = (x: Tensor): Tensor => x.mul(0.2).add(tf.eye(x.shape[x.rank - 1], undefined, undefined, x.dtype));

const onAll: readonly UnarySpecial[] = [
  ...(['erfc', 'besselI0', 'besselI0e', 'besselI1', 'besselI1e', 'besselJ0', 'besselJ1', 'dawsn'] as const),
  ...(['fresnelSin', 'fresnelCos', 'expint'] as const),
];
const onPositive: readonly UnarySpecial[] = [
  ...([
    'lgamma',
    'digamma',
    'besselY0',
    'besselY1',
    'besselK0',
    'besselK0e',
    'besselK1',
    'besselK1e',
    'spence',
  ] as const),
];
const special = (name: UnarySpecial, x: Tensor): Tensor => p.special(name, [x]);

export const mathematicsPrimitiveCases: { readonly [P in keyof MathematicsParams]?: Case } = {
  special: of(
    (x, y, unit, share) =>
      all(
        ...onAll.map((name) => special(name, x)),
        ...onPositive.map((name) => special(name, y)),
        special('erfInv', unit),
        special('ndtri', share),
        p.special('polygamma', [tf.scalar(2, y.dtype), y]),
        p.special('zeta', [tf.scalar(2.5, y.dtype), y]),
        p.special('igamma', [y, share]),
        p.special('igamma', [y.mul(0.5), y.add(2)]),
        p.special('igammac', [y, share]),
        p.special('betainc', [tf.scalar(1.5, share.dtype), tf.scalar(2.5, share.dtype), share]),
      ),
    numbers([4]),
    positive([3]),
    numbers([3], -0.9, 0.9),
    numbers([3], 0.1, 0.9),
  ),
  nextAfter: of((x) => p.nextAfter(x, tf.scalar(5, x.dtype)), numbers([2, 3])),
  matrixFunction: of(
    (x, y) => all(p.matrixFunction(x, 'exp'), p.matrixFunction(near(y), 'log'), p.matrixFunction(near(y), 'sqrt')),
    numbers([2, 2, 2]),
    numbers([2, 2, 2], -1, 1),
  ),
  scatterReduce: of(
    (x, u) =>
      all(
        p.scatterReduce(x, index([2, 0]), u.slice([0, 0], [2, 2]), 'set'),
        ...(['mul', 'min', 'max'] as const).map((reduction) => p.scatterReduce(x, index([2, 0, 2]), u, reduction)),
      ),
    numbers([3, 2]),
    numbers([3, 2]),
  ),
};

const ids = index([0, 1, 0, 1]);
const sorted = index([0, 0, 1, 2]);
const segments = (f: (x: Tensor, ids: Tensor, count: number) => Tensor): Case =>
  of((x) => f(x, ids, 2), numbers([4, 2]));
const sortedSegments = (f: (x: Tensor, ids: Tensor) => Tensor): Case => of((x) => f(x, sorted), numbers([4, 2]));
const places = index([[2], [0]]);
const scattering = (f: (x: Tensor, indices: Tensor, updates: Tensor) => Tensor): Case =>
  of((x, updates) => f(x, places, updates), numbers([3, 2]), numbers([2, 2]));
const unaryOf = (f: (x: Tensor) => Tensor): Case => at(f);
const positiveOf = (f: (x: Tensor) => Tensor): Case => of(f, positive([2, 3]));

export const mathematicsCases: Readonly<Record<string, Case>> = {
  diag: of(tf.diag, numbers([2, 2])),
  erfc: unaryOf(tf.erfc),
  erfinv: at(tf.erfinv, -0.9, 0.9),
  erfcinv: at(tf.erfcinv, 0.1, 1.9),
  ndtr: unaryOf(tf.ndtr),
  ndtri: at(tf.ndtri, 0.1, 0.9),
  lgamma: positiveOf(tf.lgamma),
  digamma: positiveOf(tf.digamma),
  polygamma: positiveOf((x) => tf.polygamma(1, x)),
  zeta: positiveOf((x) => tf.zeta(3, x)),
  igamma: of(tf.igamma, positive([2, 3]), positive([3])),
  igammac: of(tf.igammac, positive([2, 3]), positive([3])),
  betainc: at((x) => tf.betainc(2, 3, x), 0.1, 0.9),
  lbeta: positiveOf(tf.lbeta),
  beta: of(tf.beta, positive([2, 3]), positive([3])),
  besselI0: unaryOf(tf.besselI0),
  besselI0e: unaryOf(tf.besselI0e),
  besselI1: unaryOf(tf.besselI1),
  besselI1e: unaryOf(tf.besselI1e),
  besselJ0: unaryOf(tf.besselJ0),
  besselJ1: unaryOf(tf.besselJ1),
  besselY0: positiveOf(tf.besselY0),
  besselY1: positiveOf(tf.besselY1),
  besselK0: positiveOf(tf.besselK0),
  besselK0e: positiveOf(tf.besselK0e),
  besselK1: positiveOf(tf.besselK1),
  besselK1e: positiveOf(tf.besselK1e),
  expint: positiveOf(tf.expint),
  dawsn: unaryOf(tf.dawsn),
  spence: positiveOf(tf.spence),
  fresnelSin: unaryOf(tf.fresnelSin),
  fresnelCos: unaryOf(tf.fresnelCos),
  sinc: unaryOf(tf.sinc),
  logit: at(tf.logit, 0.1, 0.9),
  xlogy: of(tf.xlogy, numbers([2, 3]), positive([3])),
  xlog1py: of(tf.xlog1py, numbers([2, 3]), positive([3])),
  xdivy: of(tf.xdivy, numbers([2, 3]), positive([3])),
  multiplyNoNan: of(tf.multiplyNoNan, numbers([2, 3]), numbers([3])),
  reciprocalNoNan: positiveOf(tf.reciprocalNoNan),
  softsign: unaryOf(tf.softsign),
  trunc: unaryOf(tf.trunc),
  truncateDiv: of(tf.truncateDiv, numbers([2, 3], -5, 5), positive([3])),
  truncateMod: of(tf.truncateMod, numbers([2, 3], -5, 5), positive([3])),
  nextAfter: unaryOf((x) => tf.nextAfter(x, 9)),
  copySign: of(tf.copySign, numbers([2, 3]), numbers([3])),
  hypot: of(tf.hypot, numbers([2, 3]), numbers([3])),
  logAddExp: of(tf.logAddExp, numbers([2, 3]), numbers([3])),
  polyval: of((x, a, b) => tf.polyval([a, 2, b], x), numbers([2, 3]), numbers([3]), numbers([])),
  prelu: of(tf.prelu, numbers([2, 3]), numbers([3])),
  cumprod: unaryOf((x) => all(tf.cumprod(x, 1), tf.cumprod(x, 1, true, true))),
  cummax: unaryOf((x) => tf.cummax(x, 1)),
  cummin: unaryOf((x) => tf.cummin(x, 1, true)),
  cumulativeLogsumexp: unaryOf((x) => tf.cumulativeLogsumexp(x, 1, false, true)),
  diff: unaryOf((x) => tf.diff(x, 2)),
  trapz: of((y, x) => all(tf.trapz(y, x), tf.trapz(y, null, 0.5, 0)), numbers([2, 3]), numbers([3])),
  norm: unaryOf((x) =>
    tf.stack([
      ...(['euclidean', 1, Infinity, -Infinity, 3] as const).map((ord) => tf.norm(x, ord, 1).sum()),
      ...(['fro', 'nuc', 1, -1, 2, -2, Infinity, -Infinity] as const).map((ord) => tf.norm(x, ord, [0, 1])),
    ]),
  ),
  euclideanNorm: unaryOf((x) => tf.euclideanNorm(x, 1)),
  l2Normalize: unaryOf((x) => tf.l2Normalize(x, 1)),
  normalize: unaryOf((x) => all(...tf.normalize(x, 2, 1))),
  clipByNorm: unaryOf((x) => all(tf.clipByNorm(x, 1), tf.clipByNorm(x, 100, 1))),
  globalNorm: of((a, b) => tf.globalNorm([a, b]), numbers([2, 3]), numbers([2])),
  clipByGlobalNorm: of(
    (a, b) => all(...(tf.clipByGlobalNorm([a, b], 1)[0] as Tensor[])),
    numbers([2, 3]),
    numbers([2]),
  ),
  localResponseNormalization: of((x) => tf.localResponseNormalization(x, 1, 1, 0.5, 0.75), numbers([1, 2, 4])),
  kron: of(tf.kron, numbers([2, 2]), numbers([3])),
  outer: of(tf.outer, numbers([2, 2]), numbers([3])),
  inner: of(tf.inner, numbers([2, 3]), numbers([2, 3])),
  vdot: of(tf.vdot, numbers([2, 3]), numbers([3, 2])),
  matvec: of((a, b) => tf.matvec(a, b), numbers([2, 2, 3]), numbers([3])),
  einsum: of(
    (a, b, c) => all(tf.einsum('bij,bjk,kk->ib', a, b, c), tf.einsum('...i,...i->...', a, a)),
    numbers([2, 2, 3]),
    numbers([2, 3, 2]),
    numbers([2, 2]),
  ),
  sort: unaryOf((x) => all(tf.sort(x, 0), tf.sort(x, 1, 'DESCENDING'))),
  booleanMask: unaryOf((x) => tf.booleanMask(x, [true, false, true], 1)),
  unique: unaryOf((x) => tf.unique(x).values),
  uniqueWithCounts: unaryOf((x) => tf.uniqueWithCounts(x, 1).values),
  setdiff1d: of((x) => tf.setdiff1d(x, [9])[0], numbers([4])),
  dynamicPartition: of((x) => all(...tf.dynamicPartition(x, [1, 0, 1], 2)), numbers([3, 2])),
  dynamicStitch: of(
    (a, b) => tf.dynamicStitch([index([0, 2]), index([3, 0])], [a, b]),
    numbers([2, 2]),
    numbers([2, 2]),
  ),
  gatherND: unaryOf((x) => tf.gatherND(x, index([[0, 2], [1, 1], [0, 2]]))), // prettier-ignore
  scatterND: of((u) => tf.scatterND(index([[1], [0], [1]]), u, [3, 2]), numbers([3, 2])),
  tensorScatterUpdate: scattering(tf.tensorScatterUpdate),
  tensorScatterAdd: scattering(tf.tensorScatterAdd),
  tensorScatterSub: scattering(tf.tensorScatterSub),
  tensorScatterMul: scattering(tf.tensorScatterMul),
  tensorScatterMax: scattering(tf.tensorScatterMax),
  tensorScatterMin: scattering(tf.tensorScatterMin),
  unsortedSegmentSum: segments(tf.unsortedSegmentSum),
  unsortedSegmentMean: segments(tf.unsortedSegmentMean),
  unsortedSegmentSqrtN: segments(tf.unsortedSegmentSqrtN),
  unsortedSegmentProd: segments(tf.unsortedSegmentProd),
  unsortedSegmentMax: segments(tf.unsortedSegmentMax),
  unsortedSegmentMin: segments(tf.unsortedSegmentMin),
  segmentSum: sortedSegments(tf.segmentSum),
  segmentMean: sortedSegments(tf.segmentMean),
  segmentProd: sortedSegments(tf.segmentProd),
  segmentMax: sortedSegments(tf.segmentMax),
  segmentMin: sortedSegments(tf.segmentMin),
  bincount: of((w) => tf.bincount([0, 2, 0], w, 3), numbers([3])),
  denseBincount: of((w) => tf.denseBincount([0, 2, 0], w, 3), numbers([3])),
  ensureShape: unaryOf((x) => tf.ensureShape(x, [2, null])),
  roll: unaryOf((x) => tf.roll(x, [1, -1], [0, 1])),
  flip: unaryOf((x) => tf.flip(x, 1)),
  swapAxes: unaryOf((x) => tf.swapAxes(x, 0, 1)),
  moveAxis: of((x) => tf.moveAxis(x, 0, -1), numbers([2, 3, 2])),
  rot90: unaryOf((x) => all(...[1, 2, 3].map((k) => tf.rot90(x, k)))),
  repeat: unaryOf((x) => all(tf.repeat(x, 2), tf.repeat(x, [1, 0, 2], 1))),
  meshgrid: of(
    (a, b) => all(...tf.meshgrid(a, b), ...tf.meshgrid(a, b, { indexing: 'ij' })),
    numbers([2]),
    numbers([3]),
  ),
  mirrorPad: unaryOf(
    (x) =>
    all(...(['reflect', 'symmetric'] as const).map((mode) => tf.mirrorPad(x, [[1, 0], [1, 2]], mode))), // prettier-ignore
  ),
  reverseSequence: unaryOf((x) => tf.reverseSequence(x, [2, 3], 1)),
  percentile: unaryOf((x) => tf.percentile(x, [20, 50], 1)),
  quantile: unaryOf((x) => tf.quantile(x, 0.3)),
  median: unaryOf((x) => tf.median(x, 0)),
  reduceVariance: unaryOf((x) => tf.reduceVariance(x, 1)),
  reduceStd: unaryOf((x) => tf.reduceStd(x, 1)),
  weightedMoments: of(
    (x, w) => {
      const { mean, variance } = tf.weightedMoments(x, [1], w);
      return all(mean, variance);
    },
    numbers([2, 3]),
    positive([3]),
  ),
  sufficientStatistics: unaryOf((x) => {
    const { meanSS, varianceSS } = tf.sufficientStatistics(x, [1], 0.5);
    return all(meanSS, varianceSS);
  }),
  normalizeMoments: of(
    (sum, squares) => {
      const { mean, variance } = tf.normalizeMoments(4, sum, squares, 0.3);
      return all(mean, variance);
    },
    numbers([2]),
    positive([2]),
  ),
  movingAverage: of((v, x) => tf.movingAverage(v, x, 0.9, 3), numbers([2]), numbers([2])),
  concat1d: of((a, b) => tf.concat1d([a, b]), numbers([2]), numbers([3])),
  concat2d: of((a, b) => tf.concat2d([a, b], 1), numbers([2, 1]), numbers([2, 2])),
  concat3d: of((a, b) => tf.concat3d([a, b]), numbers([1, 2, 1]), numbers([2, 2, 1])),
  concat4d: of((a, b) => tf.concat4d([a, b]), numbers([1, 2, 1, 1]), numbers([1, 2, 1, 1])),
  slice1d: of((x) => tf.slice1d(x, 1, 2), numbers([4])),
  slice2d: of((x) => tf.slice2d(x, [0, 1], [2, 1]), numbers([2, 3])),
  slice3d: of((x) => tf.slice3d(x, [0, 1, 0]), numbers([2, 2, 1])),
  slice4d: of((x) => tf.slice4d(x, [0, 1, 0, 0]), numbers([2, 2, 1, 1])),
  reverse1d: of((x) => tf.reverse1d(x), numbers([4])),
  reverse2d: of((x) => tf.reverse2d(x, 1), numbers([2, 3])),
  reverse3d: of((x) => tf.reverse3d(x), numbers([2, 2, 1])),
  reverse4d: of((x) => tf.reverse4d(x), numbers([2, 2, 1, 1])),
  pad1d: of((x) => tf.pad1d(x, [1, 2]), numbers([2])),
  pad2d: of((x) => tf.pad2d(x, [[1, 0], [0, 1]]), numbers([2, 2])), // prettier-ignore
  pad3d: of((x) => tf.pad3d(x, [[1, 0], [0, 1], [0, 0]]), numbers([2, 1, 2])), // prettier-ignore
  pad4d: of((x) => tf.pad4d(x, [[1, 0], [0, 1], [0, 0], [0, 0]]), numbers([2, 1, 1, 2])), // prettier-ignore
  batchNorm2d: of((x, m, v) => tf.batchNorm2d(x, m, v), numbers([2, 2]), numbers([2]), positive([2])),
  batchNorm3d: of((x, m, v) => tf.batchNorm3d(x, m, v), numbers([2, 1, 2]), numbers([2]), positive([2])),
  batchNorm4d: of((x, m, v) => tf.batchNorm4d(x, m, v), numbers([1, 2, 1, 2]), numbers([2]), positive([2])),
  basicLSTMCell: of(
    (kernel, bias, data, c, h) => all(...tf.basicLSTMCell(1, kernel, bias, data, c, h)),
    numbers([3, 8]),
    numbers([8]),
    numbers([2, 1]),
    numbers([2, 2]),
    numbers([2, 2]),
  ),
  multiRNNCell: of(
    (kernel, data, c) => {
      const cell: tf.LSTMCellFunc = (input, state, output) =>
        tf.basicLSTMCell(1, kernel, tf.zeros([8], 'float64'), input, state, output);
      const [states, outputs] = tf.multiRNNCell([cell, cell], data, [c, c], [c, c]);
      return all(...states, ...outputs);
    },
    numbers([4, 8], -1, 1),
    numbers([1, 2]),
    numbers([1, 2]),
  ),
};

export const mathematicsWithoutGradient: readonly string[] = [
  // of whole numbers, booleans or places
  ...['bitwiseAnd', 'bitwiseOr', 'bitwiseXor', 'bitwiseNot', 'invert', 'leftShift', 'rightShift', 'populationCount'],
  ...['signBit', 'countNonzero', 'zeroFraction', 'histogramFixedWidth', 'histogramFixedWidthBins', 'confusionMatrix'],
  ...['argsort', 'searchSorted', 'lowerBound', 'upperBound', 'bucketize', 'inTopK', 'inTopKAsync', 'invertPermutation'],
  ...['isNonDecreasing', 'isStrictlyIncreasing', 'nonzero', 'whereAsync', 'sequenceMask', 'unravelIndex'],
  ...['broadcastStaticShape', 'broadcastDynamicShape', 'broadcastArgs'],
  // the same as others, later
  ...['booleanMaskAsync', 'setdiff1dAsync'],
  // made from host values
  ...['tensor5d', 'tensor6d'],
];

export const matrixFunctionCases: Readonly<Record<string, Case>> = {
  expm: of(tf.linalg.expm, numbers([2, 2, 2])),
  logm: of((x) => tf.linalg.logm(near(x)), numbers([2, 2], -1, 1)),
  sqrtm: of((x) => tf.linalg.sqrtm(near(x)), numbers([2, 2], -1, 1)),
  matrixPower: of((x) => all(tf.linalg.matrixPower(x, 5), tf.linalg.matrixPower(near(x), -2)), numbers([2, 2], -1, 1)),
  adjoint: of(tf.linalg.adjoint, numbers([2, 3])),
  luSolve: of((a, b) => tf.linalg.luSolve(...tf.linalg.lu(a), b), numbers([2, 2]), numbers([2, 1])),
  luMatrixInverse: of((a) => tf.linalg.luMatrixInverse(...tf.linalg.lu(a)), numbers([2, 2])),
  luReconstruct: of((a) => tf.linalg.luReconstruct(...tf.linalg.lu(a)), numbers([2, 2])),
  tensorDiag: of(tf.linalg.tensorDiag, numbers([2, 2])),
  tensorDiagPart: of(tf.linalg.tensorDiagPart, numbers([2, 2, 2, 2])),
  tridiagonalMatmul: of(tf.linalg.tridiagonalMatmul, numbers([3, 3]), numbers([3, 2])),
  tridiagonalSolve: of(tf.linalg.tridiagonalSolve, numbers([3, 3]), numbers([3, 1])),
  bandedTriangularSolve: of((a, b) => tf.linalg.bandedTriangularSolve(a.add(3), b), numbers([2, 3]), numbers([3, 1])),
  matrixTranspose: of(tf.linalg.matrixTranspose, numbers([2, 2, 3])),
  norm: of((x) => tf.linalg.norm(x, 2, [-2, -1]), numbers([2, 2, 3])),
  matvec: of((a, b) => tf.linalg.matvec(a, b), numbers([2, 3]), numbers([3])),
};
