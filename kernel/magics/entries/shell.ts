/** @file Programs: `!command`, `%sx`, `%%sh`, `%%bash`, `%%script`. */
import { commandCandidates } from '../paths.ts';
import { RequestError } from '../../session/request.ts';
import type { ShellRequest, ShellResult } from '../cell/shell.ts';
import type { Magic, MagicCall, MagicKernel } from '../contract.ts';
import { usageError, wordsOf } from '../words.ts';

const run = async (kernel: MagicKernel, request: ShellRequest): Promise<ShellResult> =>
  (await kernel.call('magic:shell', request)) as ShellResult;

const windows = process.platform === 'win32';
const endOf = ({ code, signal }: ShellResult): string =>
  signal === null ? `returned non-zero exit status ${code}` : `died with ${signal}`;

/** As IPython: a line's exit status is kept, not thrown. */
async function runLine({ text }: MagicCall, kernel: MagicKernel): Promise<void> {
  if (text.trim() === '') throw usageError('! takes a command, as in !ls.');
  const result = await run(kernel, { command: text });
  await kernel.call('magic:exitCode', result.code);
  if (result.code === 127 || (windows && result.code === 9009))
    kernel.print(`Is it a program? In TypeScript a line that begins with ! needs parentheses: (!value)\n`, 'stderr');
}

/** Lines of the output. */
async function captureLines({ text }: MagicCall, kernel: MagicKernel): Promise<string[]> {
  if (text.trim() === '') throw usageError('%sx takes a command, as in files = %sx ls.');
  const result = await run(kernel, { command: text, capture: true });
  await kernel.call('magic:exitCode', result.code);
  const output = result.stdout.replace(/\r\n/g, '\n').replace(/\n$/, '');
  return output === '' ? [] : output.split('\n');
}

/** As IPython: a script that fails fails its cell. */
async function runScript(kernel: MagicKernel, program: string, args: readonly string[], body: string): Promise<void> {
  let result: ShellResult;
  try {
    result = await run(kernel, { program, args, input: body });
  } catch (error) {
    if (/ENOENT/.test((error as Error).message))
      throw new RequestError('ProgramNotFound', `There is no program ${program} on the PATH.`);
    throw error;
  }
  if (result.code !== 0)
    throw new RequestError('CalledProcessError', `Command '${[program, ...args].join(' ')}' ${endOf(result)}.`);
}

const scriptMagic = (name: string, program: string, args: readonly string[] = []): Magic => ({
  name,
  form: 'cell',
  usage: '[ARGUMENTS]',
  summary: `Runs the cell with ${program}; its output is shown as it comes, and an exit status other than 0 fails the cell.`,
  run: ({ text, body = '' }, kernel) => runScript(kernel, program, [...args, ...wordsOf(text)], body),
});

const fromShell = { complete: commandCandidates } as const;

export const shellMagics: readonly Magic[] = [
  {
    name: '!',
    form: 'line',
    usage: 'COMMAND',
    summary: "Runs a line in the system's shell; its output is shown as it comes.",
    help: '`{expression}` and `$name` are values of the notebook, `$$name` is a variable of the shell. The exit status is in `_exit_code`. An interrupt ends the program.',
    ...fromShell,
    run: runLine,
  },
  ...(['!!', 'sx', 'system'] as const).map((name): Magic => ({
    name,
    form: 'line',
    usage: 'COMMAND',
    summary: 'Runs a line in the shell; its value is the lines that it printed: `const files = %sx ls`.',
    value: 'string[]',
    ...fromShell,
    run: captureLines,
  })),
  // What runs on Windows as `sh` is whatever sh.exe is on the PATH, such as Git's.
  scriptMagic('sh', 'sh'),
  scriptMagic('bash', 'bash'),
  ...(windows
    ? [scriptMagic('cmd', 'cmd', ['/q', '/d']), scriptMagic('powershell', 'powershell', ['-Command', '-'])]
    : []),
  scriptMagic('python3', windows ? 'python' : 'python3'),
  {
    name: 'script',
    form: 'cell',
    usage: 'PROGRAM [ARGUMENTS]',
    summary: 'Runs the cell with a program that reads it, such as `%%script ruby`.',
    complete: commandCandidates,
    run: ({ text, body = '' }, kernel) => {
      const [program, ...args] = wordsOf(text);
      if (program === undefined) throw usageError('%%script takes a program, as in %%script ruby.');
      return runScript(kernel, program, args, body);
    },
  },
];
