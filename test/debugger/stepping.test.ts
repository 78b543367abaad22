import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { result } from '../kernel/real-kernel.ts';
import { DebugClient } from './debug-client.ts';

let debug: DebugClient;
beforeAll(async () => void (debug = await DebugClient.start()));
afterAll(() => debug.dispose());
afterEach(() => debug.letGo());

const twice = `function twice(n: number): number {
  const more: number = n + 1;
  const double = more * 2;
  return double;
}
twice(20)`;

describe('a breakpoint', () => {
  it('set before the cell runs stops it, with the frames, the lines and the variables of its TypeScript', async () => {
    const [breakpoint] = await debug.breakAt(twice, 3);
    expect(breakpoint).toMatchObject({ verified: true, line: 3 });
    const cell = debug.run(twice);
    expect(await debug.stopped()).toMatchObject({
      reason: 'breakpoint',
      threadId: 1,
      hitBreakpointIds: [breakpoint.id],
    });
    expect(await debug.stack()).toEqual(['twice:3', '<cell>:6']);
    expect((await debug.frames())[0].source.path).toBe(await debug.dump(twice));
    expect(await debug.values('Locals')).toEqual({ n: '20', more: '21', double: 'undefined' });
    await debug.go();
    expect(result(await cell)).toBe('42');
  });

  it('stops again where the function is called from another cell, and stepping walks its lines', async () => {
    const caller = 'let total = 0;\ntotal += twice(1);\ntotal';
    const cell = debug.run(caller);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['twice:3', '<cell>:2']);
    expect(await debug.step('next')).toMatchObject({ reason: 'step' });
    expect(await debug.stack()).toEqual(['twice:4', '<cell>:2']);
    await debug.step('stepOut');
    expect(await debug.stack()).toEqual(['<cell>:3']);
    expect(await debug.evaluate('total')).toBe('4');
    await debug.request('next', { threadId: 1 });
    expect(result(await cell)).toBe('4');
  });
});

