/** @file What an execution provider computes wrongly or fails at; kernels that it merely lacks ONNX Runtime runs on the CPU itself. */
import type { DType } from '../../tensor/dtype.ts';
import type { AbstractValue, DevicePrimitive } from '../../primitives/primitives.ts';
import type { Provider } from './builder.ts';

/** Held in 64 bits, which shaders do not have: ONNX Runtime would move each operand to the CPU and back, one by one. */
const wide: readonly DType[] = ['float64', 'int64'];

/** Why such a call had better not run on the provider. */
export function lackOf(
  provider: Provider,
  _primitive: DevicePrimitive,
  inputs: readonly AbstractValue[],
): string | undefined {
  if (provider !== 'webgpu') return undefined;
  const dtype = inputs.find((input) => wide.includes(input.dtype))?.dtype;
  return dtype && `WebGPU has no ${dtype}`;
}
