/** @file Elements on the host: buffers, iteration; what functions cost; debug mode and flags. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

afterEach(() => {
  tf.enableProdMode();
  vi.restoreAllMocks();
});

describe('buffers', () => {
  it('are written and read by place, and become tensors', () => {
    const buffer = tf.buffer([2, 3]);
    buffer.set(5, 1, 2);
    buffer.set(3, 0, 0);
    const x = buffer.toTensor();
    buffer.set(9, 0, 0);
    expect(x).toBeAllClose([
      [3, 0, 0],
      [0, 0, 5],
    ]);
    expect([buffer.get(0, 0), buffer.rank, buffer.size, buffer.strides]).toEqual([9, 2, 6, [3, 1]]);
    expect([buffer.locToIndex([1, 2]), buffer.indexToLoc(5)]).toEqual([5, [1, 2]]);
    expect(tf.buffer([]).toTensor().shape).toEqual([]);
  });

  it.each([
    ['float16', 0.5, 0.5],
    ['float64', 0.1, 0.1],
    ['int8', -3, -3],
    ['int64', 2n ** 53n + 1n, 2n ** 53n + 1n],
    ['int64', 7, 7n],
    ['bool', true, 1],
  ] as const)('of %s hold %s', (dtype, value, expected) => {
    const buffer = tf.buffer([2], dtype);
    buffer.set(value, 1);
    expect(buffer.get(1)).toBe(expected);
    expect(buffer.toTensor().dtype).toBe(dtype);
    expect(tf.buffer([1], dtype, [value]).get(0)).toBe(expected);
  });

  it('come from tensors, which do not change', async () => {
    const x = tf.tensor([1, 2]);
    const [now, later] = [x.bufferSync(), await x.buffer()];
    now.set(8, 0);
    expect([now.get(0), later.get(0), x.dataSync()[0]]).toEqual([8, 1, 1]);
    expect(tf.variable(x).bufferSync().get(1)).toBe(2);
    const values = new Float32Array(2);
    tf.buffer([2], 'float32', values).set(4, 1);
    expect(values[1]).toBe(4);
  });

  it('refuse what does not fit', () => {
    expect(() => tf.buffer([2, 2], 'float32', [1])).toThrow(/1 values do not fill shape \[2, 2\], which holds 4/);
    expect(() => tf.buffer([2]).set(1, 2)).toThrow(/\[2\] is out of shape \[2\]; axis 0 has the places 0 to 1/);
    expect(() => tf.buffer([2]).get(0, 0)).toThrow(/one number for each axis/);
    expect(() => tf.buffer([2]).indexToLoc(2)).toThrow(/expected 0 to 1/);
    expect(() => tf.buffer([2], 'complex64')).toThrow(/not complex64; make two/);
  });
});

describe('iteration', () => {
  it('walks over the first axis', () => {
    const x = tf.range(0, 6).reshape([3, 2]);
    expect([...x].map((row) => row.arraySync())).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect([...x.entries()].map(([i, row]) => [i, row.shape])).toEqual([0, 1, 2].map((i) => [i, [2]]));
    const [first, second] = tf.variable(tf.tensor([4, 5]));
    expect([first.item(), second.item()]).toEqual([4, 5]);
    expect([...tf.zeros([0, 2])]).toEqual([]);
    expect(() => [...tf.scalar(1)]).toThrow(/not iterable|iterator/);
    expect(() => [...tf.scalar(1).entries()]).toThrow(/rank 0 has no axis/);
  });

  it('is part of traces and of gradients', () => {
    const norm = (x: Tensor): Tensor => [...x].reduce((sum, row) => sum.add(row.square().sum()), tf.scalar(0));
    const x = tf.tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(tf.function(norm)(x).item()).toBe(30);
    expect(tf.grad(norm)(x)).toBeAllClose(x.mul(2));
  });
});

describe('costs', () => {
  it('are profiled', async () => {
    const x = tf.ones([10, 10]);
    const profile = await tf.profile(() => x.square().sum());
    expect(profile.kernelNames).toEqual(['square', 'sum']);
    expect(profile.kernels[0]).toMatchObject({
      bytesAdded: 400,
      inputShapes: [[10, 10]],
      outputShapes: [[10, 10]],
      tensorsAdded: 1,
    });
    expect([profile.newBytes, profile.newTensors, profile.result.item()]).toEqual([404, 2, 100]);
    expect(profile.peakBytes).toBe(profile.kernels[1].totalBytesSnapshot);
    expect(profile.kernels.every(({ kernelTimeMs }) => kernelTimeMs >= 0)).toBe(true);
    const tidied = await tf.profile(() => tf.tidy(() => x.square().sum()));
    expect([tidied.newBytes, tidied.newTensors]).toEqual([4, 1]);
  });

  it('are profiled of asynchronous functions, and of those that fail', async () => {
    const { kernelNames } = await tf.profile(async () => {
      await tf.nextFrame();
      return tf.ones([2]).exp();
    });
    expect(kernelNames).toEqual(['exp']);
    await expect(
      tf.profile(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await tf.profile(() => 1)).kernels).toEqual([]);
  });

  it('are timed', async () => {
    const { wallMs, kernelMs } = await tf.time(() => tf.ones([100, 100]).matMul(tf.ones([100, 100])));
    expect(kernelMs).toBeGreaterThan(0);
    expect(wallMs).toBeGreaterThanOrEqual(kernelMs);
  });

  it('come nested', async () => {
    const x = tf.ones([2]);
    const outer = await tf.profile(async () => {
      x.exp();
      const inner = await tf.profile(() => x.sin());
      x.cos();
      return inner.kernelNames;
    });
    expect([outer.kernelNames, outer.result]).toEqual([['exp', 'sin', 'cos'], ['sin']]);
  });
});

describe('the environment', () => {
  it('reports kernels and stops at NaN in debug mode', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const x = tf.tensor([1, -1]);
    tf.enableDebugMode();
    expect(tf.env().getBool('DEBUG')).toBe(true);
    x.square();
    expect(log.mock.calls[0][0]).toMatch(/^square {2}[\d.]+ ms {2}float32 \[2\] {2}2 elements$/);
    expect(() => x.log()).toThrow(/log: a result of float32 \[2\] has NaN/);
    tf.env().set('DEBUG', false);
    x.log();
    expect(log).toHaveBeenCalledTimes(2);
  });

  it('has flags, and says which', () => {
    expect(tf.env().get('IS_NODE')).toBe(true);
    expect(tf.env().getFlags()).toMatchObject({ DEBUG: false, PROD: true, IS_BROWSER: false });
    tf.env().set('IS_NODE', true);
    expect(() => tf.env().set('IS_NODE', false)).toThrow(/IS_NODE is true here/);
    expect(() => tf.env().get('WEBGL_PACK')).toThrow(/no flag WEBGL_PACK.*tf.setDevice/);
    expect(() => tf.env().get('X')).toThrow(/there are DEBUG, PROD/);
    tf.disableDeprecationWarnings();
  });

  it("has TensorFlow.js' names of backends", async () => {
    await tf.ready();
    const before = tf.getDevice();
    expect(await tf.setBackend('cpu')).toBe(true);
    expect([tf.getBackend(), tf.backend().device]).toEqual(['cpu', 'cpu:0']);
    expect(tf.findBackend('cpu')).toBe(tf.backend());
    expect(tf.findBackend('nonsense')).toBe(null);
    await expect(tf.setBackend('webgl')).rejects.toThrow(/needs a browser/);
    await expect(tf.setBackend('nonsense')).rejects.toThrow(tf.ArgumentError);
    expect(() => tf.registerBackend('mine', () => null)).toThrow(/not registered by hand/);
    tf.setDevice(before);
  });

  it('has the next frame', async () => {
    let passed = false;
    setImmediate(() => {
      passed = true;
    });
    await tf.nextFrame();
    expect(passed).toBe(true);
  });
});
