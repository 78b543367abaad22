import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecuteResult } from '../../kernel/client/index.ts';
import { failure, printed, result, startKernel, traceback, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
let folder: string;
beforeAll(async () => {
  kernel = await startKernel();
  folder = realpathSync(kernel.folder);
});
afterAll(() => kernel.dispose());

const run = (code: string, answer?: string): Promise<ExecuteResult> =>
  kernel.client.execute(code, answer === undefined ? {} : { onInput: () => answer });

/** Output of a cell that must not fail. */
async function output(code: string, answer?: string): Promise<string> {
  const executed = await run(code, answer);
  expect(failure(executed)).toBe('ok');
  return printed(executed);
}
const value = async (code: string): Promise<unknown> => result(await run(code));
const file = (name: string): string => join(folder, name);

/** Runs a cell, interrupts it when it has printed `ready`. */
function interrupted(code: string): Promise<ExecuteResult> {
  let sent = false;
  return kernel.client.execute(code, {
    onMessage: ({ header, content }) => {
      if (sent || header.msg_type !== 'stream' || !String(content.text).includes('ready')) return;
      sent = true;
      void kernel.client.interrupt();
    },
  });
}

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

describe('!', () => {
  it('shows both streams and keeps the exit status', async () => {
    const executed = await run(`!echo out; echo err >&2; exit 3`);
    expect([printed(executed), printed(executed, 'stderr')]).toEqual(['out\n', 'err\n']);
    expect(await value('_exit_code')).toBe('3');
    expect(await value('!true\n_exit_code')).toBe('0');
  });

  it('leaves what is no expression, or no name of the notebook, to the shell', async () => {
    expect(
      await output(`const word = 'w'\n!V=1; echo {word} $word $V $$V \${V} {unknown_name} $(echo sub) {{x}}`),
    ).toBe('w w 1 1 1 {unknown_name} sub {x}\n');
  });

  it('fails with what an expression throws', async () => {
    expect(failure(await run(`!echo {null!.x}`))).toMatch(/TypeError/);
  });

  it('is told from the operator where a program is missing', async () => {
    const executed = await run(`const flag = false\n!flag`);
    expect(printed(executed, 'stderr')).toMatch(
      /in TypeScript a line that begins with ! needs parentheses|In TypeScript a line/,
    );
    expect(await value(`(!flag)`)).toBe('true');
  });

  it('is live, and ended by an interrupt; the next cell runs', async () => {
    const stopped = await interrupted(`const before = 1\n!echo ready; sleep 100; echo not printed`);
    expect(failure(stopped)).toMatch(/^Interrupted/);
    expect(printed(stopped)).toBe('ready\n');
    expect(await value('before')).toBe('1');
    expect(await output('!pgrep -f "sleep 10[0]" || echo none')).toBe('none\n');
  });

  it('does not wait for a program in the background', async () => {
    expect(await output('!sleep 60 & echo started')).toBe('started\n');
  });

  it('has no input', async () => expect(await output('!cat; echo end')).toBe('end\n'));
});

describe('%sx', () => {
  it('gives the lines, typed', async () => {
    expect(await value(`const lines = %sx printf 'a\\nb\\n'\nlines.map((line) => line.toUpperCase())`)).toBe(
      `[ 'A', 'B' ]`,
    );
    expect(failure(await run(`const wrong: number[] = %sx ls`))).toMatch(/TS2322/);
    expect(await value(`!!echo x`)).toBe(`[ 'x' ]`);
    expect(failure(await run(`%sx`))).toMatch(/^UsageError: %sx takes a command/);
  });
});

describe('%%sh and its kin', () => {
  it('run the cell, and fail it with its status', async () => {
    expect(await output(`%%sh\nfor i in 1 2; do\n  echo "n $i {x} \`echo y\`"\ndone`)).toBe('n 1 {x} y\nn 2 {x} y\n');
    expect(await output(`%%bash\n[[ a == a ]] && echo "\${BASH_VERSION:+bash}"`)).toBe('bash\n');
    const failed = await run(`%%sh\necho before\nexit 3`);
    expect(printed(failed)).toBe('before\n');
    expect(failure(failed)).toBe(`CalledProcessError: Command 'sh' returned non-zero exit status 3.`);
  });

  it('take any program', async () => {
    expect(await output(`%%script node -\nconsole.log([1, 2].length)`)).toBe('2\n');
    expect(failure(await run(`%%script no-such-program\nx`))).toBe(
      'ProgramNotFound: There is no program no-such-program on the PATH.',
    );
    expect(failure(await run(`%%script\nx`))).toMatch(/^UsageError: %%script takes a program/);
  });

  it('are ended by an interrupt', async () => {
    expect(failure(await interrupted(`%%sh\necho ready\nsleep 100`))).toMatch(/^Interrupted/);
    expect(await value('1')).toBe('1');
  });
});

describe('%cd, %pwd, %env', () => {
  it('move files, programs, imports and types', async () => {
    mkdirSync(file('deep'));
    writeFileSync(file('up.ts'), `export const where = 'up' as const\n`);
    writeFileSync(file('deep/m.ts'), `export const where: 'deep' = 'deep'\n`);
    expect(await value(`import { where as up } from './up.ts'\nup`)).toBe(`'up'`);
    expect(await output(`%cd deep`)).toBe(`${file('deep')}\n`);
    expect(await value(`process.cwd() === %pwd`.replace('=== %pwd', ''))).toBe(`'${file('deep')}'`);
    expect(await output(`!pwd`)).toBe(`${file('deep')}\n`);
    expect(await value(`import { where } from './m.ts'\nwhere`)).toBe(`'deep'`);
    expect(failure(await run(`const wrong: 'up' = where`))).toMatch(/TS2322.*"deep".*"up"/);
    expect(failure(await run(`const wrong: 'deep' = up`))).toMatch(/TS2322.*"up".*"deep"/);
    expect(failure(await run(`import './up.ts'`))).toMatch(/TS2307|Cannot find/);
    writeFileSync(file('deep/m.ts'), `export const where: 'edited' = 'edited'\n`);
    expect(await value(`import { where } from './m.ts'\nwhere`)).toBe(`'edited'`);
    expect(await output(`%cd -`)).toBe(`${folder}\n`);
    expect(await value(`import { where as again } from './up.ts'\nagain`)).toBe(`'up'`);
  });

  it('refuse what is no folder', async () => {
    expect(failure(await run(`%cd nowhere`))).toMatch(/^FolderNotFound/);
    expect(failure(await run(`%cd a b`))).toMatch(/^UsageError: %cd takes one folder/);
    expect(await value('%pwd')).toBe(`'${folder}'`);
  });

  it('the environment is that of cells and programs', async () => {
    expect(await output(`%env GREETING=hello world`)).toBe('env: GREETING=hello world\n');
    expect(await value(`process.env.GREETING`)).toBe(`'hello world'`);
    expect(await output(`!echo $$GREETING`)).toBe('hello world\n');
    expect(await value(`%env GREETING`)).toBe(`'hello world'`);
    expect(await value(`const all = %env\ntypeof all`)).toBe(`'object'`);
    expect(failure(await run(`%env NO_SUCH_NAME`))).toMatch(/has no variable NO_SUCH_NAME/);
  });
});

describe('%time and %timeit', () => {
  const times =
    /^CPU times: user [\d.]+ (s|ms|µs|ns), sys: [\d.]+ (s|ms|µs|ns), total: [\d.]+ (s|ms|µs|ns)\nWall time: [\d.]+ (s|ms|µs|ns)\n$/;

  it('%time prints times and gives the value', async () => {
    const executed = await run(`%time [1, 2].map((x) => x * 2)`);
    expect(printed(executed)).toMatch(times);
    expect(result(executed)).toBe('[ 2, 4 ]');
  });

  it('%time takes statements, over lines, whose names stay', async () => {
    expect(await output(`%time const timed = await Promise.resolve({\n  a: 1,\n}) // a comment`)).toMatch(times);
    expect(await value('timed.a')).toBe('1');
    expect(await value(`const assigned = %time 20 + 1\nassigned * 2`)).toBe('42');
    expect(failure(await run(`%time timed.b`))).toMatch(/TS2339.*:1:13\)$/);
    expect(failure(await run(`%time (() => { throw new Error('inside') })()`))).toBe('Error: inside');
  });

  it('%%time times the cell, magics and imports included', async () => {
    const executed = await run(`%%time\nimport { sep } from 'node:path'\nconst inside = sep.length\n!true\ninside + 1`);
    expect(printed(executed)).toMatch(times);
    expect(result(executed)).toBe('2');
    expect(await value('inside')).toBe('1');
    expect(failure(await run(`%%time\nconst x = 1\nx.y`))).toMatch(/TS2339.*:3:3\)$/);
    expect(traceback(await run(`%%time\nconst a1 = 1\n  throw new Error('place')`))).toMatch(/:3:9/);
  });

  it('%timeit prints what IPython prints', async () => {
    expect(await output(`const numbers = [3, 1, 2]\n%timeit -n 50 -r 3 numbers.toSorted()`)).toMatch(
      /[\d.]+ (s|ms|µs|ns) ± [\d.]+ (s|ms|µs|ns) per loop \(mean ± std\. dev\. of 3 runs, 50 loops each\)\n$/,
    );
    expect(await output(`%timeit -n1 -r1 1`)).toMatch(/of 1 run, 1 loop each\)\n$/);
  });

  it('%timeit awaits, keeps its names to itself, and gives its result', async () => {
    expect(
      await value(
        `const timing = %timeit -q -o -n 2 -r 4 const hidden = await Promise.resolve(1)\n[timing.loops, timing.allRuns.length, timing.best <= timing.worst]`,
      ),
    ).toBe('[ 2, 4, true ]');
    expect(failure(await run('hidden'))).toMatch(/TS2304/);
    expect(failure(await run(`timing.bset`))).toMatch(/TS2339|TS2551/);
  });

  it('%timeit that is assigned needs no -o', async () => {
    expect(await value(`const quick = %timeit -q -n 1 -r 2 1\nquick.allRuns.length`)).toBe('2');
  });

  it('%%timeit runs its setup once a run, and the cell in a loop', async () => {
    expect(await value(`let setups = 0, loops = 0\n0`)).toBe('0');
    expect(await output(`%%timeit -n 5 -r 2 setups++\nloops++\n// the end`)).toMatch(/of 2 runs, 5 loops each/);
    expect(await value('[setups, loops]')).toBe('[ 2, 10 ]');
  });

  it('%timeit finds its number of loops', async () => {
    expect(await output(`%timeit -r 1 await new Promise((resolve) => setTimeout(resolve, 60))`)).toMatch(
      /of 1 run, 10 loops each/,
    );
  });

  it('are interrupted', async () => {
    expect(
      failure(
        await interrupted(`console.log('ready')\n%timeit await new Promise((resolve) => setTimeout(resolve, 50))`),
      ),
    ).toMatch(/^Interrupted/);
    expect(failure(await interrupted(`console.log('ready')\n%timeit for (;;) {}`))).toMatch(/^Interrupted/);
    expect(await output(`%time 1`)).toMatch(times);
  });

  it('refuse unknown options', async () => {
    expect(failure(await run(`%timeit -n 0 f()`))).toMatch(/^UsageError: %timeit -n takes a number/);
  });
});

