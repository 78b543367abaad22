/** @file Errors as the notebook shows them. */
import { transformSync } from 'oxc-transform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notebook, plain } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => {
  notebook = await Notebook.start();
});
afterAll(() => notebook.close());

/** A cell of TypeScript, compiled with a source map as the kernel does it. */
const compiled = (source: string): [string, { source: string; map: string }] => {
  const { code, map } = transformSync('cell.ts', source, { lang: 'ts', sourceType: 'script', sourcemap: true });
  return [code, { source, map: JSON.stringify(map) }];
};

describe('places', () => {
  it('are those of the TypeScript, in every cell of the stack', async () => {
    const [code, options] = compiled(
      `interface A { a: number }\n\ntype B = A;\nvar thrower = (a: B): never => {\n  throw new TypeError('boom');\n};`,
    );
    await notebook.run(code, options);
    const call = compiled(
      `interface C { c: string }\nvar callIt = (c?: C) => thrower({ a: 1 });\n[1].map(() => callIt());`,
    );
    const error = await notebook.error(...call);
    expect(error).toMatchObject({ ename: 'TypeError', evalue: 'boom' });
    expect(plain(error).split('\n')).toEqual([
      'TypeError: boom',
      'cell_1.ts:5:9',
      '  3 | type B = A;',
      '  4 | var thrower = (a: B): never => {',
      "> 5 |   throw new TypeError('boom');",
      '    |         ^',
      '  6 | };',
      '    at thrower (cell_1.ts:5:9)',
      '    at callIt (cell_2.ts:2:25)',
      '    at cell_2.ts:3:15',
      '    at Array.map (<anonymous>)',
      '    at cell_2.ts:3:5',
    ]);
  });

  it('are found after awaits', async () => {
    const [code, options] = compiled(
      `interface D {}\nvar slow = async (): Promise<D> => {\n  await new Promise((r) => setTimeout(r, 1));\n  throw new Error('slow');\n};\nawait slow();`,
    );
    expect(plain(await notebook.error(code, options))).toMatch(
      /cell_\d+\.ts:4:9\n[^]*at slow \(cell_\d+\.ts:4:9\)\n\s+at async cell_\d+\.ts:6:1/,
    );
  });

  it('are shown where an error is printed', async () => {
    const [code, options] = compiled(`interface E {}\nconsole.log(new Error('printed').stack);`);
    const { parent } = await notebook.run(code, options);
    expect(notebook.text(parent)).toMatch(/^Error: printed\n {4}at cell_\d+\.ts:2:13\n$/);
  });

  it('are known of scripts that V8 refuses', async () => {
    const error = await notebook.error('let fine = 1;\nlet y = ;');
    expect(error.ename).toBe('SyntaxError');
    expect(plain(error)).toMatch(/cell_\d+\.ts:2:9\n[^]*> 2 \| let y = ;\n\s+\|\s+\^/);
  });

  it('of errors in parsing at run time are where it was asked for', async () => {
    expect(plain(await notebook.error(`let text = '{';\nJSON.parse(text)`))).toMatch(/cell_\d+\.ts:2:6/);
  });

  it('never include frames of the kernel or of Node', async () => {
    for (const code of [
      'null.x',
      `require('fs').readFileSync('/nowhere')`,
      `await require('fs/promises').readFile('/nowhere')`,
    ])
      expect(plain(await notebook.error(code))).not.toMatch(/node:|kernel\/|dist/);
  });
});

describe('what was thrown', () => {
  it.each([
    ['throw 5', 'Thrown', '5'],
    ['throw undefined', 'Thrown', 'undefined'],
    ['await Promise.reject({ a: 1 })', 'Thrown', '{ a: 1 }'],
    ['class MyError extends Error {}; throw new MyError("x")', 'MyError', 'x'],
    ['throw Object.assign(new Error("x"), { name: "Named" })', 'Named', 'x'],
    ['throw require("vm").runInNewContext("new RangeError(\'far\')")', 'RangeError', 'far'],
    [
      'new DOMException("stop", "AbortError") instanceof Error && (() => { throw new DOMException("stop", "AbortError") })()',
      'AbortError',
      'stop',
    ],
  ])('%s', async (code, ename, evalue) => {
    expect(await notebook.error(code)).toMatchObject({ ename, evalue });
  });

  it('is told with its causes', async () => {
    const text = plain(
      await notebook.error(`throw new Error('outer', { cause: new RangeError('middle', { cause: 'inner' }) })`),
    );
    expect(text).toMatch(/Error: outer[^]*Caused by:\n {2}RangeError: middle[^]*Caused by:\n {4}Thrown: 'inner'/);
  });

  it('may be its own cause', async () => {
    const error = await notebook.error(`const loop = new Error('loop'); loop.cause = loop; throw loop`);
    expect(plain(error)).not.toContain('Caused by');
  });

  it('may be many errors', async () => {
    const text = plain(
      await notebook.error(
        `await Promise.any([Promise.reject(new Error('one')), Promise.reject(new RangeError('two'))])`,
      ),
    );
    expect(text).toMatch(/AggregateError[^]*Error 1 of 2:\n {2}Error: one[^]*Error 2 of 2:\n {2}RangeError: two/);
  });

  it('is told with what it carries', async () => {
    expect(plain(await notebook.error(`require('fs').readFileSync('/nowhere')`))).toContain("code: 'ENOENT'");
  });

  it('may refuse to be read', async () => {
    const error = await notebook.error(`throw new Proxy(new Error('p'), { get() { throw new Error('trap') } })`);
    expect(error.traceback.length).toBeGreaterThan(0);
  });

  it('may have a very long stack', async () => {
    const error = await notebook.error('(function deep() { deep(); })()');
    expect(error).toMatchObject({ ename: 'RangeError' });
    expect(plain(error)).toMatch(/\.\.\. \d+ more/);
  });

  it('may have a stack that user code prepares', async () => {
    const error = await notebook.error(
      `const own = Error.prepareStackTrace; Error.prepareStackTrace = (e, sites) => sites; const e = new Error('sites'); e.stack; Error.prepareStackTrace = own; throw e`,
    );
    expect(error).toMatchObject({ ename: 'Error', evalue: 'sites' });
  });
});
