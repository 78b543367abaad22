/** @file Devices by name, their choice, scopes, and what is said where one is missing. */
import { describe, expect, it, vi } from 'vitest';
import { parseDevice } from '../../src/engine/device-name.ts';
import * as tf from '../../src/index.ts';

describe('names of devices', () => {
  it.each([
    ['cpu', 'cpu', 0],
    ['CPU:0', 'cpu', 0],
    ['/device:CPU:0', 'cpu', 0],
    ['/GPU:1', 'gpu', 1],
    ['webgpu:2', 'webgpu', 2],
    ['onnxruntime/cpu:0', 'cpu', 0],
  ])('%s is %s number %i', (name, type, index) => expect(parseDevice(name)).toEqual({ type, index }));

  it('are refused with the ones there are', () => {
    expect(() => tf.setDevice('tpu')).toThrow(/no kind of device 'tpu'; expected one of cpu, webgpu, .* or gpu/);
    expect(() => tf.setDevice('')).toThrow(tf.ArgumentError);
  });
});

describe('the CPU', () => {
  it('is listed with its engine, vendor and memory', () => {
    const cpu = tf.listDevices().find(({ name }) => name === 'cpu:0');
    expect(cpu).toMatchObject({ engine: 'onnxruntime', type: 'cpu', software: false });
    expect(cpu!.memory).toBeGreaterThan(2 ** 20);
    expect(cpu!.description).toMatch(/core/);
  });

  it('is one device', () => expect(() => tf.setDevice('cpu:1')).toThrow(/one CPU, 'cpu:0'.*got number 1/));

  it('leaves nothing to itself', () => {
    tf.setDevice('cpu');
    tf.tensor1d([1, 2]).add(1).dispose();
    expect(tf.device.fallbacks()).toEqual([]);
  });
});

describe('tf.device', () => {
  it('runs a function, synchronous or not, and gives its result', async () => {
    const x = tf.tensor1d([1, 2]);
    expect(tf.device('cpu:0', () => x.add(1).device)).toBe('cpu:0');
    const later = await tf.device('/CPU:0', async () => {
      await Promise.resolve();
      return [tf.getDevice(), ...x.mul(2).dataSync()];
    });
    expect(later).toEqual(['cpu:0', 2, 4]);
  });

  it('wants a function', () => {
    expect(() => tf.device('cpu', undefined as unknown as () => void)).toThrow(/tf\.device\('cpu', \(\) => \.\.\.\)/);
  });

  it('passes errors on', () => {
    const fail = (): never => {
      throw new RangeError('mine');
    };
    expect(() => tf.device('cpu', fail)).toThrow(RangeError);
    return expect(tf.device('cpu', async () => fail())).rejects.toThrow('mine');
  });
});

describe('x.to', () => {
  it('gives another tensor on the same memory where it is there already', () => {
    const x = tf.tensor1d([1, 2]);
    const y = x.to('cpu');
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2]);
  });

  it('lets gradients through', () => {
    const x = tf.tensor1d([1, 2]);
    const gradient = tf.grad((v: tf.Tensor) => v.mul(v).to('cpu:0').sum());
    expect([...gradient(x).dataSync()]).toEqual([2, 4]);
  });

  it('is refused inside a traced function, where x.device is not known', () => {
    const seen: string[] = [];
    const traced = tf.function((x: tf.Tensor) => {
      seen.push(x.device);
      return x.to('cpu');
    });
    expect(() => traced(tf.scalar(1))).toThrow(/inside tf\.function: its graph runs on one device/);
    expect(seen).toEqual(['']);
  });
});

describe('a device that is missing', () => {
  it('says what it needs', () => {
    for (const name of ['cuda', 'coreml', 'dml'].filter(
      (type) => !tf.listDevices().some((one) => one.name === `${type}:0`),
    ))
      expect(() => tf.setDevice(name), name).toThrow(/cannot be used: .*\. It /);
  });

  it('named by TENSORCELL_DEVICE, says so', async () => {
    vi.resetModules(); // a registry that has not chosen yet
    vi.stubEnv('TENSORCELL_DEVICE', 'tpu:3');
    const { currentEngine } = await import('../../src/engine/devices.ts');
    expect(() => currentEngine()).toThrow(/^TENSORCELL_DEVICE is 'tpu:3'\. There is no kind of device/);
    vi.stubEnv('TENSORCELL_DEVICE', 'cpu:7');
    expect(() => currentEngine()).toThrow(/^TENSORCELL_DEVICE is 'cpu:7'\. There is one CPU/);
    vi.unstubAllEnvs();
  });
});
