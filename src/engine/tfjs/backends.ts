/** @file TensorFlow.js's backends as devices: which packages are here, and how each is loaded, synchronously. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type * as Core from '@tensorflow/tfjs-core';
import { EngineError } from '../../tensor/errors.ts';
import { type DeviceType, formatDevice } from '../device-name.ts';
import type { DeviceFamily } from '../devices.ts';
import { TfjsEngine } from './index.ts';
import { Kernels } from './kernels.ts';

const require = createRequire(import.meta.url);

/** The folder of an npm package, where it is installed. */
function folderOf(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

const loadCore = (): typeof Core => require('@tensorflow/tfjs-core') as typeof Core;

interface CpuPackage {
  MathBackendCPU: new () => Core.KernelBackend;
}
const makeCpuBackend = (): Core.KernelBackend => {
  const { MathBackendCPU } = require('@tensorflow/tfjs-backend-cpu') as CpuPackage;
  // Its first use would print an advertisement for tfjs-node.
  return Object.assign(new MathBackendCPU(), { firstUse: false });
};

/** What Emscripten's module has, as far as the backend needs it set up. */
interface WasmModule {
  cwrap(name: string, result: string | null, parameters: readonly string[]): unknown;
  tfjs?: Record<string, unknown>;
}
interface WasmPackage {
  BackendWasm: new (module: WasmModule) => Core.KernelBackend;
}
type WasmFactory = (module: Record<string, unknown>) => unknown;

/** The package's own start is asynchronous; with a module compiled here the same steps are not. */
function makeWasmBackend(): Core.KernelBackend {
  const name = '@tensorflow/tfjs-backend-wasm';
  const { BackendWasm } = require(name) as WasmPackage;
  const factory = require(`${name}/wasm-out/tfjs-backend-wasm.js`) as WasmFactory;
  const binary = readFileSync(require.resolve(`${name}/dist/tfjs-backend-wasm-simd.wasm`));
  const module: Record<string, unknown> = {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), imports);
      done(instance);
      return instance.exports;
    },
  };
  factory(module);
  const made = module as unknown as WasmModule;
  made.tfjs = {
    init: made.cwrap('init', null, []),
    initWithThreadsCount: made.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: made.cwrap('get_threads_count', 'number', []),
    registerTensor: made.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: made.cwrap('dispose_data', null, ['number']),
    dispose: made.cwrap('dispose', null, []),
  };
  return new BackendWasm(made);
}

/** tfjs-node looks for functions that Node 23 took out of `util`. */
function restoreUtil(): void {
  const util = require('node:util') as Record<string, unknown>;
  const lost: Record<string, (value: unknown) => boolean> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
    isString: (value) => typeof value === 'string',
    isObject: (value) => typeof value === 'object' && value !== null,
  };
  for (const [name, test] of Object.entries(lost)) util[name] ??= test;
}

/** The package brings its own core along, which has its backend. */
function loadNode(name: string): typeof Core {
  restoreUtil();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  return require(name) as typeof Core;
}

interface Backend {
  readonly type: Extract<DeviceType, `tfjs/${string}`>;
  /** What TensorFlow.js calls it. */
  readonly name: string;
  readonly packages: readonly string[];
  readonly device: 'cpu' | 'gpu';
  readonly description: string;
  readonly isReady?: () => boolean;
  readonly core: () => typeof Core;
  readonly make: (core: typeof Core) => Core.KernelBackend;
  readonly advice: string;
}

const nodePackages = { gpu: '@tensorflow/tfjs-node-gpu', cpu: '@tensorflow/tfjs-node' };

/** Whether the addon of a package was downloaded or built. */
function hasAddon(name: string): boolean {
  const library = join(folderOf(name) ?? '', 'lib');
  return (
    existsSync(library) && readdirSync(library).some((entry) => existsSync(join(library, entry, 'tfjs_binding.node')))
  );
}

const javascript = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'];
const setup =
  'Where its own download is closed, or wants an older CUDA: `npx tensorcell setup tensorflow` builds it against an installed Python TensorFlow.';

const backends: readonly Backend[] = [
  {
    type: 'tfjs/gpu',
    name: 'tensorflow',
    packages: [nodePackages.gpu],
    device: 'gpu',
    description: 'TensorFlow for CUDA (tfjs-node-gpu)',
    isReady: () => hasAddon(nodePackages.gpu) && hasDriver(),
    core: () => loadNode(nodePackages.gpu),
    make: (node) => node.backend(),
    advice: `npm install ${nodePackages.gpu}@4.22.0. ${setup}`,
  },
  {
    type: 'tfjs/tensorflow',
    name: 'tensorflow',
    packages: [nodePackages.cpu],
    device: 'cpu',
    description: 'TensorFlow (tfjs-node)',
    isReady: () => hasAddon(nodePackages.cpu),
    core: () => loadNode(nodePackages.cpu),
    make: (node) => node.backend(),
    advice: `npm install ${nodePackages.cpu}@4.22.0. ${setup}`,
  },
  {
    type: 'tfjs/wasm',
    name: 'wasm',
    packages: [...javascript, '@tensorflow/tfjs-backend-wasm'],
    device: 'cpu',
    description: 'WebAssembly, one thread',
    core: loadCore,
    make: makeWasmBackend,
    advice: `npm install ${[...javascript, '@tensorflow/tfjs-backend-wasm'].map((one) => `${one}@4.22.0`).join(' ')}`,
  },
  {
    type: 'tfjs/cpu',
    name: 'cpu',
    packages: javascript,
    device: 'cpu',
    description: 'plain JavaScript, one thread',
    core: loadCore,
    make: makeCpuBackend,
    advice: `npm install ${javascript.map((one) => `${one}@4.22.0`).join(' ')}`,
  },
];

/** CUDA needs a driver; without one TensorFlow computes on the CPU, and says so only on standard error. */
const hasDriver = (): boolean =>
  ['/dev/nvidia0', '/dev/nvidiactl', '/dev/dxg'].some(existsSync) || process.platform === 'win32';

const familyOf = (backend: Backend): DeviceFamily => ({
  list() {
    const { type, packages, isReady, device, description } = backend;
    if (!packages.every(folderOf) || isReady?.() === false) return [];
    const vendor = device === 'gpu' ? 'NVIDIA' : '';
    const memory = device === 'gpu' ? null : totalmem();
    const name = formatDevice(type);
    const where = device === 'gpu' ? description : `${description}, ${cpus()[0]?.model.trim() ?? process.arch}`;
    return [{ name, engine: 'tfjs', type: device, vendor, description: where, memory, software: false }];
  },
  open(index) {
    const device = formatDevice(backend.type, index);
    const refuse = (why: string): EngineError =>
      new EngineError(`The device ${device} cannot be used: ${why}. ${backend.advice}`);
    const missing = backend.packages.filter((name) => !folderOf(name));
    if (missing.length > 0) throw refuse(`${missing.join(' and ')} is not installed`);
    if (index > 0) throw refuse(`there is one ${backend.type}`);
    try {
      const fallback = backend.name === 'wasm' ? { name: 'cpu', backend: makeCpuBackend() } : null;
      const core = backend.core();
      return new TfjsEngine(device, new Kernels(core, { name: backend.name, backend: backend.make(core) }, fallback));
    } catch (error) {
      throw refuse(error instanceof Error ? error.message : String(error));
    }
  },
});

const [gpu, tensorflow, wasm, cpu] = backends.map(familyOf);

export const tfjsFamilies = { 'tfjs/gpu': gpu, 'tfjs/tensorflow': tensorflow, 'tfjs/wasm': wasm, 'tfjs/cpu': cpu };
