/** @file WebGPU through ONNX Runtime: any GPU with a Vulkan, Direct3D 12 or Metal driver, nothing else to install. */
import { EngineError } from '../../tensor/errors.ts';
import { formatDevice } from '../device-name.ts';
import type { DeviceInfo } from '../devices.ts';
import type { Engine } from '../engine.ts';
import { FallbackLog } from '../fallbacks.ts';
import { findAdapters } from './adapters.ts';
import { type OrtApi, type Pointer, loadApi } from './api.ts';
import { DeviceMemory } from './device-memory.ts';
import { OnnxRuntimeEngine } from './index.ts';
import { TensorMemory } from './memory.ts';
import type { OnnxModel } from './model.ts';
import { Runtime } from './runtime.ts';
import { Session } from './session.ts';

const provider = 'WebGpuExecutionProvider';

export function webGpuDevices(): DeviceInfo[] {
  const adapters = findAdapters();
  if (adapters.length === 0) return [];
  try {
    if (!loadApi().providers().includes(provider)) return [];
  } catch {
    return [];
  }
  return adapters.map((adapter, index) => ({
    name: formatDevice('webgpu', index),
    engine: 'onnxruntime',
    type: 'gpu',
    ...adapter,
  }));
}

const settings = (index: number): Record<string, string> => ({
  // Releasing a session would else take the device with it.
  preserveDevice: '1',
  powerPreference: 'high-performance',
  // Convolutions get their layouts from our own lowerings.
  preferredLayout: 'NCHW',
  ...(findAdapters().length > 1 ? { adapterIndex: String(index) } : {}),
});

/** A session that is kept, so that the device lives. */
const anchorModel: OnnxModel = {
  nodes: [{ type: 'Identity', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }],
  constants: new Map(),
  inputs: [{ name: 'x', dtype: 'float32', shape: [1] }],
  outputs: [{ name: 'y', dtype: 'float32', shape: [1] }],
};

/** Which operators of a session the CPU runs: its inputs are copied there and its outputs back. */
function inspection(api: OrtApi, log: FallbackLog): (session: Session) => void {
  const pointer = 'uint64_t';
  const { native, made, resultAddress, koffi } = api.deviceBinding();
  const subgraphs = native(407, [pointer, pointer, pointer]);
  const providerOf = native(408, [pointer, pointer]);
  const nodesOf = native(409, [pointer, pointer, pointer]);
  const operatorOf = native(412, [pointer, pointer]);
  const count = new BigUint64Array(1);
  const countAddress = api.addressOf(count.buffer);
  const text = (address: Pointer): string => koffi.decode(BigInt(address), 'char', -1) as string;
  const list = (address: Pointer): Pointer[] => {
    if (count[0] === 0n) return [];
    const type = koffi.array(pointer, Number(count[0]));
    return Array.from(koffi.decode(BigInt(address), type) as ArrayLike<number | bigint>, Number);
  };
  const listOf = (fn: typeof subgraphs, of: Pointer): Pointer[] => {
    const address = made(fn(of, resultAddress, countAddress));
    return list(address);
  };
  return (session) => {
    for (const subgraph of listOf(subgraphs, session.address)) {
      if (text(made(providerOf(subgraph, resultAddress))) === provider) continue;
      for (const node of listOf(nodesOf, subgraph))
        log.add(
          text(made(operatorOf(node, resultAddress))),
          [],
          'WebGPU has no kernel for this operator of ONNX on such operands',
        );
    }
  };
}

/** Native clean-up after the process has ended its work crashes where the GPU has work left; so it is left out. */
function leaveWithoutCleanUp(api: OrtApi): void {
  if (process.platform === 'win32') return;
  const { koffi } = api.deviceBinding();
  const exit = koffi.load(null).func('_exit', 'void', ['int']);
  process.on('exit', (code) => exit(Number(process.exitCode ?? code)));
}

let leaving = false;

/** @throws EngineError where no adapter is found */
export function openWebGpu(index: number): Engine {
  const device = formatDevice('webgpu', index);
  const api = loadApi();
  const advice =
    'It needs a GPU with a driver; on Linux libvulkan1 and the driver’s Vulkan part (in containers NVIDIA_DRIVER_CAPABILITIES=graphics).';
  const adapters = findAdapters();
  if (adapters.length > 0 && index >= adapters.length)
    throw new EngineError(`There is no ${device}: ${adapters.length} adapters were found. ${advice}`);
  const log = new FallbackLog();
  let options: Pointer;
  let anchor: Session;
  try {
    options = api.createOptions('WebGPU', settings(index), { 'session.record_ep_graph_assignment_info': '1' });
    anchor = new Session(api, anchorModel, options);
  } catch (error) {
    throw new EngineError(
      `The device ${device} cannot be used: ${error instanceof Error ? error.message : String(error)}. ${advice}`,
    );
  }
  if (!leaving) leaveWithoutCleanUp(api);
  leaving = true;
  const memory = new TensorMemory(api, new DeviceMemory(api, 'WebGPU_Buffer', anchor), device);
  return new OnnxRuntimeEngine(new Runtime(api, memory, 'webgpu', options, inspection(api, log)), log);
}
