/** @file The cells' folder and environment: `%cd`, `%pwd`, `%env`. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { RequestError } from '../../session/request.ts';
import type { Magic, MagicKernel } from '../contract.ts';
import { folderCandidates, resolvePath } from '../paths.ts';
import { usageError, wordsOf } from '../words.ts';

/** The folder before the last `%cd`, by kernel. */
const previous = new WeakMap<object, string>();

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

async function changeFolder(text: string, kernel: MagicKernel): Promise<string> {
  const isQuiet = /^-q(\s|$)/.test(text);
  const rest = (isQuiet ? text.slice(2) : text).trim();
  const before = kernel.folder;
  const words = wordsOf(rest);
  // As IPython: spaces in a name need no quotes.
  const given = words.length > 1 && isFolder(resolvePath(rest, before)) ? [rest] : words;
  if (given.length > 1) throw usageError(`%cd takes one folder; got ${text}, and there is no folder of this name.`);
  const target = given[0] === '-' ? previous.get(kernel.settings) : (given[0] ?? homedir());
  if (target === undefined) throw usageError('%cd - goes back to the folder before; there was none yet.');
  const folder = resolvePath(target, before);
  if (!isFolder(folder)) throw new RequestError('FolderNotFound', `There is no folder ${folder}.`);
  await kernel.moveTo(folder);
  previous.set(kernel.settings, before);
  if (!isQuiet) kernel.print(`${kernel.folder}\n`);
  return kernel.folder;
}

/** As IPython: what is printed is saved with the notebook. A variable that is asked for by its name is told. */
const withoutSecret = ([name, value]: [string, string]): [string, string] => [
  name,
  /key|token|secret|passw|credential/i.test(name) ? '<hidden>' : value,
];

async function environment(text: string, kernel: MagicKernel): Promise<unknown> {
  const all = (await kernel.call('magic:environment')) as Record<string, string>;
  const [, name = text.trim(), value] = /^([^\s=]+)(?:\s*=\s*|\s+)([^]*)$/.exec(text.trim()) ?? [];
  if (name === '') return Object.fromEntries(Object.entries(all).map(withoutSecret));
  if (value !== undefined) {
    await kernel.call('magic:setEnvironment', { name, value });
    kernel.print(`env: ${withoutSecret([name, value]).join('=')}\n`);
    return undefined;
  }
  if (!(name in all)) throw new RequestError('UsageError', `The environment has no variable ${name}.`);
  return all[name];
}

export const folderMagics: readonly Magic[] = [
  {
    name: 'cd',
    form: 'line',
    usage: '[-q] [FOLDER | -]',
    summary: 'Changes the folder of the cells: of files, imports, programs and `process.cwd()`.',
    help: 'Without a folder it goes home, with `-` to the folder before. Names that are there already keep their values and types.',
    options: { q: 'prints nothing' },
    complete: folderCandidates,
    run: async ({ text }, kernel) => void (await changeFolder(text, kernel)),
  },
  {
    name: 'pwd',
    form: 'line',
    usage: '',
    summary: 'The folder of the cells.',
    value: 'string',
    run: (_call, kernel) => kernel.call('magic:folder'),
  },
  {
    name: 'env',
    form: 'line',
    usage: '[NAME | NAME=VALUE]',
    summary: "Shows or sets the environment of the cells' process.",
    help: 'Without a name it shows all, and `<hidden>` for what looks like a secret: keys, tokens, passwords.',
    value: 'string | Record<string, string>',
    complete: (text) => (/\s/.test(text) ? [] : Object.keys(process.env).sort()),
    run: ({ text }, kernel) => environment(text, kernel),
  },
];
