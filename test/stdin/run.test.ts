import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tensorcell, temporaryFolder, writeCells } from '../cli/command-line.ts';
import { commandLine } from '../support/installation.ts';

/** The text of all outputs of an executed notebook. */
const outputs = (folder: string): string => {
  const { cells } = JSON.parse(readFileSync(join(folder, 'test.out.ipynb'), 'utf8')) as {
    cells: { outputs: { text?: string | string[]; evalue?: string }[] }[];
  };
  return cells
    .flatMap((cell) => cell.outputs.map(({ text, evalue }) => [text ?? evalue ?? ''].flat().join('')))
    .join('');
};

const cells = [
  `console.log('name', prompt('Name: '))`,
  `console.log('age', await input.password('Age: '))`,
  `console.log('rest', prompt('Rest: '))`,
];

describe('tensorcell run', () => {
  it('gives the lines of a pipe to its cells, and then the end', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await tensorcell(['run', writeCells(folder, cells)], { input: 'Ada\n36\n' });
    expect(stderr).not.toContain('failed');
    expect(outputs(folder)).toBe('name Ada\nage 36\nrest null\n');
    expect(code).toBe(0);
  });

  it('fails in words where there is no input', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await tensorcell(['run', writeCells(folder, cells)]);
    expect(code).toBe(1);
    expect(stderr).toContain('StdinNotImplementedError: prompt() was called, but this front end does not allow input');
  });

  const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
  it.skipIf(!hasScript)('asks on the terminal, and does not show a password', async () => {
    const folder = temporaryFolder();
    const notebook = writeCells(folder, cells.slice(0, 2));
    // `script` gives its program a terminal.
    const command = `"${process.execPath}" "${commandLine}" run "${notebook}"`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, NO_COLOR: '1' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    const answers = [
      ['Name: ', 'Grace\r'],
      ['Age: ', 'secret37\r'],
    ];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (answers.length > 0 && shown.includes(answers[0][0])) child.stdin.write(answers.shift()![1]);
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(outputs(folder)).toBe('name Grace\nage secret37\n');
    expect(shown).toContain('Grace');
    expect(shown).not.toContain('secret37');
  });
});
