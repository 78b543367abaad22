/** @file Region: a graph within a graph, which a control primitive runs as often as it says. */
import type { Graph } from './graph.ts';

let regions = 0;

/** A branch or the body of a loop. Its inputs are its operands and, after them, what it takes from the graph around it. */
export class Region {
  /** Tells regions apart where calls are compared. */
  readonly id = ++regions;
  readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }
}
