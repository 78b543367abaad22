/** @file koffi, which calls native libraries: loaded and set up once, before the first library. */
import { createRequire } from 'node:module';
import { EngineError } from '../../tensor/errors.ts';

export type Koffi = typeof import('koffi');

/** koffi's default stack for asynchronous calls, 128 KiB, is too small for a run of ONNX Runtime. */
const asyncStackSize = 2 << 20;

/** @throws EngineError on a platform without it */
export function loadKoffi(): Koffi {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi;
    // It may be set only once: an interrupted cell may have come so far before.
    const options = koffi.config();
    if (options.async_stack_size !== asyncStackSize) koffi.config({ ...options, async_stack_size: asyncStackSize });
    return koffi;
  } catch (error) {
    throw new EngineError(`koffi, which calls native libraries, cannot be loaded on this platform: ${String(error)}`);
  }
}
