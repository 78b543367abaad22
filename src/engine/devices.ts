/** @file The devices of this machine: which there are, which one is used, and the engine that each has once it is asked for. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ArgumentError, EngineError } from '../tensor/errors.ts';
import { afterTermination } from '../tensor/termination.ts';
import { type DeviceType, deviceTypes, formatDevice, parseDevice } from './device-name.ts';
import type { Engine } from './engine.ts';
import { onnxRuntimeFamilies } from './onnxruntime/providers.ts';
import { tfjsFamilies } from './tfjs/backends.ts';

/** A device that tensors can live on. */
export interface DeviceInfo {
  /** What `tf.device`, `tf.setDevice` and `x.to` take: `cpu:0`, `webgpu:0`, `tfjs/wasm:0`. */
  readonly name: string;
  /** The engine that computes there: `onnxruntime`, `tfjs`. */
  readonly engine: string;
  readonly type: 'cpu' | 'gpu';
  /** Who made it, where known. */
  readonly vendor: string;
  readonly description: string;
  /** Bytes of its own memory, or null where nothing tells. */
  readonly memory: number | null;
  /** A processor that pretends to be a GPU (llvmpipe, SwiftShader, WARP): used only where it is asked for by name. */
  readonly software: boolean;
}

/** What knows the devices of one type. */
export interface DeviceFamily {
  /** What there is of it here; nothing where its library is missing. */
  list(): DeviceInfo[];
  /** The engine of one of them. @throws EngineError that says what is missing, and how to get it */
  open(index: number): Engine;
}

const families: Readonly<Record<DeviceType, DeviceFamily>> = { ...onnxRuntimeFamilies, ...tfjsFamilies };

/** GPUs that may be chosen unasked, best first: those on which tensors stay between operations. */
const automaticGpus: readonly DeviceType[] = ['webgpu', 'tfjs/gpu'];
/** What `gpu:0` may be. */
const gpus: readonly DeviceType[] = ['webgpu', 'tfjs/gpu', 'cuda', 'coreml', 'dml'];
/** What takes the place of ONNX Runtime where it has no build. */
const processors: readonly DeviceType[] = ['cpu', 'tfjs/tensorflow', 'tfjs/wasm', 'tfjs/cpu'];

/** Every device here. Software adapters are listed, but never chosen unasked. */
export const listDevices = (): DeviceInfo[] => deviceTypes.flatMap((type) => families[type].list());

const engines = new Map<string, Engine>();

/** Whether tensors may lie on more than one device. */
export const hasSeveralDevices = (): boolean => engines.size > 1;

/** The engines that were asked for so far. */
export const openEngines = (): Engine[] => [...engines.values()];

function open(type: DeviceType, index = 0): Engine {
  const name = formatDevice(type, index);
  const known = engines.get(name);
  if (known) return known;
  const engine = families[type].open(index);
  engines.set(name, engine);
  return engine;
}

/** The engine of the device with this name. @throws ArgumentError, EngineError */
export function engineOf(name: string): Engine {
  const known = engines.get(name);
  if (known) return known;
  const { type, index } = parseDevice(name);
  if (type !== 'gpu') return open(type, index);
  const found = gpus.flatMap((gpu) => families[gpu].list().filter(({ software }) => !software));
  if (index < found.length) return engineOf(found[index].name);
  throw new EngineError(
    `There is no GPU number ${index} here (${found.length === 0 ? 'none was found' : found.map((gpu) => gpu.name).join(', ')}). ` +
      `A GPU needs its driver (on Linux libvulkan1 as well); one that is made of software is used only by its own name, such as 'webgpu:0'.`,
  );
}

/** The engine of the CPU, where operations go that a device has no kernel for. @throws EngineError */
export const cpuEngine = (): Engine => open('cpu');

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether a sum comes out right: a driver that loads may still compute nothing. */
function adds(engine: Engine): boolean {
  const value = { dtype: 'float32', shape: [2] } as const;
  const operands = [Float32Array.of(1, 2), Float32Array.of(3, 5)].map((data) => ({
    ...value,
    storage: engine.upload(data, value.dtype, value.shape),
  }));
  const [sum] = engine.run('add', operands, {}, [value]);
  const right = sum.readSync().join() === '4,7';
  for (const storage of [...operands.map((operand) => operand.storage), sum]) storage.release();
  return right;
}

/** TENSORCELL_DEVICE where it is set; else a real GPU that computes, else the CPU. */
function choose(): Engine {
  const wanted = process.env['TENSORCELL_DEVICE'];
  if (wanted) {
    try {
      return engineOf(wanted);
    } catch (error) {
      const Same = error instanceof ArgumentError ? ArgumentError : EngineError;
      throw new Same(`TENSORCELL_DEVICE is '${wanted}'. ${reason(error)}`);
    }
  }
  for (const type of automaticGpus)
    for (const [index, { software }] of families[type].list().entries()) {
      if (software) continue;
      try {
        const engine = families[type].open(index);
        if (!adds(engine)) continue;
        engines.set(engine.device, engine);
        return engine;
      } catch {
        // A GPU without a driver that works is none: tf.setDevice(name) says why.
      }
    }
  const failures: unknown[] = [];
  for (const type of processors) {
    try {
      const engine = open(type);
      if (failures.length > 0)
        console.warn(`${reason(failures[0])}\nTensorCell computes on ${engine.device} instead, which is much slower.`);
      return engine;
    } catch (error) {
      // A library that was named and is not there is a mistake, not a platform without one.
      if (process.env['TENSORCELL_ONNXRUNTIME']) throw error;
      failures.push(error);
    }
  }
  throw failures[0];
}

let chosen: Engine | null = null;

interface Scope {
  readonly engine: Engine;
  readonly parent: Scope | undefined;
  closed: boolean;
}
const scopes = new AsyncLocalStorage<Scope>();
let openScopes = 0;
/** Scopes whose function has not returned. */
const running = new Set<Scope>();

function close(scope: Scope): void {
  if (scope.closed) return;
  scope.closed = true;
  openScopes--;
}
afterTermination(() => {
  for (const scope of running) close(scope);
  running.clear();
});

function scopedEngine(): Engine | undefined {
  let scope = scopes.getStore();
  while (scope?.closed) scope = scope.parent;
  return scope?.engine;
}

/** The engine in use here; its native library is loaded when it is first asked for. @throws EngineError where that fails. */
export const currentEngine = (): Engine => (openScopes > 0 ? scopedEngine() : undefined) ?? (chosen ??= choose());

/** What was chosen so far, without choosing. */
export const chosenEngine = (): Engine | null => (openScopes > 0 ? scopedEngine() : undefined) ?? chosen;

/** From here on tensors are made on this device. @throws ArgumentError, EngineError */
export function setDevice(name: string): void {
  chosen = engineOf(name);
}

/** Runs `fn`, which may be asynchronous, with another device. @throws ArgumentError, EngineError */
export function withDevice<T>(name: string, fn: () => T): T {
  const scope: Scope = { engine: engineOf(name), parent: scopes.getStore(), closed: false };
  openScopes++;
  running.add(scope);
  let result: T;
  try {
    result = scopes.run(scope, fn);
  } catch (error) {
    close(scope);
    throw error;
  } finally {
    running.delete(scope);
  }
  if (!(result instanceof Promise)) {
    close(scope);
    return result;
  }
  return result.finally(() => close(scope)) as T;
}
