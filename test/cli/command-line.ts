/** @file Runs the built command line as a user does. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { commandLine } from '../support/installation.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves when standard error holds the text. */
  waitFor(text: string): Promise<void>;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts `tensorcell ...arguments`. The Jupyter folders of this machine stay out of it. */
export function start(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): RunningCommand {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', ...options.env };
  for (const name of ['FORCE_COLOR', 'JUPYTER_PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX']) {
    if (options.env?.[name] === undefined) delete env[name];
  }
  const child = spawn(process.execPath, [commandLine, ...args], {
    cwd: options.cwd,
    env,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true, // a process group of its own, as a shell gives its commands
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin?.end(options.input);
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const outcome = new Promise<Outcome>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const waitFor = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (stderr.includes(text) && resolve());
      child.stderr!.on('data', look);
      child.once('close', () => reject(new Error(`The command ended without '${text}':\n${stderr}`)));
      look();
    });
  return { process: child, outcome, waitFor };
}

/** Runs `tensorcell ...arguments` to its end. */
export const tensorcell = (args: readonly string[], options?: Parameters<typeof start>[1]): Promise<Outcome> =>
  start(args, options).outcome;

/** Writes a notebook of these cells; a cell is its source, or its parts. Gives back the file. */
export function writeCells(
  folder: string,
  cells: readonly (string | Record<string, unknown>)[],
  name = 'test.ipynb',
): string {
  const file = join(folder, name);
  const notebook = {
    cells: cells.map((cell) => ({
      cell_type: 'code',
      metadata: {},
      outputs: [],
      execution_count: null,
      ...(typeof cell === 'string' ? { source: cell } : cell),
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 4,
  };
  for (const cell of notebook.cells) if (cell.cell_type !== 'code') Reflect.deleteProperty(cell, 'outputs');
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}
