/** @file What a function costs: tensors, bytes, kernels, time. */
import { partsOf } from '../tensor/complex.ts';
import type { Shape } from '../tensor/shape.ts';
import { watchKernels } from './kernel-watch.ts';
import { memory } from './resources.ts';

/** One kernel of a profile. */
export interface KernelInfo {
  /** The primitive that ran. */
  readonly name: string;
  /** Bytes of its results that are memory of their own. */
  readonly bytesAdded: number;
  readonly totalBytesSnapshot: number;
  readonly tensorsAdded: number;
  readonly totalTensorsSnapshot: number;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  readonly kernelTimeMs: number;
}

/** What a function did. */
export interface ProfileInfo<T = unknown> {
  /** Bytes that were not there before, in what it left. */
  readonly newBytes: number;
  /** Tensors that were not there before, in what it left. */
  readonly newTensors: number;
  /** The most bytes alive after any kernel. */
  readonly peakBytes: number;
  readonly kernels: readonly KernelInfo[];
  /** The names of the kernels, each once. */
  readonly kernelNames: readonly string[];
  readonly result: T;
}

/**
 * Runs a function and reports its kernels with their shapes and times, and the memory it took. What a compiled
 * `tf.function` computes inside is no kernel of the report.
 *
 * @param fn May be asynchronous; then kernels of other code that runs meanwhile count as well.
 * @example
 * ```ts
 * const profile = await tf.profile(() => x.square().sum());
 * profile.kernelNames;   // ['square', 'sum']
 * profile.newTensors;    // 2
 * ```
 */
export async function profile<T>(fn: () => T | Promise<T>): Promise<ProfileInfo<T>> {
  const before = memory();
  const kernels: KernelInfo[] = [];
  let last = before;
  let peakBytes = before.numBytes;
  const stop = watchKernels((name, inputs, outputs, kernelTimeMs) => {
    const now = memory();
    peakBytes = Math.max(peakBytes, now.numBytes);
    kernels.push({
      name,
      bytesAdded: now.numBytes - last.numBytes,
      totalBytesSnapshot: now.numBytes,
      tensorsAdded: outputs.flatMap(partsOf).length,
      totalTensorsSnapshot: now.numTensors,
      inputShapes: inputs.map(({ shape }) => shape),
      outputShapes: outputs.map(({ shape }) => shape),
      kernelTimeMs,
    });
    last = now;
  });
  try {
    const result = await fn();
    const after = memory();
    return {
      newBytes: after.numBytes - before.numBytes,
      newTensors: after.numTensors - before.numTensors,
      peakBytes,
      kernels,
      kernelNames: [...new Set(kernels.map(({ name }) => name))],
      result,
    };
  } finally {
    stop();
  }
}

/** How long a function took. */
export interface TimingInfo {
  /** From its start to its end. */
  readonly wallMs: number;
  /** In kernels that ran at once, summed up. */
  readonly kernelMs: number;
}

/**
 * Runs a function and says how long it took.
 *
 * @param fn May be asynchronous.
 * @example `const { wallMs } = await tf.time(() => x.matMul(x))`
 */
export async function time(fn: () => unknown): Promise<TimingInfo> {
  let kernelMs = 0;
  const stop = watchKernels((_name, _inputs, _outputs, milliseconds) => {
    kernelMs += milliseconds;
  });
  const start = performance.now();
  try {
    await fn();
    return { wallMs: performance.now() - start, kernelMs };
  } finally {
    stop();
  }
}
