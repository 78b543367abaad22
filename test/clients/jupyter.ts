/** @file Other people's Jupyter clients, with our kernel installed for them and nothing of this machine's own settings. */
import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { temporaryFolder, tensorcell } from '../cli/command-line.ts';
import { systemPython } from '../support/installation.ts';

const execute = promisify(execFile);

/** The environment of a Jupyter that knows our kernel and nothing of this machine's. */
export async function jupyterWithKernel(home = temporaryFolder()): Promise<NodeJS.ProcessEnv> {
  const env = {
    ...process.env,
    ...{ HOME: home, JUPYTER_DATA_DIR: join(home, 'data'), JUPYTER_RUNTIME_DIR: join(home, 'runtime') },
    // Python's own debugger warns of frozen modules otherwise.
    ...{ JUPYTER_NO_CONFIG: '1', PYDEVD_DISABLE_FILE_VALIDATION: '1', IPYTHONDIR: join(home, 'ipython') },
    ...{ NO_COLOR: undefined, FORCE_COLOR: undefined, LANG: 'C.UTF-8' },
  };
  expect((await tensorcell(['install'], { env })).code).toBe(0);
  return env;
}

export interface PythonOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs the system's Python; rejects with what it said where it fails. */
export async function python(args: readonly string[], options: PythonOptions): Promise<string> {
  const { stdout } = await execute(systemPython, args, { ...options, maxBuffer: 2 ** 26 });
  return stdout;
}

/** Runs a Python program with this text typed into it; gives back all that it printed. */
export function pythonTyped(args: readonly string[], typed: string, options: PythonOptions): Promise<string> {
  const child = spawn(systemPython, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  child.stdin.end(typed);
  return new Promise((resolve) => child.once('close', () => resolve(said)));
}

/** Writes a notebook of ours; a cell is its source, or its parts. Gives back the file. */
export function writeNotebook(
  folder: string,
  cells: readonly (string | Record<string, unknown>)[],
  name = 'cells.ipynb',
): string {
  const file = join(folder, name);
  const notebook = {
    cells: cells.map((cell, index) => ({
      ...{ id: `cell-${index}`, cell_type: 'code', metadata: {}, outputs: [], execution_count: null },
      ...(typeof cell === 'string' ? { source: cell } : cell),
    })),
    metadata: {
      kernelspec: { name: 'tensorcell', display_name: 'TypeScript (TensorCell)', language: 'typescript' },
      // As front ends save it; nbconvert reads it before the kernel runs.
      language_info: { name: 'typescript', file_extension: '.ts', pygments_lexer: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}
