/** @file Takes what has no elements out of a graph: there is nothing to compute, and not every kernel knows that. */
import type { Graph, GraphNode } from '../primitives/graph.ts';
import { hasEffects } from '../primitives/effects.ts';
import { type DType, isArrayDType } from '../tensor/dtype.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The same graph with constants in the places of nodes that give no element. @param make a tensor of no elements, outside of scopes */
export function withoutEmpties(graph: Graph, make: (dtype: DType, shape: Shape) => Tensor): Graph {
  const isEmpty = (node: GraphNode): boolean =>
    node.outputs.length > 0 &&
    !hasEffects(node) &&
    node.outputs.every((id) => sizeOf(graph.values[id].shape) === 0 && isArrayDType(graph.values[id].dtype));
  if (!graph.nodes.some(isEmpty)) return graph;
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.filter((node) => {
    if (!isEmpty(node)) return true;
    for (const id of node.outputs) constants.set(id, make(graph.values[id].dtype, graph.values[id].shape));
    return false;
  });
  return { ...graph, constants, nodes };
}
