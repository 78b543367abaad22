/** @file `tensorcell run`: a notebook from its first cell to its last, without Jupyter. */
import { writeFileSync } from 'node:fs';
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
  return seconds * 1000;
}

function chooseOutput(file: string, { output, inplace }: RunOptions): string {
  if (output !== undefined && inplace) throw new Failure('Give --output or --inplace, not both.');
  if (inplace) return file;
  return resolve(output ?? withExtension(file, '.out.ipynb'));
}

function checkLanguage(file: string, { metadata }: Notebook): void {
  const language = (metadata.kernelspec?.language ?? metadata.language_info?.name ?? 'typescript').toLowerCase();
  if (language !== 'typescript' && language !== 'javascript') {
    throw new Failure(`${file} is a notebook in ${language}; this runs TypeScript and JavaScript.`);
  }
}

const exitCodes: Readonly<Record<RunEnd, number>> = { done: 0, failed: 1, interrupted: 130 };

/** Runs a notebook and saves it, whatever happened in its cells; gives back the exit code. */
export async function run(notebookFile: string, options: RunOptions): Promise<number> {
  const file = resolve(notebookFile);
  const timeout = parseTimeout(options.timeout);
  const output = chooseOutput(file, options);
  const notebook = readNotebook(file);
  checkLanguage(notebookFile, notebook);
  injectParameters(notebook, parseParameters(options.parameter ?? []));

  const report = new ProgressReport({ quiet: options.quiet ?? false, stream: options.stream ?? false });
  const cwd = resolve(options.cwd ?? dirname(file));
  const kernel = await launchKernel({ cwd }).catch((error: Error) => {
    throw new Failure(`The kernel did not start: ${error.message} (tensorcell doctor tells more.)`);
  });
  const notebookRun = new NotebookRun(kernel, notebook, {
    ...{ timeout, allowErrors: options.allowErrors, report },
    input: new TerminalInput(),
  });
  const onInterrupt = (): void => notebookRun.interrupt();
  process.on('SIGINT', onInterrupt);
  let end: RunEnd;
  try {
    const info = await kernel.client.kernelInfo();
    notebook.metadata.kernelspec ??= { name: defaultName, display_name: defaultDisplayName, language: 'typescript' };
    notebook.metadata.language_info = info.language_info;
    end = await notebookRun.run();
  } finally {
    process.off('SIGINT', onInterrupt);
    await kernel.stop();
  }
  writeNotebook(output, notebook);
  const written = [output];
  if (options.html) {
    const page = resolve(typeof options.html === 'string' ? options.html : withExtension(output, '.html'));
    writeFileSync(page, notebookToHtml(notebook, basename(file, '.ipynb')));
    written.push(page);
  }
  report.finish(end, written);
  return exitCodes[end];
}
