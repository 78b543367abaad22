/** @file WebGPU, asked for by name (here the GPU may be made of software): the conformance suite, residency, training, fallbacks. */
import { describe, expect, it } from 'vitest';
import { currentEngine, listDevices } from '../../src/engine/index.ts';
import * as tf from '../../src/index.ts';
import { conformance } from './conformance.ts';
import { provideVulkanDriver } from './vulkan.ts';

provideVulkanDriver();
const found = listDevices().find(({ name }) => name === 'webgpu:0');
const device = 'webgpu:0';
const numbers = (x: tf.Tensor): number[] => [...x.dataSync()];

describe.skipIf(!found)('webgpu', () => {
  it('is never chosen by itself where it is software', () => {
    expect(tf.getDevice()).toBe(found!.software ? 'cpu:0' : device);
    if (found!.software)
      expect(() => tf.setDevice('gpu')).toThrow(/no GPU number 0 .*made of software .* by its own name/);
  });

  it('is listed with vendor, name and memory', () => {
    expect(found).toMatchObject({ engine: 'onnxruntime', type: 'gpu' });
    expect(found!.description).not.toBe('');
    expect(found!.memory).toBeGreaterThan(0);
  });

  it('holds tensors, which are copied where an operation elsewhere needs them', async () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const y = await tf.device(device, async () => x.matMul(x).add(1));
    expect([x.device, y.device]).toEqual(['cpu:0', device]);
    expect(numbers(y)).toEqual([8, 11, 16, 23]);
    expect([...(await y.data())]).toEqual([8, 11, 16, 23]);
    const z = tf.device('cpu', () => y.mul(x));
    expect(z.device).toBe('cpu:0');
    expect(numbers(z)).toEqual([8, 22, 48, 92]);
    expect(numbers(y.to('cpu'))).toEqual(numbers(y));
  });

  it('gives memory back, and takes it again', () => {
    tf.setDevice(device);
    const x = tf.ones([256, 256]);
    const before = tf.memory().numBytes;
    for (let i = 0; i < 50; i++) tf.tidy(() => void x.matMul(x).relu().sum());
    expect(tf.memory().numBytes).toBe(before);
    expect(currentEngine().device).toBe(device);
  });

  it('trains a convolution network as the CPU does, compiled and not, without leaving the GPU', () => {
    const values = (shape: number[], seed: number): Float32Array =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 12.9898 + seed) / 2);
    const make = (shape: number[], seed: number): tf.Tensor => tf.tensor(values(shape, seed), shape);
    const train = (compile: boolean): number[] => {
      const filters = tf.variable(make([3, 3, 1, 4], 1));
      const bias = tf.variable(make([4], 2));
      const weights = tf.variable(make([3 * 3 * 4, 5], 3));
      const [x, y] = [make([8, 8, 8, 1], 4), tf.oneHot(tf.tensor1d([0, 1, 2, 3, 4, 0, 1, 2], 'int32'), 5)];
      const variables = [filters, bias, weights];
      const step = (images: tf.Tensor, targets: tf.Tensor): tf.Tensor => {
        const { value, grads } = tf.variableGrads(() => {
          const maps = tf.relu(tf.conv2d(images, filters, 1, 'valid').add(bias));
          const logits = tf.maxPool(maps, 2, 2, 'valid').reshape([8, 36]).matMul(weights);
          return tf.neg(tf.logSoftmax(logits).mul(targets).sum(-1).mean()) as never;
        }, variables);
        for (const variable of variables) variable.assign(variable.sub(grads[variable.name].mul(0.5)));
        return value;
      };
      const run = compile ? tf.function(step) : step;
      return Array.from({ length: 4 }, () => run(x, y).dataSync()[0]);
    };
    const expected = tf.device('cpu', () => train(true));
    expect(expected[3]).toBeLessThan(expected[0]);
    const before = tf.device.fallbacks(device);
    for (const compile of [false, true]) {
      const losses = tf.device(device, () => train(compile));
      losses.forEach((loss, i) => expect(loss, `step ${i}`).toBeCloseTo(expected[i], 4));
    }
    expect(tf.device.fallbacks(device)).toEqual(before);
  });

  it('lists what it left to the CPU', () => {
    tf.device(device, () => {
      expect(numbers(tf.tensor1d([1, 2], 'float64').div(tf.scalar(3, 'float64')))).toEqual([1 / 3, 2 / 3]);
      expect(tf.device.fallbacks()).toContainEqual(
        expect.objectContaining({ operation: 'div', dtypes: ['float64', 'float64'], reason: 'WebGPU has no float64' }),
      );
      tf.round(tf.tensor1d([-2.4, 3])).dispose();
      expect(tf.device.fallbacks().map(({ operation }) => operation)).toContain('Round');
    });
  });

  describe('conforms', () => {
    // Shaders' functions have fewer digits than a processor's.
    conformance(device, 100);
  });
});
