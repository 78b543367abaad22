import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Kernelspec } from '../../kernel/cli/kernelspec.ts';
import { failure, printed, result, startForTest } from '../kernel/real-kernel.ts';
import { dist, repository } from '../support/installation.ts';
import { start, temporaryFolder, tensorcell, writeCells } from './command-line.ts';

/** The package as npm unpacks it. */
function unpackPackage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(dist, join(folder, 'dist'), { recursive: true });
  for (const part of ['package.json', 'kernelspec'])
    cpSync(join(repository, part), join(folder, part), { recursive: true });
}

/** Puts the packages of the repository into a `node_modules`, each by a link of its own. */
function linkPackages(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(repository, 'node_modules')))
    if (!name.startsWith('.') && name !== 'tensorcell')
      symlinkSync(join(repository, 'node_modules', name), join(folder, name));
}

/** A `bin` as npm makes it. */
function linkProgram(bin: string, packageFolder: string): string {
  mkdirSync(bin, { recursive: true });
  const program = join(bin, 'tensorcell');
  const main = join(packageFolder, 'dist', 'kernel', 'cli', 'main.js');
  chmodSync(main, 0o755);
  symlinkSync(main, program);
  return program;
}

/** Where npm puts things: a root, the package in it, its dependencies, its program. */
const layouts: readonly (readonly [string, (root: string) => string])[] = [
  [
    'globally, with dependencies inside',
    (root) => {
      const folder = join(root, 'lib', 'node_modules', 'tensorcell');
      unpackPackage(folder);
      linkPackages(join(folder, 'node_modules'));
      return linkProgram(join(root, 'bin'), folder);
    },
  ],
  [
    'in a project, with dependencies beside it',
    (root) => {
      const modules = join(root, 'project', 'node_modules');
      unpackPackage(join(modules, 'tensorcell'));
      linkPackages(modules);
      return linkProgram(join(modules, '.bin'), join(modules, 'tensorcell'));
    },
  ],
  [
    "in npx's cache, behind a symbolic link",
    (root) => {
      const modules = join(root, '.npm', '_npx', '0a1b2c', 'node_modules');
      const store = join(root, 'store', 'node_modules');
      unpackPackage(join(store, 'tensorcell'));
      linkPackages(store);
      mkdirSync(modules, { recursive: true });
      symlinkSync(join(store, 'tensorcell'), join(modules, 'tensorcell'));
      return linkProgram(join(modules, '.bin'), join(modules, 'tensorcell'));
    },
  ],
];

describe('installed', () => {
  test.each(layouts)('%s: install, doctor, a typed cell with tf', { timeout: 120_000 }, async (_, lay) => {
    const root = join(temporaryFolder(), 'größe & co (x86), 用户');
    mkdirSync(root);
    const program = lay(root);
    const notebooks = join(root, 'my notebooks');
    mkdirSync(notebooks);
    const env = { ...process.env, NO_COLOR: '1', JUPYTER_DATA_DIR: join(root, 'jupyter data'), HOME: root };
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, [program, ...args], { env, cwd: notebooks, encoding: 'utf8' });
    run('install');
    expect(run('doctor')).toMatch(/^ok +Kernel +TypeScript \(TensorCell\)/m);
    const specFile = join(root, 'jupyter data', 'kernels', 'tensorcell', 'kernel.json');
    const { argv } = JSON.parse(readFileSync(specFile, 'utf8')) as Kernelspec;
    const kernel = await startForTest({ command: argv, cwd: notebooks });
    const code =
      'import { tensor } from "tensorcell"\nconst t: number = tensor([1, 2]).sum().dataSync()[0]; t + tf.ones([1]).dataSync()[0]';
    expect(result(await kernel.client.execute(code)), kernel.log()).toBe('4');
    expect((await kernel.client.complete('tf.matM')).matches).toContain('matMul');
    expect(failure(await kernel.client.execute('const s: string = t'))).toMatch(/TS2322/);
    writeCells(notebooks, ['const a: number = 1; console.log(`a is ${a}`)'], 'ä b.ipynb');
    expect(run('run', 'ä b.ipynb', '--stream')).toContain('a is 1');
    run('uninstall');
  });
});

