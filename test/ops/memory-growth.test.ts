/** @file Memory does not grow over 100,000 operations whose results nobody disposes of. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { settledMemory } from '../support/memory.ts';

it('stays where it was over 100,000 operations in a loop that never disposes', async () => {
  const before = await settledMemory();
  let x = tf.ones([1000]);
  let resident = 0;
  let most = 0;
  for (let i = 1; i <= 100_000; i++) {
    x = i % 2 === 0 ? x.add(1) : x.sub(1);
    if (i % 1000 === 0) await turn(); // as a loop that awaits something does: collected tensors are cleared between turns
    if (i === 20_000) resident = process.memoryUsage().rss;
    if (i > 20_000 && i % 1000 === 0) most = Math.max(most, process.memoryUsage().rss - resident);
  }
  expect(x.at(0).item()).toBe(1);
  // 80,000 results of 4,000 bytes are 320 MB.
  expect(most).toBeLessThan(120 * 2 ** 20);
  x.dispose();
  const after = await settledMemory();
  expect(after.numTensors - before.numTensors).toBeLessThanOrEqual(1);
  expect(after.numBytes - before.numBytes).toBeLessThanOrEqual(8);
}, 120_000);
