/** @file Which nodes do something beside computing, by themselves or in a region of theirs, and graphs without them. */
import type { Graph, GraphNode } from './graph.ts';
import { Region } from './region.ts';

const isEffect = ({ primitive }: Pick<GraphNode, 'primitive'>): boolean =>
  primitive === 'print' || primitive === 'assert' || primitive === 'observe';

/** The regions that a node runs. */
export const regionsOf = ({ params }: Pick<GraphNode, 'params'>): Region[] =>
  Object.values(params as Readonly<Record<string, unknown>>)
    .flat()
    .filter((value) => value instanceof Region);

/** The parameters with other regions in the places of its own. */
export function withRegions<N extends Pick<GraphNode, 'params'>>(node: N, replace: (region: Region) => Region): N {
  const next = (value: unknown): unknown =>
    value instanceof Region ? replace(value) : Array.isArray(value) ? (value as unknown[]).map(next) : value;
  const params = Object.fromEntries(Object.entries(node.params).map(([key, value]) => [key, next(value)]));
  return { ...node, params };
}

const known = new WeakMap<Region, boolean>();

function regionHasEffects(region: Region): boolean {
  const found = known.get(region) ?? region.graph.nodes.some(hasEffects);
  known.set(region, found);
  return found;
}

/** Whether a node must run, once and in its turn, though nothing takes what it gives. */
export const hasEffects = (node: Pick<GraphNode, 'primitive' | 'params'>): boolean =>
  isEffect(node) || regionsOf(node).some(regionHasEffects);

const silent = new WeakMap<Region, Region>();

/** The region that computes the same and does nothing else: what gradients are derived from. */
export function withoutEffects(region: Region): Region {
  if (!regionHasEffects(region)) return region;
  const found = silent.get(region) ?? new Region(graphWithoutEffects(region.graph));
  silent.set(region, found);
  return found;
}

const graphWithoutEffects = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.filter((node) => !isEffect(node)).map((node) => withRegions(node, withoutEffects)),
});
