/** Calls between the kernel process and the cell process, beside the cells. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { importHelper } from '../../kernel/cell/module-helper.ts';
import { Notebook, plain } from './notebook.ts';

const moduleUrl = pathToFileURL(join(inject('dist'), 'kernel', 'cell', 'calls.js')).href;

let notebook: Notebook;
beforeAll(async () => {
  notebook = await Notebook.start();
  notebook.host.onRequest('echo', (argument, parent) => ({ argument, parent }));
  notebook.host.onRequest('refuse', () => {
    throw new RangeError('not today');
  });
  notebook.host.onRequest('forget', () => new Promise(() => {}));
  // The very module that the process itself has.
  await notebook.value(`let { registerCall, callKernel, callKernelSync } = await ${importHelper}('${moduleUrl}')`);
});
afterAll(() => notebook.close());

describe('the kernel process calls', () => {
  it('a handler, while a cell awaits', async () => {
    await notebook.value(`
      let release;
      let released = new Promise((resolve) => (release = resolve));
      registerCall('double', async (n) => 2 * n);
      registerCall('release', () => release('free'));`);
    const running = notebook.value('await released');
    expect(await notebook.host.call('double', 21)).toBe(42);
    await notebook.host.call('release', null);
    expect(await running).toBe("'free'");
  });

  it('a handler whose prints go where the call says', async () => {
    await notebook.value(`registerCall('print', (text) => void console.log(text)); 0`);
    await notebook.host.call('print', 'hello', { parent: 'somebody' });
    await notebook.until(() => notebook.text('somebody') === 'hello\n');
  });

  it('one that throws, and one that is not there', async () => {
    await notebook.value(`registerCall('fail', () => { throw new TypeError('no') }); 0`);
    await expect(notebook.host.call('fail', null)).rejects.toMatchObject({ name: 'TypeError', message: 'no' });
    await expect(notebook.host.call('nobody', null)).rejects.toThrow('has no handler for nobody');
    await expect(notebook.host.call('io:nobody', null)).rejects.toThrow('has no handler for io:nobody');
  });

  it('during a loop, and is answered once the loop was interrupted', async () => {
    await notebook.value(`registerCall('triple', (n) => 3 * n); 0`);
    const running = notebook.run(`console.log('looping'); for (;;);`);
    await notebook.until(() => notebook.events.some((event) => event.type === 'stream' && event.text === 'looping\n'));
    const calling = notebook.host.call('triple', 5);
    await notebook.host.interrupt();
    expect((await running).outcome.status).toBe('error');
    expect(await calling).toBe(15);
  });
});

describe('a cell asks the kernel process', () => {
  it('and awaits the answer', async () => {
    const { parent, outcome } = await notebook.run(`JSON.stringify(await callKernel('echo', [1, 'ü']))`);
    expect(outcome).toMatchObject({ result: { 'text/plain': `'${JSON.stringify({ argument: [1, 'ü'], parent })}'` } });
  });

  it('and blocks until the answer is there', async () => {
    const { parent, outcome } = await notebook.run(`callKernelSync('echo', 7).parent`);
    expect(outcome).toMatchObject({ result: { 'text/plain': `'${parent}'` } });
    expect(
      await notebook.value(`
      let early = callKernel('echo', 'a');
      let late = callKernelSync('echo', 'b').argument;
      (await early).argument + late`),
    ).toBe("'ab'");
  });

  it.each(['await callKernel', 'callKernelSync'])('%s throws what the handler threw', async (call) => {
    expect(await notebook.error(`${call}('refuse', null)`)).toMatchObject({ ename: 'RangeError', evalue: 'not today' });
    expect((await notebook.error(`${call}('unknown', null)`)).evalue).toMatch('has no handler for unknown');
  });

  it.each(['await callKernel', 'callKernelSync'])('%s is interruptible, and the next works', async (call) => {
    const { outcome } = await notebook.interrupted(`console.log('ready'); ${call}('forget', null)`);
    expect(outcome.status === 'error' && plain(outcome.error)).toMatch('Interrupted');
    expect(await notebook.value(`callKernelSync('echo', 1).argument`)).toBe('1');
  });
});

it('a call that the process does not live to answer fails', async () => {
  await notebook.value(`registerCall('die', () => process.kill(process.pid, 'SIGKILL')); 0`);
  await expect(notebook.host.call('die', null)).rejects.toMatchObject({ name: 'CellProcessEnded' });
  expect(await notebook.value('1 + 1')).toBe('2');
});
