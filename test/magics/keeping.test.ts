import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failure, printed, result, startKernel } from '../kernel/real-kernel.ts';
import { useNotebook } from './notebook.ts';

const notebook = useNotebook();
const { run, output, value, file, interrupted } = notebook;

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
      // As IPython: where nobody can be asked, it is done.
      await fresh.client.execute('const unasked = 1');
      expect(failure(await fresh.client.execute('%reset', { allowStdin: false }))).toBe('ok');
      expect(failure(await fresh.client.execute('unasked'))).toMatch(/TS2304/);
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
      expect(printed(await execute('%history -n -o 1-2'))).toBe('   1: let runs = 0\n   2:\nruns += 1\nruns\n1\n');
      expect(printed(await execute('%history -g +='))).toMatch(/2:\nruns \+= 1/);
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
      expect(failure(await fresh.client.execute('%save saved 1', { allowStdin: false }))).toMatch(
        /^FileExists: .*%save -f overwrites it/,
      );
    } finally {
      await fresh.dispose();
    }
  });

  it('%rerun -g runs one cell: the last one with the pattern; %recall puts it into the next input', async () => {
    const fresh = await startKernel();
    try {
      const execute = (code: string) => fresh.client.execute(code);
      await execute('let counted = 0');
      await execute('counted += 1; "one"');
      await execute('counted += 10; "ten"');
      expect(result(await execute('%rerun -g counted +='))).toBe("'ten'");
      expect(result(await execute('counted'))).toBe('21');
      expect(result(await execute('%rerun -g "one"'))).toBe("'one'");
      expect((await execute('%recall 2')).reply).toMatchObject({
        payload: [{ source: 'set_next_input', replace: false, text: 'counted += 1; "one"' }],
      });
      expect((await execute('%recall += 10')).reply).toMatchObject({ payload: [{ text: 'counted += 10; "ten"' }] });
      expect(failure(await execute('%recall nothing like it'))).toMatch(/^UsageError: The history has no cell/);
    } finally {
      await fresh.dispose();
    }
  });

  it('ends where a cell of the history runs itself', async () => {
    expect(printed(await run('// again\n%rerun -l 1'))).not.toBe('');
    expect(printed(await run('// again\n%rerun -l 1'))).toMatch(/nothing to run again/);
  });

  it('%history knows what IPython knows: the last ten, all patterns, ranges over sessions', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'history-'));
    const env = { TENSORCELL_HISTORY: folder };
    try {
      for (const cells of [['let a = 1', 'a + 1'], ['"only one"']]) {
        const earlier = await startKernel({ env });
        for (const cell of cells) await earlier.client.execute(cell);
        await earlier.dispose();
      }
      const fresh = await startKernel({ env });
      const history = async (options: string) => printed(await fresh.client.execute(`%history ${options}`));
      expect(await history('-l')).toBe('let a = 1\na + 1\n"only one"\n');
      expect(await history('-l 1 -n')).toMatch(/^ *3\/1: %history -l\n$|^ *1: %history -l\n$/);
      expect(await history('-g only one')).toBe(' 2/1: "only one"\n');
      expect((await history('-g')).split('\n')[0]).toBe(' 1/1: let a = 1');
      expect(await history('~2/2-~1/1')).toBe('a + 1\n"only one"\n');
      expect(await history('1/')).toBe('let a = 1\na + 1\n');
      expect(await history('-f kept.txt 1/1')).toMatch(/^Written to .*kept\.txt\.\n$/);
      const asked = await fresh.client.execute('%history -f kept.txt', { onInput: () => 'n' });
      expect(printed(asked)).toBe('Aborting.\n');
      expect(readFileSync(join(fresh.folder, 'kept.txt'), 'utf8')).toBe('let a = 1\n');
      await fresh.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('files', () => {
  it('%%writefile writes, appends, and fails in words', async () => {
    // Front ends send a cell without the end of its last line.
    expect(await output(`%%writefile helper.ts\nexport const two: number = 2`)).toBe('Writing helper.ts\n');
    expect(await output(`%%writefile --append helper.ts\nexport const three = 3`)).toBe('Appending to helper.ts\n');
    expect(readFileSync(file('helper.ts'), 'utf8')).toBe('export const two: number = 2\nexport const three = 3\n');
    expect(await value(`import { two, three } from './helper.ts'\ntwo + three`)).toBe('5');
    expect(await output(`const target = 'named.txt'\n0;`)).toBe('');
    expect(await output(`%%writefile {target}\n{not expanded}`)).toBe('Writing named.txt\n');
    expect(readFileSync(file('named.txt'), 'utf8')).toBe('{not expanded}\n');
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

  it('%run and %load take their options, and no others', async () => {
    writeFileSync(file('lines.ts'), 'const l1 = 1\nconst l2 = 2\nconst l3 = 3\n');
    expect((await run('%load -r 2-3 lines.ts')).reply).toMatchObject({
      payload: [{ text: '// %load -r 2-3 lines.ts\nconst l2 = 2\nconst l3 = 3\n' }],
    });
    expect(failure(await run('%load http://localhost:1/'))).toMatch(/^DownloadFailed: http:.* cannot be read: /);
    expect(failure(await run('%load -r x lines.ts'))).toMatch(/^UsageError: %load -r takes lines/);
    expect(failure(await run('%run -i lines.ts'))).toBe('ok');
    expect(failure(await run('%run -z lines.ts'))).toBe('UsageError: %run knows -i; got -z.');
  });

  it('%run that comes back to itself ends with an error', async () => {
    writeFileSync(file('round.ts'), '%run round.ts\n');
    expect(failure(await run('%run round.ts'))).toMatch(/^RecursionError: .*a %run or %rerun comes back to itself/);
    expect(await value('1 + 1')).toBe('2');
  });

  it('%run keeps the imports of files with magics and JSX', async () => {
    writeFileSync(
      file('scripts/magic.ts'),
      `!true\nimport { part } from './part.ts'\nconsole.log('with magics', part)\n`,
    );
    expect(await output('%run scripts/magic.ts')).toBe('with magics part\n');
  });

  it('%run is interrupted, also while its types are checked', async () => {
    // Types that take a while: the interrupt meets the check, which begins when the file is about to run.
    writeFileSync(
      file('slow.ts'),
      `${Array.from({ length: 400 }, (_, i) => `const s${i} = { a: [${i}], b: new Map([['k', ${i}]]) };`).join('\n')}\nfor (;;);\n`,
    );
    const running = run('%run slow.ts');
    await notebook.client.nextIopub(({ header }) => header.msg_type === 'execute_input', 20_000);
    await notebook.client.interrupt();
    expect(failure(await running)).toMatch(/^Interrupted/);
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
