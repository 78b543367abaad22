/** @file Tensors as arrays and as text, and memory in the user's hands. */
import { describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { fromFloat16Bits, toFloat16Bits } from '../../src/tensor/float16.ts';
import { settledMemory } from '../support/memory.ts';
import '../support/tensors.ts';

describe('arrays', () => {
  it('nest by shape', async () => {
    expect(tf.range(0, 4).reshape([2, 1, 2]).arraySync()).toEqual([[[0, 1]], [[2, 3]]]);
    expect(await tf.tensor([[true, false]]).array()).toEqual([[1, 0]]);
    expect(tf.tensor([[3n], [2n ** 53n + 1n]]).arraySync()).toEqual([[3n], [2n ** 53n + 1n]]);
    expect(await tf.tensor([3n]).array()).toEqual([3n]);
    expect(tf.tensor([0.5], null, 'float16').arraySync()).toEqual([0.5]);
    expect(tf.zeros([2, 0]).arraySync()).toEqual([[], []]);
    expect(tf.scalar(2.5).item()).toBe(2.5);
    expect(tf.tensor([[7]], null, 'int64').item<bigint>()).toBe(7n);
    expect(() => tf.zeros([2]).item()).toThrow(/one element, got shape \[2\]/);
  });

  it('hold half precision exactly', () => {
    // Every finite half, there and back.
    for (let bits = 0; bits < 0x10000; bits++)
      if ((bits & 0x7c00) !== 0x7c00 && toFloat16Bits(fromFloat16Bits(bits)) !== bits) expect.fail(`bits ${bits}`);
    expect(fromFloat16Bits(toFloat16Bits(NaN))).toBeNaN();
    expect(fromFloat16Bits(toFloat16Bits(-1e9))).toBe(-Infinity);
    // Halfway between two halves: to the even one. 65520 is halfway to what would be 65536.
    expect(fromFloat16Bits(toFloat16Bits(2049))).toBe(2048);
    expect(fromFloat16Bits(toFloat16Bits(2051))).toBe(2052);
    expect(fromFloat16Bits(toFloat16Bits(65519))).toBe(65504);
    expect(fromFloat16Bits(toFloat16Bits(65520))).toBe(Infinity);
    expect(fromFloat16Bits(toFloat16Bits(2 ** -25))).toBe(0);
    expect(fromFloat16Bits(toFloat16Bits(2 ** -25 * 1.01))).toBe(2 ** -24);
  });
});

describe('text', () => {
  it('aligns rows', () => {
    expect(
      String(
        tf.tensor([
          [1, 20.5],
          [-3, 0.1],
        ]),
      ),
    ).toBe('Tensor\n    [[   1, 20.5],\n     [  -3,  0.1]]');
    expect(String(tf.scalar(3))).toBe('Tensor\n    3');
    expect(String(tf.tensor([true, false]))).toBe('Tensor\n    [true, false]');
    expect(String(tf.ones([1, 1, 2]))).toBe('Tensor\n    [[[1, 1]]]');
    expect(String(tf.ones([2, 1, 1]))).toBe('Tensor\n    [[[1]],\n\n     [[1]]]');
    expect(String(tf.zeros([0]))).toBe('Tensor\n    []');
  });

  it('leaves the middle of large tensors out', () => {
    expect(String(tf.range(0, 2000))).toBe('Tensor\n    [0, 1, 2, ..., 1997, 1998, 1999]');
    expect(String(tf.range(0, 100)).split(',').length).toBe(100);
    for (const shape of [[16, 16, 16, 16], [2, 3, 2, 3, 2, 3, 2, 3, 2], [1e6, 0], new Array<number>(17).fill(2)])
      expect(String(tf.zeros(shape)).length).toBeLessThan(20_000);
    expect(String(tf.zeros([20, 20, 3]))).toContain('...');
    expect(String(tf.zeros([20, 50])).split('\n').length).toBe(21);
  });

  it('is as long and as precise as print options say', () => {
    try {
      tf.setPrintOptions({ precision: 3, threshold: 5, edgeItems: 1 });
      expect(String(tf.tensor([1 / 3, 2 / 3]))).toBe('Tensor\n    [0.333, 0.667]');
      expect(String(tf.range(0, 30))).toBe('Tensor\n    [0, ..., 29]');
      expect(tf.printOptions()).toEqual({ precision: 3, threshold: 5, edgeItems: 1 });
      tf.setPrintOptions({ threshold: Infinity });
      expect(String(tf.range(0, 2000)).split(',').length).toBe(2000);
      expect(() => tf.setPrintOptions({ edgeItems: 0 })).toThrow(/edgeItems cannot be 0/);
      expect(() => tf.setPrintOptions({ digits: 3 } as never)).toThrow(/no digits; there are precision/);
    } finally {
      tf.setPrintOptions();
    }
    expect(String(tf.range(0, 2000))).toBe('Tensor\n    [0, 1, 2, ..., 1997, 1998, 1999]');
  });

  it('tells of symbolic and disposed tensors and of variables', () => {
    const texts: string[] = [];
    tf.function((x: Tensor) => {
      texts.push(String(x));
      return x.add(1);
    })(tf.zeros([2]));
    expect(texts).toEqual(['Tensor (symbolic, float32 [2])']);
    const gone = tf.zeros([2]);
    gone.dispose();
    expect(String(gone)).toBe('Tensor (disposed, float32 [2])');
    expect(String(tf.variable([1], true, 'w'))).toBe('Variable w, trainable: true\nTensor\n    [1]');
  });

  it('prints', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    tf.print([1, 2]);
    tf.ones([1]).print(true);
    expect(log.mock.calls.flat()).toEqual([
      'Tensor\n    [1, 2]',
      'Tensor\n  dtype: float32\n  rank: 1\n  shape: [1]\n  values:\n    [1]',
    ]);
    log.mockRestore();
  });
});

