/** @file Rewrites of a graph before it is lowered, where a different order of the same primitives is cheaper. */
import { poolBeforeRelu, sumBeforePooling } from './pooling.ts';
import { sliceBeforeProduct } from './slices.ts';
import type { Graph } from './uses.ts';

export { type Partition, findPartitions } from './slices.ts';

/** The same results at less cost. @param isPortable whether the graph may have open dimensions, by whose sizes nothing is to be decided */
export function rewrite(graph: Graph, isPortable: boolean): Graph {
  const pooled = sumBeforePooling(poolBeforeRelu(graph));
  return isPortable ? pooled : sliceBeforeProduct(pooled);
}
