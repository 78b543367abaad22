/** @file What an execution provider computes wrongly or fails at; kernels that it merely lacks ONNX Runtime runs on the CPU itself. */
import type { DType } from '../../tensor/dtype.ts';
import type { AbstractValue, DevicePrimitive } from '../../primitives/primitives.ts';
import type { Provider } from './builder.ts';

/** Held in 64 bits, which shaders do not have: ONNX Runtime would move each operand to the CPU and back, one by one. */
const wide: ReadonlySet<DType> = new Set<DType>(['float64', 'int64']);

/** Dtypes on which a primitive fails when it runs. */
const failing: { readonly [P in DevicePrimitive]?: readonly DType[] } = {
  broadcastTo: ['uint8'],
  scatterReduce: ['int8', 'int16', 'int32', 'uint8'],
};

/** Why such a call had better not run on the provider. @param hasFloat16 Whether the GPU has numbers of 16 bits; asked when needed */
export function lackOf(
  provider: Provider,
  primitive: DevicePrimitive,
  values: readonly AbstractValue[],
  hasFloat16: () => boolean,
): string | undefined {
  if (provider !== 'webgpu') return undefined;
  for (const { dtype } of values) {
    if (wide.has(dtype)) return `WebGPU has no ${dtype}`;
    if (dtype === 'float16' && !hasFloat16()) return 'this GPU has no float16';
    if (failing[primitive]?.includes(dtype)) return `ONNX Runtime fails at it with ${dtype}`;
  }
  return undefined;
}
