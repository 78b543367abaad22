/** @file Memory: storages come and go with their owners, blocks are reused, undisposed tensors are collected. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, inject, it } from 'vitest';
import { liveTensorCount } from '../../src/tensor/memory.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { bind } from '../../src/primitives/bind.ts';
import { currentEngine, engineMemory, fromHost } from '../../src/engine/index.ts';
import { numbersOf } from './helpers.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

const filled = (length: number, value: number): Tensor =>
  fromHost(new Float32Array(length).fill(value), 'float32', [length]);
const add = (a: Tensor, b: Tensor): Tensor => bind('add', [a, b], {})[0];

describe('memory', () => {
  it('counts bytes and storages, and returns to nothing', () => {
    const a = filled(1000, 1);
    const b = filled(3, 1);
    expect(engineMemory()).toEqual({ bytes: 4012, storages: 2 });
    const sum = add(b, b);
    expect(engineMemory()).toEqual({ bytes: 4024, storages: 3 });
    for (const tensor of [a, b, sum, sum]) tensor.dispose();
    expect(engineMemory()).toEqual({ bytes: 0, storages: 0 });
  });

  it('shares memory between a tensor and its reshape until both are gone', () => {
    const a = filled(6, 2);
    const [b] = bind('reshape', [a], { shape: [2, 3] });
    expect(b.storage).toBe(a.storage);
    a.dispose();
    expect(engineMemory().storages).toBe(1);
    expect(numbersOf(add(b, b).dataSync(), 'float32')).toEqual([4, 4, 4, 4, 4, 4]);
    b.dispose();
  });

  it('gives read data that later operations do not change', () => {
    const a = filled(16, 1);
    const data = a.dataSync();
    a.dispose();
    const b = filled(16, 5);
    expect(numbersOf(data, 'float32')).toEqual(new Array(16).fill(1));
    b.dispose();
  });

  it('takes large arrays over and copies those that are part of another', () => {
    const whole = new Float32Array(4096).fill(3);
    const part = fromHost(whole.subarray(1024, 3072), 'float32', [2048]);
    whole.fill(0);
    expect(numbersOf(part.dataSync(), 'float32')).toEqual(new Array(2048).fill(3));
    part.dispose();
  });

  it('refuses a disposed tensor', () => {
    const a = filled(2, 1);
    a.dispose();
    expect(() => add(a, a)).toThrow(/disposed/);
    expect(() => a.dataSync()).toThrow(/disposed/);
  });

  it('survives 20,000 operations whose results nobody disposes, and gives everything back after collection', async () => {
    const a = filled(64, 1);
    for (let i = 0; i < 20_000; i++) add(a, a);
    expect(numbersOf(add(a, a).dataSync(), 'float32')).toEqual(new Array(64).fill(2));
    a.dispose();
    for (let attempt = 0; attempt < 50 && liveTensorCount() > 0; attempt++) {
      collect();
      await delay(10);
    }
    expect(liveTensorCount()).toBe(0);
    expect(currentEngine().memory()).toEqual({ bytes: 0, storages: 0 });
  });

  it('keeps the native library loaded through garbage collections', () => {
    // With one thread nothing else holds the library, so that letting go of it would unmap it.
    const script = `
      const tf = await import(${JSON.stringify(pathToFileURL(join(inject('dist'), 'src/index.js')).href)});
      const x = tf.tensor([1, 2]);
      for (let i = 0; i < 20; i++) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 5));
        tf.add(x, x);
      }
      console.log('alive');`;
    const { stdout, signal } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
      env: { ...process.env, TENSORCELL_NUM_THREADS: '1' },
      encoding: 'utf8',
    });
    expect({ stdout: stdout.trim(), signal }).toEqual({ stdout: 'alive', signal: null });
  });

  it('holds few of the results of a loop that never yields', () => {
    const a = filled(1 << 20, 1); // 4 MiB
    const before = process.memoryUsage().rss;
    let peak = 0;
    for (let i = 0; i < 400; i++) {
      add(a, a); // 1.6 GiB in all
      peak = Math.max(peak, process.memoryUsage().rss - before);
    }
    expect(peak).toBeLessThan(1000 * 2 ** 20);
    a.dispose();
  });
});