describe('names', () => {
  it('%who, %who_ls and %whos list them, by type', async () => {
    const fresh = await startKernel();
    try {
      const execute = (code: string) => fresh.client.execute(code);
      expect(printed(await execute('%who'))).toBe('The notebook has no variables.\n');
      await execute(`const answer = 42, words = ['a']; function f() {}; class C {}`);
      expect(printed(await execute('%who'))).toBe('C\t answer\t f\t words\n');
      expect(printed(await execute('%who number'))).toBe('answer\n');
      expect(printed(await execute('%who Map'))).toBe('No variables match your requested type.\n');
      expect(result(await execute('const ls = %who_ls number string\nls'))).toBe(`[ 'answer' ]`);
      expect(printed(await execute('%whos number Array'))).toMatch(
        /^Variable +Type +Data\/Info\n-+\nanswer +number +42\nls .*\nwords +Array\(1\) +\[ 'a' \]\n$/,
      );
    } finally {
      await fresh.dispose();
    }
  });

  it('%reset forgets values and types, and stays where it is; the cell goes on', async () => {
    const fresh = await startKernel();
    try {
      mkdirSync(join(fresh.folder, 'sub'));
      await fresh.client.execute(`%cd sub\nconst gone: number = 1; setInterval(() => console.log('tick'), 5); void 0`);
      const reset = await fresh.client.execute(`%reset -f\nconst gone = 'a string now'\ngone.length`);
      expect(result(reset)).toBe('12');
      expect(printed(reset)).toBe('');
      await fresh.client.execute(`%reset -f`);
      expect(failure(await fresh.client.execute('gone'))).toMatch(/TS2304/);
      expect(String(result(await fresh.client.execute('process.cwd()')))).toMatch(/sub'$/);
      expect(printed(await fresh.client.execute('%history -l 1'))).toBe('process.cwd()\n');
      expect((await fresh.client.execute('const kept = 1')).reply.status).toBe('ok');
      expect(printed(await fresh.client.execute('%reset', { onInput: () => 'n' }))).toBe('Nothing done.\n');
      expect(result(await fresh.client.execute('kept'))).toBe('1');
      await fresh.client.execute('%reset', { onInput: () => 'y' });
      expect(failure(await fresh.client.execute('kept'))).toMatch(/TS2304/);
      expect(failure(await fresh.client.execute('%reset', { allowStdin: false }))).toMatch(/^StdinNotImplementedError/);
      expect(failure(await fresh.client.execute('%reset now'))).toMatch(/^UsageError: %reset takes -f/);
    } finally {
      await fresh.dispose();
    }
  });
});

describe('history', () => {
  it('%history, %rerun and %save take ranges', async () => {
    const fresh = await startKernel();
    try {
      const execute = (code: string, answer?: string) =>
        fresh.client.execute(code, answer === undefined ? {} : { onInput: () => answer });
      await execute('let runs = 0');
      await execute('runs += 1\nruns');
      expect(printed(await execute('%history'))).toBe('let runs = 0\nruns += 1\nruns\n');
      expect(printed(await execute('%history -n -o 1-2'))).toBe('   1: let runs = 0\n   2: runs += 1\nruns\n1\n');
      expect(printed(await execute('%history -g +='))).toMatch(/2: runs \+= 1/);
      expect(failure(await execute('%history x'))).toMatch(/^UsageError: x is no range/);
      const again = await execute('%rerun 2');
      expect(printed(again)).toBe('=== Executing: ===\nruns += 1\nruns\n=== Output: ===\n');
      expect(result(again)).toBe('2');
      await execute('runs + 0');
      expect(result(await execute('%rerun'))).toBe('2');
      expect(printed(await execute('%save -f saved 1 2'))).toMatch(/written to file .*saved\.ts/);
      const path = join(fresh.folder, 'saved.ts');
      expect(readFileSync(path, 'utf8')).toBe('let runs = 0\nruns += 1\nruns\n');
      expect(printed(await execute('%save saved 1', 'n'))).toMatch(/cancelled/);
      await execute('%save saved 1', 'y');
      await execute('%save -a saved 1');
      expect(readFileSync(path, 'utf8')).toBe('let runs = 0\nlet runs = 0\n');
      expect(failure(await execute('%save'))).toMatch(/^UsageError: %save takes a file/);
    } finally {
      await fresh.dispose();
    }
  });
});

describe('files', () => {
  it('%%writefile writes, appends, and fails in words', async () => {
    expect(await output(`%%writefile helper.ts\nexport const two: number = 2\n`)).toBe('Writing helper.ts\n');
    expect(await output(`%%writefile -a helper.ts\nexport const three = 3\n`)).toBe('Appending to helper.ts\n');
    expect(readFileSync(file('helper.ts'), 'utf8')).toBe('export const two: number = 2\nexport const three = 3\n');
    expect(await value(`import { two, three } from './helper.ts'\ntwo + three`)).toBe('5');
    expect(await output(`const target = 'named.txt'\n0;`)).toBe('');
    expect(await output(`%%writefile {target}\n{not expanded}`)).toBe('Writing named.txt\n');
    expect(readFileSync(file('named.txt'), 'utf8')).toBe('{not expanded}');
    expect(failure(await run(`%%writefile no/such/folder/x\ny`))).toMatch(/^FileNotWritten/);
    expect(failure(await run(`%%writefile\ny`))).toMatch(/^UsageError: %%writefile takes one file/);
  });

  it('%run runs a file as if it stood here, its imports as it means them', async () => {
    mkdirSync(file('scripts'));
    writeFileSync(file('scripts/part.ts'), `export const part = 'part'\n`);
    writeFileSync(
      file('scripts/job.ts'),
      `import { part } from './part.ts'\nconst job: string = part + process.argv.slice(2).join()\nconsole.log('ran', job)\n`,
    );
    const before = await value('process.argv.length');
    expect(await output(`%run scripts/job.ts a "b c"`)).toBe('ran parta,b c\n');
    expect(await value('job.length')).toBe('9');
    expect(await value('process.argv.length')).toBe(before);
    expect(await output('%run scripts/job')).toBe('ran part\n');
    writeFileSync(file('broken.ts'), `const fine = 1\nfine.x\n`);
    expect(failure(await run('%run broken.ts'))).toMatch(/TS2339.*broken\.ts:2:6/);
    expect(failure(await run('%run none.ts'))).toMatch(/^FileNotFound/);
    expect(failure(await run('%run'))).toMatch(/^UsageError: %run takes a file/);
  });

  it('%run runs the cells of a notebook, up to one that fails', async () => {
    const cells = ['const fromNotebook = 1', 'fromNotebook.x', `console.log('never')`].map((source) => ({
      cell_type: 'code',
      source,
    }));
    writeFileSync(
      file('other.ipynb'),
      JSON.stringify({ cells: [{ cell_type: 'markdown', source: '# x' }, ...cells], nbformat: 4 }),
    );
    const executed = await run('%run other.ipynb');
    expect(failure(executed)).toMatch(/TS2339/);
    expect(printed(executed)).toBe('');
    expect(await value('fromNotebook')).toBe('1');
  });

  it('%run is interrupted', async () => {
    writeFileSync(file('endless.ts'), `console.log('ready')\nfor (;;);\n`);
    expect(failure(await interrupted('%run endless.ts'))).toMatch(/^Interrupted/);
  });

  it('%load puts the text into the cell', async () => {
    const { reply } = await run('%load scripts/part.ts');
    expect(reply).toMatchObject({
      status: 'ok',
      payload: [
        { source: 'set_next_input', replace: true, text: `// %load scripts/part.ts\nexport const part = 'part'\n` },
      ],
    });
    expect(failure(await run('%load none.ts'))).toMatch(/^FileNotFound/);
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
    expect(await output('%device')).toMatch(/^\w+ on \w+, [\d.]+ MiB in tensors\n$/);
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

describe('%npm', () => {
  /** A packed package, as the registry has them. */
  function pack(version: string, source: string, types: string): string {
    const package_ = file(`package-${version}`);
    mkdirSync(package_);
    writeFileSync(
      join(package_, 'package.json'),
      JSON.stringify({
        name: 'magic-package',
        version,
        type: 'module',
        exports: { types: './index.d.ts', default: './index.js' },
      }),
    );
    writeFileSync(join(package_, 'index.js'), source);
    writeFileSync(join(package_, 'index.d.ts'), types);
    execFileSync('npm', ['pack', '--silent', package_], { cwd: folder });
    return `./magic-package-${version}.tgz`;
  }

  it('installs into the folder; the next lines can import, with types, without a restart', async () => {
    expect(failure(await run(`import { value } from 'magic-package'`))).toMatch(
      /Install it there: npm install magic-package|magic-package/,
    );
    expect(failure(await run(`%typecheck off\nawait import('magic-package')`))).toMatch(/Cannot find package/);
    const first = pack('1.0.0', `export const value = 'one';`, `export declare const value: 'one';`);
    const installed = await run(
      `%typecheck on\n%npm install ${first} --offline\nimport { value } from 'magic-package'\nvalue`,
    );
    expect(printed(installed)).toMatch(/Made .*package\.json\.[^]*added 1 package/);
    expect(result(installed)).toBe(`'one'`);
    expect(failure(await run(`const wrong: 'two' = value`))).toMatch(/TS2322.*"one"/);
    expect(JSON.parse(readFileSync(file('package.json'), 'utf8'))).toHaveProperty('dependencies.magic-package');
    expect(await output('%npm ls')).toMatch(/magic-package@1\.0\.0/);

    await output(`%npm uninstall magic-package --offline`);
    expect(existsSync(file('node_modules/magic-package'))).toBe(false);
    expect(failure(await run(`import { value as removed } from 'magic-package'`))).toMatch(/TS2307/);
  });

  it('fails in words', async () => {
    expect(failure(await run('%npm install ./no-such-package.tgz --offline'))).toMatch(
      /^NpmError: npm install ended with status/,
    );
    expect(failure(await run('%npm instal x'))).toBe('UsageError: %npm takes install, uninstall, ls; got instal.');
    expect(failure(await run('%npm'))).toBe('UsageError: %npm takes install, uninstall, ls.');
    expect(failure(await run('%npm uninstall'))).toMatch(/^UsageError: %npm uninstall takes the names/);
  });
});
