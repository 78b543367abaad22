import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failure, printed, result } from '../kernel/real-kernel.ts';
import { useNotebook } from './notebook.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

const notebook = useNotebook();
const { run, output, value, file, interrupted } = notebook;

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
    const stopped = await interrupted(`const before = 1\n!echo ready; sleep 31415; echo not printed`);
    expect(failure(stopped)).toMatch(/^Interrupted/);
    expect(printed(stopped)).toBe('ready\n');
    expect(await value('before')).toBe('1');
    expect(await output('!pgrep -f "sleep 3141[5]" || echo none')).toBe('none\n');
  });

  it('keeps the number of the signal that ended a program', async () => {
    expect(await value('!kill -9 $$\n_exit_code')).toBe('-9');
  });

  it.runIf(process.platform === 'linux')(
    'ends a program that does not hear the signal, with what it started',
    async () => {
      const deaf = `trap '' INT TERM; echo ready; sleep 27181 & trap '' INT TERM; sh -c "trap '' INT TERM; sleep 27182; true"; true`;
      expect(failure(await interrupted(`%%sh\n${deaf}`))).toMatch(/^Interrupted/);
      await expect.poll(() => output('!pgrep -f "sleep 2718[12]" || echo none'), { timeout: 20_000 }).toBe('none\n');
    },
  );

  it.runIf(hasPython)('shows what Python prints while it runs', async () => {
    const stopped = await interrupted(`%%python3\nprint('ready')\nimport time\ntime.sleep(100)`);
    expect(failure(stopped)).toMatch(/^Interrupted/);
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

  it('keep what is printed in variables, with types', async () => {
    const kept = await run(
      `%%bash --out printed --err complained --no-raise-error -s first\necho "out $1"; echo err >&2; exit 3`,
    );
    expect([failure(kept), printed(kept), printed(kept, 'stderr')]).toEqual(['ok', '', '']);
    expect(await value('[printed.trim(), complained.trim()]')).toBe(`[ 'out first', 'err' ]`);
    expect(failure(await run('printed.nothing'))).toMatch(/TS2339/);
    expect(failure(await run(`%%sh --out kept\necho kept; exit 1`))).toMatch(/^CalledProcessError/);
    expect(await value('kept')).toBe(`'kept\\n'`);
    expect(failure(await run(`%%sh --out 1\nls`))).toMatch(/^UsageError: .*take the name of a variable, got 1/);
  });

  it('need not be waited for', async () => {
    const started = Date.now();
    expect(failure(await run(`%%sh --bg\nsleep 60`))).toBe('ok');
    expect(Date.now() - started).toBeLessThan(30_000);
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
    expect(await output(`%cd -`)).toBe(`${notebook.folder}\n`);
    expect(await value(`import { where as again } from './up.ts'\nagain`)).toBe(`'up'`);
  });

  it('say what is wrong where the folder is gone, and lead out of it', async () => {
    mkdirSync(file('gone'));
    await output('%cd gone');
    rmSync(file('gone'), { recursive: true });
    expect(failure(await run('!ls'))).toBe(
      `FolderNotFound: The folder ${file('gone')} is gone. %cd goes to another one.`,
    );
    expect(await output(`%cd ${notebook.folder}`)).toBe(`${notebook.folder}\n`);
    expect(await output('!echo out')).toBe('out\n');
  });

  it('refuse what is no folder', async () => {
    expect(failure(await run(`%cd nowhere`))).toMatch(/^FolderNotFound/);
    mkdirSync(file('a folder'));
    expect(await output(`%cd a folder`)).toBe(`${file('a folder')}\n`);
    expect(await output(`%cd -q ..`)).toBe('');
    expect(failure(await run(`%cd a b`))).toMatch(/^UsageError: %cd takes one folder/);
    expect(await value('%pwd')).toBe(`'${notebook.folder}'`);
  });

  it('the environment is that of cells and programs', async () => {
    expect(await output(`%env GREETING=hello world`)).toBe('env: GREETING=hello world\n');
    expect(await value(`process.env.GREETING`)).toBe(`'hello world'`);
    expect(await output(`!echo $$GREETING`)).toBe('hello world\n');
    expect(await value(`%env GREETING`)).toBe(`'hello world'`);
    expect(await value(`const all = %env\ntypeof all`)).toBe(`'object'`);
    expect(await output(`%env SERVICE_TOKEN={'a' + 'bc'}`)).toBe('env: SERVICE_TOKEN=<hidden>\n');
    expect(String(await value('%env'))).not.toMatch(/abc/);
    expect(await value(`const shown = %env\n[(shown as Record<string, string>).SERVICE_TOKEN]`)).toBe(`[ '<hidden>' ]`);
    expect(await value('%env SERVICE_TOKEN')).toBe(`'abc'`);
    expect(failure(await run(`%env NO_SUCH_NAME`))).toMatch(/has no variable NO_SUCH_NAME/);
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
    execFileSync('npm', ['pack', '--silent', package_], { cwd: notebook.folder });
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
    // Imports begin from the notebook's folder, wherever the process went.
    await run(`import { tmpdir } from 'node:os'\nprocess.chdir(tmpdir())`);
    expect(await output('%npm ls')).toMatch(/magic-package@1\.0\.0/);
    await run(`process.chdir(${JSON.stringify(notebook.folder)})`);

    const second = pack('2.0.0', `export const value = 'two';`, `export declare const value: 'two';`);
    expect(await output(`%npm install ${second} --offline`)).toMatch(
      /magic-package was 1\.0\.0 and is 2\.0\.0: cells that imported it keep the old one until %reset/,
    );
    expect(result(await run(`%reset -f\nimport { value } from 'magic-package'\nvalue`))).toBe(`'two'`);

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
