import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Notebook } from '../../kernel/cli/notebook.ts';
import { joinLines } from '../../kernel/cli/notebook.ts';
import { temporaryFolder } from '../cli/command-line.ts';
import { describeWith, missingPython, repository } from '../support/installation.ts';
import { jupyterWithKernel, python, writeNotebook } from './jupyter.ts';

const patience = 120_000;
const read = (file: string): Notebook => JSON.parse(readFileSync(file, 'utf8')) as Notebook;

/** The outputs of each code cell, with text as one string: nbformat saves it as a list of lines. */
const outputsOf = (file: string): Record<string, unknown>[][] =>
  read(file).cells.flatMap((cell) => {
    if (cell.cell_type !== 'code') return [];
    const joined = (value: unknown): unknown => (Array.isArray(value) ? value.join('') : value);
    return [
      cell.outputs.map((output) => {
        if (output.output_type === 'stream') return { ...output, text: joinLines(output.text) };
        if (!('data' in output)) return { ...output };
        const data = Object.fromEntries(Object.entries(output.data).map(([type, value]) => [type, joined(value)]));
        return { ...output, data };
      }),
    ];
  });

describeWith('nbclient', missingPython('nbclient', 'nbformat'), () => {
  const nbclient = async (cells: Parameters<typeof writeNotebook>[1], options: object) => {
    const folder = temporaryFolder();
    const file = writeNotebook(folder, cells);
    const program = join(import.meta.dirname, 'python', 'nbclient_run.py');
    const said = await python([program, file, folder, JSON.stringify(options)], { env: await jupyterWithKernel() });
    return { said, file };
  };

  test('stops at a failing cell, and shows its traceback', { timeout: patience }, async () => {
    const { said, file } = await nbclient(['const a = 1', 'const b: string = a', '"never"'], {});
    expect(said).toMatch(/^CellExecutionError/);
    expect(said).toMatch(/TS2322/);
    const outputs = outputsOf(file);
    expect(outputs[1]).toMatchObject([{ output_type: 'error', ename: 'TypeScriptError' }]);
    expect(outputs[2]).toEqual([]);
  });

  test('goes on after one that may fail', { timeout: patience }, async () => {
    const tagged = { source: 'throw new RangeError("wanted")', metadata: { tags: ['raises-exception'] } };
    const { said, file } = await nbclient(['let n = 1', tagged, 'n + 1'], {});
    expect(said).toBe('');
    expect(outputsOf(file)[1]).toMatchObject([{ output_type: 'error', ename: 'RangeError', evalue: 'wanted' }]);
    expect(outputsOf(file)[2]).toMatchObject([{ data: { 'text/plain': '2' } }]);
  });

  test('interrupts one that takes too long, and goes on', { timeout: patience }, async () => {
    // The limit is for the first cell too, which on a slow machine takes its time.
    const options = { timeout: 10, interrupt_on_timeout: true, allow_errors: true };
    const { file } = await nbclient(['let kept = 41', 'for (;;);', 'kept + 1'], options);
    expect(outputsOf(file)[1].at(-1)).toMatchObject({ output_type: 'error', ename: 'Interrupted' });
    expect(outputsOf(file)[2]).toMatchObject([{ data: { 'text/plain': '42' } }]);
  });

  test('keeps updates of displays, cleared outputs and the order of streams', { timeout: patience }, async () => {
    const { file } = await nbclient(
      [
        'const handle = display.html("<i>0</i>")',
        'console.log("old"); clearOutput(); console.log("new"); console.error("err")',
        'void handle.update("<b>1</b>")',
      ],
      {},
    );
    const [shown, printed] = outputsOf(file);
    expect(shown).toMatchObject([{ output_type: 'display_data', data: { 'text/html': '<b>1</b>' } }]);
    expect(printed.map(({ text }) => text)).toEqual(['new\n', 'err\n']);
  });
});

describeWith('nbconvert', missingPython('nbconvert', 'nbformat'), () => {
  const cells = [
    { cell_type: 'markdown', source: '# Title *with* text', outputs: undefined, execution_count: undefined },
    'interface Row { name: string; age: number }\nconst rows: Row[] = [{ name: "<Ada>", age: 36 }];\nrows',
    'display.svg(`<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"><circle r="3"/></svg>`)',
    'console.log("printed & escaped <i>")',
    { source: 'throw new Error("shown")', metadata: { tags: ['raises-exception'] } },
  ];
  const convert = async (format: string, result: string, ...options: string[]): Promise<string> => {
    const folder = temporaryFolder();
    const file = writeNotebook(folder, cells);
    const args = ['-m', 'nbconvert', '--execute', '--to', format, ...options, file];
    await python(args, { cwd: folder, env: await jupyterWithKernel() });
    // Not the style sheets of a page.
    return readFileSync(join(folder, result), 'utf8').replace(/<style[^]*?<\/style>|<script[^]*?<\/script>/g, '');
  };

  test('executes into a page, with highlighted TypeScript', { timeout: patience }, async () => {
    const text = await convert('html', 'cells.html');
    expect(text).toMatch(/hl-typescript[^]*<span class="k\w?">interface<\/span>/);
    expect(text).toContain('&lt;Ada&gt;');
    expect(text).not.toContain('<Ada>');
    expect(text).toMatch(/<svg[^>]*width="7"|data:image\/svg/);
    expect(text).toContain('printed &amp; escaped &lt;i&gt;');
    expect(text).toMatch(/Error.*shown/s);
    expect(text).not.toContain('\u001b[');
  });

  test('keeps drawings in a page, also before 7.7, as the README says', { timeout: patience }, async () => {
    const readme = readFileSync(join(repository, 'README.md'), 'utf8');
    const [, option, filter] = /`(--TemplateExporter\.filters) (\S+)`/.exec(readme)!;
    const text = await convert('html', 'cells.html', option, filter);
    const [, encoded = ''] = /data:image\/svg\+xml;base64,([\w+/=]+)/.exec(text) ?? [];
    expect(text + Buffer.from(encoded, 'base64').toString()).toContain('<circle r="3"');
  });

  test('executes into Markdown, with fenced TypeScript', { timeout: patience }, async () => {
    const text = await convert('markdown', 'cells.md');
    expect(text).toContain('# Title *with* text');
    expect(text).toMatch(/```typescript\ninterface Row/);
    expect(text).toContain('printed & escaped <i>');
    expect(text).toMatch(/cells_files\/\S+\.svg/);
  });

  test('makes a .ts file of a notebook', { timeout: patience }, async () => {
    const text = await convert('script', 'cells.ts');
    expect(text).toContain('interface Row { name: string; age: number }');
  });
});
