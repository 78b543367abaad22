/**
 * @file `tensorcell setup tensorflow`: builds the addon of @tensorflow/tfjs-node(-gpu) against the libraries of an installed Python
 * TensorFlow. The package's own download is years old, wants CUDA 11, and is closed on some networks; Python's wheel has the same
 * C API, and CUDA 12.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from './failure.ts';
import { packageRoot } from './package.ts';

export interface SetupOptions {
  /** The Python that has TensorFlow. */
  readonly python?: string;
  /** For CUDA, or for the CPU; left out, for CUDA where there is an NVIDIA driver. */
  readonly gpu?: boolean;
  /** Copies the libraries instead of linking to them. */
  readonly copy?: boolean;
}

/** A TensorFlow for Python. */
export interface PythonTensorFlow {
  /** The folder of the module. */
  readonly folder: string;
  readonly version: string;
  readonly python: string;
}

const version = '4.22.0';
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** What the addon includes, and what that includes, of the wheel's headers. */
const headers = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/c_api_macros.h',
  'tensorflow/c/eager/c_api.h',
  ...['attrtype', 'buffer', 'datatype', 'status', 'tensor', 'tstring'].map((name) => `tensorflow/c/tf_${name}.h`),
  ...['tensorflow/core', 'tsl'].flatMap((folder) =>
    ['ctstring.h', 'ctstring_internal.h'].map((name) => `${folder}/platform/${name}`),
  ),
  'xla/tsl/c/tsl_status.h',
];

/** Finds the module without importing it, which takes seconds. */
const question = `
import importlib.util, importlib.metadata as m
spec = importlib.util.find_spec('tensorflow')
names = ('tensorflow', 'tensorflow-cpu', 'tensorflow-gpu', 'tf-nightly')
found = [n for n in names if any(True for d in m.distributions(name=n))]
print(spec.submodule_search_locations[0] if spec else '')
print(m.version(found[0]) if found else '')
`;

/** The TensorFlow of a Python, where it has one with the libraries that an addon needs. */
export function findPythonTensorFlow(python = 'python3'): PythonTensorFlow | undefined {
  const { status, stdout } = spawnSync(python, ['-c', question], { encoding: 'utf8' });
  const [folder = '', found = ''] = status === 0 ? stdout.trim().split('\n') : [];
  if (folder === '' || !libraries.every((name) => existsSync(join(folder, name)))) return undefined;
  return { folder, version: found, python };
}

export const hasNvidiaDriver = (): boolean => existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');

export const packageFor = (gpu: boolean): string => `@tensorflow/tfjs-node${gpu ? '-gpu' : ''}`;

const require = createRequire(import.meta.url);

/** Where an npm package lies, whether or not it exports its package.json. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** Whether the addon of such a package is there. */
export function hasAddon(folder: string): boolean {
  const library = join(folder, 'lib');
  return (
    existsSync(library) && readdirSync(library).some((entry) => existsSync(join(library, entry, 'tfjs_binding.node')))
  );
}

/** The folder whose node_modules this package is loaded from, so that what is installed there is found. */
const installFolder = (): string =>
  basename(dirname(packageRoot)) === 'node_modules' ? resolve(packageRoot, '..', '..') : packageRoot;

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): void {
  console.log(`$ ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error) throw new Failure(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new Failure(`${command} failed (status ${status}); what it said stands above.`);
}

/** Lays the wheel's libraries and headers where the addon's build looks for them. */
export function placeLibraries({ folder }: Pick<PythonTensorFlow, 'folder'>, target: string, copy: boolean): void {
  const missing = headers.filter((name) => !existsSync(join(folder, 'include', name)));
  if (missing.length > 0)
    throw new Failure(`The TensorFlow in ${folder} lacks the headers of its C API: ${missing.join(', ')}.`);
  for (const old of ['deps', 'build', 'lib']) rmSync(join(target, old), { recursive: true, force: true });
  const into = join(target, 'deps', 'lib');
  mkdirSync(into, { recursive: true });
  for (const name of headers) cpSync(join(folder, 'include', name), join(target, 'deps', 'include', name));
  for (const name of libraries) {
    if (copy) cpSync(join(folder, name), join(into, name), { dereference: true });
    else symlinkSync(join(folder, name), join(into, name));
    // The names that the build links with, and those for which the package's own script looks before it downloads.
    const short = name === libraries[0] ? 'libtensorflow' : 'libtensorflow_framework';
    for (const suffix of ['so', 'so.2.9.1']) symlinkSync(name, join(into, `${short}.${suffix}`));
  }
}

/** Node's own headers where they lie beside it: else they would be downloaded. */
function buildEnvironment(): NodeJS.ProcessEnv {
  const beside = resolve(process.execPath, '..', '..');
  const hasHeaders = existsSync(join(beside, 'include', 'node', 'node_api.h'));
  return hasHeaders ? { ...process.env, npm_config_nodedir: beside } : process.env;
}

/** @throws Failure that says what is missing */
export function setupTensorFlow({ python = 'python3', gpu = hasNvidiaDriver(), copy = false }: SetupOptions): void {
  if (process.platform !== 'linux')
    throw new Failure(
      `This builds on Linux only; here, ${process.platform}, tensors compute on WebGPU (tf.listDevices()).`,
    );
  const found = findPythonTensorFlow(python);
  if (!found)
    throw new Failure(
      `${python} has no TensorFlow with ${libraries.join(' and ')}: pip install ${gpu ? "'tensorflow[and-cuda]'" : 'tensorflow'}, ` +
        `or name another Python with --python.`,
    );
  console.log(`TensorFlow ${found.version} in ${found.folder}`);
  const name = packageFor(gpu);
  if (!packageFolder(name))
    run(
      'npm',
      ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`],
      installFolder(),
    );
  const target = packageFolder(name);
  if (!target)
    throw new Failure(`npm did not install ${name} where it can be loaded from; install it beside tensorcell.`);
  placeLibraries(found, target, copy);
  const builder = createRequire(join(target, 'package.json')).resolve('@mapbox/node-pre-gyp/bin/node-pre-gyp');
  run(process.execPath, [builder, 'install', '--build-from-source'], target, buildEnvironment());
  if (!hasAddon(target)) throw new Failure(`The build left no addon in ${join(target, 'lib')}.`);
  console.log(
    `Built. It is the device tfjs/${gpu ? 'gpu' : 'tensorflow'}: tf.setDevice('tfjs/${gpu ? 'gpu' : 'tensorflow'}').`,
  );
}
