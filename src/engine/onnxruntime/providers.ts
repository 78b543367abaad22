/** @file ONNX Runtime's execution providers as devices: what is here of each, and how its engine is made. */
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { EngineError } from '../../tensor/errors.ts';
import { formatDevice } from '../device-name.ts';
import type { DeviceFamily, DeviceInfo } from '../devices.ts';
import { FallbackLog } from '../fallbacks.ts';
import { type OrtApi, loadApi } from './api.ts';
import type { Provider } from './builder.ts';
import { OnnxRuntimeEngine } from './index.ts';
import { findLibrary } from './library.ts';
import { HostMemory } from './memory-space.ts';
import { TensorMemory } from './memory.ts';
import { Runtime } from './runtime.ts';
import { openWebGpu, webGpuDevices } from './webgpu.ts';

const engine = 'onnxruntime';

/** Whether the library is there, and `test` holds for it. */
function libraryHas(test: (api: OrtApi) => boolean): boolean {
  try {
    findLibrary();
    return test(loadApi());
  } catch {
    return false;
  }
}

const processorName = (): string => cpus()[0]?.model.trim() || process.arch;

const cpu: DeviceFamily = {
  list() {
    try {
      findLibrary();
    } catch {
      return [];
    }
    const description = `${processorName()}, ${availableParallelism()} cores`;
    const vendor = /AMD|Intel|Apple|ARM/i.exec(description)?.[0] ?? '';
    return [
      { name: formatDevice('cpu'), engine, type: 'cpu', vendor, description, memory: totalmem(), software: false },
    ];
  },
  open(index) {
    if (index > 0) throw new EngineError(`There is one CPU, 'cpu:0', which uses all cores; got number ${index}.`);
    const api = loadApi();
    return new OnnxRuntimeEngine(
      new Runtime(api, new TensorMemory(api, new HostMemory(api), formatDevice('cpu')), 'cpu'),
      new FallbackLog(),
    );
  },
};

/** A provider that takes its operands from the host's memory and gives its results back there. */
interface HostedProvider {
  readonly provider: Exclude<Provider, 'cpu' | 'webgpu'>;
  /** Its name among those that a library was built with, and as sessions take it. */
  readonly built: string;
  readonly appended: string;
  readonly vendor: string;
  readonly description: string;
  /** A library of its own, beside ONNX Runtime's. */
  readonly library: Partial<Record<NodeJS.Platform, string>>;
  settings(index: number): Record<string, string>;
  /** How to get it. */
  readonly advice: string;
}

const hosted: readonly HostedProvider[] = [
  {
    provider: 'cuda',
    built: 'CUDAExecutionProvider',
    appended: 'CUDA',
    vendor: 'NVIDIA',
    description: 'CUDA',
    library: { linux: 'libonnxruntime_providers_cuda.so', win32: 'onnxruntime_providers_cuda.dll' },
    settings: (index) => ({ device_id: String(index) }),
    advice:
      'It needs CUDA 12, cuDNN 9 and the provider library: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node.',
  },
  {
    provider: 'coreml',
    built: 'CoreMLExecutionProvider',
    appended: 'CoreML',
    vendor: 'Apple',
    description: 'Core ML',
    library: {},
    settings: () => ({ ModelFormat: 'MLProgram' }),
    advice: 'It comes with ONNX Runtime on macOS.',
  },
  {
    provider: 'dml',
    built: 'DmlExecutionProvider',
    appended: 'DML',
    vendor: '',
    description: 'DirectML',
    library: { win32: 'DirectML.dll' },
    settings: (index) => ({ device_id: String(index) }),
    advice: 'It comes with ONNX Runtime on Windows.',
  },
];

function hostedFamily(one: HostedProvider): DeviceFamily {
  const name = one.library[process.platform];
  const isHere = (): boolean =>
    libraryHas((api) => api.providers().includes(one.built) && (!name || existsSync(join(dirname(api.path), name))));
  return {
    list(): DeviceInfo[] {
      if (!isHere()) return [];
      const { provider, vendor, description } = one;
      return [
        { name: formatDevice(provider), engine, type: 'gpu', vendor, description, memory: null, software: false },
      ];
    },
    open(index) {
      const device = formatDevice(one.provider, index);
      const refuse = (why: string): EngineError =>
        new EngineError(`The device ${device} cannot be used: ${why}. ${one.advice}`);
      const api = loadApi();
      if (!isHere()) throw refuse(`this ONNX Runtime (${api.path}) has no ${one.built}, or not its library`);
      try {
        const options = api.createOptions(one.appended, one.settings(index), {});
        const memory = new TensorMemory(api, new HostMemory(api), device);
        return new OnnxRuntimeEngine(new Runtime(api, memory, one.provider, options), new FallbackLog());
      } catch (error) {
        throw refuse(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

const [cuda, coreml, dml] = hosted.map(hostedFamily);

export const onnxRuntimeFamilies = {
  cpu,
  cuda,
  coreml,
  dml,
  webgpu: { list: webGpuDevices, open: openWebGpu },
} satisfies Record<Provider, DeviceFamily>;
