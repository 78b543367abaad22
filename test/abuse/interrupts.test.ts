import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, result, sleep, startForTest, startKernel, type TestKernel } from '../kernel/real-kernel.ts';
import { Random, seed } from './random.ts';
import { times } from './scale.ts';

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

const count = times(200, 1_000);

/** Cells that count in a variable of an earlier cell, and are at something else whenever the interrupt comes. */
const busyCells: readonly string[] = [
  'for (;;) kept.steps++',
  'for (;;) { kept.steps++; await null }',
  'await new Promise(() => { kept.steps++ })',
  'for (;;) { kept.steps++; await new Promise((resolve) => setTimeout(resolve, 1)) }',
  'const spin = async (): Promise<void> => { for (;;) { kept.steps++; await null } }; await spin()',
  'for (;;) console.log(kept.steps++)',
  'for (;;) { try { for (;;) kept.steps++ } finally { kept.cleaned = true } }',
  'let growing: number[] = []; for (;;) { kept.steps++; growing = Array.from({ length: 1_000 }, (_, i) => i).sort() }',
  'for (;;) { kept.steps++; JSON.parse(JSON.stringify({ a: [1, 2, { b: "c" }] })) }',
  'for (;;) { kept.steps++; /(a+)+b/.test("a".repeat(18)) }',
  'for (;;) { kept.steps++; tf.matMul(tf.ones([8, 8]), tf.ones([8, 8])) }',
  'kept.steps++; "over at once"',
  'kept.steps++; throw new Error("own")',
  'const wrong: string = kept.steps++',
];

it(`${count} interrupts at random moments leave the state`, { timeout: 900_000 }, async () => {
  const random = new Random(seed + 3);
  const { client } = kernel;
  await client.execute('const kept = { steps: 0, cleaned: false, list: [1, 2, 3] }; let serial = 0');
  let stopped = 0;
  let steps = 0;
  for (let number = 1; number <= count; number++) {
    const code = random.pick(busyCells);
    const running = client.execute(code, { timeout: 60_000 });
    // From before the cell is compiled to long after it runs.
    await sleep(random.pick([0, 1, 3, 10, 30, 80]) * random.next() * 2);
    const label = `interrupt ${number} of ${JSON.stringify(code)}`;
    expect(await client.interrupt(30_000), label).toEqual({ status: 'ok' });
    // One that came before the cell did met nothing: another will.
    for (let over = false; !over;) {
      over = await Promise.race([running.then(() => true), sleep(1_000).then(() => false)]);
      if (!over) await client.interrupt(30_000);
    }
    const outcome = failure(await running);
    expect(outcome, label).toMatch(/^(Interrupted: |Error: own|TypeScriptError: |ok$)/);
    if (outcome.startsWith('Interrupted')) stopped++;
    if (number % 10 > 0) continue;
    const state = await client.execute('`${++serial} ${kept.list.join()} ${kept.steps}`', { timeout: 30_000 });
    const [, serial, list, now] = /(\d+) (\S+) (\d+)/.exec(String(result(state))) ?? [];
    expect([serial, list], label).toEqual([String(number / 10), '1,2,3']);
    expect(Number(now)).toBeGreaterThanOrEqual(steps);
    steps = Number(now);
  }
  expect(stopped).toBeGreaterThan(count / 2);
  expect(kernel.log()).not.toMatch(/an error inside the kernel/);
});

it('those that come while the runtime loads leave it whole', { timeout: 300_000 }, async () => {
  const random = new Random(seed + 4);
  for (let start = 0; start < 3; start++) {
    const { client } = await startForTest();
    for (let number = 0; number < 8; number++) {
      const running = client.execute(number % 2 === 0 ? 'for (;;) {}' : 'throw new Error("own")', { timeout: 60_000 });
      await sleep(80 * random.next());
      await client.interrupt(30_000);
      for (let over = false; !over;) {
        over = await Promise.race([running.then(() => true), sleep(1_000).then(() => false)]);
        if (!over) await client.interrupt(30_000);
      }
      expect(failure(await running)).toMatch(/^(Interrupted: |Error: own)/);
    }
    expect(result(await client.execute('tf.ones([2]).sum().dataSync()[0]', { timeout: 60_000 }))).toBe('2');
  }
});
