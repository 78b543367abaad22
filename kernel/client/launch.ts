/** @file Starts a kernel process and connects a client to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ConnectionInfo } from '../protocol/connection.ts';
import { createConnectionFile } from './connection-file.ts';
import { KernelClient } from './kernel-client.ts';

export interface LaunchOptions {
  /** Where the kernel runs: imports of the cells are resolved from here. */
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Another kernel's command; `{connection_file}` in it is replaced. */
  readonly command?: readonly string[];
  readonly transport?: ConnectionInfo['transport'];
  /** Where the kernel's own log goes; by default to this process's stderr. */
  readonly onLog?: (text: string) => void;
  /** Milliseconds until the kernel must have answered. */
  readonly timeout?: number;
}

/** A kernel process of ours and the client that talks to it. */
export interface LaunchedKernel {
  readonly client: KernelClient;
  readonly process: ChildProcess;
  readonly connectionFile: string;
  /** Exit code, or the signal's name. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Asks the kernel to end, kills it where it does not within `patience` ms, and closes the client. */
  stop(patience?: number): Promise<void>;
}

/** How long (ms) the last answers of a kernel that ended may be on their way: its end is heard of by another way, often sooner. */
const lastWords = 1_000;

/** Command that starts this package's kernel: the built one, beside this module. */
function ownCommand(): string[] {
  const main = fileURLToPath(new URL('../main.js', import.meta.url));
  if (!existsSync(main)) throw new Error(`There is no ${main}: build the package first (npm run build).`);
  return [process.execPath, main, '{connection_file}'];
}

/** Starts a kernel without waiting for its first answer. */
export async function spawnKernel(options: LaunchOptions = {}): Promise<LaunchedKernel> {
  const { cwd, env, command = ownCommand(), transport = process.platform === 'win32' ? 'tcp' : 'ipc' } = options;
  const file = await createConnectionFile(transport);
  const [program, ...args] = command.map((part) => part.replace('{connection_file}', file.path));
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', options.onLog ? 'pipe' : 'inherit'],
  });
  child.stderr?.setEncoding('utf8').on('data', options.onLog!);
  const client = new KernelClient(file.connection);
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal!));
  });
  const ended = exited.then(
    (how) => `The kernel process ended (${how}).`,
    (error: Error) => `The kernel process did not start: ${error.message}`,
  );
  let farewell: NodeJS.Timeout | undefined;
  const close = (reason: string): void => {
    clearTimeout(farewell);
    client.close(reason);
  };
  void ended.then((reason) => {
    farewell = setTimeout(close, lastWords, reason);
    file.remove();
  });
  return {
    client,
    process: child,
    connectionFile: file.path,
    exited,
    async stop(patience = 5_000) {
      const kill = setTimeout(() => child.kill('SIGKILL'), patience);
      if (child.exitCode === null && child.signalCode === null) await client.shutdown().catch(() => {});
      close(await ended);
      clearTimeout(kill);
    },
  };
}

/**
 * Starts a kernel and waits until it answers.
 *
 * @example
 * const kernel = await launchKernel({ cwd: 'notebooks' });
 * const { outputs } = await kernel.client.execute('1 + 1');
 * await kernel.stop();
 */
export async function launchKernel(options: LaunchOptions = {}): Promise<LaunchedKernel> {
  const kernel = await spawnKernel(options);
  try {
    await kernel.client.ready(options.timeout);
    return kernel;
  } catch (error) {
    kernel.process.kill('SIGKILL');
    throw error;
  }
}
