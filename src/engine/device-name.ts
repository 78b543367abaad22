/** @file Names of devices: `cpu:0`, `webgpu:0`, `tfjs/wasm:0`; TensorFlow's own spellings (`/GPU:0`, `/device:CPU:0`) as well. */
import { ArgumentError } from '../tensor/errors.ts';

/** What a device is reached through: ONNX Runtime's execution providers, then TensorFlow.js's backends. */
export const deviceTypes = [
  'cpu',
  'webgpu',
  'cuda',
  'coreml',
  'dml',
  'tfjs/gpu',
  'tfjs/tensorflow',
  'tfjs/wasm',
  'tfjs/cpu',
] as const;

export type DeviceType = (typeof deviceTypes)[number];

/** One device: its type, and its place among those of the type. */
export interface DeviceName {
  /** `gpu` stands for whichever GPU there is. */
  readonly type: DeviceType | 'gpu';
  readonly index: number;
}

export const formatDevice = (type: DeviceType, index = 0): string => `${type}:${index}`;

const isDeviceType = (type: string): type is DeviceName['type'] =>
  type === 'gpu' || (deviceTypes as readonly string[]).includes(type);

/** Reads a name in any of the spellings. @throws ArgumentError that lists them */
export function parseDevice(name: string): DeviceName {
  const [, type, index = '0'] =
    /^\/?(?:device:)?((?:[a-z]+\/)?[a-z]+)(?::(\d+))?$/.exec(String(name).trim().toLowerCase()) ?? [];
  // Both engines' own names lead to their devices: `onnxruntime/cpu` is `cpu`.
  const known = type?.replace(/^onnxruntime\//, '');
  if (known !== undefined && isDeviceType(known)) return { type: known, index: Number(index) };
  throw new ArgumentError(
    `There is no kind of device '${name}'; expected one of ${deviceTypes.join(', ')} or gpu, with a number where there are ` +
      `several ('cpu:0', 'webgpu:0', '/GPU:0'). tf.listDevices() says what is here.`,
  );
}
