import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CodeCell, Notebook } from '../../kernel/cli/notebook.ts';
import { joinLines } from '../../kernel/cli/notebook.ts';
import { commandLine } from '../support/installation.ts';
import { start, temporaryFolder, tensorcell, writeCells } from './command-line.ts';

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Notebook;
const codeCells = (file: string) => read(file).cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
const textOf = ({ outputs }: CodeCell) =>
  outputs
    .map((output) => {
      if (output.output_type === 'stream') return joinLines(output.text);
      if (output.output_type === 'error') return `${output.ename}: ${output.evalue}`;
      return joinLines(output.data['text/plain'] as string);
    })
    .join('|');

describe('tensorcell run', () => {
  test('runs the cells in order and saves a copy that is valid nbformat 4.5', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, [
      { cell_type: 'markdown', source: '# Title' },
      'interface Row { n: number }\nconst rows: Row[] = [{ n: 20 }, { n: 22 }];\nconsole.log("two", "lines\\nhere");',
      'rows.reduce((sum, { n }) => sum + n, 0)',
    ]);
    const before = readFileSync(file, 'utf8');
    const { code, stderr } = await tensorcell(['run', file]);
    expect(stderr).toContain('Ran 2 cells');
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);

    const notebook = read(join(folder, 'test.out.ipynb'));
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(3);
    expect(notebook.metadata).toMatchObject({
      kernelspec: { name: 'tensorcell', language: 'typescript' },
      language_info: { name: 'typescript', file_extension: '.ts' },
    });
    const [first, second] = codeCells(join(folder, 'test.out.ipynb'));
    expect(first).toMatchObject({ execution_count: 1, outputs: [{ name: 'stdout', text: ['two lines\n', 'here\n'] }] });
    expect(second).toMatchObject({
      execution_count: 2,
      outputs: [{ output_type: 'execute_result', execution_count: 2 }],
    });
    expect(textOf(second)).toBe('42');
  });

  test('stops at a failing cell with its traceback, and saves what was there', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, [
      'console.log("before")',
      'throw new RangeError("too far")',
      'console.log("after")',
    ]);
    const output = join(folder, 'deep.ipynb');
    const { code, stderr } = await tensorcell(['run', file, '--output', output]);
    expect(code).toBe(1);
    expect(stderr).toContain('RangeError');
    expect(stderr).toContain('too far');
    expect(codeCells(output).map(textOf)).toEqual(['before\n', 'RangeError: too far', '']);
    expect(codeCells(output)[2].execution_count).toBeNull();
  });

  test('refuses a cell with a type error before it runs', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['console.log("ran");\nconst n: number = "text";']);
    const { code, stderr } = await tensorcell(['run', file]);
    expect(code).toBe(1);
    expect(stderr).toContain("'string' is not assignable to type 'number'");
    expect(textOf(codeCells(join(folder, 'test.out.ipynb'))[0])).not.toContain('ran');
  });

  test('goes on after failures where it is allowed to, or where the cell says so', async () => {
    const folder = temporaryFolder();
    const failing = 'throw new Error("expected")';
    const tagged = writeCells(
      folder,
      [{ source: failing, metadata: { tags: ['raises-exception'] } }, '1 + 1'],
      'a.ipynb',
    );
    expect((await tensorcell(['run', tagged])).code).toBe(0);
    const plain = writeCells(folder, [failing, '1 + 1'], 'b.ipynb');
    expect((await tensorcell(['run', plain, '--allow-errors', '--inplace'])).code).toBe(1);
    expect(codeCells(plain).map(textOf)).toEqual(['Error: expected', '2']);
    expect(existsSync(join(folder, 'b.out.ipynb'))).toBe(false);
  });

  test('gives parameters to the cell after the tagged one, with their types', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, [
      { source: 'let epochs = 1;\nlet name: string = "none";\nconst rate = 0.5;', metadata: { tags: ['parameters'] } },
      'console.log(epochs + 1, name.toUpperCase(), rate, epochs === 5)',
    ]);
    const { code } = await tensorcell([
      'run',
      file,
      '-p',
      'epochs=4',
      '-p',
      'name=ada=1',
      '-p',
      'rate=0.25',
      '--inplace',
    ]);
    expect(code).toBe(0);
    const [, injected, shown] = codeCells(file);
    expect(injected.metadata.tags).toEqual(['injected-parameters']);
    expect(joinLines(injected.source)).toBe('// Parameters\nepochs = 4;\nname = "ada=1";\nlet rate = 0.25;');
    expect(textOf(shown)).toBe('5 ADA=1 0.25 false\n');

    // Again: the cell is replaced; and a value of the wrong type is a type error.
    const again = await tensorcell(['run', file, '-p', 'epochs="four"', '--inplace']);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("'string' is not assignable to type 'number'");
    expect(codeCells(file)).toHaveLength(3);
  });

  test('passes text on where it is asked to', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['console.log("to stdout"); console.error("to stderr");']);
    const { stdout, stderr } = await tensorcell(['run', file, '--stream']);
    expect(stdout).toBe('to stdout\n');
    expect(stderr).toContain('to stderr\n');
    const quiet = await tensorcell(['run', file, '--quiet']);
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test("runs in the notebook's folder, or where it is told to", async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(folder, 'numbers.ts'), 'export const answer: number = 42;');
    const file = writeCells(folder, ["import { answer } from './numbers';", 'console.log(answer, process.cwd())']);
    expect((await tensorcell(['run', file, '--stream'])).stdout).toBe(`42 ${folder}\n`);
    const elsewhere = writeCells(folder, ['console.log(process.cwd())']);
    expect((await tensorcell(['run', elsewhere, '--stream', '--cwd', other])).stdout).toBe(`${other}\n`);
  });

  test('ends a cell that takes too long', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['let n = 0;\nfor (;;) n++;', '1']);
    const { code, stderr } = await tensorcell(['run', file, '--timeout', '3']);
    expect(code).toBe(1);
    expect(stderr).toContain('The cell ran longer than 3 s');
  });

  test.each([
    ['a loop', 'console.log("started");\nfor (;;);'],
    ['a wait', 'console.log("started");\nawait new Promise(() => setInterval(() => {}, 1000));'],
  ])('ctrl-C interrupts %s, saves, and exits with 130', async (_, source) => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['console.log("first")', source, 'console.log("never")']);
    const command = start(['run', file, '--stream']);
    await new Promise<void>((resolve) => {
      command.process.stdout?.on('data', (text: string) => text.includes('started') && resolve());
    });
    process.kill(-(command.process.pid as number), 'SIGINT'); // the whole group, as a terminal does
    const { code, stderr } = await command.outcome;
    expect(stderr).toContain('Interrupted at cell 2');
    expect(code).toBe(130);
    expect(codeCells(join(folder, 'test.out.ipynb')).map(textOf)).toEqual([
      'first\n',
      expect.stringMatching(/^started\n\|.*nterrupt/),
      '',
    ]);
  });

  test('reports a process that a cell ended, and goes on in a new one where it is allowed to', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['process.exit(3)', 'console.log("alive")']);
    const { code, stderr } = await tensorcell(['run', file, '--allow-errors']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/exit.*3/);
    expect(textOf(codeCells(join(folder, 'test.out.ipynb'))[1])).toBe('alive\n');
  });

  test('writes a page that needs nothing else', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, [
      { cell_type: 'markdown', source: '# A *title*\n\n- one\n- two' },
      'console.log("<b>");\n[{ a: 1, b: "x" }]',
      'display.png(Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="), (c) => c.charCodeAt(0)))',
    ]);
    const page = join(folder, 'page.html');
    expect((await tensorcell(['run', file, '--html', page])).code).toBe(0);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('<h1 id="a-title">A <em>title</em></h1>');
    expect(html).toContain('&lt;b&gt;');
    expect(html).toMatch(/<table/);
    expect(html).toContain('<img src="data:image/png;base64,iVBOR');
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });

  test('takes the notebook behind --html for the notebook', async () => {
    const folder = temporaryFolder();
    writeCells(folder, ['6 * 7'], 'Report.ipynb');
    const { code, stderr } = await tensorcell(['run', '--html', 'Report.ipynb'], { cwd: folder });
    expect([code, stderr]).toEqual([0, expect.stringContaining('Report.out.html')]);
    expect(readFileSync(join(folder, 'Report.out.html'), 'utf8')).toContain('42');
  });

  test.each([
    [['absent.ipynb'], 'There is no file'],
    [['notes.txt'], 'is not a notebook'],
    [['old.ipynb'], 'is not a notebook of format 4 (it says 3)'],
    [['python.ipynb'], 'is a notebook in python'],
    [['good.ipynb', '-p', 'novalue'], "has no '='"],
    [['good.ipynb', '-p', '1a=2'], 'is not a variable name'],
    [['good.ipynb', '--timeout', 'soon'], '--timeout is a number of seconds'],
    [['good.ipynb', '--inplace', '--output', 'x.ipynb'], 'Give --output or --inplace, not both.'],
    [['good.ipynb', '--output', 'none/x.ipynb'], /There is no folder .*none: make it first.*--output/],
    [['good.ipynb', '--output', '.'], /is a folder: --output takes the name of a file/],
    [['good.ipynb', '--html', 'none/x.html'], /There is no folder .*none: .*--html/],
    [['good.ipynb', '--cwd', 'none'], /There is no folder .*none: --cwd/],
  ])('run %j: %s', async (args, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.txt'), 'hello');
    writeFileSync(join(folder, 'old.ipynb'), '{"worksheets": [], "nbformat": 3, "cells": []}');
    const python = { cells: [], metadata: { kernelspec: { name: 'python3', language: 'python' } }, nbformat: 4 };
    writeFileSync(join(folder, 'python.ipynb'), JSON.stringify(python));
    writeCells(folder, ['1'], 'good.ipynb');
    const { code, stderr } = await tensorcell(['run', ...args], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(existsSync(join(folder, 'good.out.ipynb'))).toBe(false);
  });

  test('in a folder that was removed: a full path runs, a relative one is refused', async () => {
    const [folder, gone] = [temporaryFolder(), join(temporaryFolder(), 'gone')];
    const file = writeCells(folder, ['console.log("here")']);
    mkdirSync(gone);
    const inGoneFolder = (...args: string[]) =>
      new Promise<{ code: number | null; said: string }>((resolve) => {
        const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
        const command = ['-c', script, 'sh', gone, process.execPath, commandLine, ...args];
        execFile('/bin/sh', command, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
        );
      });
    expect(await inGoneFolder('run', file, '--stream')).toMatchObject({
      code: 0,
      said: expect.stringContaining('here'),
    });
    mkdirSync(gone);
    const { code, said } = await inGoneFolder('run', 'test.ipynb');
    expect(code).toBe(1);
    expect(said).toContain('The current folder does not exist any more');
    expect(said).not.toMatch(/^ {4}at /m);
  });

  test('goes on where nobody reads its output any more', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['for (let i = 0; i < 20_000; i++) console.log("line", i);', '"end"']);
    const script = `"$0" "$1" run "$2" --stream | head -n 1`;
    const said = await new Promise<string>((resolve) =>
      execFile('/bin/sh', ['-c', script, process.execPath, commandLine, file], (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      ),
    );
    expect(said).toMatch(/^line 0$/m);
    expect(said).not.toMatch(/EPIPE|^ {4}at /m);
    const saved = codeCells(join(folder, 'test.out.ipynb'));
    expect(textOf(saved[1])).toBe("'end'");
  });

  test('SIGTERM ends it as ctrl-C does, and what ran is saved', async () => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['console.log("started");\nfor (;;);', '1']);
    const command = start(['run', file, '--stream']);
    await new Promise<void>((resolve) => {
      command.process.stdout?.on('data', (text: string) => text.includes('started') && resolve());
    });
    command.process.kill('SIGTERM');
    expect((await command.outcome).code).toBe(143);
    expect(textOf(codeCells(join(folder, 'test.out.ipynb'))[0])).toMatch(/^started\n\|.*nterrupt/);
  });

  test('a cell that says exit ends the run; cells below it are not run in silence', async () => {
    const file = writeCells(temporaryFolder(), ['1', 'exit', '"below"']);
    const { code, stderr } = await tensorcell(['run', file]);
    expect(code).not.toBe(0);
    expect(stderr).not.toContain('Ran 3 cells');
    const last = writeCells(temporaryFolder(), ['1', 'exit']);
    expect((await tensorcell(['run', last])).code).toBe(0);
  });

  test('keeps what a cell printed before its kernel died', async () => {
    const folder = temporaryFolder();
    const cell =
      'console.log("before");\nawait new Promise((done) => setTimeout(done, 300));\nprocess.kill(process.ppid, "SIGKILL");\nawait new Promise(() => setInterval(() => {}, 1000));';
    const { code, stderr } = await tensorcell(['run', writeCells(folder, [cell, '1'])]);
    expect(code).toBe(1);
    expect(stderr).toContain('The kernel process ended (SIGKILL)');
    expect(textOf(codeCells(join(folder, 'test.out.ipynb'))[0])).toMatch(/^before\n\|KernelDied: /);
  });
});
