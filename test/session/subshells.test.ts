/** @file Subshells (JEP 91) through a real kernel: cells beside each other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, printed, result, startKernel, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
let subshell: string;
beforeAll(async () => {
  kernel = await startKernel();
  subshell = await create();
});
afterAll(() => kernel.dispose());

const control = (type: string, content: object = {}) => kernel.client.request(type, content, { channel: 'control' });
const create = async () => String((await control('create_subshell_request')).subshell_id);
const run = (code: string, options = {}) => kernel.client.execute(code, { timeout: 30_000, ...options });
const inSubshell = (code: string, options = {}) => run(code, { subshell, ...options });
/** Begins a cell, and waits until it prints `ready`. */
async function begin(code: string, options = {}) {
  const ready = kernel.client.nextIopub(({ content }) => String(content.text).includes('ready'), 30_000);
  const running = run(`console.log('ready'); ${code}`, options);
  await ready;
  return { running };
}

describe('subshells', () => {
  it('are said to be supported, created, listed and deleted', async () => {
    expect((await kernel.client.kernelInfo()).supported_features).toContain('kernel subshells');
    const id = await create();
    expect(await control('list_subshell_request')).toEqual({ status: 'ok', subshell_id: [subshell, id] });
    expect(await control('delete_subshell_request', { subshell_id: id })).toEqual({ status: 'ok' });
    expect(await control('list_subshell_request')).toEqual({ status: 'ok', subshell_id: [subshell] });
  });

  it('that are unknown give an error reply, busy and idle, on any request', async () => {
    const states: unknown[] = [];
    const stop = kernel.client.onIopub(
      ({ content, parent_header }) => parent_header.subshell_id === 'none' && states.push(content.execution_state),
    );
    for (const [type, content] of [
      ['execute_request', { code: '1' }],
      ['complete_request', { code: 'a', cursor_pos: 1 }],
      ['kernel_info_request', {}],
    ] as const)
      expect(await kernel.client.request(type, content, { subshell: 'none' })).toMatchObject({
        status: 'error',
        ename: 'UnknownSubshellError',
      });
    expect(await control('delete_subshell_request', { subshell_id: 'none' })).toMatchObject({ status: 'error' });
    expect(await control('delete_subshell_request')).toMatchObject({ status: 'error', ename: 'InvalidRequest' });
    await run('0');
    stop();
    expect(states).toEqual(['busy', 'idle', 'busy', 'idle', 'busy', 'idle']);
  });

  it('run cells while the main shell awaits, with the same variables and each with its own output', async () => {
    await run('let goOn = () => {}; let from = "main";');
    const { running } = await begin(
      'await new Promise<void>((resolve) => (goOn = resolve)); console.log(from); "over"',
    );
    const second = await inSubshell('from = "subshell"; console.log("beside"); [from.length]');
    expect([result(second), printed(second)]).toEqual(['[ 8 ]', 'beside\n']);
    expect(second.messages.every(({ parent_header }) => parent_header.subshell_id === subshell)).toBe(true);
    await inSubshell('goOn()');
    const first = await running;
    expect([result(first), printed(first)]).toEqual(["'over'", 'ready\nsubshell\n']);
  });

  it('answer completion, inspection and the like as the main shell does', async () => {
    await run('const basket = { apples: 3 }');
    const asked = { code: 'basket.', cursor_pos: 7 };
    expect(await kernel.client.request('complete_request', asked, { subshell })).toMatchObject({ matches: ['apples'] });
    const inspected = await kernel.client.request('inspect_request', { code: 'basket', cursor_pos: 6 }, { subshell });
    expect(inspected).toMatchObject({ status: 'ok', found: true });
    const history = { hist_access_type: 'tail', n: 1, output: false, raw: true };
    expect(await kernel.client.request('history_request', history, { subshell })).toMatchObject({ status: 'ok' });
  });

  it('have a queue of their own: one after the other within, and aborted by their own errors only', async () => {
    const { running } = await begin('await new Promise<void>((resolve) => (goOn = resolve)); "over"');
    const waiting = run('"next of main"');
    const results = ['throw new Error("sub")', '1', '2'].map((code) => inSubshell(code));
    expect((await Promise.all(results)).map(({ reply }) => reply.status)).toEqual(['error', 'aborted', 'aborted']);
    await inSubshell('goOn()');
    expect(result(await running)).toBe("'over'");
    expect(result(await waiting)).toBe("'next of main'");
  });

  it('check types beside each other', async () => {
    const { running } = await begin('await new Promise<void>((resolve) => (goOn = resolve)); 1');
    expect(failure(await inSubshell('const wrong: number = "text"'))).toMatch(/^TypeScriptError/);
    expect(result(await inSubshell('const right: number = 5; right'))).toBe('5');
    await inSubshell('goOn()');
    await running;
    expect(result(await run('right + 1'))).toBe('6');
  });

  it('an interrupt stops the cell of the main shell, and leaves one that awaits in a subshell', async () => {
    const inside = await begin('await new Promise<void>((resolve) => (goOn = resolve)); "kept"', { subshell });
    const main = await begin('await new Promise(() => {})');
    await kernel.client.interrupt(10_000);
    expect(failure(await main.running)).toMatch(/^Interrupted/);
    await run('goOn()');
    expect(result(await inside.running)).toBe("'kept'");
  });

  it('an interrupt with nothing in the main shell stops a loop in a subshell', async () => {
    const { running } = await begin('for (;;);', { subshell });
    await kernel.client.interrupt(10_000);
    expect(failure(await running)).toMatch(/^Interrupted/);
    expect(result(await inSubshell('40 + 2'))).toBe('42');
  });

  it('an interrupt that names the subshell leaves the main shell alone', async () => {
    const main = await begin('await new Promise<void>((resolve) => (goOn = resolve)); "kept"');
    const inside = await begin('await new Promise(() => {})', { subshell });
    await kernel.client.request('interrupt_request', {}, { channel: 'control', subshell });
    expect(failure(await inside.running)).toMatch(/^Interrupted/);
    await inSubshell('goOn()');
    expect(result(await main.running)).toBe("'kept'");
  });

  it('that are deleted abort what waits, and stop at their next await', async () => {
    const id = await create();
    const first = await begin('await new Promise(() => {})', { subshell: id });
    const second = run('1', { subshell: id });
    await control('delete_subshell_request', { subshell_id: id });
    expect((await second).reply.status).toBe('aborted');
    expect(failure(await first.running)).toMatch(/^Interrupted/);
    expect(failure(await run('1', { subshell: id }))).toMatch(/^UnknownSubshellError/);
  });

  it('a crash ends the cells of all, and both go on afterwards', async () => {
    const main = await begin('await new Promise(() => {})');
    const inside = await inSubshell('process.exit(3)');
    expect(failure(inside)).toMatch(/^ProcessExit/);
    expect(failure(await main.running)).toMatch(/^ProcessExit/);
    expect(result(await run('1 + 1'))).toBe('2');
    expect(result(await inSubshell('2 + 2'))).toBe('4');
  });
});

it('an execute_request on control runs beside the main shell', async () => {
  const { running } = await begin('await new Promise<void>((resolve) => ((globalThis as any).goOn = resolve)); "over"');
  const reply = await kernel.client.request(
    'execute_request',
    { code: '(globalThis as any).goOn()' },
    { channel: 'control' },
  );
  expect(reply.status).toBe('ok');
  expect(result(await running)).toBe("'over'");
});
