/** The tour of the notebook, by the built-in runner: what it shows, and that its two failing cells fail as they should. */
import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Notebook } from '../../kernel/cli/notebook.ts';
import { temporaryFolder, tensorcell } from '../cli/command-line.ts';
import { repository } from '../support/installation.ts';

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly text?: string | readonly string[];
  readonly evalue?: string;
}

test('the tour of the notebook runs from start to end', { timeout: 240_000 }, async () => {
  const folder = temporaryFolder();
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'tour.ipynb');
  copyFileSync(join(repository, 'notebooks', '02-tour-of-the-notebook.ipynb'), file);
  const { code, stderr } = await tensorcell(['run', file]);
  expect(stderr).toContain('Ran 13 cells');
  expect(code).toBe(0);

  const { cells } = JSON.parse(readFileSync(join(folder, 'tour.out.ipynb'), 'utf8')) as Notebook;
  const outputsOf = (text: string): Output[] => {
    const cell = cells.find(({ cell_type, source }) => cell_type === 'code' && [source].flat().join('').includes(text));
    return (cell as unknown as { outputs: Output[] }).outputs;
  };
  const shown = (text: string): string[] => outputsOf(text).flatMap(({ data }) => Object.keys(data ?? {}));
  expect(shown('interface Planet')).toContain('application/vnd.dataresource+json');
  expect(outputsOf('planets[2].moons')).toEqual([
    expect.objectContaining({ output_type: 'error', evalue: expect.stringContaining('TS2339') as string }),
  ]);
  expect(shown('Float64Array.from')).toContain('text/html');
  expect(JSON.stringify(outputsOf('display.markdown'))).toContain('**done**');
  expect(shown('display.vegaLite')).toContain('image/svg+xml');
  expect(JSON.stringify(outputsOf('%timeit'))).toMatch(/per loop \(mean ± std\. dev\. of 7 runs/);
  expect(JSON.stringify(outputsOf('%whos'))).toContain('Array(8)');
  expect([outputsOf('!node --version')[0].text].flat().join('')).toBe(`${process.version}\n`);
  expect(shown('interact(')).toContain('application/vnd.jupyter.widget-view+json');
  expect(outputsOf('parseMass')).toEqual([
    expect.objectContaining({ output_type: 'error', evalue: 'The table of planets has a bad row' }),
  ]);
});
