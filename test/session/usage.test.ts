/** @file usage_request, and the processes that it counts. */
import { describe, expect, it } from 'vitest';
import { parseProcessList, processTree, treeOf } from '../../kernel/session/process-tree.ts';
import { result, startKernel } from '../kernel/real-kernel.ts';

describe('usage_request', () => {
  it('tells the use of the whole tree of processes, and of the machine', async () => {
    const kernel = await startKernel();
    const usage = () => kernel.client.request<Record<string, number>>('usage_request', {}, { channel: 'control' });
    const before = await usage();
    expect(before).toMatchObject({ pid: kernel.process.pid, kernel_cpu: 0 });
    const held = 200 * 2 ** 20;
    const cell = `const held = Buffer.alloc(${held}, 1); const end = Date.now() + 300; while (Date.now() < end); held.length`;
    expect(result(await kernel.client.execute(cell))).toBe(String(held));
    const after = await usage();
    expect(after.kernel_memory - before.kernel_memory).toBeGreaterThan(held / 2);
    expect(after.kernel_cpu).toBeGreaterThan(0);
    const { total, available, used, percent } = after.host_virtual_memory as unknown as Record<string, number>;
    expect(total - available).toBe(used);
    expect(percent).toBeGreaterThan(0);
    expect(after.cpu_count).toBeGreaterThanOrEqual(1);
    await kernel.dispose();
  });
});

describe('the tree of processes', () => {
  it('has this process', async () => {
    const tree = await processTree(process.pid);
    expect(tree[0].pid).toBe(process.pid);
    expect(tree[0].memory).toBeGreaterThan(2 ** 20);
    expect(tree[0].cpuSeconds).toBeGreaterThan(0);
  });

  it('is read from the list of ps, whatever the length of a time', () => {
    const list = '  10     1  1024   0:01.50\n 11 10 2048 01:02:03\n 12 11 1 2-00:00:01\n13 1 1 0:00\n\n';
    const processes = parseProcessList(list);
    expect(processes.map(({ cpuSeconds }) => cpuSeconds)).toEqual([1.5, 3723, 172801, 0]);
    expect(processes[0]).toMatchObject({ pid: 10, parent: 1, memory: 2 ** 20 });
    expect(treeOf(10, processes).map(({ pid }) => pid)).toEqual([10, 11, 12]);
  });
});
