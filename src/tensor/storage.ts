/** @file What a tensor needs from the memory that an engine holds for it. */
import type { TypedArray } from './dtype.ts';

/** Device or host memory with a tensor's elements. Several tensors may share one (reshape); it counts its owners. */
export interface Storage {
  readonly byteLength: number;
  /** The logical device that holds it: `cpu:0`, `webgpu:0`, ... */
  readonly device: string;
  /** One more tensor uses this memory. */
  retain(): void;
  /** One tensor fewer uses it; the last one gives it back. */
  release(): void;
  /**
   * Takes the place of `release` for a tensor that was collected. The finalizer holds it, so it must not keep the memory
   * itself alive: the collector frees that together with the tensor.
   */
  readonly afterCollection: { release(): void };
  /** The elements, or the first `count` of them, copied off the device at once. The caller must not write into the array. */
  readSync(count?: number): TypedArray;
  read(): Promise<TypedArray>;
}
