/** @file Mathematics at its edges: int64, empty tensors, NaN, shapes and arguments that do not fit, methods, derivatives of igamma. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { igammaSlopes } from '../engine/special-tables.ts';
import '../support/tensors.ts';

const int = (values: number[], dtype: tf.DType = 'int32'): tf.Tensor => tf.tensor(values, undefined, dtype);
const big = (x: tf.Tensor): bigint[] => [...x.dataSync<BigInt64Array>()];

describe('special functions', () => {
  it('have gradients by the first operand of the incomplete gamma functions, of both orders', () => {
    for (const [order, rows] of Object.entries(igammaSlopes))
      for (const [a, x, slope] of rows) {
        const first = tf.grad((at) => tf.igamma(at, tf.scalar(x, 'float64')));
        const both = order === '1' ? first : tf.grad((at: tf.Tensor) => first(at));
        expect(both(tf.scalar(a, 'float64'))).toBeAllClose(slope, { rtol: 1e-11, atol: 1e-14 });
      }
  });

  it('keep their dtype, take integers as float32, broadcast, and are methods', () => {
    expect(tf.lgamma([5, 6])).toHaveType('float32', [2]);
    expect(tf.lgamma(tf.tensor([5], undefined, 'float16'))).toHaveType('float16', [1]);
    expect(tf.erfc(tf.tensor([1], undefined, 'float64'))).toHaveType('float64', [1]);
    expect(int([5]).lgamma()).toBeAllClose([Math.log(24)]);
    expect(tf.igamma([[1], [2]], [1, 2, 3])).toHaveType('float32', [2, 3]);
    expect(tf.polygamma(1, [1])).toBeAllClose([Math.PI ** 2 / 6]);
    expect(tf.math.lgamma).toBe(tf.lgamma);
    expect(tf.besselJ0(tf.zeros([0, 2]))).toHaveType('float32', [0, 2]);
  });

  it('do not lose digits in their tails', () => {
    const x = tf.tensor([20], undefined, 'float64');
    expect(tf.erfc(x)).toBeAllClose([5.3958656116079005e-176], { rtol: 1e-13, atol: 0 });
    expect(tf.ndtr(x.neg())).toBeAllClose([2.7536241186062337e-89], { rtol: 1e-12, atol: 0 });
    expect(tf.ndtri(tf.tensor([2.7536241186062337e-89], undefined, 'float64'))).toBeAllClose([-20], { rtol: 1e-13 });
    expect(tf.igammac(tf.scalar(2, 'float64'), tf.scalar(300, 'float64'))).toBeAllClose(301 * Math.exp(-300), {
      rtol: 1e-12,
      atol: 0,
    });
  });
});

describe('integers', () => {
  it('of 64 bits are exact', () => {
    const x = tf.tensor([2n ** 62n + 1n, -(2n ** 62n), 5n]);
    expect(big(tf.sort(x))).toEqual([-(2n ** 62n), 5n, 2n ** 62n + 1n]);
    expect(big(tf.bitwiseAnd(x, tf.tensor([1n, -1n, 4n])))).toEqual([1n, -(2n ** 62n), 4n]);
    expect(big(tf.leftShift(tf.tensor([1n]), tf.tensor([62n])))).toEqual([2n ** 62n]);
    expect(tf.populationCount(tf.tensor([-1n, 2n ** 40n])).arraySync()).toEqual([64, 1]);
    expect(big(tf.unique(tf.tensor([2n ** 60n, 2n ** 60n + 1n, 2n ** 60n])).values)).toEqual([
      2n ** 60n,
      2n ** 60n + 1n,
    ]);
    const near = tf.tensor([2n ** 60n, 2n ** 60n + 2n]);
    expect(tf.searchSorted(near, tf.tensor([2n ** 60n + 1n])).arraySync()).toEqual([1]);
  });

  it('hold shifts to the bits they have, and wrap around', () => {
    expect(tf.leftShift(int([1, 3]), int([40, 31])).arraySync()).toEqual([-(2 ** 31), -(2 ** 31)]);
    expect(tf.rightShift(int([-8, 8]), int([99, -1])).arraySync()).toEqual([-1, 8]);
    expect(tf.leftShift(int([200], 'uint8'), int([1], 'uint8')).arraySync()).toEqual([144]);
    expect(tf.cumprod(int([100, 100], 'int8')).arraySync()).toEqual([100, (10000 << 24) >> 24]);
    expect(() => tf.bitwiseAnd(tf.tensor([1.5]), 1)).toThrow(tf.DTypeError);
  });

  it('divide towards 0 where they overflow', () => {
    expect(tf.truncateDiv(int([-(2 ** 31), -7]), int([-1, 2])).arraySync()).toEqual([-(2 ** 31), -3]);
    expect(tf.truncateMod(int([-(2 ** 31), -7]), int([-1, 2])).arraySync()).toEqual([0, -1]);
  });
});

describe('order', () => {
  it('is stable in both directions, has NaN last, and knows booleans', () => {
    expect(tf.argsort([2, 1, 2, 1]).arraySync()).toEqual([1, 3, 0, 2]);
    expect(tf.argsort([2, 1, 2, 1], -1, 'DESCENDING').arraySync()).toEqual([0, 2, 1, 3]);
    expect(tf.sort([2, NaN, -Infinity]).arraySync()).toEqual([-Infinity, 2, NaN]);
    expect(tf.sort(tf.tensor([true, false, true]))).toHaveType('bool', [3]);
    expect(tf.sort(tf.tensor([true, false, true])).arraySync()).toEqual([0, 1, 1]);
    expect(tf.sort(tf.zeros([2, 0]))).toHaveType('float32', [2, 0]);
    expect(() => tf.sort(3)).toThrow(/rank 1 or more/);
    expect(() => tf.sort([1], 1)).toThrow(/axis 1 is out of range/);
    expect(() => tf.sort([1], 0, 'UP' as 'ASCENDING')).toThrow(/'ASCENDING' or 'DESCENDING'/);
  });

  it('places values outside of a sequence at its ends', () => {
    expect(tf.lowerBound([1, 2], [0, 1, 3, NaN]).arraySync()).toEqual([0, 0, 2, 2]);
    expect(tf.upperBound([1, 2], [0, 1, 3]).arraySync()).toEqual([0, 1, 2]);
    expect(tf.searchSorted([1, 2], 1.5).arraySync()).toBe(1);
    expect(tf.bucketize([1, 2], []).arraySync()).toEqual([0, 0]);
  });
});

describe('chosen elements', () => {
  it('come with and without waiting', async () => {
    const mask = tf.tensor([[true, false], [true, true]]); // prettier-ignore
    expect((await tf.whereAsync(mask)).arraySync()).toEqual([[0, 0], [1, 0], [1, 1]]); // prettier-ignore
    expect(tf.where(mask).arraySync()).toEqual([[0, 0], [1, 0], [1, 1]]); // prettier-ignore
    expect((await tf.booleanMaskAsync([[1, 2], [3, 4]], mask)).arraySync()).toEqual([1, 3, 4]); // prettier-ignore
    expect((await tf.setdiff1dAsync([1, 2, 3], [2])).map((x) => x.arraySync())).toEqual([[1, 3], [0, 2]]); // prettier-ignore
    expect((await tf.inTopKAsync([[1, 2, 3]], [1], 2)).arraySync()).toEqual([1]);
    expect(tf.nonzero(tf.zeros([2, 2]))).toHaveType('int32', [0, 2]);
    expect(tf.nonzero(5)).toHaveType('int32', [1, 0]);
    expect(() => tf.where(mask, 1)).toThrow(/or neither/);
    expect(() => tf.booleanMask([1, 2, 3], [true, false])).toThrow(tf.ShapeError);
  });

  it('cannot be had inside a traced function, which says why', () => {
    const traced = tf.function((x: tf.Tensor) => tf.unique(x).values);
    expect(() => traced(tf.tensor([1, 2]))).toThrow(/unique: the shape of its result depends on the values/);
  });

  it('are distinct by value: both zeros are one, NaN is one', () => {
    expect(tf.unique([0, -0, NaN, NaN]).indices.arraySync()).toEqual([0, 0, 1, 1]);
    expect(tf.unique([[0, 1], [-0, 1]], 0).values).toHaveType('float32', [1, 2]); // prettier-ignore
    expect(tf.unique(tf.tensor(['b', 'a', 'b'])).indices.arraySync()).toEqual([0, 1, 0]);
    expect(tf.unique(tf.zeros([0])).values).toHaveType('float32', [0]);
  });

  it('leave places empty that nothing is stitched to', () => {
    expect(tf.dynamicStitch([[0], [2]], [[1], [3]]).arraySync()).toEqual([1, 0, 3]);
    expect(() => tf.dynamicPartition([1, 2], [0, 2], 2)).toThrow(/element 1 is 2/);
  });
});

describe('scatter and gather', () => {
  it('refuse indices that lie outside, traced as well', () => {
    expect(() => tf.gatherND([[1, 2]], [[0, 2]])).toThrow(/index 2 is out of axis 1/);
    expect(() => tf.scatterND([[-1]], [1], [3])).toThrow(/index -1/);
    const traced = tf.function((x: tf.Tensor, i: tf.Tensor) => tf.gatherND(x, i));
    expect(() => traced(tf.tensor([[1, 2], [3, 4]]), int([0, 2]))).toThrow(); // prettier-ignore
    expect(() => tf.gather([[1, 2], [3, 4]], [[0], [2]], 1, 1)).toThrow(); // prettier-ignore
    expect(() => tf.tensorScatterUpdate([1, 2], [[0]], [1, 2])).toThrow(/updates of shape \[1\]/);
    expect(() => tf.tensorScatterUpdate(int([1, 2]), [[0]], tf.tensor([1.5]))).toThrow(tf.DTypeError);
  });

  it('take whole tensors, no indices, booleans', () => {
    expect(tf.gatherND([1, 2], tf.zeros([0, 1], 'int32'))).toHaveType('float32', [0]);
    expect(tf.gatherND([1, 2], tf.zeros([2, 0], 'int32')).arraySync()).toEqual([[1, 2], [1, 2]]); // prettier-ignore
    expect(tf.tensorScatterUpdate(tf.tensor([true, true]), [[0]], tf.tensor([false])).arraySync()).toEqual([0, 1]);
    expect(tf.scatterND([[0], [0]], tf.tensor([true, true]), [2])).toHaveType('bool', [2]);
    expect(tf.tensorScatterMax([1, NaN, 3], [[0], [2]], [NaN, 5]).arraySync()).toEqual([NaN, NaN, 5]);
  });

  it('reduce segments of nothing', () => {
    expect(tf.unsortedSegmentSum(tf.zeros([0, 2]), tf.zeros([0], 'int32'), 2).arraySync()).toEqual([[0, 0], [0, 0]]); // prettier-ignore
    expect(tf.segmentSum(tf.zeros([0]), tf.zeros([0], 'int32'))).toHaveType('float32', [0]);
    expect(() => tf.segmentSum([1, 2], [1, 0])).toThrow(/unsortedSegmentSum takes any order/);
    expect(tf.unsortedSegmentMax(int([3]), [1], 2).arraySync()).toEqual([-(2 ** 31), 3]);
    const traced = tf.function((x: tf.Tensor, ids: tf.Tensor) => tf.segmentMax(x, ids, 3));
    expect(traced(tf.tensor([1, 5, 2]), int([0, 0, 2])).arraySync()).toEqual([5, 0, 2]);
  });
});

describe('einsum', () => {
  it('says what is wrong with an equation', () => {
    const x = tf.ones([2, 3]);
    expect(() => tf.einsum('ij,jk', x)).toThrow(/2 terms, but 1 tensors/);
    expect(() => tf.einsum('ijk', x)).toThrow(/names 3 axes/);
    expect(() => tf.einsum('ij->k', x)).toThrow(/stands in no term/);
    expect(() => tf.einsum('ij->ii', x)).toThrow(/twice/);
    expect(() => tf.einsum('ij,ij->ij', x, tf.ones([2, 2]))).toThrow(/has size/);
    expect(() => tf.einsum('i1', x)).toThrow(/not made of letters/);
    expect(() => tf.einsum('...j->j', x)).toThrow(/must have an ellipsis/);
  });

  it('takes spaces, scalars, complex numbers, and is a tensor of its own', () => {
    expect(tf.einsum(' i j , j -> i ', tf.ones([2, 3]), [1, 2, 3]).arraySync()).toEqual([6, 6]);
    expect(tf.einsum(',i->i', 2, [1, 2]).arraySync()).toEqual([2, 4]);
    const z = tf.complex([1, 2], [1, 0]);
    expect(tf.real(tf.einsum('i,i->', z, z)).arraySync()).toBe(4);
    const x = tf.ones([2]);
    tf.einsum('i->i', x).dispose();
    expect(x.isDisposed).toBe(false);
  });
});

describe('counting', () => {
  it('leaves out what no bin has', () => {
    expect(tf.bincount(int([-1, 0, 7]), null, 2).arraySync()).toEqual([1, 0]);
    expect(tf.denseBincount(tf.zeros([2, 0], 'int32'), null, 3).arraySync()).toEqual([[0, 0, 0], [0, 0, 0]]); // prettier-ignore
    expect(tf.confusionMatrix([0, 1], [1, 1], 2, [0.5, 2]).arraySync()).toEqual([[0, 0.5], [0, 2]]); // prettier-ignore
    expect(tf.zeroFraction(tf.zeros([0])).arraySync()).toBeNaN();
    expect(() => tf.bincount([1], [1, 2], 3)).toThrow(tf.ShapeError);
  });
});

describe('matrices', () => {
  it('of any kind have eigenvalues', () => {
    const [values, vectors] = tf.linalg.eig([[0, 1], [-1, 0]]); // prettier-ignore
    expect(tf.imag(values)).toBeAllClose([-1, 1]);
    const a = tf.complex([[0, 1], [-1, 0]], tf.zeros([2, 2])); // prettier-ignore
    const left = tf.matMul(a, vectors);
    const right = vectors.mul(values);
    expect(tf.real(left)).toBeAllClose(tf.real(right), { atol: 1e-6 });
    expect(tf.imag(left)).toBeAllClose(tf.imag(right), { atol: 1e-6 });
  });

  it('without a real root give NaN', () => {
    expect(tf.linalg.sqrtm([[-1, 0], [0, 1]]).arraySync<number[][]>().flat().some(Number.isNaN)).toBe(true); // prettier-ignore
    expect(tf.linalg.expm(tf.zeros([0, 0]))).toHaveType('float32', [0, 0]);
    expect(tf.linalg.expm([[NaN]]).arraySync()).toEqual([[NaN]]);
    expect(() => tf.linalg.expm([[1, 2]])).toThrow(/square/);
  });

  it('come back from their factors', () => {
    const x = tf.tensor([[0, 2, 1], [3, 1, 0], [1, 1, 4]], undefined, 'float64'); // prettier-ignore
    const [lu, permutation] = tf.linalg.lu(x);
    expect(tf.linalg.luReconstruct(lu, permutation)).toBeAllClose(x, { rtol: 1e-14 });
    expect(tf.linalg.luMatrixInverse(lu, permutation)).toBeAllClose(tf.linalg.inv(x), { rtol: 1e-13 });
    expect(tf.linalg.luSolve(lu, permutation, x)).toBeAllClose(tf.eye(3), { atol: 1e-14 });
    const diagonals = tf.tensor([[2, -1, 0], [1, 3, 5], [0, 4, 1]], undefined, 'float64'); // prettier-ignore
    const dense = tf.tensor([[1, 2, 0], [4, 3, -1], [0, 1, 5]], undefined, 'float64'); // prettier-ignore
    expect(tf.linalg.tridiagonalMatmul(diagonals, x)).toBeAllClose(tf.matMul(dense, x));
    expect(tf.matMul(dense, tf.linalg.tridiagonalSolve(diagonals, x))).toBeAllClose(x);
    expect(tf.linalg.tensorDiagPart(tf.linalg.tensorDiag(x))).toBeAllClose(x);
  });
});

describe('places', () => {
  it('check their arguments', () => {
    expect(() => tf.ensureShape([1, 2], [3])).toThrow(/expected shape \[3\], got \[2\]/);
    expect(tf.ensureShape([1, 2], [null]).arraySync()).toEqual([1, 2]);
    expect(() => tf.mirrorPad([1, 2], [[2, 0]], 'reflect')).toThrow(tf.ShapeError);
    expect(() => tf.roll([1], [1, 2], 0)).toThrow(tf.ArgumentError);
    expect(() => tf.repeat([1, 2], [1, 2, 3])).toThrow(tf.ArgumentError);
    expect(tf.broadcastArgs([2, 1], [3]).arraySync()).toEqual([2, 3]);
    expect(tf.broadcastStaticShape([2, 1], [3], [1, 1, 1])).toEqual([1, 2, 3]);
    expect(() => tf.concat2d([[1], [2]])).toThrow(/concat2d: expected a tensor of rank 2/);
    expect(tf.sequenceMask([1, 3]).shape).toEqual([2, 3]);
    expect(tf.roll(tf.zeros([0]), 3, 0)).toHaveType('float32', [0]);
  });

  it('have gradients that are right where sums are clipped', () => {
    expect(tf.grad((x) => tf.clipByNorm(x, 1).sum())([0, 0])).toBeAllClose([1, 1]);
    expect(tf.norm([[1, -2], [3, 4]], 1, [0, 1]).arraySync()).toBe(6); // prettier-ignore
    expect(() => tf.norm([1], 'nuc')).toThrow(/norm of matrices/);
    expect(() => tf.norm([[1]], 3, [0, 1])).toThrow(/of matrices ord/);
  });
});

describe('special functions far out', () => {
  const far = (values: number[]): tf.Tensor => tf.tensor(values, undefined, 'float64');

  it('end at infinities, at negative numbers of any size, and for orders of any size', () => {
    expect(tf.grad((x) => tf.digamma(x))(far([-Infinity, -30.25]))).toBeAllClose([Infinity, 19.706691341963]);
    expect(tf.polygamma(far([1, 2]), far([-1e15 - 0.5, -30.25]))).toBeAllClose([Math.PI ** 2, 124.02404942909]);
    expect(tf.polygamma(far([1, 1]), far([-1e-30, -3.0000001]))).toBeAllClose([1e60, 1.000000000000035e14], {
      rtol: 1e-6,
    });
    expect(tf.polygamma(int([2147483647, 200]), far([2, 100]))).toBeAllClose([Infinity, -9.12542469109622e-28], {
      atol: 0,
    });
    expect(tf.zeta(far([Infinity, Infinity, Infinity]), far([2, 1, 0.5]))).toBeAllClose([0, 1, Infinity]);
    expect(tf.expint(far([Infinity]))).toBeAllClose([Infinity]);
  });

  it('are defined where mathematics has them', () => {
    expect(tf.acosh([-1e30, -1.5, -1, 0.5])).toBeAllClose([NaN, NaN, NaN, NaN]);
    expect(tf.acosh(far([-1e30, -1.5, -1]))).toBeAllClose([NaN, NaN, NaN]);
    expect(tf.grad((x) => tf.spence(x))(far([1e-30, 0.5, 1]))).toBeAllClose([-69.0775527898, -1.3862943611, -1]);
  });
});
