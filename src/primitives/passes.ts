/** @file Passes over a traced graph: equal subexpressions are computed once, what nothing needs is dropped. */
import { hasEffects } from './effects.ts';
import type { Graph, GraphNode, RewrittenGraph, ValueId } from './graph.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Region } from './region.ts';
import { simplify } from './simplify.ts';

/** One number is worth comparing by value: rules and operations make a scalar for each use. */
const scalarKey = (tensor: Tensor): string | null =>
  tensor.size === 1 ? `${tensor.dtype}[${tensor.shape.join()}]${elementKey(tensor)}` : null;
const elementKey = (tensor: Tensor): string =>
  tensor.dtype === 'string' ? tensor.bytesSync<Uint8Array[]>()[0].join() : numberText(tensor.dataSync()[0]);
/** -0 and 0 are different constants. */
const numberText = (value: number | bigint): string => (Object.is(value, -0) ? '-0' : String(value));

/** Every primitive but effects is a pure function of its inputs and parameters, so equal calls have equal results. */
export function shareEqualSubexpressions(graph: Graph): RewrittenGraph {
  const replaced = new Map<ValueId, ValueId>();
  const replacement = (value: ValueId): ValueId => replaced.get(value) ?? value;
  const constants = new Map<ValueId, Tensor>();
  const scalars = new Map<string, ValueId>();
  for (const [value, tensor] of graph.constants) {
    const key = scalarKey(tensor);
    const equal = key === null ? undefined : scalars.get(key);
    if (equal !== undefined) replaced.set(value, equal);
    else {
      constants.set(value, tensor);
      if (key !== null) scalars.set(key, value);
    }
  }
  const calls = new Map<string, GraphNode>();
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(replacement);
    if (hasEffects(node)) {
      nodes.push({ ...node, inputs });
      continue;
    }
    const key = JSON.stringify([node.primitive, inputs, node.params], (_, value: unknown) =>
      typeof value === 'number' ? numberText(value) : value instanceof Region ? value.id : value,
    );
    const equal = calls.get(key);
    if (equal) node.outputs.forEach((output, i) => replaced.set(output, equal.outputs[i]));
    else {
      const kept = { ...node, inputs };
      calls.set(key, kept);
      nodes.push(kept);
    }
  }
  return {
    graph: { ...graph, constants, nodes, outputs: [...new Set(graph.outputs.map(replacement))] },
    replacement,
  };
}

/** Drops nodes, inputs and constants that neither outputs nor effects depend on. */
export function dropUnused(graph: Graph): Graph {
  const needed = new Set(graph.outputs);
  const nodes: GraphNode[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (!node.outputs.some((output) => needed.has(output)) && !hasEffects(node)) continue;
    for (const input of node.inputs) needed.add(input);
    nodes.push(node);
  }
  return {
    ...graph,
    nodes: nodes.reverse(),
    inputs: graph.inputs.filter((input) => needed.has(input)),
    constants: new Map([...graph.constants].filter(([value]) => needed.has(value))),
  };
}

/** All passes, but that outputs and inputs which nothing needs stay where they are. */
export function optimize(graph: Graph): RewrittenGraph {
  const simple = simplify(graph);
  const shared = shareEqualSubexpressions(simple.graph);
  return { graph: shared.graph, replacement: (value) => shared.replacement(simple.replacement(value)) };
}
