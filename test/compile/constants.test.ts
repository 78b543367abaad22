/** @file Constants of a real kernel's cells, where no type check guards them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, result, startKernel, traceback, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startKernel();
  await kernel.client.execute('%typecheck off');
});
afterAll(() => kernel.dispose());
const run = (code: string) => kernel.client.execute(code);

it('stay what they are with %typecheck off, in their own cell and in later ones', async () => {
  const own = await run('const a = 1;\na = 2');
  expect(failure(own)).toBe("TypeError: Assignment to constant variable 'a'.");
  expect(traceback(own)).toMatch(/cell_\d+\.ts:2:1\n/);
  expect(failure(await run('const b = 1; import { sep } from "node:path"'))).toBe('ok');
  expect(failure(await run('b++'))).toBe("TypeError: Assignment to constant variable 'b'.");
  expect(failure(await run('sep = "x"'))).toBe("TypeError: Assignment to constant variable 'sep'.");
  expect(result(await run('const assign = () => { b = 2 }; [typeof assign, b]'))).toBe("[ 'function', 1 ]");
  expect(failure(await run('%time assign()'))).toBe("TypeError: Assignment to constant variable 'b'.");
  const { reply } = await kernel.client.execute('0', { userExpressions: { x: 'b = 2', nothing: 'undefined' } });
  expect(reply).toMatchObject({
    user_expressions: { x: { ename: 'TypeError' }, nothing: { status: 'ok', data: { 'text/plain': 'undefined' } } },
  });
});

it('are free to be declared as something else, and forgotten with the process', async () => {
  expect(result(await run('let b = 3; b = 4; b'))).toBe('4');
  expect(result(await run('b = 5; b'))).toBe('5');
  await run('const c = 1');
  expect(failure(await run('process.exit()'))).toMatch(/^ProcessExit/);
  expect(result(await run('globalThis.c = 1; c = 2; c'))).toBe('2');
});
