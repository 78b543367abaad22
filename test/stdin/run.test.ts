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
    // The first cell ends with its question open.
    const asking = [
      `input('lost? ').catch(() => {}); await new Promise((resolve) => setTimeout(resolve, 200)); 'over'`,
      `console.log('next', prompt('Next: '))`,
    ];
    const child = spawn(process.execPath, [commandLine, 'run', writeCells(folder, asking)]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (shown.includes('[1/2]') && !child.stdin.writableEnded) child.stdin.end('late\n');
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(outputs(folder)).toContain('next late\n');
  });

  const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
  /** Questions stand where something was erased: in the line of progress, which shows the cell's text, nobody asks yet. */
  const question = (prompt: string): RegExp => new RegExp(`\x1b\\[(?:K|0J)${prompt}`);

  /** Runs cells on a terminal that `script` makes, with what a person types when a text appears. */
  async function runOnTerminal(
    folder: string,
    sources: readonly string[],
    typed: [when: RegExp, keys: string][],
    exitCode = 0,
  ) {
    const command = `"${process.execPath}" "${commandLine}" run "${writeCells(folder, sources)}"`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      seen += text;
      const [when, keys] = typed[0] ?? [];
      if (!when?.test(seen)) return;
      typed.shift();
      seen = '';
      child.stdin.write(keys);
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(exitCode);
    return shown;
  }

  it.skipIf(!hasScript)('asks on the terminal, and does not show a password', async () => {
    const folder = temporaryFolder();
    const shown = await runOnTerminal(folder, cells.slice(0, 2), [
      [question('Name: '), 'Grace\r'],
      [question('Age: '), 'secret37\r'],
    ]);
    expect(outputs(folder)).toBe('name Grace\nage secret37\n');
    expect(shown).toContain('Grace');
    expect(shown).not.toContain('secret37');
  });

  it.skipIf(!hasScript)('keeps what is pasted or typed ahead for the questions to come', async () => {
    const folder = temporaryFolder();
    const shown = await runOnTerminal(folder, cells, [
      [question('Name: '), 'Grace\rsecretx\x7f37\rthe r'],
      [question('Rest: '), 'est\r'],
    ]);
    expect(outputs(folder)).toBe('name Grace\nage secret37\nrest the rest\n');
    expect(shown).not.toContain('secret');
  });

  it.skipIf(!hasScript)('takes the keys of a terminal: corrections, the end of the input, an interrupt', async () => {
    const folder = temporaryFolder();
    const asking = [`console.log('was', prompt('first line\\nThen: '), prompt('End: '))`, `prompt('Stop: ')`];
    const shown = await runOnTerminal(
      folder,
      asking,
      [
        [question('Then: '), 'bd'],
        [/bd$/, '\x1b[D'], // back to what is missing
        [/\x1b\[1D$/, 'c'],
        [/Then: bcd/, '\r'],
        [question('End: '), '\x04'],
        [question('Stop: '), '\x03'],
      ],
      130,
    );
    expect(outputs(folder)).toMatch(/^was bcd null\n.*interrupted/);
    expect(shown).toContain('first line');
  });
});
