import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { printed, result } from '../kernel/real-kernel.ts';
import { DebugClient, patience } from './debug-client.ts';

let debug: DebugClient;
beforeAll(async () => void (debug = await DebugClient.start()));
afterAll(() => debug.dispose());
afterEach(() => debug.letGo());

const loop = `let seen = 0;
for (let i = 0; i < 10; i++) {
  console.log('round', i);
  seen += i;
}
seen`;

describe('breakpoints', () => {
  afterEach(async () => void (await debug.breakAt(loop)));

  it('with a condition stop where it holds, which may be TypeScript', async () => {
    await debug.breakAt(loop, { line: 4, condition: '(i as number) === 7' });
    const cell = debug.run(loop);
    await debug.stopped();
    expect(await debug.values('Locals')).toEqual({ i: '7' });
    await debug.go();
    expect(result(await cell)).toBe('45');
  });

  it.each([
    ['3', ['2']],
    ['>= 9', ['8', '9']],
    ['% 4', ['3', '7']],
  ])('with the hit condition %s stop at those hits', async (hitCondition, rounds) => {
    await debug.breakAt(loop, { line: 4, hitCondition });
    const cell = debug.run(loop);
    const stops: string[] = [];
    while (stops.length < rounds.length) {
      await debug.stopped();
      stops.push((await debug.values('Locals')).i);
      await debug.go();
    }
    expect(stops).toEqual(rounds);
    expect(result(await cell)).toBe('45');
  });

  it('that log print into the cell and never stop', async () => {
    await debug.breakAt(loop, {
      line: 4,
      condition: 'i < 2',
      logMessage: 'i is {i}, {{braces}}, {[i, `x`]}, {nothing}',
    });
    const done = await debug.run(loop);
    expect(printed(done)).toContain(
      "round 0\ni is 0, {braces}, [ 0, 'x' ], ReferenceError: nothing is not defined\nround 1\ni is 1,",
    );
    expect(printed(done)).not.toContain('i is 2');
  });

  it('that cannot work say why', async () => {
    const [malformed, beyond] = await debug.breakAt(loop, { line: 4, hitCondition: 'often' }, { line: 20 });
    expect(malformed).toMatchObject({ verified: false, message: expect.stringContaining('"often"') });
    expect(beyond).toMatchObject({ verified: false, message: expect.stringContaining('line 20') });
    expect(result(await debug.run(loop))).toBe('45');
  });

  it('with a condition that fails say so once, and do not stop', async () => {
    await debug.breakAt(loop, { line: 4, condition: 'missing > 1' });
    const done = await debug.run(loop);
    expect(result(done)).toBe('45');
    expect(printed(done, 'stderr')).toBe(
      'The condition of a breakpoint cannot be evaluated: missing > 1\nReferenceError: missing is not defined\n',
    );
  });

  it('with texts that cannot be parsed say so when they are set', async () => {
    const set = await debug.breakAt(
      loop,
      { line: 3, condition: 'i ==' },
      { line: 4, logMessage: 'i is {i i}' },
      { line: 6, condition: 'seen > 0; seen' },
    );
    expect(set).toMatchObject([
      { verified: false, message: expect.stringContaining('"i =="') },
      { verified: false, message: expect.stringContaining('"i i"') },
      { verified: false, message: expect.stringContaining('"seen > 0; seen"') },
    ]);
    expect(printed(await debug.run(loop))).not.toContain('i is');
  });

  it('may ask for private members in their conditions', async () => {
    const code = 'class Box {\n  #inner = 7;\n  open() {\n    return this.#inner;\n  }\n}\nnew Box().open()';
    expect(await debug.breakAt(code, { line: 4, condition: 'this.#inner === 7' })).toMatchObject([{ verified: true }]);
    const cell = debug.run(code);
    await debug.stopped();
    await debug.go();
    expect(result(await cell)).toBe('7');
    await debug.breakAt(code);
  });

  it('on a line where nothing happens move to the next that has something', async () => {
    const code = 'interface Point {\n  x: number;\n}\n\n// a comment\nconst place: Point = { x: 3 };\nplace.x';
    expect(await debug.breakAt(code, 1, 5)).toMatchObject([{ line: 6 }, { line: 6 }]);
    const cell = debug.run(code);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:6']);
    await debug.go();
    expect(result(await cell)).toBe('3');
    await debug.breakAt(code);
  });

  it('are listed by debugInfo, replaced by the next ones, and gone after an empty list', async () => {
    const path = await debug.dump(loop);
    await debug.breakIn(path, 3, 4);
    expect((await debug.request('debugInfo')).breakpoints).toEqual([
      { source: path, breakpoints: [{ line: 3 }, { line: 4 }] },
    ]);
    await debug.breakIn(path, 6);
    const cell = debug.run(loop);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:6']);
    await debug.go();
    await cell;
    await debug.breakIn(path);
    expect((await debug.request('debugInfo')).breakpoints).toEqual([]);
    expect(result(await debug.run(loop))).toBe('45');
  });

  it('let the output flow while they stop a loop', async () => {
    await debug.breakAt(loop, { line: 4, condition: 'i === 2' });
    const heard: string[] = [];
    const cell = debug.kernel.client.execute(loop, {
      onMessage: ({ header, content }) => {
        if (header.msg_type === 'stream') heard.push(String(content.text));
      },
    });
    await debug.stopped();
    await expect.poll(() => heard.join(''), { timeout: patience }).toBe('round 0\nround 1\nround 2\n');
    await debug.go();
    await cell;
  });

  it('below magics stand on the lines that the user sees', async () => {
    const code = '%typecheck on\nconst after = 1;\nafter + 1';
    await debug.breakAt(code, 3);
    const cell = debug.run(code);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:3']);
    await debug.go();
    expect(result(await cell)).toBe('2');
  });

  it.each([
    ['%%capture', '%%capture\nconst inside = 1;\nconst next = inside + 1;'],
    ['%%time', '%%time\nconst timed = 1;\nconst next = timed + 1;'],
  ])('in a cell below %s stand on the lines that the user sees', async (_, code) => {
    await debug.breakAt(code, 3);
    const cell = debug.run(code);
    await debug.stopped();
    expect((await debug.stack()).at(-1)).toMatch(/:3$/);
    expect((await debug.frames())[0].source.path).toBe(await debug.dump(code));
    await debug.go();
    await cell;
    await debug.breakAt(code);
  });

  it('of a cell stop it when it is run again by a magic', async () => {
    const code = 'const again = 5;\nagain * 2';
    await debug.run(code);
    const { reply } = await debug.run('0');
    await debug.breakAt(code, 2);
    const cell = debug.run(`%rerun ${(reply as { execution_count: number }).execution_count - 1}`);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:2']);
    expect((await debug.frames())[0].source.path).toBe(await debug.dump(code));
    await debug.go();
    expect(result(await cell)).toBe('10');
    await debug.breakAt(code);
  });

  it('in a file stop it when it is run as a cell', async () => {
    const path = join(debug.kernel.folder, 'analysis-1.ts');
    writeFileSync(path, 'const rows = 3;\nconst doubled = rows * 2;\ndoubled;\n');
    await debug.breakIn(path, 2);
    const cell = debug.run('%run analysis-1');
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:2']);
    expect((await debug.frames())[0].source.path).toBe(path);
    await debug.go();
    expect((await cell).reply.status).toBe('ok');
    await debug.breakIn(path);
  });

  it('in a cell with JSX stand where something happens', async () => {
    const code =
      'const h = (name: string) => name;\n/** @jsx h */\ninterface Nothing {\n  a: 1;\n}\nconst view = <p>text</p>;\nview';
    expect(await debug.breakAt(code, 3)).toMatchObject([{ verified: true, line: 6 }]);
    await debug.breakAt(code);
  });

  it('set after a cell ran stop its functions when they are called', async () => {
    const code = 'const later = (n: number) => {\n  return n * 3;\n};\nvoid 0';
    await debug.run(code);
    await debug.breakAt(code, 2);
    const call = debug.run('later(5)');
    await debug.stopped();
    expect(await debug.stack()).toEqual(['later:2', '<cell>:1']);
    await debug.go();
    expect(result(await call)).toBe('15');
    await debug.breakAt(code);
  });

  it('in a callback stop it after its cell is over', async () => {
    const code = 'setTimeout(() => {\n  console.log("late");\n}, 30);\n0';
    await debug.breakAt(code, 2);
    expect(result(await debug.run(code))).toBe('0');
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<anonymous>:2']);
    await debug.go();
    expect(result(await debug.run('1 + 1'))).toBe('2');
  });

  it('can be a debugger statement', async () => {
    const cell = debug.run('const here = 5;\ndebugger;\nhere');
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:2']);
    await debug.go();
    expect(result(await cell)).toBe('5');
  });
});
