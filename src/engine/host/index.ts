/** @file Primitives that run on the host: their operands are read off the device, and the results go back to it. */
import type { Graph, GraphNode } from '../../primitives/graph.ts';
import type {
  AbstractValue,
  DevicePrimitive,
  HostPrimitive,
  PrimitiveName,
  PrimitiveParams,
} from '../../primitives/primitives.ts';
import { toHostArray, toNumbers } from '../../tensor/host.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { Engine, EngineValue } from '../engine.ts';
import { isControlPrimitive } from './control.ts';
import { type HostMatrix, cholesky, eigh, lu, qr, svd, triangularSolve } from './matrices.ts';

/** From one matrix of each operand to one of each output, as numbers. */
type HostKernel<P extends HostPrimitive> = (
  inputs: readonly HostMatrix[],
  params: PrimitiveParams[P],
) => readonly ArrayLike<number>[];

const kernels: { readonly [P in HostPrimitive]: HostKernel<P> } = {
  cholesky: ([x]) => [cholesky(x).data],
  triangularSolve: ([a, b], params) => [triangularSolve(a, b, params).data],
  lu: ([x]) => {
    const { factors, permutation } = lu(x);
    return [factors.data, permutation];
  },
  qr: ([x], { fullMatrices }) => {
    const { q, r } = qr(x, fullMatrices);
    return [q.data, r.data];
  },
  eigh: ([x]) => {
    const { values, vectors } = eigh(x);
    return [values, vectors.data];
  },
  svd: ([x], { fullMatrices }) => {
    const { s, u, v } = svd(x, fullMatrices);
    return [s, u.data, v.data];
  },
};

export const isHostPrimitive = (primitive: PrimitiveName): primitive is HostPrimitive =>
  Object.hasOwn(kernels, primitive);

/** A node that an engine runs itself. */
export const isDeviceNode = (node: GraphNode): node is GraphNode<DevicePrimitive> =>
  !isHostPrimitive(node.primitive) && !isControlPrimitive(node.primitive);

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
  const operands = inputs.map(({ storage, dtype, shape }) => ({
    numbers: Float64Array.from(toNumbers(storage.readSync(), dtype)),
    rows: shape[shape.length - 2],
    columns: shape[shape.length - 1],
  }));
  const batch = sizeOf(inputs[0].shape.slice(0, -2));
  const results = outputs.map(({ shape }) => new Float64Array(sizeOf(shape)));
  const kernel: HostKernel<P> = kernels[primitive];
  for (let i = 0; i < batch; i++) {
    const matrices = operands.map(({ numbers, rows, columns }) => ({
      rows,
      columns,
      data: numbers.subarray(i * rows * columns, (i + 1) * rows * columns),
    }));
    kernel(matrices, params).forEach((result, k) => results[k].set(result, (i * results[k].length) / batch));
  }
  return outputs.map(({ dtype, shape }, k) => engine.upload(toHostArray(results[k], dtype), dtype, shape));
}