describe('a kernel starts and runs cells', () => {
  const cell = 'import { tmpdir } from "node:os"\nconst sum: number = tf.tensor([20, 1]).sum().dataSync()[0]; sum';

  test.each([
    ['without HOME', { HOME: undefined }],
    // A file: nobody, root neither, can make a folder below it.
    ['with a HOME that cannot be written', { HOME: '/dev/null', TENSORCELL_HISTORY: undefined }],
    ['without folders of XDG', { HOME: '/nonexistent', XDG_DATA_HOME: '/dev/null', TENSORCELL_HISTORY: undefined }],
    ['with a TMPDIR that is missing', { TMPDIR: '/nonexistent' }],
    ['without a PATH', { PATH: undefined }],
    ['in a locale without UTF-8', { LANG: 'C', LC_ALL: 'C' }],
  ] as const)('%s', { timeout: 60_000 }, async (_, env) => {
    const kernel = await startForTest({ env });
    expect(result(await kernel.client.execute(cell)), kernel.log()).toBe('21');
    expect(printed(await kernel.client.execute('console.log("größe 用户 🧮")'))).toBe('größe 用户 🧮\n');
  });

  test('for a user that the system does not know, without HOME', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    // As Node answers where neither HOME nor the system's list of users has one.
    writeFileSync(
      join(folder, 'unknown.cjs'),
      `const unknown = (call) => () => {
  throw Object.assign(new Error('A system error occurred: ' + call + ' returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
};
Object.assign(require('node:os'), { homedir: unknown('uv_os_homedir'), userInfo: unknown('uv_os_get_passwd') });
require('node:module').syncBuiltinESMExports();`,
    );
    const NODE_OPTIONS = `--require ${join(folder, 'unknown.cjs')}`;
    const env = { HOME: undefined, TENSORCELL_HISTORY: undefined, XDG_DATA_HOME: undefined, NODE_OPTIONS };
    const kernel = await startForTest({ cwd: folder, env });
    expect(result(await kernel.client.execute(cell)), kernel.log()).toBe('21');
    expect(failure(await kernel.client.execute('import { homedir } from "node:os"\nhomedir()'))).toContain('ENOENT');
  });

  test('in a folder that is a link; imports of modules beside the notebook', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real folder'));
    writeFileSync(join(folder, 'real folder', 'helper.ts'), 'export const answer: number = 42');
    symlinkSync(join(folder, 'real folder'), join(folder, 'link'));
    const kernel = await startForTest({ cwd: join(folder, 'link') });
    expect(result(await kernel.client.execute('import { answer } from "./helper"\nanswer'))).toBe('42');
  });

  test('in a folder that is removed while it runs', { timeout: 60_000 }, async () => {
    const folder = join(temporaryFolder(), 'gone');
    mkdirSync(folder);
    const kernel = await startForTest({ cwd: folder });
    expect(result(await kernel.client.execute('let kept = 1; kept'))).toBe('1');
    rmSync(folder, { recursive: true });
    expect(result(await kernel.client.execute('kept + 1'))).toBe('2');
    expect(failure(await kernel.client.execute('import { x } from "./none"\nx'))).toMatch(/none/);
    expect((await kernel.client.complete('kept.toF')).matches).toContain('toFixed');
    // A fresh cell process has nowhere to start: that is said, and the kernel lives.
    expect(failure(await kernel.client.execute('%typecheck off\nprocess.exit(0)'))).toMatch(/^ProcessExit/);
    expect(failure(await kernel.client.execute('1 + 1'))).toMatch(/folder of the notebook does not exist|^ok$/);
    expect((await kernel.client.kernelInfo()).status).toBe('ok');
    mkdirSync(folder);
    expect(result(await kernel.client.execute('1 + 1'))).toBe('2');
  });

  test('under a umask that takes every right away', { timeout: 60_000 }, async () => {
    const main = join(dist, 'kernel', 'main.js');
    const command = ['/bin/sh', '-c', `umask 777; exec "$0" "$@"`, process.execPath, main, '{connection_file}'];
    const kernel = await startForTest({ command });
    expect(result(await kernel.client.execute(cell)), kernel.log()).toBe('21');
  });
});

describe('tensorcell run', () => {
  test.each([
    ['without a folder for temporary files', () => ({ TMPDIR: '/nonexistent' })],
    [
      'with one whose name is too long for sockets',
      (folder: string) => {
        const long = join(folder, 'x'.repeat(120));
        mkdirSync(long);
        return { TMPDIR: long };
      },
    ],
  ])('%s', async (_, environment) => {
    const folder = temporaryFolder();
    const file = writeCells(folder, ['console.log(20 + 1)']);
    const { code, stdout, stderr } = await tensorcell(['run', file, '--stream'], { env: environment(folder) });
    expect(stderr).toContain('Ran 1 cell');
    expect([code, stdout.trim()]).toEqual([0, '21']);
  });

  test('several at once in one folder', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const runs = Array.from({ length: 4 }, (_, index) => {
      const file = writeCells(folder, [`const mine = ${index}`, 'console.log(mine * 10)'], `n${index}.ipynb`);
      return start(['run', file, '--stream']).outcome;
    });
    expect((await Promise.all(runs)).map(({ stdout }) => stdout.trim())).toEqual(['0', '10', '20', '30']);
  });

  test('says where install cannot write, and how to choose another place', async () => {
    const { code, stderr } = await tensorcell(['install'], { env: { HOME: '/dev/null', JUPYTER_DATA_DIR: undefined } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/could not be written.*--prefix/s);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
