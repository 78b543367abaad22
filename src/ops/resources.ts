/** @file Memory in the user's hands: tidy, keep, dispose, how much there is. */
import { engineMemory } from '../engine/index.ts';
import { liveTensorCount, runInScope } from '../tensor/memory.ts';
import { stringMemory } from '../tensor/string-storage.ts';
import { treeLeaves, treeTensors } from '../tensor/tree.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable, liveVariables } from '../tensor/variable.ts';

export { keep } from '../tensor/memory.ts';

/**
 * Runs `fn` and disposes the tensors made in it, except those in its result, kept ones and variables' values.
 * `fn` may be asynchronous. Tensors are also freed when they are garbage; this frees them at once.
 *
 * A name may come first, as in TensorFlow.js; it serves the reader only.
 *
 * @example
 * ```ts
 * const y = tf.tidy(() => x.sub(x.mean()).square().sum());
 * ```
 */
export function tidy<T>(fn: () => T): T;
export function tidy<T>(name: string, fn: () => T): T;
export function tidy<T>(nameOrFn: string | (() => T), fn?: () => T): T {
  const body = typeof nameOrFn === 'string' ? (fn as () => T) : nameOrFn;
  return runInScope(body, treeTensors);
}

/** Disposes every tensor and variable in a structure (one of them, arrays, plain objects). */
export function dispose(container: unknown): void {
  for (const leaf of treeLeaves(container)) if (leaf instanceof Tensor || leaf instanceof Variable) leaf.dispose();
}

/**
 * Disposes of every variable there is. Nothing needs it, as variables without a reader are collected; programs written for
 * TensorFlow.js call it between models.
 */
export function disposeVariables(): void {
  for (const variable of liveVariables()) variable.dispose();
}

/** What is alive now. */
export interface MemoryInfo {
  /** Tensors that are neither disposed nor collected. */
  readonly numTensors: number;
  /** Buffers of elements; tensors may share one. */
  readonly numDataBuffers: number;
  /** Bytes in those buffers. */
  readonly numBytes: number;
  /** Always false: the numbers are exact. (TensorFlow.js has true where it cannot know.) */
  readonly unreliable: boolean;
}

/** How many tensors and bytes are alive. */
export function memory(): MemoryInfo {
  const { bytes, storages } = engineMemory();
  const strings = stringMemory();
  return {
    numTensors: liveTensorCount(),
    numDataBuffers: storages + strings.storages,
    numBytes: bytes + strings.bytes,
    unreliable: false,
  };
}
