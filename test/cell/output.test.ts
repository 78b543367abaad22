/** @file Output of cells: all of it, in order, at once, to the cell that caused it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NativeOutput } from '../../kernel/cell/native-output.ts';
import { StreamRuns } from '../../kernel/cell/stream-runs.ts';
import { LineReader } from '../../kernel/cell/wire.ts';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => {
  notebook = await Notebook.start();
});
afterAll(() => notebook.close());

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => `${i}\n`).join('');

describe('console and streams', () => {
  it('goes to its stream without colours', async () => {
    const { parent } = await notebook.run(
      `console.log('a', { b: 1 }); console.error('c'); process.stdout.write(Buffer.from('é'))`,
    );
    expect(notebook.text(parent)).toBe('a { b: 1 }\né');
    expect(notebook.text(parent, 'stderr')).toBe('c\n');
  });

  it('keeps its order with displays', async () => {
    const { parent } = await notebook.run(
      `console.log(1); display('two'); console.log(3); clearOutput(); console.log(4)`,
    );
    const events = notebook.events.filter((event) => 'parent' in event && event.parent === parent);
    expect(events.map((event) => (event.type === 'stream' ? event.text : event.type))).toEqual([
      '1\n',
      'display',
      '3\n',
      'clear',
      '4\n',
    ]);
  });

  it('loses none of 20,000 lines', async () => {
    const { parent } = await notebook.run('for (let i = 0; i < 20_000; i++) console.log(i)');
    expect(notebook.text(parent)).toBe(numbers(20_000));
  });

  it('carries a line of 5 MB', async () => {
    const { parent } = await notebook.run(`console.log('ü'.repeat(5_000_000))`);
    expect(notebook.text(parent).length).toBe(5_000_001);
  });

  it('leaves while the cell loops', async () => {
    const { outcome } = await notebook.interrupted(`console.log('ready'); for (;;);`);
    expect(outcome).toMatchObject({ status: 'error', error: { ename: 'Interrupted' } });
  });

  it('can be piped into', async () => {
    const { parent } = await notebook.run(
      `await require('stream/promises').pipeline(require('stream').Readable.from(['x', 'y']), process.stdout, { end: false })`,
    );
    expect(notebook.text(parent)).toBe('xy');
  });
});

describe('native output', () => {
  it('takes what is written to the descriptors', async () => {
    const { parent } = await notebook.run(`require('fs').writeSync(1, 'out'); require('fs').writeSync(2, 'err')`);
    expect(notebook.text(parent)).toBe('out');
    expect(notebook.text(parent, 'stderr')).toBe('err');
  });

  it('takes what programs print that inherit them', async () => {
    const { parent } = await notebook.run(
      `require('child_process').spawnSync('sh', ['-c', 'seq 0 19999; echo oops >&2'], { stdio: 'inherit' }).status`,
    );
    expect(notebook.text(parent)).toBe(numbers(20_000));
    expect(notebook.text(parent, 'stderr')).toBe('oops\n');
  });

  it('does not wait for programs that go on', async () => {
    const { parent, outcome } = await notebook.run(
      `const child = require('child_process').spawn('sh', ['-c', 'echo first; read line; echo second'], { stdio: ['pipe', 'inherit', 'inherit'] }); child.pid > 0`,
    );
    expect(outcome.status).toBe('ok');
    await notebook.until(() => notebook.text(parent).includes('first'));
    const next = await notebook.run(`child.stdin.end('go'); await new Promise((done) => child.on('exit', done))`);
    expect(notebook.text(next.parent)).toBe('second\n');
  });
});

describe('late output', () => {
  it('goes to the cell that started it', async () => {
    const first = await notebook.run(`let fire; new Promise((r) => { fire = r; }).then(() => console.log('late')); 0`);
    const second = await notebook.run(
      `fire(); setTimeout(() => console.log('timer'), 1); await new Promise((r) => setTimeout(r, 20))`,
    );
    expect(notebook.text(first.parent)).toBe('late\n');
    expect(notebook.text(second.parent)).toBe('timer\n');
  });

  it('reports errors that nobody caught to their cell, and goes on', async () => {
    const { parent } = await notebook.run(
      `let kept = 1; setTimeout(() => { throw new TypeError('in a timer') }, 1); Promise.reject(new RangeError('unhandled')); 0`,
    );
    await notebook.until(() => notebook.text(parent, 'stderr').includes('in a timer'));
    expect(notebook.text(parent, 'stderr')).toMatch(/RangeError.*unhandled[^]*TypeError.*in a timer/);
    expect(await notebook.value('kept')).toBe('1');
  });
});

describe('the wire', () => {
  it('finds markers however the bytes are cut', () => {
    const bytes = Buffer.from('before é\u0000key:12\u0000after\u0000kex');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const seen: (string | number)[] = [];
      const output = new NativeOutput(
        'key',
        (text) => (typeof seen.at(-1) === 'string' ? seen.push((seen.pop() as string) + text) : seen.push(text)),
        (id) => seen.push(id),
      );
      output.write(bytes.subarray(0, cut));
      output.write(bytes.subarray(cut));
      output.end();
      expect(seen).toEqual(['before é', 12, 'after\u0000kex']);
    }
  });

  it('reads lines however the bytes are cut', () => {
    const bytes = Buffer.from('{"a":"é"}\n[1]\n"x"\n');
    for (let first = 0; first <= bytes.length; first++)
      for (let second = first; second <= bytes.length; second++) {
        const reader = new LineReader<object | string>();
        const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect(parts.flatMap((part) => reader.read(part))).toEqual([{ a: 'é' }, [1], 'x']);
      }
  });

  it('drops lines that are no messages, and keeps those around them', () => {
    const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const bytes = Buffer.from('{"a":1}\n{"b"\n"x","y"\nnull\n7\n"z"\n');
    expect(new LineReader<object | string>().read(bytes)).toEqual([{ a: 1 }, 'z']);
    expect(complain).toHaveBeenCalledTimes(4);
    complain.mockRestore();
  });

  it('joins what continues a stream, in order, across chunks', () => {
    const runs = new StreamRuns();
    const stream = (parent: string, name: 'stdout' | 'stderr', text: string) =>
      ({ type: 'stream', parent, name, text }) as const;
    expect(
      runs.join([stream('a', 'stdout', '1'), '2', stream('a', 'stdout', '3'), stream('a', 'stderr', '4')]),
    ).toEqual([stream('a', 'stdout', '123'), stream('a', 'stderr', '4')]);
    expect(runs.join(['5', { type: 'ready' }, '6', stream('b', 'stderr', '7')])).toEqual([
      stream('a', 'stderr', '5'),
      { type: 'ready' },
      stream('a', 'stderr', '6'),
      stream('b', 'stderr', '7'),
    ]);
  });
});
