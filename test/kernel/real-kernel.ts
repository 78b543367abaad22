/** @file Starts the built kernel in a folder of its own, for tests through the whole house. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { spawnKernel, type ExecuteResult, type LaunchedKernel, type LaunchOptions } from '../../kernel/client/index.ts';

export interface TestKernel extends LaunchedKernel {
  /** Where the notebook lies. */
  readonly folder: string;
  /** What the kernel process wrote on stderr. */
  readonly log: () => string;
  /** Ends the kernel and removes its folder. */
  readonly dispose: () => Promise<void>;
}

/** A kernel that answers. */
export async function startKernel(options: LaunchOptions = {}): Promise<TestKernel> {
  const folder = mkdtempSync(join(tmpdir(), 'notebook-'));
  let log = '';
  const kernel = await spawnKernel({
    cwd: folder,
    command: [process.execPath, join(inject('dist'), 'kernel', 'main.js'), '{connection_file}'],
    onLog: (text) => (log += text),
    ...options,
    env: { TENSORCELL_HISTORY: join(folder, 'history'), ...options.env },
  });
  const dispose = async (): Promise<void> => {
    await kernel.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await kernel.client.ready();
  } catch (error) {
    await dispose();
    throw new Error(`The kernel did not start:\n${log}`, { cause: error });
  }
  return { ...kernel, folder, log: () => log, dispose };
}

/** A kernel that ends with the test that asks for it. */
export async function startForTest(options?: LaunchOptions): Promise<TestKernel> {
  const kernel = await startKernel(options);
  onTestFinished(() => kernel.dispose());
  return kernel;
}

/** `text/plain` of the result; of a cell that failed, its error. */
export function result(executed: ExecuteResult): unknown {
  for (const output of executed.outputs) if (output.output_type === 'execute_result') return output.data['text/plain'];
  return executed.reply.status === 'ok' ? undefined : failure(executed);
}

/** Everything that a stream printed. */
export function printed({ outputs }: ExecuteResult, name: 'stdout' | 'stderr' = 'stdout'): string {
  return outputs.map((output) => (output.output_type === 'stream' && output.name === name ? output.text : '')).join('');
}

/** `ename: evalue` of the error reply, or the status where there is none. */
export function failure({ reply }: ExecuteResult): string {
  return reply.status === 'error' ? `${reply.ename}: ${reply.evalue}` : reply.status;
}

/** The traceback without colours. */
export function traceback({ reply }: ExecuteResult): string {
  const lines = reply.status === 'error' ? reply.traceback : [];
  return lines.join('\n').replace(/\u001b\[[\d;]*m/g, '');
}

export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