describe('stepping', () => {
  it('over the end of a cell ends it, and the next cell runs through', async () => {
    const cell = debug.run('debugger;\nconst last = 1;');
    await debug.stopped();
    await debug.step('next');
    await debug.request('next', { threadId: 1 });
    expect((await cell).reply.status).toBe('ok');
    expect(result(await debug.run('const through = 2;\nthrough'))).toBe('2');
    expect((await debug.request('debugInfo')).stoppedThreads).toEqual([]);
  });

  it('goes on after an await', async () => {
    const code = `debugger;
const first = await new Promise<number>((resolve) => setTimeout(() => resolve(3), 20));
const second = await Promise.resolve(first + 1);
second`;
    const cell = debug.run(code);
    await debug.stopped();
    const lines: string[] = [];
    for (let i = 0; i < 3; i++) {
      await debug.step('next');
      lines.push((await debug.stack())[0]);
    }
    expect(lines).toEqual(['<cell>:2', '<cell>:3', '<cell>:4']);
    expect(await debug.evaluate('second')).toBe('4');
    await debug.go();
    expect(result(await cell)).toBe('4');
  });

  it('does not enter what is not the user’s', async () => {
    const code =
      "debugger;\nconsole.log('one');\nconst text = JSON.stringify(require('node:path').parse('/a/b'));\ntext.length";
    const cell = debug.run(code);
    await debug.stopped();
    const lines = new Set<string>();
    while (!lines.has('<cell>:4')) {
      await debug.step('stepIn');
      const [top, ...below] = await debug.stack();
      expect(below).toEqual([]);
      lines.add(top);
    }
    expect([...lines]).toEqual(['<cell>:2', '<cell>:3', '<cell>:4']);
    await debug.go();
    await cell;
  });

  it('enters callbacks that others call', async () => {
    const code = `const { EventEmitter } = require('node:events');
const emitter = new EventEmitter();
emitter.on('go', (n: number) => {
  console.log(n);
});
debugger;
emitter.emit('go', 1);
0`;
    const cell = debug.run(code);
    await debug.stopped();
    await debug.step('stepIn');
    expect(await debug.stack()).toEqual(['<cell>:7']);
    await debug.step('stepIn');
    expect((await debug.stack())[0]).toBe('<anonymous>:4');
    await debug.go();
    await cell;
  });

  it('enters a local module in its own lines, where breakpoints can be set before it is loaded', async () => {
    const source = `/** Adds. */
export interface Sum {
  total: number;
}

export function add(a: number, b: number): Sum {
  const total: number = a + b;
  return { total };
}
`;
    const path = join(debug.kernel.folder, 'adding.ts');
    writeFileSync(path, source);
    expect(await debug.breakIn(path, 8)).toMatchObject([{ verified: true, line: 8 }]);
    const code = "import { add } from './adding';\ndebugger;\nadd(2, 3).total";
    const cell = debug.run(code);
    await debug.stopped();
    await debug.step('next');
    await debug.step('stepIn');
    expect(await debug.stack()).toEqual(['add:7', '<cell>:3']);
    const [frame] = await debug.frames();
    expect(frame.source).toMatchObject({ path, name: './adding.ts' });
    expect(await debug.request('source', { source: { path } })).toMatchObject({ content: source });
    expect(await debug.step('continue')).toMatchObject({ reason: 'breakpoint' });
    expect(await debug.stack()).toEqual(['add:8', '<cell>:3']);
    expect(await debug.values('Locals')).toEqual({ a: '2', b: '3', total: '5' });
    await debug.go();
    expect(result(await cell)).toBe('5');

    // Edited, its breakpoint stands where it did in the text.
    writeFileSync(path, `// moved\n// by two lines\n${source.replace('a + b', 'a * b')}`);
    await debug.breakIn(path, 10);
    const again = debug.run(code);
    await debug.stopped();
    await debug.go();
    await debug.stopped();
    expect(await debug.stack()).toEqual(['add:10', '<cell>:3']);
    await debug.go();
    expect(result(await again)).toBe('6');
    const { modules } = await debug.request<{ modules: { path: string; isUserCode: boolean }[] }>('modules');
    expect(modules).toContainEqual(expect.objectContaining({ path, isUserCode: true }));
    const { sources } = await debug.request<{ sources: { path: string }[] }>('loadedSources');
    expect(sources.map((each) => each.path)).toEqual(expect.arrayContaining([path, await debug.dump(code)]));
    await debug.breakIn(path);
  });

  it('pauses a loop that runs', async () => {
    const cell = await debug.runUntilPrint(
      'let rounds = 0;\nlet go = true;\nconsole.log();\nwhile (go) {\n  rounds++;\n}\nrounds > 0',
    );
    await debug.request('pause', { threadId: 1 });
    expect(await debug.stopped()).toMatchObject({ reason: 'pause' });
    expect((await debug.stack())[0]).toMatch(/^<cell>:[45]$/);
    expect(
      await debug.request('setExpression', { expression: 'go', value: 'false', frameId: (await debug.frames())[0].id }),
    ).toMatchObject({ value: 'false' });
    await debug.go();
    expect(result(await cell.done)).toBe('true');
  });

  it('pauses what awaits when its code goes on', async () => {
    const cell = await debug.runUntilPrint(
      'let beats = 0;\nconsole.log();\nwhile (beats < 1e6) {\n  await new Promise((resolve) => setTimeout(resolve, 5));\n  beats++;\n}\nbeats',
    );
    await debug.request('pause', { threadId: 1 });
    await debug.stopped();
    expect((await debug.stack())[0]).toMatch(/^<(cell|anonymous)>:[345]$/);
    await debug.evaluate('beats = 1e6');
    await debug.go();
    expect(result(await cell.done)).toMatch(/^100000\d$/);
  });
});
