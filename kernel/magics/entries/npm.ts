/** @file `%npm`: packages into the notebook's folder. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RequestError } from '../../session/request.ts';
import type { ShellRequest, ShellResult } from '../cell/shell.ts';
import type { Magic, MagicKernel } from '../contract.ts';
import { fileCandidates } from '../paths.ts';
import { usageError, wordsOf } from '../words.ts';

const commands: Readonly<Record<string, string>> = {
  install: 'adds packages, or those that package.json names',
  uninstall: 'removes packages',
  ls: 'lists what is installed',
};
const aliases: Readonly<Record<string, string>> = {
  i: 'install',
  add: 'install',
  remove: 'uninstall',
  rm: 'uninstall',
  list: 'ls',
};

/** Without a package.json of its own npm would install into a folder further up. */
function ensureManifest(kernel: MagicKernel): void {
  const path = join(kernel.folder, 'package.json');
  if (existsSync(path)) return;
  writeFileSync(path, `${JSON.stringify({ private: true, type: 'module' }, null, 2)}\n`);
  kernel.print(`Made ${path}.\n`);
}

/** The npm beside this Node, else the one on the PATH. */
function npmRequest(args: readonly string[]): ShellRequest {
  const folder = dirname(process.execPath);
  const scripts = [
    join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = scripts.find((path) => existsSync(path));
  return script === undefined ? { program: 'npm', args } : { program: process.execPath, args: [script, ...args] };
}

const quiet = ['--no-fund', '--no-audit', '--no-update-notifier'];

async function npm(text: string, kernel: MagicKernel): Promise<void> {
  const [given, ...rest] = wordsOf(text);
  const command = aliases[given ?? ''] ?? given;
  if (command === undefined || !(command in commands))
    throw usageError(`%npm takes ${Object.keys(commands).join(', ')}${given === undefined ? '' : `; got ${given}`}.`);
  const isNamed = rest.some((word) => !word.startsWith('-'));
  if (command === 'uninstall' && !isNamed) throw usageError('%npm uninstall takes the names of packages.');
  if (command === 'install') ensureManifest(kernel);
  const before = versionsIn(kernel.folder);
  let result: ShellResult;
  try {
    // Where cells went with process.chdir is no place for packages: imports begin from the notebook's folder.
    const request = { ...npmRequest([command, ...rest, ...(command === 'ls' ? [] : quiet)]), cwd: kernel.folder };
    result = (await kernel.call('magic:shell', request)) as ShellResult;
  } catch (error) {
    if (/ENOENT/.test((error as Error).message))
      throw new RequestError('ProgramNotFound', 'There is no npm on the PATH; it comes with Node.js.');
    throw error;
  }
  if (result.code !== 0)
    throw new RequestError(
      'NpmError',
      `npm ${command} ended with status ${result.code ?? result.signal}; what it printed says why.`,
    );
  if (command === 'ls') return;
  await kernel.packagesChanged();
  // Node keeps what it has loaded.
  const after = versionsIn(kernel.folder);
  const changed = [...before].filter(([name, version]) => (after.get(name) ?? version) !== version);
  for (const [name, version] of changed)
    kernel.print(
      `${name} was ${version} and is ${after.get(name)}: cells that imported it keep the old one until %reset.\n`,
    );
}

/** Versions of what is installed, by name, as npm writes them down. */
function versionsIn(folder: string): Map<string, string> {
  try {
    const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8')) as {
      packages: Record<string, { readonly version?: string }>;
    };
    const versions = Object.entries(packages).map(([path, { version = '' }]) => [path, version] as const);
    return new Map(versions.map(([path, version]) => [path.replace(/^node_modules\//, ''), version]));
  } catch {
    return new Map(); // nothing is installed yet
  }
}

/** What package.json names. */
function installed(folder: string): string[] {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      object | undefined
    >;
    return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  } catch {
    return [];
  }
}

export const npmMagics: readonly Magic[] = [
  {
    name: 'npm',
    form: 'line',
    usage: 'install|uninstall|ls [PACKAGE ...]',
    summary: "Installs packages into the notebook's folder; the next cell can import them, without a restart.",
    help: "Makes a `package.json` where there is none. npm's own options can be given, such as `--save-dev`.",
    options: { 'save-dev': 'as a development dependency', 'save-exact': 'this version and no other' },
    complete: (text, surroundings) => {
      const words = text.split(/\s+/);
      if (words.length <= 1)
        return Object.entries(commands).map(([name, does]) => ({ text: name, kind: 'command', signature: does }));
      const command = aliases[words[0]] ?? words[0];
      // Only a path is known to be one of a package's.
      if (command === 'install' && /^[.~/]/.test(words.at(-1)!)) return fileCandidates('.tgz')(text, surroundings);
      return command === 'install' ? [] : installed(surroundings.folder);
    },
    run: ({ text }, kernel) => npm(text, kernel),
  },
];
