/** @file What happens between the start of a cell process and its first cell: listeners, and interrupts. */
import { afterEach, expect, it } from 'vitest';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
afterEach(() => notebook.close());

it('the first cell waits for those who hear of the start', async () => {
  notebook = await Notebook.start();
  let isDone = false;
  notebook.host.onStart(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    isDone = true;
  });
  await notebook.host.restart();
  expect(await notebook.value('1 + 1')).toBe('2');
  expect(isDone).toBe(true);
});

it('one that throws, fails or never ends keeps no cell from running', async () => {
  notebook = await Notebook.start();
  notebook.host.onStart(() => {
    throw new Error('thrown in a test');
  });
  notebook.host.onStart(() => Promise.reject(new Error('rejected in a test')));
  notebook.host.onStart(() => new Promise(() => {}));
  await notebook.host.restart();
  expect(await notebook.value('1 + 1')).toBe('2');
  expect(await notebook.value('2 + 1')).toBe('3');
});

it('a cell that waits for the start can be interrupted, and does not run then', async () => {
  notebook = await Notebook.start();
  let end: () => void = () => undefined;
  notebook.host.onStart(() => new Promise<void>((resolve) => (end = resolve)));
  await notebook.host.restart();
  const waiting = notebook.begin('globalThis.ran = true');
  const other = notebook.begin('globalThis.other = true');
  await notebook.host.interrupt([waiting.parent]);
  expect(await waiting.outcome).toMatchObject({ status: 'error', error: { ename: 'Interrupted' } });
  end();
  expect(await other.outcome).toMatchObject({ status: 'ok' });
  expect(await notebook.value('[globalThis.ran, globalThis.other]')).toBe('[ undefined, true ]');
});
