import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataFolders, kernelsFolder, userDataFolder } from '../../kernel/cli/jupyter-paths.ts';
import type { Kernelspec } from '../../kernel/cli/kernelspec.ts';
import { installCommand } from '../../kernel/cli/package.ts';
import { dist } from '../support/installation.ts';
import { temporaryFolder, tensorcell } from './command-line.ts';

describe('the folders of Jupyter', () => {
  test.each([
    ['linux', {}, '/home/ada/.local/share/jupyter'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/jupyter'],
    ['linux', { XDG_DATA_HOME: '/data', JUPYTER_DATA_DIR: '/jupyter' }, '/jupyter'],
    ['darwin', {}, '/home/ada/Library/Jupyter'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/jupyter'],
    ['win32', {}, '/home/ada/.jupyter/data'],
  ] as const)('%s with %j: %s', (platform, env, folder) => {
    expect(userDataFolder({ platform, env, home: '/home/ada' })).toBe(folder);
  });

  test('are searched in the order of Jupyter', () => {
    const machine = { platform: 'linux', env: { JUPYTER_PATH: '/one:/two' }, home: '/home/ada' } as const;
    const searched = ['/one', '/two', '/home/ada/.local/share/jupyter', '/venv/share/jupyter'];
    expect(dataFolders(machine, '/venv')).toEqual([...searched, '/usr/local/share/jupyter', '/usr/share/jupyter']);
  });

  test('are not those of a home where there is none', () => {
    const nobody = { platform: 'linux', env: {}, home: undefined } as const;
    expect(userDataFolder(nobody)).toBeUndefined();
    expect(userDataFolder({ ...nobody, env: { XDG_DATA_HOME: '/data' } })).toBe('/data/jupyter');
    expect(dataFolders(nobody)).toEqual(['/usr/local/share/jupyter', '/usr/share/jupyter']);
    expect(() => kernelsFolder({}, nobody)).toThrow('no home folder (HOME is not set): set it, or name a place with');
    expect(kernelsFolder({ prefix: '/p' }, nobody)).toBe('/p/share/jupyter/kernels');
  });

  test('--sys-prefix is the active environment', () => {
    const machine = { platform: 'linux', home: '/home/ada' } as const;
    const folder = (env: Record<string, string>) => kernelsFolder({ sysPrefix: true }, { ...machine, env });
    expect(folder({ VIRTUAL_ENV: '/venv' })).toBe('/venv/share/jupyter/kernels');
    expect(folder({ CONDA_PREFIX: '/conda' })).toBe('/conda/share/jupyter/kernels');
    expect(() => folder({ PATH: '/nowhere' })).toThrow('No Python environment was found');
  });
});

describe('tensorcell install', () => {
  const readSpec = (folder: string) => JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as Kernelspec;

  test('writes a kernelspec with logos into the user folder', async () => {
    const data = temporaryFolder();
    const { code, stdout } = await tensorcell(['install'], { env: { JUPYTER_DATA_DIR: data } });
    const folder = join(data, 'kernels', 'tensorcell');
    expect(code).toBe(0);
    expect(stdout).toContain(folder);
    expect(readSpec(folder)).toMatchObject({
      argv: [process.execPath, join(dist, 'kernel', 'main.js'), '{connection_file}'],
      display_name: 'TypeScript (TensorCell)',
      language: 'typescript',
      interrupt_mode: 'message',
    });
    expect(readdirSync(folder).sort()).toEqual(['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg']);
  });

  test("puts variables into the kernel's environment", async () => {
    const data = temporaryFolder();
    const env = ['--env', 'TENSORCELL_NUM_THREADS=2', '--env', 'EMPTY=', '--env', 'PAIR=a=b'];
    expect((await tensorcell(['install', ...env], { env: { JUPYTER_DATA_DIR: data } })).code).toBe(0);
    expect(readSpec(join(data, 'kernels', 'tensorcell')).env).toEqual({
      TENSORCELL_NUM_THREADS: '2',
      EMPTY: '',
      PAIR: 'a=b',
    });
  });

  test('takes a prefix, a name and a display name, again and again, and takes them back', async () => {
    const prefix = temporaryFolder();
    const place = ['--prefix', prefix, '--name', 'ts-next'];
    const folder = join(prefix, 'share', 'jupyter', 'kernels', 'ts-next');
    expect((await tensorcell(['install', ...place])).code).toBe(0);
    expect((await tensorcell(['install', ...place, '--display-name', 'Mine'])).code).toBe(0);
    expect(readSpec(folder).display_name).toBe('Mine');
    const { code, stdout } = await tensorcell(['uninstall', ...place]);
    expect(code).toBe(0);
    expect(stdout).toContain(folder);
    expect(existsSync(folder)).toBe(false);
  });

  test.each([
    [['install', '--user', '--sys-prefix'], 'Give one place, not --user and --sys-prefix.'],
    [['install', '--name', 'a b'], "'a b' was given"],
    [['install', '--prefix', ''], '--prefix needs a folder'],
    [['install', '--env', 'A'], "A variable is written NAME=VALUE; 'A' was given."],
    [['instal'], "unknown command 'instal'"],
  ])('%j: %s', async (args, message) => {
    const { code, stderr } = await tensorcell(args, { env: { JUPYTER_DATA_DIR: temporaryFolder() } });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('leaves the kernels of others alone', async () => {
    const data = temporaryFolder();
    const folder = join(data, 'kernels', 'tensorcell');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kernel.json'), '{"argv": ["other"], "display_name": "Other", "language": "other"}');
    for (const command of ['install', 'uninstall']) {
      const { code, stderr } = await tensorcell([command], { env: { JUPYTER_DATA_DIR: data } });
      expect(code).toBe(1);
      expect(stderr).toContain('belongs to another kernel');
    }
    expect(readSpec(folder).display_name).toBe('Other');
  });

  test('uninstall says where the kernel is instead', async () => {
    const [data, prefix] = [temporaryFolder(), temporaryFolder()];
    const env = { JUPYTER_DATA_DIR: data, VIRTUAL_ENV: prefix };
    await tensorcell(['install', '--sys-prefix'], { env });
    const { code, stderr } = await tensorcell(['uninstall'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no kernel 'tensorcell' in ${join(data, 'kernels')}`);
    expect(stderr).toContain(join(prefix, 'share', 'jupyter', 'kernels', 'tensorcell'));
  });
});

test('advice for installing names the flag without which libraries for CUDA are downloaded', () => {
  expect(installCommand()).toBe('npm install tensorcell --onnxruntime-node-install=skip');
  expect(installCommand('-g')).toBe('npm install -g tensorcell --onnxruntime-node-install=skip');
});

describe('tensorcell doctor', { timeout: 180_000 }, () => {
  test('finds Node, the engine and TypeScript, and says how to get the kernel into Jupyter', async () => {
    const env = { JUPYTER_DATA_DIR: temporaryFolder(), VIRTUAL_ENV: temporaryFolder() };
    const before = await tensorcell(['doctor'], { env });
    expect(before.stdout).toMatch(/^ok +Node\.js/m);
    expect(before.stdout).toMatch(/^ok +Engine +onnxruntime on cpu/m);
    expect(before.stdout).toMatch(/^ok +TypeScript server/m);
    expect(before.stdout).toMatch(/^ok +A cell +ran/m);
    expect(before.stdout).toMatch(/^absent +Kernel[^]*npx tensorcell install/m);
    expect(before.code).toBe(0);
    await tensorcell(['install'], { env });
    expect((await tensorcell(['doctor'], { env })).stdout).toMatch(/^ok +Kernel +TypeScript \(TensorCell\)/m);
  });

  test("fails where the engine's library is missing", async () => {
    const missing = { JUPYTER_DATA_DIR: temporaryFolder(), TENSORCELL_ONNXRUNTIME: '/none/libonnxruntime.so' };
    const { code, stdout } = await tensorcell(['doctor'], { env: missing });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem +Engine +.*TENSORCELL_ONNXRUNTIME names \/none\/libonnxruntime.so/m);
  });

  test('fails where an installed kernel names a Node or a package that is gone', async () => {
    const data = temporaryFolder();
    const env = { JUPYTER_DATA_DIR: data };
    await tensorcell(['install'], { env });
    const file = join(data, 'kernels', 'tensorcell', 'kernel.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(process.execPath, '/gone/node'));
    const { code, stdout } = await tensorcell(['doctor'], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem +Kernel.*\/gone\/node/m);
  });
});
