/** @file What makes and what uses each value of a graph: what rewrites go by. */
import type { Graph as AnyGraph, GraphNode as AnyNode, ValueId } from '../../../primitives/graph.ts';
import type { CompiledPrimitive } from '../../../primitives/primitives.ts';

export type Graph = AnyGraph<CompiledPrimitive>;
export type GraphNode<P extends CompiledPrimitive = CompiledPrimitive> = AnyNode<P>;

export const isA = <P extends CompiledPrimitive>(node: GraphNode | undefined, primitive: P): node is GraphNode<P> =>
  node?.primitive === primitive;

/** What makes and what uses each value. */
export class Uses {
  private readonly producers = new Map<ValueId, GraphNode>();
  private readonly consumers = new Map<ValueId, GraphNode[]>();
  private readonly outputs: ReadonlySet<ValueId>;
  private readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
    this.outputs = new Set(graph.outputs);
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.producers.set(output, node);
      for (const input of new Set(node.inputs)) this.consumers.set(input, [...(this.consumers.get(input) ?? []), node]);
    }
  }

  producerOf(id: ValueId): GraphNode | undefined {
    return this.producers.get(id);
  }

  consumersOf(id: ValueId): readonly GraphNode[] {
    return this.consumers.get(id) ?? [];
  }

  /** Used by nodes of the graph alone. */
  isInternal(id: ValueId): boolean {
    return !this.outputs.has(id);
  }

  isZero(id: ValueId): boolean {
    const constant = this.graph.constants.get(id);
    return constant !== undefined && constant.size === 1 && Number(constant.dataSync()[0]) === 0;
  }
}
