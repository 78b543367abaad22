/** @file TensorFlow.js' backends in terms of devices. */
import { type Engine, currentEngine, engineOf, setDevice } from '../engine/index.ts';
import { ArgumentError, EngineError } from '../tensor/errors.ts';

/** The device that computes what a backend of TensorFlow.js did. */
const devices: Readonly<Record<string, string>> = {
  cpu: 'cpu',
  webgpu: 'webgpu',
  wasm: 'tfjs/wasm',
  tensorflow: 'tfjs/tensorflow',
};

/** The device in use without its number: `cpu`, `webgpu`, `tfjs/wasm`, ... */
export const getBackend = (): string => currentEngine().device.replace(/:\d+$/, '');

/** The engine of the device in use. */
export const backend = (): Engine => currentEngine();

/**
 * Computes on another device, by the name of a backend of TensorFlow.js (`cpu`, `webgpu`, `wasm`, `tensorflow`) or of a device; the
 * same as {@link setDevice}, which says why where it cannot.
 *
 * @returns whether it can: false where the backend cannot be used here, and then the device stays
 * @throws ArgumentError for `webgl`, which needs a browser, and other names that there are not
 */
export async function setBackend(name: string): Promise<boolean> {
  if (name === 'webgl')
    throw new ArgumentError("setBackend: 'webgl' needs a browser; on a GPU there is tf.setDevice('gpu') here.");
  try {
    setDevice(devices[name] ?? name);
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

/** The engine of a backend or device; null where it cannot be used here. */
export function findBackend(name: string): Engine | null {
  try {
    return engineOf(devices[name] ?? name);
  } catch {
    return null;
  }
}

/** Resolves once the device in use has its engine. Nothing needs to wait for it: operations do so by themselves. */
export async function ready(): Promise<void> {
  currentEngine();
}

const refuse = (name: string) => (): never => {
  throw new EngineError(
    `${name}: backends of TensorFlow.js are not registered by hand here; its own are devices ('tfjs/wasm', 'tfjs/tensorflow'), ` +
      `which tf.listDevices() names.`,
  );
};
/** There is no registry of backends. @throws EngineError always, with what to do instead */
export const registerBackend: (name: string, factory: unknown, priority?: number) => never = refuse('registerBackend');
/** There is no registry of backends. @throws EngineError always, with what to do instead */
export const removeBackend: (name: string) => never = refuse('removeBackend');
