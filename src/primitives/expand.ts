/** @file Takes marks and calls out of a graph, once nothing asks for gradients or equal subexpressions any more. */
import type { Tensor } from '../tensor/tensor.ts';
import type { Graph, GraphNode, ValueId } from './graph.ts';
import type { AbstractValue, PrimitiveName } from './primitives.ts';

const isNode = <P extends PrimitiveName>(node: GraphNode, primitive: P): node is GraphNode<P> =>
  node.primitive === primitive;

/** A call that is replaced by what it calls. */
const isWrittenOut = (node: GraphNode): node is GraphNode<'call'> => isNode(node, 'call') && !node.params.stays;

/** Whether `expand` would leave nothing of the node. */
const standsForOthers = (node: GraphNode): boolean =>
  isNode(node, 'stopGradient') || isNode(node, 'customGradient') || isWrittenOut(node);

/** The same graph with calls written out, and without what says something about gradients only. */
export function expand(graph: Graph): Graph {
  if (!graph.nodes.some(standsForOthers)) return graph;
  const values: AbstractValue[] = [...graph.values];
  const constants = new Map<ValueId, Tensor>(graph.constants);
  const nodes: GraphNode[] = [];

  const write = (source: Graph, known: Map<ValueId, ValueId>): void => {
    const at = (id: ValueId): ValueId => known.get(id)!;
    for (const node of source.nodes) {
      const inputs = node.inputs.map(at);
      if (isWrittenOut(node)) {
        const called = node.params.region.graph;
        const inner = new Map(called.inputs.map((id, i) => [id, inputs[i]]));
        for (const [id, tensor] of called.constants) {
          values.push(called.values[id]);
          constants.set(values.length - 1, tensor);
          inner.set(id, values.length - 1);
        }
        write(called, inner);
        node.outputs.forEach((id, i) => known.set(id, inner.get(called.outputs[i])!));
      } else if (standsForOthers(node)) node.outputs.forEach((id, i) => known.set(id, inputs[i]));
      else {
        const outputs = node.outputs.map((id) => {
          values.push(source.values[id]);
          known.set(id, values.length - 1);
          return values.length - 1;
        });
        nodes.push({ ...node, inputs, outputs });
      }
    }
  };
  const known = new Map([...graph.inputs, ...graph.constants.keys()].map((id) => [id, id]));
  write(graph, known);
  return { values, inputs: graph.inputs, constants, nodes, outputs: graph.outputs.map((id) => known.get(id)!) };
}
