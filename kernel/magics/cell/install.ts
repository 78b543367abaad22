/** @file Magics in the cell process: the object that their scripts call, and what the kernel process asks for. */
import { callKernel, registerCall } from '../../cell/calls.ts';
import { magicHelper } from '../value-types.ts';
import type { CapturedOutputs } from '../contract.ts';
import type { TimeitOptions } from '../timeit-options.ts';
import type { ShellRequest } from './shell.ts';

/** The value of `{expression}` as text; null where its names mean nothing here. */
async function expand(thunk: () => unknown): Promise<string | null> {
  try {
    return String(await thunk());
  } catch (error) {
    if (error instanceof ReferenceError) return null;
    throw error;
  }
}

/** What scripts call. Most notebooks do without: what does the work is loaded when it is asked for. */
class MagicHelper {
  #timing: typeof import('./timing.ts') | undefined;
  readonly now = (): number => performance.now() / 1000;
  /** Seconds on a processor. */
  readonly processorTime = (): number => process.cpuUsage().user / 1e6;

  /** Runs a magic in the kernel process. */
  async run(cell: number, index: number, thunks: readonly (() => unknown)[]): Promise<unknown> {
    const failure = new Error();
    const values: (string | null)[] = [];
    for (const thunk of thunks) values.push(await expand(thunk));
    try {
      return await callKernel('magic', { cell, index, values });
    } catch (error) {
      const { name, message } = error as Error;
      throw Object.assign(failure, { name, message });
    }
  }

  /** Loads what measures; scripts that measure begin with it. */
  async prepareTiming(): Promise<void> {
    this.#timing ??= await import('./timing.ts');
  }

  /** A cell threw, or was interrupted. */
  failed(parent: string): void {
    this.#timing?.endMeasurements(parent);
  }

  time(): void {
    this.#timing?.time();
  }

  timed<Value>(value?: Value): Value | undefined {
    return this.#timing?.timed(value);
  }

  async timeit(options: TimeitOptions, loop: (n: number) => number | Promise<number>): Promise<unknown> {
    await this.prepareTiming();
    return this.#timing?.timeit(options, loop);
  }

  async captured(outputs: CapturedOutputs): Promise<unknown> {
    const { CapturedOutput } = await import('./values.ts');
    return new CapturedOutput(outputs);
  }
}

/** Environment variables that were there at the start or were set by `%env`. */
const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/**
 * @param moveTo makes imports and tracebacks begin from another folder
 * @returns what is to be told of a cell that failed, in its context
 */
export function installMagics(moveTo: (folder: string) => void): (parent: string) => void {
  const helper = new MagicHelper();
  Object.defineProperty(globalThis, magicHelper, { value: helper });
  registerCall('magic:shell', async (request) => (await import('./shell.ts')).runShell(request as ShellRequest));
  registerCall('magic:folder', (folder) => {
    if (typeof folder === 'string') {
      process.chdir(folder);
      moveTo(process.cwd());
    }
    return process.cwd();
  });
  registerCall('magic:environment', environment);
  registerCall('magic:setEnvironment', (change) => {
    const { name, value } = change as { name: string; value: string | null };
    if (value === null) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  });
  registerCall('magic:exitCode', (code) => {
    Object.defineProperty(globalThis, '_exit_code', { value: code, writable: true, configurable: true });
  });
  registerCall('magic:arguments', (given) => {
    const [program, ...rest] = given as string[];
    const before = process.argv;
    process.argv = [process.argv[0], program, ...rest];
    return before;
  });
  registerCall('magic:confirm', async (question) => {
    const { askLine } = await import('../../cell/stdin.ts');
    return /^y(es)?$/i.test((await askLine('confirm', String(question)).line)?.trim() ?? '');
  });
  registerCall('magic:engine', async () => {
    const tf = await import('../../../src/index.ts');
    const { name, device } = tf.engine();
    return { name, device, bytes: tf.engine().memory().bytes };
  });
  return (parent) => helper.failed(parent);
}
