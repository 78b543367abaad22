/** @file `tensorcell run`: a notebook from its first cell to its last, without Jupyter. */
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { constants as system } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { launchKernel } from '../client/index.ts';
import { Failure } from './failure.ts';
import { notebookToHtml } from './html/page.ts';
import { defaultDisplayName, defaultName } from './kernelspec.ts';
import { readNotebook, writeNotebook } from './notebook.ts';
import type { Notebook } from './notebook.ts';
import { NotebookRun } from './notebook-run.ts';
import type { RunEnd } from './notebook-run.ts';
import { injectParameters, parseParameters } from './parameters.ts';
import { ProgressReport } from './progress-report.ts';
import { TerminalInput } from './terminal-input.ts';

export interface RunOptions {
  readonly output?: string;
  readonly inplace?: boolean;
  /** True: beside the executed notebook. */
  readonly html?: string | boolean;
  readonly parameter?: readonly string[];
  /** Seconds, as typed. */
  readonly timeout?: string;
  readonly allowErrors?: boolean;
  readonly cwd?: string;
  readonly quiet?: boolean;
  readonly stream?: boolean;
}

const withExtension = (file: string, extension: string): string =>
  join(dirname(file), basename(file, extname(file)) + extension);

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new Failure(`--timeout is a number of seconds above 0; '${text}' was given.`);
  return Math.min(seconds * 1000, longestTimer);
}

/** A timer of Node's that is set to more (milliseconds) goes off at once. */
const longestTimer = 2 ** 31 - 1;

function chooseOutput(file: string, { output, inplace }: RunOptions): string {
  if (output !== undefined && inplace) throw new Failure('Give --output or --inplace, not both.');
  if (inplace) return file;
  return resolve(output ?? withExtension(file, '.out.ipynb'));
}

/** Refuses before anything runs what could not be saved in the end. */
function checkPlace(file: string, option: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new Failure(`${file} is a folder: ${option} takes the name of a file.`);
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`There is no folder ${folder}: make it first, or choose another one with ${option}.`);
  try {
    accessSync(stats ? file : folder, constants.W_OK);
  } catch {
    throw new Failure(`No permission to write ${file}: choose another place with ${option}.`);
  }
}

function checkLanguage(file: string, { metadata }: Notebook): void {
  const language = (metadata.kernelspec?.language ?? metadata.language_info?.name ?? 'typescript').toLowerCase();
  if (language !== 'typescript' && language !== 'javascript') {
    throw new Failure(`${file} is a notebook in ${language}; this runs TypeScript and JavaScript.`);
  }
}

/** Of a run that went to its end. */
const exitCodes: Readonly<Record<Exclude<RunEnd, 'interrupted'>, number>> = { done: 0, failed: 1 };

/** On these a run ends as soon as it can, and what ran is saved. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As a shell has it. */
const exitCodeOf = (signal: (typeof signals)[number]): number => 128 + system.signals[signal];

/** Runs a notebook and saves it, whatever happened in its cells; gives back the exit code. */
export async function run(notebookFile: string, options: RunOptions): Promise<number> {
  const file = resolve(notebookFile);
  const timeout = parseTimeout(options.timeout);
  const output = chooseOutput(file, options);
  const notebook = readNotebook(file);
  checkLanguage(notebookFile, notebook);
  injectParameters(notebook, parseParameters(options.parameter ?? []));

  const page = options.html
    ? resolve(typeof options.html === 'string' ? options.html : withExtension(output, '.html'))
    : undefined;
  checkPlace(output, '--output');
  if (page !== undefined) checkPlace(page, '--html FILE');
  const cwd = resolve(options.cwd ?? dirname(file));
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`There is no folder ${cwd}: --cwd names the one that the cells work in.`);

  const report = new ProgressReport({ quiet: options.quiet ?? false, stream: options.stream ?? false });
  let stopped: (typeof signals)[number] | undefined;
  let onStop = (): void => undefined;
  const onSignal = (signal: (typeof signals)[number]): void => {
    stopped = signal;
    onStop();
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const kernel = await launchKernel({ cwd }).catch((error: Error) => {
      throw new Failure(`The kernel did not start: ${error.message} (tensorcell doctor tells more.)`);
    });
    const notebookRun = new NotebookRun(kernel, notebook, {
      ...{ timeout, allowErrors: options.allowErrors, report },
      input: new TerminalInput(),
    });
    let end: RunEnd;
    try {
      const info = await kernel.client.kernelInfo();
      notebook.metadata.kernelspec ??= { name: defaultName, display_name: defaultDisplayName, language: 'typescript' };
      notebook.metadata.language_info = info.language_info;
      onStop = () => notebookRun.interrupt();
      if (stopped) onStop();
      end = await notebookRun.run();
    } finally {
      await kernel.stop();
    }
    writeNotebook(output, notebook);
    const written = [output];
    if (page !== undefined) {
      writePage(page, notebookToHtml(notebook, basename(file, '.ipynb')));
      written.push(page);
    }
    report.finish(end, written);
    return end === 'interrupted' ? exitCodeOf(stopped ?? 'SIGINT') : exitCodes[end];
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

function writePage(file: string, html: string): void {
  try {
    writeFileSync(file, html);
  } catch (error) {
    throw new Failure(`${file} could not be written: ${(error as Error).message}`);
  }
}
