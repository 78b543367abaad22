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

  it('leaves a line that comes too late for a cell to the next one', async () => {
    const folder = temporaryFolder();
    const asking = [`await input('lost? ')`, `console.log('next', prompt('Next: '))`];
    const options = ['--timeout', '1', '--allow-errors'];
    const child = spawn(process.execPath, [commandLine, 'run', writeCells(folder, asking), ...options]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    let written = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (written || !shown.includes('was interrupted.')) return;
      written = true;
      child.stdin.end('late\n');
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(outputs(folder)).toContain('next late\n');
  });

  const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
  /** Runs cells on a terminal that `script` makes, with what a person types when a text appears. */
  async function runOnTerminal(folder: string, sources: readonly string[], typed: [when: string, text: string][]) {
    const command = `"${process.execPath}" "${commandLine}" run "${writeCells(folder, sources)}"`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, NO_COLOR: '1' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      // Questions stand where something was erased: in the line of progress, which shows the cell's text, nobody asks yet.
      const [when, line] = typed[0] ?? [];
      if (['\x1b[K', '\x1b[0J'].some((erased) => when !== undefined && shown.includes(erased + when))) {
        typed.shift();
        child.stdin.write(line);
      }
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    return shown;
  }

  it.skipIf(!hasScript)('asks on the terminal, and does not show a password', async () => {
    const folder = temporaryFolder();
    const shown = await runOnTerminal(folder, cells.slice(0, 2), [
      ['Name: ', 'Grace\r'],
      ['Age: ', 'secret37\r'],
    ]);
    expect(outputs(folder)).toBe('name Grace\nage secret37\n');
    expect(shown).toContain('Grace');
    expect(shown).not.toContain('secret37');
  });

  it.skipIf(!hasScript)('keeps what is pasted or typed ahead for the questions to come', async () => {
    const folder = temporaryFolder();
    const shown = await runOnTerminal(folder, cells, [
      ['Name: ', 'Grace\rsecretx\x7f37\rthe r'],
      ['Rest: ', 'est\r'],
    ]);
    expect(outputs(folder)).toBe('name Grace\nage secret37\nrest the rest\n');
    expect(shown).not.toContain('secret');
  });
});
