/** @file Programs that magics start: in the cell process's group, their output live under the cell, ended by an interrupt. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { onInterrupt } from '../../cell/interruption.ts';
import { currentParent } from '../../cell/output.ts';
import { descendantsOf, interruptGroup, signalAll } from '../../cell/process-group.ts';

/** What to start: a line for the system's shell, or a program with arguments. */
export interface ShellRequest {
  readonly command?: string;
  readonly program?: string;
  readonly args?: readonly string[];
  /** Where it runs; without, where the cells are. */
  readonly cwd?: string;
  /** What it reads; without, its input is at its end. */
  readonly input?: string;
  /** What is returned rather than shown. */
  readonly keep?: { readonly stdout?: boolean; readonly stderr?: boolean };
  /** It is over when it has begun. */
  readonly inBackground?: boolean;
}

export interface ShellResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const isWindows = process.platform === 'win32';

/** How long (ms) a program may take to end after each signal of an interrupt. */
const patience = 1_000;
/** How long (ms) output may still come after the end, when something in the background keeps the pipe. */
const lastOutput = 100;
const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

/** Python keeps back what it prints into a pipe, which nobody who watches a cell wants. */
const environment = (): NodeJS.ProcessEnv => ({ PYTHONUNBUFFERED: '1', ...process.env });

/** @throws where it is gone, which Node would tell as a program that is missing */
function checkFolder(folder: string): void {
  if (existsSync(folder)) return;
  const message = `The folder ${folder} is gone. %cd goes to another one.`;
  throw Object.assign(new Error(message), { name: 'FolderNotFound' });
}

/** Runs a program to its end. */
export async function runShell(request: ShellRequest): Promise<ShellResult> {
  const { command, program, args = [], cwd = process.cwd(), input, keep = {}, inBackground } = request;
  checkFolder(cwd);
  const parent = currentParent();
  const options = { cwd, env: environment(), windowsHide: true } as const;
  // Windows starts scripts such as npm.cmd only through its shell; a program whose path is known needs none.
  const child =
    command === undefined
      ? spawn(program ?? '', args, { ...options, shell: isWindows && !isAbsolute(program ?? '') })
      : spawn(command, { ...options, shell: true });
  const kept = { stdout: '', stderr: '' };
  const forward = (name: 'stdout' | 'stderr'): void => {
    const decoder = new StringDecoder('utf8');
    const write = (text: string): void => {
      if (keep[name]) kept[name] += text;
      else if (text !== '') process[name].write(text);
    };
    child[name].on('data', (chunk: Buffer) => write(decoder.write(chunk)));
    child[name].on('end', () => write(decoder.end()));
  };
  forward('stdout');
  forward('stderr');
  child.stdin.on('error', () => undefined); // it ended without reading
  child.stdin.end(input ?? '');

  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const interrupt = (step = 0): void => {
      end(signals[step]);
      if (step + 1 < signals.length) timer = setTimeout(() => interrupt(step + 1), patience);
    };
    /** As a terminal does, the first signal goes to all that was started; the cell process itself ignores it. */
    const end = (signal: (typeof signals)[number]): void => {
      if (signal === 'SIGINT' && !isWindows) return interruptGroup(process.pid);
      // What a shell started would go on without it.
      if (child.pid !== undefined) signalAll(descendantsOf(child.pid), signal);
      child.kill(signal);
    };
    const forget = onInterrupt(parent, () => interrupt());
    const settle = (code: number | null, signal: string | null): void => {
      clearTimeout(timer);
      forget();
      resolve({ code, signal, ...kept });
    };
    child.once('error', (error) => {
      forget();
      reject(error);
    });
    if (inBackground) child.once('spawn', () => settle(null, null));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      // A turn later: where this thread had no processor for so long, what it wrote still waits to be read.
      const late = setTimeout(() => setImmediate(() => settle(code, signal)), lastOutput);
      child.once('close', () => {
        clearTimeout(late);
        settle(code, signal);
      });
    });
  });
}
