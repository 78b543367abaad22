import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecuteResult } from '../../kernel/client/index.ts';
import { result, sleep, startKernel, type TestKernel } from '../kernel/real-kernel.ts';
import { HostileCells, oddCells } from './hostile-cells.ts';
import { Random, seed } from './random.ts';
import { times } from './scale.ts';

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

/** Milliseconds that a cell may run before it is taken for one that never ends, and interrupted. */
const patience = 5_000;

/** Runs a cell, which must have a reply; one that loops gets it by an interrupt. */
async function replyTo(code: string): Promise<ExecuteResult> {
  const running = kernel.client.execute(code, { timeout: 30_000, stopOnError: false });
  const settled = running.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([settled, sleep(patience).then(() => false)]))) await kernel.client.interrupt(30_000);
  return running;
}

async function expectSound(): Promise<void> {
  expect(result(await replyTo('%typecheck off\n1 + 1'))).toBe('2');
  expect(kernel.process.exitCode).toBeNull();
  expect(kernel.log()).not.toMatch(/an error inside the kernel/);
}

describe(`hostile cells (TENSORCELL_FUZZ_SEED=${seed})`, () => {
  const count = times(400, 5_000);

  it.each(['on', 'off'])(`${count} of them have a reply, types %s`, { timeout: 600_000 }, async (mode) => {
    const cells = new HostileCells(new Random(seed + mode.length));
    for (let number = 1; number <= count; number++) {
      const code = cells.next();
      const { reply } = await replyTo(`%typecheck ${mode}\n${code}`).catch((error: Error) => {
        throw new Error(`cell ${number} has no reply: ${JSON.stringify(code)}\n${kernel.log()}`, { cause: error });
      });
      expect(['ok', 'error'], JSON.stringify(code)).toContain(reply.status);
      if (number % 50 === 0) await expectSound();
    }
    await expectSound();
  });

  it.each(oddCells)('%s', { timeout: 120_000 }, async (_, code) => {
    const { reply } = await replyTo(`%typecheck on\n${code}`);
    expect(['ok', 'error']).toContain(reply.status);
    const unchecked = await replyTo(`%typecheck off\n${code}`);
    expect(['ok', 'error']).toContain(unchecked.reply.status);
    await expectSound();
  });

  it('completion, inspection and is_complete answer for them too', { timeout: 300_000 }, async () => {
    const random = new Random(seed + 7);
    const cells = new HostileCells(random);
    const sources = [
      ...Array.from({ length: times(100, 1_000) }, () => cells.next()),
      ...oddCells.map(([, code]) => code),
    ];
    for (const code of sources) {
      const cursor = random.integer(0, Math.min([...code].length, 1_000) + 1);
      const { client } = kernel;
      const answers = await Promise.all([
        client.complete(code, cursor, 30_000),
        client.inspect(code, cursor, 30_000),
        client.isComplete(code, 30_000),
      ]);
      for (const { status } of answers)
        expect(['ok', 'complete', 'incomplete', 'invalid', 'unknown'], JSON.stringify(code.slice(0, 200))).toContain(
          status,
        );
    }
    await expectSound();
  });
});
