/** @file Programs: `!command`, `%sx`, `%%sh`, `%%bash`, `%%script`. */
import { constants } from 'node:os';
import { commandCandidates, fileCandidates } from '../paths.ts';
import { RequestError } from '../../session/request.ts';
import type { ShellRequest, ShellResult } from '../cell/shell.ts';
import type { Magic, MagicCall, MagicKernel } from '../contract.ts';
import { isVariableName, readOptions, usageError } from '../words.ts';

const run = async (kernel: MagicKernel, request: ShellRequest): Promise<ShellResult> =>
  (await kernel.call('magic:shell', request)) as ShellResult;

const windows = process.platform === 'win32';
const endOf = ({ code, signal }: ShellResult): string =>
  signal === null ? `returned non-zero exit status ${code}` : `died with ${signal}`;

/** As IPython and shells: a program that a signal ended has that signal's number, negative. */
const statusOf = ({ code, signal }: ShellResult): number =>
  code ?? -(constants.signals[signal as keyof typeof constants.signals] ?? 0);

/** As IPython: a line's exit status is kept, not thrown. */
async function runLine({ text }: MagicCall, kernel: MagicKernel): Promise<void> {
  if (text.trim() === '') throw usageError('! takes a command, as in !ls.');
  const result = await run(kernel, { command: text });
  await kernel.call('magic:exitCode', statusOf(result));
  if (result.code === 127 || (windows && result.code === 9009))
    kernel.print(`Is it a program? In TypeScript a line that begins with ! needs parentheses: (!value)\n`, 'stderr');
}

/** Lines of the output. */
async function captureLines({ text }: MagicCall, kernel: MagicKernel): Promise<string[]> {
  if (text.trim() === '') throw usageError('%sx takes a command, as in files = %sx ls.');
  const result = await run(kernel, { command: text, keep: { stdout: true } });
  await kernel.call('magic:exitCode', statusOf(result));
  const output = result.stdout.replace(/\r\n/g, '\n').replace(/\n$/, '');
  return output === '' ? [] : output.split('\n');
}

const scriptOptions = { out: true, err: true, bg: false, 'no-raise-error': false } as const;
const scriptHelp = {
  out: 'keeps what it prints in a variable',
  err: 'keeps what it prints on stderr in a variable',
  bg: 'does not wait for it',
  'no-raise-error': 'an exit status other than 0 is no error',
} as const satisfies Record<keyof typeof scriptOptions, string>;

interface ScriptOptions {
  readonly out?: string;
  readonly err?: string;
  readonly bg?: true;
  readonly 'no-raise-error'?: true;
}

/** As IPython: a script that fails fails its cell. */
async function runScript(
  magic: string,
  { text, body = '' }: MagicCall,
  kernel: MagicKernel,
  program: readonly string[] = [],
): Promise<void> {
  const { options, words } = readOptions(magic, text, scriptOptions, { passesOthers: true });
  const { out, err, bg = false, 'no-raise-error': neverFails = false } = options as ScriptOptions;
  const [name, ...args] = [...program, ...words];
  if (name === undefined) throw usageError(`${magic} takes a program, as in ${magic} ruby.`);
  for (const variable of [out, err])
    if (variable !== undefined && !isVariableName(variable))
      throw usageError(`${magic} --out and --err take the name of a variable, got ${variable}.`);
  if (bg && (out ?? err) !== undefined)
    throw usageError(`${magic} --bg does not wait for what the script prints, which --out and --err keep.`);
  const request: ShellRequest = {
    program: name,
    args,
    // A last line without an end is a line as well.
    input: body.endsWith('\n') ? body : `${body}\n`,
    keep: { stdout: out !== undefined, stderr: err !== undefined },
    inBackground: bg,
  };
  let result: ShellResult;
  try {
    result = await run(kernel, request);
  } catch (error) {
    if (/ENOENT/.test((error as Error).message))
      throw new RequestError('ProgramNotFound', `There is no program ${name} on the PATH.`);
    throw error;
  }
  const keep = (variable: string | undefined, value: string): void => {
    if (variable === undefined) return;
    kernel.declareAfter({
      script: `let ${variable} = ${JSON.stringify(value)};`,
      types: `let ${variable}: string = '';`,
    });
  };
  keep(out, result.stdout);
  keep(err, result.stderr);
  if (result.code !== 0 && !bg && !neverFails)
    throw new RequestError('CalledProcessError', `Command '${[name, ...args].join(' ')}' ${endOf(result)}.`);
}

const scriptUsage = '[--out NAME] [--err NAME] [--bg] [--no-raise-error]';

const scriptMagic = (name: string, ...program: readonly string[]): Magic => ({
  name,
  form: 'cell',
  usage: `${scriptUsage} [ARGUMENTS]`,
  summary: `Runs the cell with ${program[0]}; its output is shown as it comes, and an exit status other than 0 fails the cell.`,
  options: scriptHelp,
  complete: fileCandidates(),
  run: (call, kernel) => runScript(`%%${name}`, call, kernel, program),
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
  ...(windows ? [scriptMagic('cmd', 'cmd', '/q', '/d'), scriptMagic('powershell', 'powershell', '-Command', '-')] : []),
  scriptMagic('python3', windows ? 'python' : 'python3'),
  ...['python', 'perl', 'ruby'].map((name) => scriptMagic(name, name)),
  {
    name: 'script',
    form: 'cell',
    usage: `${scriptUsage} PROGRAM [ARGUMENTS]`,
    summary: 'Runs the cell with a program that reads it, such as `%%script ruby`.',
    options: scriptHelp,
    complete: commandCandidates,
    run: (call, kernel) => runScript('%%script', call, kernel),
  },
];
