/** @file Primitives that run on the host: their operands are read off the device, and the results go back to it. */
import type { Graph, GraphNode, ValueId } from '../../primitives/graph.ts';
import type {
  AbstractValue,
  DevicePrimitive,
  HostPrimitive,
  PrimitiveName,
  PrimitiveParams,
} from '../../primitives/primitives.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { Engine, EngineValue } from '../engine.ts';
import { boxKernels } from './boxes.ts';
import { isControlPrimitive } from './control.ts';
import type { HostKernel, HostKernels } from './kernel.ts';
import { mathematicsKernels } from './mathematics/index.ts';
import { matrixKernels } from './matrix-kernels.ts';
import { samplingKernels } from './sampling.ts';
import { concernsStrings } from './strings.ts';

const kernels: HostKernels = { ...matrixKernels, ...mathematicsKernels, ...boxKernels, ...samplingKernels };

export const isHostPrimitive = (primitive: PrimitiveName): primitive is HostPrimitive =>
  Object.hasOwn(kernels, primitive);

/** A node that an engine runs itself. */
export function isDeviceNode(node: GraphNode, values: readonly AbstractValue[]): node is GraphNode<DevicePrimitive> {
  if (isHostPrimitive(node.primitive) || isControlPrimitive(node.primitive)) return false;
  const valueOf = (id: ValueId): AbstractValue => values[id];
  return !concernsStrings(node.primitive, node.inputs.map(valueOf), node.outputs.map(valueOf));
}

/** A graph that an engine can compile by itself. */
export type DeviceGraph = Graph<DevicePrimitive>;

/** Runs a host primitive on operands of `engine`. */
export function runOnHost<P extends HostPrimitive>(
  engine: Engine,
  primitive: P,
  inputs: readonly EngineValue[],
  params: PrimitiveParams[P],
  outputs: readonly AbstractValue[],
): Storage[] {
  const operands = inputs.map(({ storage, dtype, shape }) => ({ data: storage.readSync(), dtype, shape }));
  const kernel: HostKernel<P> = kernels[primitive];
  const results = kernel(operands, params, outputs);
  return outputs.map(({ dtype, shape }, k) => engine.upload(results[k], dtype, shape));
}
