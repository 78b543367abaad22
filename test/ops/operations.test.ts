/** @file Operations by hand-computed results: dtypes, shapes, conventions, errors. Their smooth values are checked against PyTorch in test/autodiff. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

describe('creation', () => {
  it('takes the dtype and shape of the values', () => {
    expect(tf.tensor([[1, 2, 3]])).toHaveType('float32', [1, 3]);
    expect(tf.tensor([true, false])).toHaveType('bool', [2]);
    expect(tf.tensor([1n])).toHaveType('int64', [1]);
    expect(tf.tensor(5)).toHaveType('float32', []);
    expect(tf.tensor([])).toHaveType('float32', [0]);
    expect(tf.tensor([[], []])).toHaveType('float32', [2, 0]);
    expect(tf.tensor(new Int32Array([1, 2]))).toHaveType('int32', [2]);
    expect(tf.tensor([new Float32Array([1, 2]), new Float32Array([3, 4])])).toHaveType('float32', [2, 2]);
    expect(tf.tensor([1, 2, 3, 4], [2, -1])).toHaveType('float32', [2, 2]);
  });

  it('copies typed arrays', () => {
    const data = new Float32Array([1, 2]);
    const x = tf.tensor(data);
    data[0] = 9;
    expect(x).toBeAllClose([1, 2]);
  });

  it('converts elements', () => {
    expect(tf.tensor([1.9, -1.9], null, 'int32')).toBeAllClose([1, -1]);
    expect(tf.tensor([0, 2, NaN], null, 'bool').arraySync()).toEqual([0, 1, 1]);
    expect(tf.tensor([1, 2], null, 'int64').dataSync()).toEqual(new BigInt64Array([1n, 2n]));
    expect(tf.tensor([0.1, 65504, 1e6, -(2 ** -24), 1 + 2 ** -11], null, 'float16')).toBeAllClose(
      [0.0999755859375, 65504, Infinity, -(2 ** -24), 1],
      { rtol: 0, atol: 0 },
    );
  });

  it('names what is wrong', () => {
    expect(() => tf.tensor([[1, 2], [3]])).toThrow(
      /ragged: expected shape \[2, 2\].*depth 1 there is an array of length 1/,
    );
    expect(() => tf.tensor([1, [2]] as never)).toThrow(/ragged/);
    expect(() => tf.tensor([1, 2, 3], [2, 2])).toThrow(/3 elements do not fill shape \[2, 2\]; that shape holds 4/);
    expect(() => tf.tensor([Symbol('a')] as never)).toThrow(/typed array.*not symbol/);
    expect(() => tf.tensor([1], null, 'float8' as never)).toThrow(/no dtype float8/);
    expect(() => tf.tensor2d([1, 2, 3, 4])).toThrow(/tensor2d: expected values of rank 2.*give the shape/);
    expect(() => tf.scalar([1] as never)).toThrow(/one number, boolean or string/);
    expect(() => tf.zeros([-1])).toThrow(/zeros|fill/);
  });

  it('makes patterns', () => {
    expect(tf.range(0, 5, 2)).toBeAllClose([0, 2, 4]);
    expect(tf.range(3, 0)).toBeAllClose([3, 2, 1]);
    expect(tf.range(0, 0)).toHaveType('float32', [0]);
    expect(tf.linspace(0, 1, 5)).toBeAllClose([0, 0.25, 0.5, 0.75, 1]);
    expect(tf.eye(2, 3)).toBeAllClose([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(tf.eye(2, 2, [3])).toHaveType('float32', [3, 2, 2]);
    expect(tf.fill([2], true)).toHaveType('bool', [2]);
    expect(tf.fill([2], 7, 'int64').dataSync()).toEqual(new BigInt64Array([7n, 7n]));
    expect(tf.onesLike(tf.zeros([2], 'int32'))).toHaveType('int32', [2]);
    expect(tf.oneHot([0, 2, 3], 3)).toBeAllClose([
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
    expect(tf.oneHot([[1]], 2, 5, -5, 'float32')).toBeAllClose([[[-5, 5]]]);
  });
});

describe('dtypes of results', () => {
  const int = tf.tensor([1, 2], null, 'int32');
  const bool = tf.tensor([true, false]);
  const double = tf.tensor([1, 2], null, 'float64');

  it('plain numbers take the dtype of the tensor they meet', () => {
    expect(int.add(1)).toHaveType('int32', [2]);
    expect(int.add([1, 1])).toHaveType('int32', [2]);
    expect(double.mul(0.1).sub([0.1, 0.2])).toBeAllClose([0, 0], { atol: 1e-16 });
    expect(int.mul(0.5)).toHaveType('float32', [2]);
    expect(int.mul(0.5)).toBeAllClose([0.5, 1]);
    expect(bool.add(1)).toHaveType('int32', [2]);
    expect(tf.sub(1, int)).toBeAllClose([0, -1]);
  });

  it('tensors are promoted', () => {
    expect(int.add(double)).toHaveType('float64', [2]);
    expect(bool.mul(tf.ones([2]))).toHaveType('float32', [2]);
    expect(int.add(new Float32Array([1, 2]))).toHaveType('float32', [2]);
    expect(tf.concat([int, tf.ones([1])])).toHaveType('float32', [3]);
  });

  it('division and means of integers are real', () => {
    expect(int.div(2)).toBeAllClose([0.5, 1]);
    expect(int.mean()).toBeAllClose(1.5);
    expect(int.sqrt()).toHaveType('float32', [2]);
    expect(int.floorDiv(2)).toHaveType('int32', [2]);
    expect(bool.sum()).toHaveType('int32', []);
    expect(int.sum()).toHaveType('int32', []);
    expect(int.floor()).toHaveType('int32', [2]);
  });

  it('comparisons are bool', () => {
    expect(int.less(1.5)).toHaveType('bool', [2]);
    expect(int.less(1.5).arraySync()).toEqual([1, 0]);
    expect(bool.greater(false).arraySync()).toEqual([1, 0]);
    expect(tf.logicalXor([true, true], [true, false]).arraySync()).toEqual([0, 1]);
    expect(tf.logicalAnd([2, 0], true).arraySync()).toEqual([1, 0]);
    expect(tf.logicalNot(bool).arraySync()).toEqual([0, 1]);
  });
});

describe('elementwise', () => {
  it('keeps conventions at the edges', () => {
    expect(tf.mod([-3, 3, -3], [2, -2, -2])).toBeAllClose([1, -1, -1]);
    expect(tf.floorDiv([-3, 3], 2)).toBeAllClose([-2, 1]);
    expect(tf.round([0.5, 1.5, 2.5, -0.5])).toBeAllClose([0, 2, 2, 0]);
    expect(tf.step([-1, 0, 2, NaN], 0.5)).toBeAllClose([0.5, 0.5, 1, NaN]);
    expect(tf.isNaN([1, NaN]).arraySync()).toEqual([0, 1]);
    expect(tf.isInf([1, -Infinity, NaN]).arraySync()).toEqual([0, 1, 0]);
    expect(tf.isFinite([1, Infinity, NaN]).arraySync()).toEqual([1, 0, 0]);
    expect(tf.divNoNan([1, 2], [0, 4])).toBeAllClose([0, 0.5]);
    expect(tf.sign([-2, 0, 3])).toBeAllClose([-1, 0, 1]);
    expect(tf.logSigmoid([-1000, 1000])).toBeAllClose([-1000, 0]);
    expect(tf.expm1(1e-6)).toBeAllClose(1.0000005e-6, { rtol: 1e-6, atol: 0 });
    expect(tf.elu([1000, -1000])).toBeAllClose([1000, -1]);
    expect(tf.where([true, false], [1, 2], 0)).toBeAllClose([1, 0]);
    expect(() => tf.clipByValue([1], 2, 1)).toThrow(/lower bound 2/);
  });

  it('says which shapes do not broadcast', () => {
    expect(() => tf.add(tf.ones([2, 3]), tf.ones([2, 4]))).toThrow(/\[2, 3\] and \[2, 4\] do not broadcast/);
  });
});

describe('reductions', () => {
  const x = tf.tensor([
    [1, 5, 3],
    [4, 2, 6],
  ]);

  it('take one axis, several, negative ones, none', () => {
    expect(x.sum()).toBeAllClose(21);
    expect(x.sum(-1)).toBeAllClose([9, 12]);
    expect(x.sum([0, 1], true)).toBeAllClose([[21]]);
    expect(x.sum([])).toBeAllClose(x);
    expect(x.argMax(1).arraySync()).toEqual([1, 2]);
    expect(x.argMin().arraySync()).toEqual([0, 1, 0]);
    expect(x.argMax()).toHaveType('int32', [3]);
    expect(x.max(0)).toBeAllClose([4, 5, 6]);
    expect(
      tf
        .any(
          [
            [false, true],
            [false, false],
          ],
          1,
        )
        .arraySync(),
    ).toEqual([1, 0]);
    expect(tf.all([2, 0]).arraySync()).toBe(0);
    expect(tf.variance(x, 1)).toBeAllClose([8 / 3, 8 / 3]);
    expect(tf.cumsum(x, 1, true, true)).toBeAllClose([
      [8, 3, 0],
      [8, 6, 0],
    ]);
    expect(() => x.sum(2)).toThrow(/axis 2 is out of range.*rank 2/);
  });

  it('keep NaN and infinities', () => {
    expect(tf.max([1, NaN, 2])).toBeAllClose(NaN);
    expect(tf.min([NaN, 1])).toBeAllClose(NaN);
    expect(tf.logSumExp([-Infinity, -Infinity])).toBeAllClose(-Infinity);
    expect(tf.logSumExp([Infinity, 1])).toBeAllClose(Infinity);
    expect(tf.mean(tf.zeros([0]))).toBeAllClose(NaN);
    expect(tf.softmax([1000, 1000])).toBeAllClose([0.5, 0.5]);
  });

  it('take norms', () => {
    const v = tf.tensor([
      [3, -4],
      [0, 0],
    ]);
    expect(tf.norm(v)).toBeAllClose(5);
    expect(tf.norm(v, 1)).toBeAllClose(7);
    expect(tf.norm(v, Infinity, 1)).toBeAllClose([4, 0]);
    expect(tf.norm(v, 3, 1)).toBeAllClose([Math.cbrt(91), 0]);
    expect(() => tf.norm(v, 0)).toThrow(/ord/);
  });

  it('give the largest k', () => {
    const { values, indices } = tf.topk(x, 2);
    expect(values).toBeAllClose([
      [5, 3],
      [6, 4],
    ]);
    expect(indices.arraySync()).toEqual([
      [1, 2],
      [2, 0],
    ]);
    expect(() => tf.topk(x, 4)).toThrow(/from 0 to 3/);
  });
});

describe('shapes and places', () => {
  const x = tf.range(0, 6).reshape([2, 3]);
  const line = tf.range(0, 6);

  it('reshapes', () => {
    expect(x.flatten()).toBeAllClose([0, 1, 2, 3, 4, 5]);
    expect(x.expandDims(-1)).toHaveType('float32', [2, 3, 1]);
    expect(tf.ones([1, 2, 1]).squeeze()).toHaveType('float32', [2]);
    expect(tf.ones([1, 2, 1]).squeeze(-1)).toHaveType('float32', [1, 2]);
    expect(() => x.squeeze(0)).toThrow(/size 2, not 1/);
    expect(() => x.reshape([4, -1])).toThrow(/a multiple of 4/);
    expect(x.transpose()).toBeAllClose([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(() => x.transpose([0, 0])).toThrow(/each axis/);
    expect(tf.zeros([0, 3]).reshape([3, 0])).toHaveType('float32', [3, 0]);
  });

  it('slices', () => {
    expect(x.slice(1)).toBeAllClose([[3, 4, 5]]);
    expect(x.slice([0, 1], [-1, 1])).toBeAllClose([[1], [4]]);
    expect(line.slice(2, 3)).toBeAllClose([2, 3, 4]);
    expect(() => line.slice(4, 3)).toThrow(/begin 4 with size 3/);
  });

  it('slices with strides as Python does', () => {
    expect(line.stridedSlice([1], [6], [2])).toBeAllClose([1, 3, 5]);
    expect(line.stridedSlice([-2], [0], [-1])).toBeAllClose([4, 3, 2, 1]);
    expect(line.stridedSlice([0], [0], [-2], 1, 1)).toBeAllClose([5, 3, 1]);
    expect(line.stridedSlice([4], [2])).toHaveType('float32', [0]);
    expect(x.stridedSlice([1], [2], [1], 0, 0, 0, 0, 1)).toBeAllClose([3, 4, 5]);
    expect(x.stridedSlice([0, 1], [0, 2], [1, 1], 0, 0, 1)).toBeAllClose([[1], [4]]);
    expect(x.stridedSlice([0, 0, -1], [0, 0, 0], [1, 1, 1], 0, 0, 1, 2, 4)).toBeAllClose([[2], [5]]);
    expect(() => line.stridedSlice([9], [9], [1], 0, 0, 0, 0, 1)).toThrow(/index 9/);
  });

  it('joins and splits', () => {
    expect(tf.concat([[1, 2], [3]])).toBeAllClose([1, 2, 3]);
    expect(tf.stack([x, x], -1)).toHaveType('float32', [2, 3, 2]);
    expect(x.unstack(1).map((part) => part.arraySync())).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(line.split([1, -1, 2]).map((part) => part.size)).toEqual([1, 3, 2]);
    expect(line.split(3).map((part) => part.arraySync())).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(() => line.split(4)).toThrow(/4 equal parts/);
    expect(() => tf.stack([x, line])).toThrow(/one shape/);
    expect(() => tf.concat([])).toThrow(/at least one/);
  });

  it('repeats, reverses, pads, gathers', () => {
    expect(tf.tile([[1, 2]], [2, 2])).toBeAllClose([
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ]);
    expect(x.reverse(1)).toBeAllClose([
      [2, 1, 0],
      [5, 4, 3],
    ]);
    expect(x.reverse()).toBeAllClose([
      [5, 4, 3],
      [2, 1, 0],
    ]);
    expect(tf.pad([1], [[1, 2]], 9)).toBeAllClose([9, 1, 9, 9]);
    expect(
      x.gather([
        [1, 1],
        [0, 1],
      ]),
    ).toHaveType('float32', [2, 2, 3]);
    expect(x.gather([2, 0], 1)).toBeAllClose([
      [2, 0],
      [5, 3],
    ]);
    expect(x.gatherAlong([[2], [0]])).toBeAllClose([[2], [3]]);
    expect(tf.broadcastTo([1, 2], [2, 2])).toBeAllClose([
      [1, 2],
      [1, 2],
    ]);
  });
});

describe('products', () => {
  it('multiply vectors and matrices', () => {
    const m = tf.tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(tf.dot([1, 2], [3, 4])).toBeAllClose(11);
    expect(tf.dot(m, [1, 1])).toBeAllClose([3, 7]);
    expect(tf.tensordot(m, m, 2)).toBeAllClose(30);
    expect(tf.matMul(tf.ones([3, 1, 2, 2]), m)).toHaveType('float32', [3, 1, 2, 2]);
    expect(() => tf.matMul([1], [2])).toThrow(/tf.dot/);
    expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]))).toThrow(tf.ShapeError);
  });

  it('take images in both layouts, with and without a batch', () => {
    const x = tf.randomNormal([2, 5, 6, 3], 0, 1, 'float32', 1);
    const w = tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 2);
    const y = tf.conv2d(x, w, [2, 1], 'same');
    expect(y).toHaveType('float32', [2, 3, 6, 4]);
    const channelsFirst = tf.conv2d(x.transpose([0, 3, 1, 2]), w, [2, 1], 'same', 'NCHW');
    expect(channelsFirst.transpose([0, 2, 3, 1])).toBeAllClose(y, { atol: 1e-5 });
    expect(tf.conv2d(x.slice(0, 1).squeeze(0), w, [2, 1], 'same')).toBeAllClose(y.slice(0, 1).squeeze(0), {
      atol: 1e-5,
    });
    expect(tf.maxPool(x, 2)).toHaveType('float32', [2, 2, 3, 3]);
    // The mean leaves padding out: of ones it is one everywhere.
    expect(tf.avgPool(tf.ones([1, 3, 3, 1]), 2, 2, 'same')).toBeAllClose(tf.ones([1, 2, 2, 1]));
  });

  it('say which channels do not fit', () => {
    expect(() => tf.conv2d(tf.ones([1, 4, 4, 3]), tf.ones([2, 2, 2, 4]))).toThrow(/3 channels.*\[2, 2, 2, 4\]/);
    expect(() => tf.conv2d(tf.ones([4, 4]), tf.ones([2, 2, 1, 1]))).toThrow(/got shape \[4, 4\]/);
    expect(() => tf.conv2d(tf.ones([1, 4, 4, 1]), tf.ones([2, 2, 1, 1]), 1, 'full' as never)).toThrow(
      /'same', 'valid'/,
    );
    expect(() => tf.maxPool(tf.ones([1, 4, 4, 1]), 0)).toThrow(/filterSize/);
  });
});

describe('methods', () => {
  it('are the operations, on tensors and on variables', () => {
    const v = tf.variable([
      [1, 2],
      [3, 4],
    ]);
    expect(v.matMul(v).add(1).sum(0)).toBeAllClose([24, 34]);
    expect(v.mul(2)).toBeInstanceOf(tf.Tensor);
    expect(v.concat(v, 1)).toHaveType('float32', [2, 4]);
    expect(tf.ones([2, 2]).concat([v, [[5, 6]]])).toHaveType('float32', [5, 2]);
    expect(tf.ones([2, 2]).stack(v, 1)).toHaveType('float32', [2, 2, 2]);
    const copy = v.clone();
    v.dispose();
    expect(copy.sum()).toBeAllClose(10);
  });
});
