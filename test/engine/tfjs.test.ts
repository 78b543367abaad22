/** @file The tfjs engine: only kernels that tfjs-node has, what is refused or left to the CPU, exact integers, no leaks. */
import { readFileSync, readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { kernelNames } from '../../src/engine/tfjs/kernel-names.ts';
import * as tf from '../../src/index.ts';
import known from '../fixtures/tfjs/tfjs-node-kernels.json' with { type: 'json' };

const numbers = (x: tf.Tensor): number[] => [...x.dataSync()];

describe('kernels', () => {
  it.each(kernelNames)('%s is one of tfjs-node', (name) => expect(known.kernels).toContain(name));

  it('are all used, and no others', () => {
    const folder = new URL('../../src/engine/tfjs/', import.meta.url);
    const sources = ['scope.ts', ...readdirSync(new URL('lowerings', folder)).map((file) => `lowerings/${file}`)]
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('\n');
    expect(kernelNames.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
  });
});

describe.each(['tfjs/cpu:0', 'tfjs/wasm:0'])('%s', (device) => {
  beforeEach(() => tf.setDevice(device));

  it('multiplies int32 exactly and wraps around', () => {
    const [a, b] = [
      [2147483647, -2147483648, 123456789, -7],
      [2147483647, 3, 987654321, 613566757],
    ];
    const product = tf.mul(tf.tensor1d(a, 'int32'), tf.tensor1d(b, 'int32'));
    expect(numbers(product)).toEqual(a.map((value, i) => Math.imul(value, b[i])));
  });

  it('leaves float64 and int64 to the CPU, exactly, and says so', () => {
    const third = tf.div(tf.tensor1d([1], 'float64'), tf.tensor1d([3], 'float64'));
    expect(third.device).toBe(device);
    expect(numbers(third)).toEqual([1 / 3]);
    const big = tf.tensor1d([9007199254740993n], 'int64').add(tf.tensor1d([2n], 'int64'));
    expect([...big.dataSync<BigInt64Array>()]).toEqual([9007199254740995n]);
    const fallbacks = tf.device.fallbacks();
    expect(fallbacks).toContainEqual(
      expect.objectContaining({
        operation: 'div',
        dtypes: ['float64', 'float64'],
        reason: 'TensorFlow.js has no float64',
      }),
    );
    expect(fallbacks).toContainEqual(expect.objectContaining({ operation: 'add', dtypes: ['int64', 'int64'] }));
  });

  it('takes operands from other devices, and gives them back', () => {
    const x = tf.device('cpu:0', () => tf.tensor2d([1, 2, 3, 4], [2, 2]));
    const y = x.matMul(x);
    expect([x.device, y.device]).toEqual(['cpu:0', device]);
    expect(numbers(y)).toEqual([7, 10, 15, 22]);
    expect(y.to('cpu').device).toBe('cpu:0');
    expect(numbers(y.to('cpu'))).toEqual([7, 10, 15, 22]);
    expect(tf.device('cpu:0', () => y.add(1).device)).toBe('cpu:0');
  });

  it('differentiates, twice, and runs compiled functions with the results of the CPU', () => {
    const x = tf.tensor2d([0.5, -1, 2, 3, 0.1, -0.2], [2, 3]);
    const f = (v: tf.Tensor): tf.Tensor => tf.logSoftmax(v).mul(tf.tanh(v)).sum();
    const results = (): number[][] => {
      const first = tf.grad(f);
      const second = tf.grad((v: tf.Tensor) => first(v).square().sum());
      const compiled = tf.function((v: tf.Tensor) => second(v).add(first(v)));
      return [first(x), second(x), compiled(x)].map(numbers);
    };
    const here = results();
    const there = tf.device('cpu:0', results);
    here.forEach((values, k) => values.forEach((value, i) => expect(value).toBeCloseTo(there[k][i], 5)));
  });

  it('runs one compiled function on each device in turn, variables with it', () => {
    const v = tf.variable(tf.tensor1d([1, 2]));
    const step = tf.function((x: tf.Tensor) => {
      v.assign(v.add(x));
      return v.mul(2);
    });
    expect(numbers(step(tf.scalar(1)))).toEqual([4, 6]);
    expect(tf.device('cpu:0', () => numbers(step(tf.scalar(1))))).toEqual([6, 8]);
    expect(numbers(step(tf.scalar(1)))).toEqual([8, 10]);
    expect(v.value.device).toBe(device);
  });

  it('keeps nothing of what was disposed', () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const before = tf.memory().numBytes;
    tf.tidy(() => void tf.softmax(x.matMul(x).reshape([4])).sum());
    expect(tf.memory().numBytes).toBe(before);
  });

  it('names itself where an operation fails', () => {
    expect(() => tf.gather(tf.tensor1d([1, 2]), tf.tensor1d([5], 'int32'))).toThrow(
      new RegExp(`gather of float32 \\[2\\], int32 \\[1\\] failed on ${device}\\.`),
    );
  });
});
