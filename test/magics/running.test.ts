import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failure, printed, result, traceback } from '../kernel/real-kernel.ts';
import { useNotebook } from './notebook.ts';

const notebook = useNotebook();
const { run, output, value, file } = notebook;

describe('a cell with magics', () => {
  it('runs them in the order of the cell, with the values of that moment', async () => {
    expect(await output(`let step = 1\n!echo {step}\nstep = 2\nconsole.log('between')\n!echo $step`)).toBe(
      '1\nbetween\n2\n',
    );
  });

  it('can have them in blocks and async functions', async () => {
    expect(await output(`for (const i of [1, 2]) {\n  !echo {i * 10}\n}`)).toBe('10\n20\n');
    expect(
      await output(`async function show(text: string) {\n  !echo {text}\n}\nawait show('a')\nawait show('b')`),
    ).toBe('a\nb\n');
  });

  it('cannot have them in other functions, and says why', async () => {
    expect(failure(await run(`function f() {\n  %pwd\n}`))).toMatch(
      /SyntaxError: A magic can stand in a function only where that is async.*cell_\d+.ts:2:3/,
    );
  });

  it('has values that are awaited in its texts', async () => {
    expect(await output(`!echo {await Promise.resolve('later')}`)).toBe('later\n');
  });

  it("says how a program's output is kept where IPython would have = !", async () => {
    for (const code of ['const files = !lss', 'files = !lss -la', 'let files = !cat some.txt'])
      expect(traceback(await run(code)), code).toMatch(/kept by: const lines = %sx ls$/);
    expect(traceback(await run('const wrong: string = !1'))).not.toMatch(/%sx/);
  });

  it('has types and errors at their own places', async () => {
    expect(failure(await run(`%typecheck\n\nlet n = 1\n!true\n  n.x`))).toMatch(/TS2339.*:5:5\)$/);
    const thrown = traceback(await run(`%pwd\n!true\n  throw new Error('here')`));
    expect(thrown).toMatch(/cell_\d+.ts:3:9/);
    expect(thrown).toMatch(/> 3 \| {3}throw new Error/);
    expect(traceback(await run(`\n  %cd /no/such/folder`))).toMatch(
      /FolderNotFound: There is no folder \/no\/such\/folder\.\n.*:2:3/,
    );
    expect(failure(await run(`%typecheck on\nf(`))).toMatch(/SyntaxError.*:2:/);
  });

  it('runs nothing where a magic is wrong', async () => {
    expect(failure(await run(`console.log('not printed')\n%tiem f()`))).toBe(
      'UsageError: Line magic %tiem is not known. Did you mean %time?',
    );
    expect(printed(await run(`!echo no\n%%sh\nls`))).toBe('');
  });

  it('keeps its object literal, its result and its silence', async () => {
    expect(await value(`%typecheck on\n{ a: 1 }`)).toBe('{ a: 1 }');
    expect(await value(`%pwd\n1 + 1`)).toBe('2');
    expect(await value(`!true`)).toBeUndefined();
  });
});

describe('what the front end shows', () => {
  it.each([
    ['html', 'text/html', '<b>x</b>'],
    ['markdown', 'text/markdown', '# {x} $y$'],
    ['svg', 'image/svg+xml', '<svg/>'],
    ['latex', 'text/latex', '$x^2$'],
    ['javascript', 'application/javascript', 'alert(1)'],
  ])('%%%%%s', async (name, type, body) => {
    const { outputs } = await run(`%%${name}\n${body}`);
    expect(outputs).toMatchObject([{ output_type: 'display_data', data: { [type]: body } }]);
    expect(failure(await run(`%%${name} more\n${body}`))).toMatch(
      /^UsageError: .* takes nothing on its own line, got more/,
    );
  });

  it('%%html --isolated', async () => {
    const { outputs } = await run('%%html --isolated\n<style>b { color: red }</style>');
    expect(outputs).toMatchObject([{ metadata: { 'text/html': { isolated: true } } }]);
  });
});

