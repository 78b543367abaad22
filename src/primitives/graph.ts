/** @file A graph of primitives: what a trace makes and an engine compiles. */
import type { Tensor } from '../tensor/tensor.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from './primitives.ts';

/** A value of the graph: its place in `Graph.values`. */
export type ValueId = number;

export interface GraphNode<P extends PrimitiveName = PrimitiveName> {
  readonly primitive: P;
  readonly inputs: readonly ValueId[];
  readonly params: PrimitiveParams[P];
  readonly outputs: readonly ValueId[];
}

/** A graph whose values may have been replaced by equal ones. */
export interface RewrittenGraph {
  readonly graph: Graph;
  /** Where to find a value of the graph before: the equal one that stayed. */
  readonly replacement: (value: ValueId) => ValueId;
}

/** Nodes stand in an order in which every value is made before it is used. */
export interface Graph<P extends PrimitiveName = PrimitiveName> {
  readonly values: readonly AbstractValue[];
  readonly inputs: readonly ValueId[];
  /** Concrete tensors that the traced code captured. */
  readonly constants: ReadonlyMap<ValueId, Tensor>;
  readonly nodes: readonly GraphNode<P>[];
  readonly outputs: readonly ValueId[];
}
