/** @file Graphs of primitives as TensorBoard draws them. */
import { ConcreteFunction } from '../function/index.ts';
import type { Graph, GraphNode, ValueId } from '../primitives/graph.ts';
import { Region } from '../primitives/region.ts';
import type { AttributeValue, GraphNodeDescription } from './event.ts';

/** A name that TensorBoard takes; slashes make groups. */
const cleaned = (name: string): string => name.replace(/[^A-Za-z0-9_./\\-]/g, '_').replace(/^[^A-Za-z0-9.]/, '.');

/** The nodes of a graph; what `nameOf` has no name for among its inputs is numbered. */
export function describeGraph(
  graph: Graph,
  nameOf: (id: ValueId) => string | null = () => null,
  scope = '',
): GraphNodeDescription[] {
  const used = new Set<string>();
  const unique = (wanted: string): string => {
    let name = `${scope}${cleaned(wanted)}`;
    for (let i = 1; used.has(name); i++) name = `${scope}${cleaned(wanted)}_${i}`;
    used.add(name);
    return name;
  };
  const facts = (ids: readonly ValueId[]): Record<string, AttributeValue> => {
    const values = ids.map((id) => graph.values[id]);
    return {
      ...(values.length > 0 && { dtype: { dtype: values[0].dtype } }),
      _output_shapes: { shapes: values.map(({ shape }) => shape) },
    };
  };
  const places = new Map<ValueId, string>();
  const outside = (id: ValueId, operation: string, wanted: string): GraphNodeDescription => {
    const name = unique(wanted);
    places.set(id, name);
    return { name, operation, inputs: [], attributes: facts([id]) };
  };
  const inputs = graph.inputs.map((id, i) => outside(id, 'Placeholder', nameOf(id) ?? `input_${i}`));
  const constants = [...graph.constants.keys()].map((id) => outside(id, 'Const', 'constant'));
  const nodes = graph.nodes.flatMap((node) => {
    const name = unique(node.primitive);
    const sources = node.inputs.map((id) => places.get(id) ?? `value_${id}`);
    node.outputs.forEach((id, i) => places.set(id, i === 0 ? name : `${name}:${i}`));
    const own = {
      name,
      operation: node.primitive,
      inputs: sources,
      attributes: { ...facts(node.outputs), ...options(node) },
    };
    return [
      own,
      ...regionsIn(node).flatMap(([key, region]) => describeGraph(region.graph, undefined, `${name}/${key}/`)),
    ];
  });
  return [...inputs, ...constants, ...nodes];
}

const parameters = (node: GraphNode): [string, unknown][] => Object.entries(node.params as Record<string, unknown>);

/** Graphs within a node, as groups of their own. */
const regionsIn = (node: GraphNode): [string, Region][] =>
  parameters(node).flatMap(([key, value]): [string, Region][] => {
    if (value instanceof Region) return [[key, value]];
    const list: unknown[] = Array.isArray(value) ? value : [];
    return list.flatMap((item, i): [string, Region][] => (item instanceof Region ? [[`${key}_${i}`, item]] : []));
  });

function options(node: GraphNode): Record<string, AttributeValue> {
  const inRegions = new Set(regionsIn(node).map(([key]) => key.replace(/_\d+$/, '')));
  const shown = parameters(node).filter(([key, value]) => value !== undefined && !inRegions.has(key));
  return Object.fromEntries(shown.map(([key, value]) => [key, { text: JSON.stringify(value) ?? String(value) }]));
}

/** A graph, or a function's. */
export type GraphLike = Graph | ConcreteFunction | { readonly concreteFunctions: readonly ConcreteFunction[] };

/** The nodes of what has a graph: of a traced function its latest trace's. */
export function describeGraphLike(data: GraphLike): GraphNodeDescription[] | null {
  const concrete = 'concreteFunctions' in data ? data.concreteFunctions.at(-1) : data;
  if (!concrete) return null;
  return concrete instanceof ConcreteFunction
    ? describeGraph(concrete.graph, (id) => concrete.nameOf(id))
    : describeGraph(concrete);
}
