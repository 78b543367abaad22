import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure, result } from '../kernel/real-kernel.ts';
import { DebugClient } from './debug-client.ts';

let debug: DebugClient;
beforeAll(async () => void (debug = await DebugClient.start()));
afterAll(() => debug.dispose());
afterEach(() => debug.letGo());

const stopAt = (...filters: string[]) => debug.request('setExceptionBreakpoints', { filters });

const uncaught = {
  'thrown at once': 'const wrong = () => {\n  throw new RangeError("too far");\n};\nwrong();',
  'thrown after an await': 'await 1;\nthrow new RangeError("too far");',
  'thrown by an async function after an await':
    'const wrong = async () => {\n  await 1;\n  throw new RangeError("too far");\n};\nawait wrong();',
  'thrown below several async functions':
    'const low = async () => {\n  await 1;\n  throw new RangeError("too far");\n};\nconst high = async () => {\n  await low();\n};\nawait high();',
  'thrown in a callback of a built-in': '[1].map(() => {\n  throw new RangeError("too far");\n});',
};
const caught = {
  'caught at once': 'try {\n  throw new RangeError("too far");\n} catch {}\n7',
  'caught by a caller': 'const wrong = () => {\n  throw new RangeError("too far");\n};\ntry { wrong(); } catch {}\n7',
  'caught after an await': 'await 1;\ntry {\n  throw new RangeError("too far");\n} catch {}\n7',
  'caught around an await':
    'const wrong = async () => {\n  await 1;\n  throw new RangeError("too far");\n};\ntry { await wrong(); } catch {}\n7',
  'caught by a handler of the promise':
    'const wrong = async () => {\n  await 1;\n  throw new RangeError("too far");\n};\nawait wrong().catch(() => undefined);\n7',
};

describe('exceptions', () => {
  it.each(Object.entries(uncaught))('%s stop where uncaught ones are to', async (_, code) => {
    await stopAt('uncaught');
    const cell = debug.run(code);
    expect(await debug.stopped()).toMatchObject({ reason: 'exception', text: 'RangeError: too far' });
    const [{ line }] = await debug.frames();
    expect(code.split('\n')[line - 1]).toContain('throw');
    expect((await debug.values('Locals'))['(exception)']).toBe('RangeError: too far');
    expect(await debug.request('exceptionInfo', { threadId: 1 })).toMatchObject({
      exceptionId: 'RangeError',
      description: 'RangeError: too far',
      breakMode: 'unhandled',
      details: { message: 'too far', typeName: 'RangeError', stackTrace: expect.stringMatching(/cell_\d+\.ts:\d/) },
    });
    await debug.go();
    expect(failure(await cell)).toBe('RangeError: too far');
  });

  it.each(Object.entries(caught))('%s do not stop where only uncaught ones are to', async (_, code) => {
    await stopAt('uncaught');
    expect(result(await debug.run(code))).toBe('7');
  });

  it.each(Object.entries(caught))('%s stop where caught ones are to', async (_, code) => {
    await stopAt('caught');
    const cell = debug.run(code);
    expect(await debug.stopped()).toMatchObject({ reason: 'exception' });
    expect(await debug.request('exceptionInfo', { threadId: 1 })).toMatchObject({ breakMode: 'always' });
    await debug.go();
    expect(result(await cell)).toBe('7');
  });

  it.each(Object.entries(uncaught))('%s do not stop where only caught ones are to', async (_, code) => {
    await stopAt('caught');
    expect(failure(await debug.run(code))).toBe('RangeError: too far');
  });

  it('of built-in and of Node’s functions stop at the user’s call', async () => {
    await stopAt('uncaught');
    const cell = debug.run("import { readFileSync } from 'node:fs';\nreadFileSync('/nowhere');");
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:2']);
    await debug.go();
    expect(failure(await cell)).toContain('ENOENT');
  });

  it('of callbacks that come late stop as well', async () => {
    await stopAt('uncaught');
    await debug.run('setTimeout(() => {\n  throw new Error("late");\n}, 10);');
    expect(await debug.stopped()).toMatchObject({ reason: 'exception', text: 'Error: late' });
    await debug.go();
    expect(result(await debug.run('1'))).toBe('1');
  });

  it('that are caught below a step do not end it', async () => {
    await stopAt('uncaught');
    const code = `const quiet = () => {
  try {
    throw new RangeError('too far');
  } catch {
    return 1;
  }
};
debugger;
quiet();
7`;
    const cell = debug.run(code);
    await debug.stopped();
    await debug.step('next');
    expect(await debug.stack()).toEqual(['<cell>:9']);
    await debug.step('next');
    expect(await debug.stack()).toEqual(['<cell>:10']);
    await debug.go();
    expect(result(await cell)).toBe('7');
  });

  it('are known by the code of their own process, not of the one before', async () => {
    await stopAt('uncaught');
    const quiet = 'try {\n  throw new RangeError("too far");\n} catch {}\n7';
    for (let i = 0; i < 20; i++) expect(result(await debug.run(quiet))).toBe('7');
    await debug.run('process.exit(0)');
    // Its scripts have the numbers that the earlier ones had.
    for (let i = 0; i < 20; i++) {
      const cell = debug.run('const x = 1;\nthrow new RangeError("too far");');
      await debug.stopped();
      await debug.go();
      expect(failure(await cell)).toBe('RangeError: too far');
    }
  });

  it('are refused by filters that are not there', async () => {
    expect(await debug.ask('setExceptionBreakpoints', { filters: ['raised'] })).toMatchObject({
      success: false,
      message: expect.stringContaining('"raised"'),
    });
  });
});
