/** @file A graph as text, one primitive a line, with the graphs of loops and branches inside. */
import type { Graph, GraphNode, ValueId } from '../primitives/graph.ts';
import { Region } from '../primitives/region.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** @param nameOf what an input is called beside its number */
export function formatGraph(name: string, graph: Graph, nameOf: (id: ValueId) => string | null, margin = ''): string {
  const typed = (id: ValueId): string => `%${id}: ${graph.values[id].dtype}[${graph.values[id].shape.join(', ')}]`;
  const input = (id: ValueId): string => {
    const called = nameOf(id);
    return called === null ? typed(id) : `${called} ${typed(id)}`;
  };
  const lines = graph.nodes.map((node) => `${margin}  ${formatNode(node, typed, `${margin}  `)}`);
  return [
    `${name}(${graph.inputs.map(input).join(', ')}) {`,
    ...[...graph.constants].map(([id, tensor]) => `${margin}  ${typed(id)} = constant${shown(tensor)}`),
    ...lines,
    `${margin}  return ${graph.outputs.map((id) => `%${id}`).join(', ')}`,
    `${margin}}`,
  ].join('\n');
}

/** One number is shown. */
const shown = (tensor: Tensor): string =>
  tensor.size === 1 && tensor.dtype !== 'float16' ? ` ${String(tensor.dataSync()[0])}` : '';

function formatNode(node: GraphNode, typed: (id: ValueId) => string, margin: string): string {
  const options = Object.entries(node.params as Readonly<Record<string, unknown>>).map(
    ([key, value]) => `${key}=${formatParameter(value, margin)}`,
  );
  const call = `${node.primitive}(${[...node.inputs.map((id) => `%${id}`), ...options].join(', ')})`;
  return node.outputs.length > 0 ? `${node.outputs.map(typed).join(', ')} = ${call}` : call;
}

function formatParameter(value: unknown, margin: string): string {
  if (value instanceof Region) return formatGraph('', value.graph, () => null, margin);
  if (Array.isArray(value) && value.some((item) => item instanceof Region))
    return `[${(value as unknown[]).map((item) => formatParameter(item, margin)).join(', ')}]`;
  return JSON.stringify(value);
}