describe('%%capture', () => {
  it('keeps the output of a cell', async () => {
    const executed = await run(
      `%%capture kept\nconsole.log('out'); console.error('err'); display.html('<i>h</i>')\nconst inside = 5\ninside`,
    );
    expect(executed.outputs).toEqual([]);
    expect(await value('[kept.stdout, kept.stderr, kept.outputs.length]')).toBe(`[ 'out\\n', 'err\\n', 2 ]`);
    expect(await value('inside')).toBe('5');
    expect((await run('kept.show()')).outputs).toHaveLength(4);
    expect(failure(await run('kept.nothing'))).toMatch(/TS2339/);
  });

  it('forgets what the cell cleared', async () => {
    await run(`%%capture cleared\nconsole.log('before'); clearOutput(); console.log('after')`);
    expect(await value('String(cleared)')).toBe(`'after\\n'`);
  });

  it('drops it without a name, and lets errors through', async () => {
    expect((await run(`%%capture\nconsole.log('x')`)).outputs).toEqual([]);
    expect(failure(await run(`%%capture failed\nconsole.log('x')\nthrow new Error('seen')`))).toBe('Error: seen');
    expect(await value('failed.stdout')).toBe(`'x\\n'`);
    expect(printed(await run(`console.log('shown again')`))).toBe('shown again\n');
    const shown = await run(`%%capture kept2 --no-stderr\nconsole.log('out'); console.error('err'); 'value'`);
    expect([printed(shown), printed(shown, 'stderr'), result(shown)]).toEqual(['', 'err\n', undefined]);
    expect(result(await run(`%%capture --no-display kept3\nconsole.log('out'); 'value'`))).toBe("'value'");
    expect(await value('[kept2.outputs.length, kept3.stdout]')).toBe("[ 1, 'out\\n' ]");
    expect(failure(await run(`%%capture a b\n1`))).toMatch(/^UsageError: %%capture takes the name/);
  });
});

describe('settings', () => {
  it('%typecheck and %config agree', async () => {
    expect(await output(`%typecheck warn`)).toBe('');
    expect(await output(`%config typecheck`)).toMatch(/^typecheck = warn/);
    expect(printed(await run(`const s: string = 1`), 'stderr')).toMatch(/TS2322/);
    expect(await output(`%config typecheck = 'off'`)).toBe('');
    expect((await run(`const t: string = 1`)).outputs).toEqual([]);
    expect(await output(`%typecheck on\n%typecheck`)).toMatch(/^Type checking is on/);
    expect(failure(await run('%typecheck maybe'))).toMatch(/^UsageError: typecheck is on, warn, off; got "maybe"/);
    expect(failure(await run('%config nothing'))).toMatch(/^UsageError: There is no setting nothing/);
    expect(await output('%config')).toMatch(/^typecheck = on.*\nautoreload = off/);
  });

  it('%autoreload follows edited modules under the names of earlier cells', async () => {
    writeFileSync(file('edited.ts'), `export let version = 1\nexport default 'a'\n`);
    expect(await value(`import word, { version as v } from './edited.ts'\nimport * as all from './edited.ts'\nv`)).toBe(
      '1',
    );
    writeFileSync(file('edited.ts'), `export let version = 22\nexport default 'bb'\n`);
    expect(await value('v')).toBe('1');
    await output('%autoreload now');
    expect(await value('[word, v, all.version]')).toBe(`[ 'bb', 22, 22 ]`);
    await output('%autoreload 2');
    writeFileSync(file('edited.ts'), `export let version = 333\nexport default 'ccc'\n`);
    expect(await value('v')).toBe('333');
    expect(await value(`const word = 'mine'\nword`)).toBe(`'mine'`);
    expect(await value(`word`)).toBe(`'mine'`);
    await output('%autoreload off');
    expect(failure(await run('%autoreload maybe'))).toMatch(/^UsageError: autoreload is off, on/);
  });

  it('%device names the engine', async () => {
    expect(await output('%device')).toMatch(/^\w+ on [\w:/]+, [\d.]+ MiB in tensors\n$/);
  });
});

describe('help', () => {
  it('%lsmagic and %help list every magic; %help NAME and %name? tell more', async () => {
    expect(await output('%lsmagic')).toMatch(/%cd .*\n\nCell magics:\n%%sh/);
    expect(await output('%help')).toMatch(/^%npm +Installs packages/m);
    expect(await output('%help timeit')).toMatch(/-r: runs/);
    expect(failure(await run('%help tiemit'))).toBe('UsageError: There is no magic tiemit. Did you mean %timeit?');
    const { reply } = await run('%timeit?');
    expect(JSON.stringify(reply)).toMatch(/"source":"page".*%%timeit/);
    expect(JSON.stringify((await run('?%%sh')).reply)).toMatch(/Runs the cell with sh/);
  });
});
