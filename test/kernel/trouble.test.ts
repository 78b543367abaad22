import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, printed, result, sleep, startKernel, type TestKernel } from './real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

const run = (code: string) => kernel.client.execute(code, { timeout: 60_000 });
/** Runs a cell that says `ready`, and interrupts it then. */
async function interrupted(code: string) {
  const ready = kernel.client.nextIopub(({ content }) => String(content.text).includes('ready'), 20_000);
  const running = run(`console.log('ready');\n${code}`);
  await ready;
  expect(await kernel.client.interrupt(10_000)).toEqual({ status: 'ok' });
  return running;
}

describe('interrupt', () => {
  it.each([
    ['a loop', 'for (;;);'],
    ['a loop after an await', 'await new Promise((resolve) => setTimeout(resolve, 20)); for (;;);'],
    ['a loop of awaits', 'for (;;) await null;'],
    ['a pending await', 'await new Promise(() => {})'],
    ['a pending timer', 'await new Promise((resolve) => setTimeout(resolve, 1e8))'],
  ])('stops %s, and state is kept', async (_, code) => {
    await run('const kept = { value: 41 }; kept.value++;');
    expect(failure(await interrupted(code))).toMatch(/^Interrupted/);
    expect(result(await run('kept.value'))).toBe('42');
  });

  it('aborts the cells that wait', async () => {
    const first = interrupted('for (;;);');
    const second = run('"second"');
    expect(failure(await first)).toMatch(/^Interrupted/);
    expect((await second).reply.status).toBe('aborted');
  });

  it('of nothing does nothing', async () => {
    await kernel.client.interrupt();
    expect(result(await run('1 + 1'))).toBe('2');
  });

  it('comes by SIGINT too, and never ends the kernel', async () => {
    const ready = kernel.client.nextIopub(({ content }) => content.text === 'ready\n', 10_000);
    const running = run('console.log("ready"); for (;;);');
    await ready;
    kernel.process.kill('SIGINT');
    expect(failure(await running)).toMatch(/^Interrupted/);
    // A signal has no reply: the sleep lets it reach the idle kernel before the next cell does.
    kernel.process.kill('SIGINT');
    await sleep(500);
    expect(result(await run('1 + 2'))).toBe('3');
  });
});

describe('while a cell loops', () => {
  it('heartbeat, kernel_info, completion and inspection are answered', async () => {
    await run('const shelf = { books: [1], boards: 2 }');
    const ready = kernel.client.nextIopub(({ content }) => content.text === 'ready\n', 10_000);
    const running = run('console.log("ready"); for (;;);');
    await ready;
    expect(await kernel.client.ping()).toBeGreaterThan(0);
    expect((await kernel.client.kernelInfo({ timeout: 10_000 })).status).toBe('ok');
    expect((await kernel.client.kernelInfo({ channel: 'control', timeout: 10_000 })).status).toBe('ok');
    expect([...(await kernel.client.complete('shelf.bo', undefined, 10_000)).matches].sort()).toEqual([
      'boards',
      'books',
    ]);
    expect((await kernel.client.inspect('shelf', undefined, 10_000)).found).toBe(true);
    await kernel.client.interrupt();
    expect(failure(await running)).toMatch(/^Interrupted/);
  });
});

describe('the end of the cell process', () => {
  it.each([
    ['process.exit', 'process.exit(3)', /^ProcessExit: .*3/],
    ['a native abort', 'process.abort()', /SIGABRT/],
    ['a signal', 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {})', /SIGKILL/],
    [
      'lack of memory',
      'const hoard: unknown[] = []; for (;;) hoard.push(new Array(1e5).fill(Math.random()))',
      /^OutOfMemory/,
    ],
  ])('by %s is an error that says so; the next cell finds a fresh process', async (_, code, reason) => {
    await run('var before = 1');
    const beats: number[] = [];
    const beating = setInterval(() => void kernel.client.ping().then((time) => beats.push(time)), 50);
    const cell = await run(code);
    clearInterval(beating);
    expect(failure(cell)).toMatch(reason);
    expect(cell.outputs.at(-1)).toMatchObject({ output_type: 'error' });
    expect(result(await run('const fresh = 1; fresh + 1'))).toBe('2');
    expect(failure(await run('before'))).toMatch(/TS2304.*before/);
    expect(kernel.process.exitCode).toBeNull();
  });

  it('between cells is told, and the next cell runs', async () => {
    const told = kernel.client.nextIopub(({ content }) => /ended with code 5/.test(String(content.text)), 10_000);
    await run('void setTimeout(() => process.exit(5), 100)');
    expect((await told).content.name).toBe('stderr');
    expect(result(await run('1 + 1'))).toBe('2');
  });

  it('what was printed before is not lost', async () => {
    const cell = await run('for (let line = 0; line < 5_000; line++) console.log(line)\nprocess.exit(0)');
    expect(printed(cell)).toBe(Array.from({ length: 5_000 }, (_, line) => `${line}\n`).join(''));
  });

  it('queued cells are aborted', async () => {
    const exiting = run('process.exit(1)');
    const queued = run('"queued"');
    expect(failure(await exiting)).toMatch(/^ProcessExit/);
    expect((await queued).reply.status).toBe('aborted');
  });
});

describe('broken messages', () => {
  it('are logged and survived', async () => {
    kernel.client.sendFrames('shell', [Buffer.from('no message')]);
    kernel.client.sendFrames('control', [Buffer.from('<IDS|MSG>'), Buffer.from('00')]);
    kernel.client.send('shell', 'unheard_of_request', {});
    kernel.client.send('shell', 'execute_request', { code: ['not', 'a', 'string'] });
    expect(result(await run('1 + 1'))).toBe('2');
    await sleep(50);
    expect(kernel.log()).toMatch(/delimiter/);
    expect(kernel.log()).toMatch(/unheard_of_request/);
  });
});
