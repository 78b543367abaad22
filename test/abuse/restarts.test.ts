import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, result, sleep, startKernel, type TestKernel } from '../kernel/real-kernel.ts';
import { descendants, hasProc, isAlive, openFiles, residentMegabytes, unixSockets } from '../support/process-tree.ts';
import { times } from './scale.ts';

const restarts = times(12, 100);
let temporary: string;
beforeAll(() => void (temporary = mkdtempSync(join(tmpdir(), 'restarts-'))));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** Waits until something holds; the test's own time limit is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

describe.runIf(hasProc)('nothing is left behind', () => {
  it(`by ${restarts} kernels one after the other`, { timeout: 900_000 }, async () => {
    const env = { TMPDIR: temporary, TENSORCELL_HISTORY: join(temporary, 'history') };
    const own = openFiles(process.pid).length;
    for (let number = 1; number <= restarts; number++) {
      const kernel = await startKernel({ env });
      const { ip } = kernel.client.connection;
      expect(result(await kernel.client.execute('const x: number = 20; x + 1'))).toBe('21');
      const processes = [kernel.process.pid!, ...descendants(kernel.process.pid!)];
      expect(processes.length).toBeGreaterThanOrEqual(3);
      // Half of them are killed in the middle of a cell.
      if (number % 2 === 0) {
        void kernel.client.execute('for (;;);').catch(() => {});
        await sleep(20);
        kernel.process.kill('SIGKILL');
      } else await kernel.client.shutdown(true, 20_000);
      await kernel.exited;
      await until(() => !processes.some(isAlive));
      await kernel.dispose();
      expect(unixSockets(ip)).toEqual([]);
      expect(existsSync(ip)).toBe(false);
    }
    // The compile caches of Node and TypeScript may stay; anything that counts up may not.
    expect(readdirSync(temporary).length).toBeLessThan(4);
    expect(openFiles(process.pid).length).toBeLessThan(own + 10);
  });
});

describe.runIf(hasProc)('one kernel', () => {
  let kernel: TestKernel;
  beforeAll(async () => void (kernel = await startKernel()));
  afterAll(() => kernel.dispose());

  it(`is the same after its cell process ended ${restarts} times`, { timeout: 900_000 }, async () => {
    const { client, process } = kernel;
    const pid = process.pid!;
    const endings = ['process.exit(0)', 'process.abort()', 'process.kill(process.pid, "SIGKILL"); for (;;);'];
    const shape = (): { files: number; children: number } => ({
      files: openFiles(pid).length,
      children: descendants(pid).length,
    });
    const end = async (number: number): Promise<void> => {
      expect(failure(await client.execute(endings[number % endings.length]))).toMatch(/^Process/);
      expect(result(await client.execute('1 + 1'))).toBe('2');
    };
    for (let number = 0; number < 3; number++) await end(number);
    const before = shape();
    const memory = residentMegabytes(pid);
    for (let number = 0; number < restarts; number++) await end(number);
    expect(shape()).toEqual(before);
    expect(residentMegabytes(pid) - memory).toBeLessThan(80);
  });
});

it('ten kernels side by side do not know of each other', { timeout: 300_000 }, async () => {
  const kernels = await Promise.all(Array.from({ length: 10 }, () => startKernel()));
  try {
    await Promise.all(kernels.map(({ client }, index) => client.execute(`const mine = ${index}; let sum = 0`)));
    for (let round = 0; round < 5; round++)
      await Promise.all(kernels.map(({ client }) => client.execute('sum += mine; console.log(mine)')));
    // One loops, one ends its process, one is killed: the others do not notice.
    const looping = kernels[0].client.execute('for (;;);').catch(() => {});
    await kernels[1].client.execute('process.exit(1)');
    kernels[2].process.kill('SIGKILL');
    const rest = kernels.slice(3);
    const sums = await Promise.all(rest.map(async ({ client }) => result(await client.execute('sum'))));
    expect(sums).toEqual(rest.map((_, index) => String(5 * (index + 3))));
    await kernels[0].client.interrupt();
    await looping;
    expect(result(await kernels[0].client.execute('sum'))).toBe('0');
    const ids = await Promise.all(rest.map(async ({ client }) => result(await client.execute('process.pid'))));
    expect(new Set(ids).size).toBe(rest.length);
  } finally {
    await Promise.all(kernels.map((kernel) => kernel.dispose()));
  }
});
