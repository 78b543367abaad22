/** @file The cells' folder and environment: `%cd`, `%pwd`, `%env`. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { RequestError } from '../../session/request.ts';
import type { Magic, MagicKernel } from '../contract.ts';
import { folderCandidates, resolvePath } from '../paths.ts';
import { usageError, wordsOf } from '../words.ts';

/** The folder before the last `%cd`, by kernel. */
const previous = new WeakMap<object, string>();

async function changeFolder(text: string, kernel: MagicKernel): Promise<string> {
  const isQuiet = /^-q(\s|$)/.test(text);
  const given = wordsOf(isQuiet ? text.slice(2) : text);
  if (given.length > 1) throw usageError(`%cd takes one folder (in quotes where its name has spaces); got ${text}.`);
  const before = kernel.folder;
  const target = given[0] === '-' ? previous.get(kernel.settings) : (given[0] ?? homedir());
  if (target === undefined) throw usageError('%cd - goes back to the folder before; there was none yet.');
  const folder = resolvePath(target, before);
  if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false))
    throw new RequestError('FolderNotFound', `There is no folder ${folder}.`);
  await kernel.moveTo(folder);
  previous.set(kernel.settings, before);
  if (!isQuiet) kernel.print(`${kernel.folder}\n`);
  return kernel.folder;
}

async function environment(text: string, kernel: MagicKernel): Promise<unknown> {
  const all = (await kernel.call('magic:environment')) as Record<string, string>;
  const [, name = text.trim(), value] = /^([^\s=]+)(?:\s*=\s*|\s+)([^]*)$/.exec(text.trim()) ?? [];
  if (name === '') return all;
  if (value !== undefined) {
    await kernel.call('magic:setEnvironment', { name, value });
    kernel.print(`env: ${name}=${value}\n`);
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
    value: 'string | Record<string, string>',
    complete: (text) => (/\s/.test(text) ? [] : Object.keys(process.env).sort()),
    run: ({ text }, kernel) => environment(text, kernel),
  },
];
