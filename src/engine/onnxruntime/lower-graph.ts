/** @file Makes the nodes of a graph of primitives, one after another. */
import type { Graph as AnyGraph, GraphNode as AnyNode, ValueId } from '../../primitives/graph.ts';
import type {
  AbstractValue,
  CompiledPrimitive,
  DevicePrimitive,
  NestedPrimitive,
} from '../../primitives/primitives.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type GraphBuilder, type Value, makeValue } from './builder.ts';
import { loweringOf } from './lowerings/index.ts';
import { lowerNested } from './nested.ts';
import { type Partition, findPartitions, rewrite } from './rewrites/index.ts';

type Graph = AnyGraph<CompiledPrimitive>;
type GraphNode = AnyNode<CompiledPrimitive>;

/** How often each value is used, by nodes or as an output. */
function countUses(graph: Graph): Map<ValueId, number> {
  const uses = new Map<ValueId, number>();
  for (const id of [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs])
    uses.set(id, (uses.get(id) ?? 0) + 1);
  return uses;
}

/** What lowerings may know of a value's place in the graph. */
function usesOf(graph: Graph): (id: ValueId) => Pick<Value, 'usedOnce' | 'hasFilterGradient'> {
  const uses = countUses(graph);
  const filtered = new Set(
    graph.nodes.flatMap(({ primitive, inputs }) => (primitive === 'conv2dFilterGradient' ? [inputs[0]] : [])),
  );
  return (id) => ({ usedOnce: uses.get(id) === 1, hasFilterGradient: filtered.has(id) });
}

const isNested = (node: GraphNode): node is AnyNode<NestedPrimitive> =>
  node.primitive === 'branch' || node.primitive === 'scan' || node.primitive === 'whileLoop';

function lowerNode(
  builder: GraphBuilder,
  { primitive, params }: AnyNode<DevicePrimitive>,
  inputs: readonly Value[],
  outputs: readonly AbstractValue[],
): Value[] {
  const lowering = loweringOf(primitive);
  const vectors = (lowering.vectors?.(inputs, params) ?? []).map((numbers) => builder.vector(numbers));
  return lowering.build(builder, { inputs, params, outputs, vectors });
}

/** One node for all parts of a value. */
function lowerPartition(builder: GraphBuilder, value: Value, { axis, parts }: Partition): Value[] {
  const sizes = parts.map(({ params: { size } }) => size);
  const lengths = builder.vector(sizes.map((size) => size[axis]));
  const names = builder.ops('Split', [builder.plain(value), lengths], { axis }, parts.length);
  return names.map((name, i) => makeValue({ dtype: value.dtype, shape: sizes[i] }, name));
}

/** Where the values come from that the graph does not compute. */
export interface Outside {
  input(id: ValueId, index: number): Value;
  constant(tensor: Tensor): Value;
}

/** @returns the graph's outputs */
export function lowerGraph(builder: GraphBuilder, traced: Graph, outside: Outside): Value[] {
  const graph = rewrite(traced, builder.isPortable);
  // Portable models may have open dimensions, and devices lack some dtypes for Split.
  const partitions = builder.provider === 'cpu' && !builder.isPortable ? findPartitions(graph) : null;
  const values = new Map<ValueId, Value>();
  const uses = usesOf(graph);
  const known = (id: ValueId, value: Value): void => void values.set(id, { ...value, ...uses(id) });
  graph.inputs.forEach((id, index) => known(id, outside.input(id, index)));
  for (const [id, tensor] of graph.constants) known(id, outside.constant(tensor));
  for (const node of graph.nodes) {
    if (node.primitive === 'slice' && values.has(node.outputs[0])) continue; // made with the other parts
    const inputs = node.inputs.map((id) => values.get(id)!);
    const partition = node.primitive === 'slice' ? partitions?.get(node.inputs[0]) : undefined;
    if (partition) {
      const made = lowerPartition(builder, inputs[0], partition);
      partition.parts.forEach(({ outputs: [id] }, i) => known(id, made[i]));
      continue;
    }
    const outputs = node.outputs.map((id) => graph.values[id]);
    const made = isNested(node)
      ? lowerNested(builder, node, inputs, outputs, outside.constant)
      : lowerNode(builder, node as AnyNode<DevicePrimitive>, inputs, outputs);
    node.outputs.forEach((id, i) => known(id, made[i]));
  }
  return graph.outputs.map((id) => values.get(id)!);
}
