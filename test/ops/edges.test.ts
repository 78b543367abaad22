/** @file Operations at their edges: overflow, signed zeros, nothing to do, no elements, dtypes that cannot hold a number. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const int = (values: number[], dtype: tf.DType = 'int32'): tf.Tensor => tf.tensor(values, undefined, dtype);
const half = (values: number[]): tf.Tensor => tf.tensor(values, undefined, 'float16');

describe('integers', () => {
  it('divide the least one by -1, which wraps around, and floor near the ends of the range', () => {
    const least = -(2 ** 31);
    expect(tf.floorDiv(int([least, 7, -7]), int([-1, -1, -1])).arraySync()).toEqual([least, -7, 7]);
    expect(tf.mod(int([least, 7, -7]), int([-1, -1, -1])).arraySync()).toEqual([0, 0, 0]);
    expect(tf.floorDiv(int([1, 2147483647, -7, 7]), int([least, -2, 2, -2])).arraySync()).toEqual([
      -1, -1073741824, -4, -4,
    ]);
    const least64 = -(2n ** 63n);
    const x = tf.tensor([least64, 5n]);
    expect([...tf.floorDiv(x, tf.tensor([-1n, -2n])).dataSync<BigInt64Array>()]).toEqual([least64, -3n]);
    expect([...tf.mod(x, tf.tensor([-1n, -2n])).dataSync<BigInt64Array>()]).toEqual([0n, -1n]);
    expect(() => tf.floorDiv(int([1]), int([0]))).toThrow(tf.EngineError);
  });

  it('have exact powers, which wrap around', () => {
    const [base, exponent] = [tf.tensor([3n, -3n, 7n, 0n, -1n, 2n]), tf.tensor([39n, 39n, 0n, 0n, 101n, 63n])];
    const expected = [3n ** 39n, -(3n ** 39n), 1n, 1n, -1n, -(2n ** 63n)];
    expect([...tf.pow(base, exponent).dataSync<BigInt64Array>()]).toEqual(expected);
    expect(tf.pow(int([3, -2, 10, 5]), int([20, 31, 10, 1])).arraySync()).toEqual([
      (3 ** 20) | 0,
      -(2 ** 31),
      (10 ** 10) | 0,
      5,
    ]);
    expect(tf.pow(int([2, 1, -1, -1, 0]), int([-1, -5, -3, -4, -1])).arraySync()).toEqual([0, 1, -1, 1, 0]);
    expect(tf.pow(int([2, 200], 'uint8'), int([7, 2], 'uint8'))).toBeAllClose([128, 40000 % 256]);
    expect(tf.pow(int([2, 3]), [[2], [3]])).toBeAllClose([[4, 9], [8, 27]]); // prettier-ignore
  });

  it('have exact sums and products, which wrap around', () => {
    const big = tf.tensor([2n ** 53n + 1n, 1n, 1n]);
    for (const [x, axis] of [
      [big, 0],
      [big.reshape([3, 1]), 0],
      [big.reshape([1, 3]), 1],
    ] as const)
      // prettier-ignore
      expect(tf.sum(x, axis).dataSync<BigInt64Array>()[0]).toBe(2n ** 53n + 3n);
    expect(
      tf
        .function((x: tf.Tensor) => tf.sum(x))(big)
        .dataSync<BigInt64Array>()[0],
    ).toBe(2n ** 53n + 3n);
    const most = 2 ** 31 - 1;
    expect(tf.sum(int([most, most, 3])).arraySync()).toBe(1);
    expect(tf.sum(tf.ones([2, 3, 4], 'int32'), [0, 2], true).arraySync()).toEqual([[[8], [8], [8]]]);
    expect(tf.prod(tf.tensor([3n ** 20n, 3n ** 15n])).dataSync<BigInt64Array>()[0]).toBe(3n ** 35n);
    expect(tf.prod(int([65537, 65537])).arraySync()).toBe(131073);
    expect(tf.prod(int([1, 2, 3, 4, 5, 6, 7, 2, 9, 10]).reshape([5, 2]), 0).arraySync()).toEqual([945, 960]);
    expect(tf.prod(tf.zeros([0, 2], 'int32'), 0).arraySync()).toEqual([1, 1]);
  });

  it('meet numbers that they cannot hold in a wider dtype', () => {
    const bytes = int([0, 5, 255], 'uint8');
    expect(bytes.add(1)).toHaveType('uint8', [3]);
    expect(bytes.add(300)).toHaveType('int32', [3]);
    expect(bytes.add(300)).toBeAllClose([300, 305, 555]);
    expect(bytes.greater(-1).arraySync()).toEqual([1, 1, 1]);
    expect(bytes.maximum(-3)).toBeAllClose([0, 5, 255]);
    expect(int([1]).add(3e9)).toHaveType('int64', [1]);
    expect(int([1]).add(2n ** 40n)).toHaveType('int64', [1]);
    expect(int([1]).add(0.5)).toHaveType('float32', [1]);
    expect(bytes.add(int([-1, -1, -1], 'int8'))).toHaveType('int16', [3]);
    expect(bytes.add(int([-1, -1, -1], 'int8'))).toBeAllClose([-1, 4, 254]);
  });

  it('are clipped to bounds that they do not have', () => {
    expect(tf.clipByValue(int([0, 5, 255], 'uint8'), -1, 300)).toBeAllClose([0, 5, 255]);
    expect(tf.clipByValue(int([-5, 5, 7]), 0, Infinity)).toBeAllClose([0, 5, 7]);
    expect(tf.clipByValue(int([-5, 5, 7]), -Infinity, 5.5)).toBeAllClose([-5, 5, 5]);
    expect(tf.clipByValue(int([0, 1, 2, 3]), 0.5, 2.5)).toBeAllClose([1, 1, 2, 2]);
    expect(tf.clipByValue(tf.tensor([-(2n ** 63n), 2n ** 63n - 1n]), -10, Infinity).dataSync<BigInt64Array>()[1]).toBe(
      2n ** 63n - 1n,
    );
  });

  it('of any dtype are indices of one-hot vectors', () => {
    const hot = tf.oneHot(int([1, 255], 'uint8'), 300);
    expect(hot.sum(1)).toBeAllClose([1, 1]);
    expect(hot.argMax(1)).toBeAllClose([1, 255]);
    expect(tf.oneHot(int([100], 'int8'), 200).sum()).toBeAllClose(1);
    expect(tf.oneHot(tf.tensor([true, false]), 3)).toBeAllClose([
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  it('have no NaN', () => {
    expect(() => tf.tensor([1, NaN], undefined, 'int64')).toThrow(/int64 has no NaN/);
  });
});

describe('values of the host', () => {
  it('of a mixture lose nothing', () => {
    expect(tf.tensor([true, 2, 0.5])).toHaveType('float32', [3]);
    expect(tf.tensor([true, 2, 0.5])).toBeAllClose([1, 2, 0.5]);
    expect(tf.tensor([true, 3n])).toHaveType('int64', [2]);
    expect(tf.tensor([1, 3n])).toHaveType('float32', [2]);
  });

  it('keep the dtype of typed arrays in an array', () => {
    expect(tf.tensor([new Int32Array([1, 2]), new Int32Array([3, 4])])).toHaveType('int32', [2, 2]);
    expect(tf.tensor([new Float64Array([0.1])])).toHaveType('float64', [1, 1]);
    expect(tf.tensor([new Uint16Array([0x3c00, 0xc000])])).toHaveType('float16', [1, 2]);
    expect(tf.tensor([new Uint16Array([0x3c00, 0xc000])])).toBeAllClose([[1, -2]]);
    expect(() => tf.tensor([[[1, 2]], new Float32Array([1])] as never)).toThrow(/ragged/);
  });
});

describe('zeros have signs', () => {
  for (const dtype of ['float32', 'float64'] as const)
    it(`to the angle of a point, ${dtype}`, () => {
      const [ys, xs] = [
        [0, -0, 0, -0, -0, 1, -1, 0],
        [-0, -0, 0, 0, -1, -0, -0, -2],
      ];
      const angles = tf.atan2(tf.tensor(ys, undefined, dtype), tf.tensor(xs, undefined, dtype));
      expect(angles).toBeAllClose(ys.map((y, i) => Math.atan2(y, xs[i])));
      expect(tf.acos(tf.tensor([-0, 0], undefined, dtype))).toBeAllClose([Math.PI / 2, Math.PI / 2]);
      expect(tf.asin(tf.tensor([-1, 1], undefined, dtype))).toBeAllClose([-Math.PI / 2, Math.PI / 2]);
    });
});

describe('half precision', () => {
  it('reduces what is beyond its range on the way', () => {
    expect(tf.mean(half([60000, 60000, 60000, 60000]))).toBeAllClose(60000, { rtol: 1e-3 });
    expect(tf.mean(tf.ones([70000], 'float16'))).toBeAllClose(1);
    expect(tf.norm(half([300, 300, 300, 300]))).toBeAllClose(600, { rtol: 1e-3 });
    expect(tf.std(half([1000, 500, -800, 0]))).toBeAllClose(664.5, { rtol: 2e-3 });
    expect(tf.logSumExp(tf.ones([3000], 'float16'))).toBeAllClose(1 + Math.log(3000), { rtol: 2e-3 });
    expect(tf.moments(half([300, -300])).mean).toHaveType('float16', []);
  });

  it('has uniform numbers below their bound', () => {
    const numbers = tf.randomUniform([20_000], 0, 1, 'float16', 3);
    expect(tf.max(numbers).item()).toBeLessThan(1);
    expect(tf.mean(tf.cast(numbers, 'float32')).item()).toBeCloseTo(0.5, 1);
    expect(tf.randomUniform([3], 2, 2)).toBeAllClose([2, 2, 2]);
  });
});

describe('nothing', () => {
  it('is not any, and is all', () => {
    const none = tf.zeros([2, 0]);
    expect(tf.any(none, 1).arraySync()).toEqual([0, 0]);
    expect(tf.all(none, 1).arraySync()).toEqual([1, 1]);
    expect([tf.any(none).item(), tf.all(none).item()]).toEqual([0, 1]);
    expect(tf.all([[1, 0], [2, 3]], 1, true).arraySync()).toEqual([[0], [1]]); // prettier-ignore
  });

  it('has a logarithm of sums', () => {
    expect(tf.logSumExp(tf.zeros([2, 0]), 1)).toBeAllClose([-Infinity, -Infinity]);
    expect(tf.logSumExp(tf.zeros([0, 2]), 1, true)).toHaveType('float32', [0, 1]);
  });

  it('sums to zero in products, whichever side is transposed', () => {
    const batch = [3, 4, 5];
    for (const [a, b] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const left = tf.zeros(a ? [3, 0, 4] : [3, 4, 0]);
      const right = tf.zeros(b ? [3, 5, 0] : [3, 0, 5]);
      for (let i = 0; i < 3; i++) tf.fill(batch, 7).dispose(); // memory with something else in it
      expect(tf.matMul(left, right, a, b)).toBeAllClose(tf.zeros(batch));
    }
    expect(tf.matMul(tf.ones([3, 2, 4]), tf.ones([3, 2, 5]), true)).toBeAllClose(tf.fill(batch, 2));
  });

  it('sums to zero in products that broadcast, and is a product of no batches', () => {
    for (const dtype of ['float32', 'float64', 'int32', 'float16'] as const) {
      const product = (a: number[], b: number[], transposeA = false, transposeB = false): tf.Tensor =>
        tf.matMul(tf.zeros(a, dtype), tf.zeros(b, dtype), transposeA, transposeB).cast('float32');
      tf.fill([3, 1, 1], 7, dtype).dispose();
      expect(product([1, 0], [3, 1, 0], false, true)).toBeAllClose(tf.zeros([3, 1, 1]));
      expect(product([1, 1, 0, 4], [4, 1, 1, 0], true, true)).toBeAllClose(tf.zeros([4, 1, 4, 1]));
      expect(product([3, 1, 0, 4], [3, 0, 2, 0], true, true).shape).toEqual([3, 0, 4, 2]);
      expect(product([0, 4, 4, 4], [4, 1], true).shape).toEqual([0, 4, 4, 1]);
      expect(product([1, 0], [3, 0, 1, 2], true).shape).toEqual([3, 0, 0, 2]);
    }
    const [x, w] = [tf.ones([3, 0]), tf.ones([0, 2])];
    const f = tf.function((bias: tf.Tensor) => x.matMul(w).add(bias).relu());
    expect(f(tf.tensor([1, -1]))).toBeAllClose([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });

  it('is a batch of images, with gradients', () => {
    for (const [channels, dtype] of [
      [2, 'float32'],
      [1, 'float32'],
      [2, 'float64'],
    ] as const) {
      const images = tf.zeros([0, 5, 5, channels], dtype);
      const filters = tf.variable(tf.ones([2, 2, channels, 3], dtype));
      const tape = new tf.GradientTape();
      tape.watch(images);
      const y = tape.record(() => tf.conv2d(images, filters));
      expect(y).toHaveType(dtype, [0, 4, 4, 3]);
      const [atImages, atFilters] = tape.gradient(y, [images, filters] as const);
      expect(atImages).toHaveType(dtype, [0, 5, 5, channels]);
      expect(atFilters).toBeAllClose(tf.zeros([2, 2, channels, 3]));
    }
  });
});

describe('an operation that has nothing to do', () => {
  it('gives a tensor of its own', () => {
    const x = tf.tensor([1, 2]);
    const whole = int([1, 2]);
    const made = [
      x.cast('float32'),
      tf.tensor(x),
      tf.concat([x]),
      tf.addN([x]),
      tf.stack([x]).squeeze(0),
      x.reverse([]),
      x.logSumExp([]),
      tf.dropout(x, 0),
      tf.clipByValue(whole, -Infinity, Infinity),
      whole.floor(),
    ];
    for (const tensor of made) {
      expect(tensor).not.toBe(x);
      tensor.dispose();
    }
    expect(x).toBeAllClose([1, 2]);
    expect(whole).toBeAllClose([1, 2]);
    const kept = x.cast('float32');
    x.dispose();
    expect(kept).toBeAllClose([1, 2]);
    expect(tf.grad((v) => v.cast('float32').square())(3)).toBeAllClose(6);
  });
});

describe('memory that is not there', () => {
  it('is refused in words, and leaves nothing behind', () => {
    const x = tf.scalar(1);
    const before = tf.memory();
    expect(() => tf.broadcastTo(x, [2 ** 24, 2 ** 24])).toThrow(
      /no memory for a tensor of 1048576\.0 GiB.*smaller batches/,
    );
    expect(() => tf.function((y: tf.Tensor) => tf.broadcastTo(y, [2 ** 24, 2 ** 24]))(x)).toThrow(tf.EngineError);
    expect(tf.memory()).toEqual(before);
  });
});

describe('arguments', () => {
  it('that make no shape are refused', () => {
    expect(() => tf.tile([1], [-1])).toThrow(/tile: expected 1 whole numbers.*\[-1\]/);
    expect(() => tf.randomNormal([-1])).toThrow(/need a shape such as \[2, 3\], got \[-1\]/);
    expect(() => tf.randomUniformInt([1], 0, 2 ** 40)).toThrow(/at most 2\^32 apart/);
  });
});

describe('extrema of nothing', () => {
  it('are the ends of the dtype, as in TensorFlow, and have gradients of nothing', () => {
    expect(tf.max(tf.zeros([0, 2]), 0)).toBeAllClose([-Infinity, -Infinity]);
    expect(tf.min(tf.zeros([2, 0], 'float16'), 1, true)).toBeAllClose([[Infinity], [Infinity]]);
    expect(tf.max(tf.zeros([0], 'uint8')).arraySync()).toBe(0);
    expect(tf.min(tf.zeros([0], 'int64')).dataSync<BigInt64Array>()[0]).toBe(2n ** 63n - 1n);
    expect(tf.grad((x) => tf.max(x, 0))(tf.zeros([0, 2]))).toHaveType('float32', [0, 2]);
  });
});

describe('what is true', () => {
  it('are complex numbers but 0 and strings with letters', () => {
    const z = tf.complex([0, 0, 1], [0, 1, 0]);
    expect(tf.nonzero(z).arraySync()).toEqual([[1], [2]]);
    expect(tf.countNonzero(tf.tensor(['', 'a', 'b'])).arraySync()).toBe(2);
    expect(tf.nonzero(tf.tensor(['', 'a'])).arraySync()).toEqual([[1]]);
  });
});

describe('slices', () => {
  it('of complex numbers and strings are replaced, those of complex numbers have means by segment', () => {
    const z = tf.complex([1, 2, 3], [4, 5, 6]);
    expect(tf.tensorScatterUpdate(z, [[1]], tf.complex([7], [8])).arraySync()).toEqual([[1, 4], [7, 8], [3, 6]]); // prettier-ignore
    expect(tf.segmentMean(z, [0, 0, 1]).arraySync()).toEqual([[1.5, 4.5], [3, 6]]); // prettier-ignore
    expect(tf.tensorScatterUpdate(tf.tensor(['a', 'b']), [[1]], tf.tensor(['z'])).arraySync()).toEqual(['a', 'z']);
    expect(tf.scatterND([[2], [0]], tf.tensor(['a', 'b']), [3]).arraySync()).toEqual(['b', '', 'a']);
    expect(() => tf.tensorScatterMax(z, [[1]], tf.complex([7], [8]))).toThrow(tf.DTypeError);
  });

  it('of segments without elements are the ends of int64, exactly', () => {
    const least = tf.unsortedSegmentMin(tf.tensor([5n]), [0], 2);
    expect([...least.dataSync<BigInt64Array>()]).toEqual([5n, 2n ** 63n - 1n]);
  });

  it('are not among the best where a score is not a number', () => {
    const scores = [[NaN, 1, 2], [Infinity, 1, 2], [0, 1, 2]]; // prettier-ignore
    expect(tf.inTopK(scores, [2, 1, 2], 3).arraySync()).toEqual([0, 0, 1]);
  });
});
