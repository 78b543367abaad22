/** @file Runs a graph primitive by primitive: eagerly, into another trace, or under a tape. */
import { bind } from '../primitives/bind.ts';
import type { Graph, ValueId } from '../primitives/graph.ts';
import type { Region } from '../primitives/region.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * @param fetch gives the graph's inputs and constants.
 * @param made hears of every other value before anything is computed from it.
 * @returns how to look values up
 */
export function replay(
  graph: Graph,
  fetch: (id: ValueId) => Tensor,
  made?: (id: ValueId, value: Tensor) => void,
): (id: ValueId) => Tensor {
  const values = new Map<ValueId, Tensor>();
  const valueOf = (id: ValueId): Tensor => {
    const known = values.get(id);
    if (known) return known;
    const tensor = fetch(id);
    values.set(id, tensor);
    return tensor;
  };
  for (const { primitive, inputs, params, outputs } of graph.nodes) {
    const results = bind(primitive, inputs.map(valueOf), params);
    outputs.forEach((id, i) => {
      values.set(id, results[i]);
      made?.(id, results[i]);
    });
  }
  return valueOf;
}

/** The outputs of a region for these operands, primitive by primitive. */
export function replayRegion({ graph }: Region, operands: readonly Tensor[]): Tensor[] {
  const places = new Map(graph.inputs.map((id, i) => [id, operands[i]]));
  const valueOf = replay(graph, (id) => places.get(id) ?? graph.constants.get(id)!.alias());
  return graph.outputs.map(valueOf);
}
