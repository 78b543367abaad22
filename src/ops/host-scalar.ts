/** @file A number that comes from the program, also in a trace: each call of a compiled function asks for it anew. */
import { fromHost } from '../engine/index.ts';
import { currentFeeding } from '../tracing/batching.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** @internal What `produce` gives, as a float32 scalar. */
export function hostScalar(produce: () => number): Tensor {
  const values = (): Float32Array => Float32Array.of(produce());
  return currentFeeding()?.feed({ dtype: 'float32', shape: [] }, values) ?? fromHost(values(), 'float32', []);
}
