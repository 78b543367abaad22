/** @file Free memory that is kept for tensors to come. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BlockPool } from '../../src/engine/onnxruntime/block-pool.ts';
import type { Block, MemorySpace } from '../../src/engine/onnxruntime/memory-space.ts';

const mebibyte = 2 ** 20;

/** A pool over memory that is only counted. */
function countingPool(isDevice = false) {
  const counts = { made: 0, retired: 0 };
  const space = {
    allocate: (capacity: number): Block => ({ capacity, address: ++counts.made, values: [] }),
    ...(isDevice ? { free: () => undefined } : {}),
  } as unknown as MemorySpace;
  const pool = new BlockPool(space, () => void counts.retired++);
  /** Takes blocks of 16 MiB, or another size, and gives all of them back. */
  const step = (blocks: number, size = 16 * mebibyte): void => {
    const taken = Array.from({ length: blocks }, (_, i) => pool.take(size, i * size));
    for (const block of taken) pool.give(block);
  };
  return { counts, step, pool };
}

describe('the pool of blocks', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps what a step took for the next one', () => {
    const { counts, step } = countingPool();
    step(30); // 480 MiB
    expect(counts).toEqual({ made: 30, retired: 0 });
    step(30);
    expect(counts).toEqual({ made: 30, retired: 0 });
  });

  it('gives most of it back when nothing is taken for a while', () => {
    const { counts, step } = countingPool();
    step(30);
    vi.advanceTimersByTime(60_000);
    expect(counts.retired).toBe(14); // 256 MiB are kept
    step(16);
    expect(counts.made).toBe(30);
  });

  it('keeps what is in use rather than what another model left', () => {
    const { counts, step } = countingPool();
    step(30);
    for (let i = 0; i < 5; i++) step(20, 15 * mebibyte); // 300 MiB of another size
    expect(counts).toEqual({ made: 50, retired: 19 });
  });

  it('keeps it as long as it is used', () => {
    const { counts, step } = countingPool();
    for (let i = 0; i < 20; i++) {
      step(30);
      vi.advanceTimersByTime(4000);
    }
    expect(counts).toEqual({ made: 30, retired: 0 });
  });

  it('keeps a little of the memory of other devices', () => {
    const { counts, step } = countingPool(true);
    step(30);
    expect(counts.retired).toBe(14);
  });

  it('hands out the block that was given back last', () => {
    const { pool } = countingPool();
    const [a, b] = [pool.take(100, 0), pool.take(128, 100)];
    pool.give(a);
    pool.give(b);
    expect(pool.take(120, 0)).toBe(b);
    expect(pool.take(120, 0)).toBe(a);
  });
});