describe('memory', () => {
  it('is given back by dispose, once', async () => {
    const before = await settledMemory();
    const x = tf.ones([100]);
    expect(tf.memory().numBytes - before.numBytes).toBe(400);
    expect(tf.memory().numTensors - before.numTensors).toBe(1);
    x.dispose();
    x.dispose();
    expect(tf.memory()).toEqual(before);
    expect(() => x.add(1)).toThrow(tf.DisposedError);
  });

  it('is shared by reshaped tensors until the last one is gone', async () => {
    const before = await settledMemory();
    const x = tf.ones([4, 4]);
    const y = x.reshape([16]);
    expect(tf.memory().numDataBuffers - before.numDataBuffers).toBe(1);
    x.dispose();
    expect(y.sum().item()).toBe(16);
    y.dispose();
  });

  it('is given back by collection', async () => {
    const before = await settledMemory();
    (() => {
      for (let i = 0; i < 10; i++) tf.ones([1000]).add(i);
    })();
    expect((await settledMemory()).numBytes).toBeLessThanOrEqual(before.numBytes);
  });

  it('tidy keeps the result, kept tensors and variables', async () => {
    const held: Tensor[] = [];
    const v = tf.variable([1]);
    const before = await settledMemory();
    const { y, list } = tf.tidy('step', () => {
      const x = tf.ones([3]);
      held.push(tf.keep(x.add(1)));
      v.assign(v.add(1));
      return { y: x.mul(3).add(1), list: [x.sub(1)] };
    });
    expect(tf.memory().numTensors - before.numTensors).toBe(3);
    expect([y.sum().item(), list[0].sum().item(), held[0].sum().item(), v.item()]).toEqual([12, 0, 6, 2]);
  });

  it('tidy hands its result to the tidy around it', () => {
    let inner: Tensor | null = null;
    tf.tidy(() => {
      inner = tf.tidy(() => tf.ones([2]).add(1));
      expect(inner.isDisposed).toBe(false);
    });
    expect((inner as unknown as Tensor).isDisposed).toBe(true);
  });

  it('tidy disposes when the function throws', async () => {
    const before = await settledMemory();
    const fail = (): void => {
      tf.ones([3]).add(1);
      throw new Error('no');
    };
    expect(() => tf.tidy(fail)).toThrow('no');
    expect(tf.memory()).toEqual(before);
    await expect(tf.tidy(async () => fail())).rejects.toThrow('no');
    expect(tf.memory()).toEqual(before);
  });

  it('an asynchronous tidy leaves alone what others make while it waits', async () => {
    let inside: Tensor | null = null;
    let resume = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const tidied = tf.tidy(async () => {
      inside = tf.ones([2]);
      await waiting;
      return tf.tidy(() => (inside as Tensor).add(tf.ones([2]).mul(1)));
    });
    const others = tf.ones([2]);
    resume();
    const result = await tidied;
    expect(result).toBeAllClose([2, 2]);
    expect((inside as unknown as Tensor).isDisposed).toBe(true);
    expect(others.isDisposed).toBe(false);
  });

  it('of all variables is given back at once', () => {
    const [v, w] = [tf.variable([1]), tf.variable([2])];
    const x = tf.tensor([3]);
    tf.disposeVariables();
    expect([v.isDisposed, w.isDisposed, x.isDisposed]).toEqual([true, true, false]);
    expect(tf.variable([4]).item()).toBe(4);
  });

  it('dispose takes structures', () => {
    const [a, b] = [tf.ones([1]), tf.ones([1])];
    const v = tf.variable([1]);
    tf.dispose({ a, list: [b, v], n: 3 });
    expect([a, b, v.value].every((x) => x.isDisposed)).toBe(true);
  });
});
