/** @file Devices: which there are, which one is used, copies between them, and what a device leaves to the CPU. */
import {
  type DeviceInfo,
  type Fallback,
  copyTo,
  currentEngine,
  engineOf,
  fallbacksOf,
  setDevice as chooseDevice,
  listDevices as findDevices,
  withDevice,
} from '../engine/index.ts';
import { currentObservers } from '../primitives/bind.ts';
import { ArgumentError, TraceError } from '../tensor/errors.ts';
import { ofParts, partsOf } from '../tensor/complex.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

export type { DeviceInfo, Fallback } from '../engine/index.ts';

/**
 * The devices of this machine, with the names that `tf.device`, `tf.setDevice` and `x.to` take. GPUs made of software
 * (`software: true`) are listed, but used only where they are asked for by name.
 *
 * @example
 * ```ts
 * tf.listDevices().map(({ name, description }) => `${name}  ${description}`);
 * // ['cpu:0  AMD EPYC 7B13, 16 cores', 'webgpu:0  NVIDIA H100', 'tfjs/wasm:0  WebAssembly, one thread']
 * ```
 */
export const listDevices = (): DeviceInfo[] => findDevices();

/**
 * The name of the device in use here: `cpu:0`, `webgpu:0`, ... Unless it was set, that is what the environment variable
 * TENSORCELL_DEVICE names, else a real GPU where there is one, else the CPU.
 */
export const getDevice = (): string => currentEngine().device;

/**
 * From here on computes on another device. Tensors stay where they are and are copied when an operation needs them; variables
 * move with their next assignment. Compiled functions are compiled once more for the device.
 *
 * @param name `cpu`, `webgpu:0`, `tfjs/wasm`, ... or `gpu` for whichever real GPU there is; TensorFlow's `/GPU:0` as well
 * @throws ArgumentError for an unknown name, EngineError that says what the device lacks
 */
export const setDevice = (name: string): void => chooseDevice(name);

/**
 * Runs `fn` on another device: tensors made in it are made there, and operations take their operands there, copying those that
 * lie elsewhere. `fn` may be asynchronous. A traced function runs as a whole on the device in use where it is called.
 *
 * What the device has no kernel for runs on the CPU; `tf.device.fallbacks()` lists it.
 *
 * @param name as in `tf.setDevice`
 * @throws ArgumentError for an unknown name, EngineError that says what the device lacks
 * @example
 * ```ts
 * const y = tf.device('cpu:0', () => tf.matMul(a, b));
 * y.device; // 'cpu:0'
 * ```
 */
export function device<T>(name: string, fn: () => T): T {
  if (typeof fn !== 'function')
    throw new ArgumentError(
      `tf.device runs a function on a device: tf.device('${name}', () => ...); tf.setDevice('${name}') keeps to it from here on.`,
    );
  return withDevice(name, fn);
}

/**
 * What a device left to the CPU so far: the operation, the dtypes of its operands, why, and how often. An empty list says that
 * everything ran on the device itself.
 *
 * @param name of the device; left out, the one in use
 */
device.fallbacks = (name?: string): readonly Fallback[] =>
  fallbacksOf(name === undefined ? currentEngine() : engineOf(name));

/**
 * A copy of the tensor on another device; of one that lies there already another tensor on the same memory. Gradients flow
 * through it.
 *
 * @param deviceName as in `tf.setDevice`
 * @throws TraceError inside tf.function, whose graph runs on one device
 * @example
 * ```ts
 * const onGpu = x.to('webgpu');
 * ```
 */
export function to(x: Tensor | Variable, deviceName: string): Tensor {
  const tensor = x instanceof Variable ? x.read() : x;
  if (tensor.isSymbolic)
    throw new TraceError(
      `x.to('${deviceName}') inside tf.function: its graph runs on one device, the one in use where it is called; copy outside of it.`,
    );
  if (tensor.dtype === 'string') return tensor.alias();
  const engine = engineOf(deviceName);
  const parts = partsOf(tensor).map((part) => {
    const { dtype, shape } = part;
    const copy = new Tensor(copyTo(engine, part), dtype, shape);
    // To a tape it is the identity, whose gradient is a reshape to the same shape.
    for (const observer of currentObservers()) observer.observe('reshape', [part], { shape }, [copy]);
    return copy;
  });
  return ofParts(tensor, () => parts.shift() as Tensor);
}
