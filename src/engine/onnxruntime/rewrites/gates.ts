/**
 * @file Gradients of gates. Where y = sigmoid(x) gates b, the product y·b is there already when its gradient is made, and
 * d·b·(y·(1 - y)) is d·(y·b)·(1 - y): one product less. Where t = tanh(x) is gated by a, d·a·(1 - t²) is d·a - d·(a·t)·t, of which d·(a·t)
 * is what the gate's own gradient begins with. Of the 23 operations of a step back through an LSTM these are 6.
 */
import type { ValueId } from '../../../primitives/graph.ts';
import { dropUnused } from '../../../primitives/passes.ts';
import type { AbstractValue } from '../../../primitives/primitives.ts';
import { shapesEqual } from '../../../tensor/shape.ts';
import { type Graph, type GraphNode, Uses, isA } from './uses.ts';

type Mul = GraphNode<'mul'>;

/** A product with a gate that the graph has: `gate` times `other` is `product`. */
interface Gated {
  /** What the gate's gradient is multiplied with: the gradient at the product. */
  readonly gradient: ValueId;
  readonly product: ValueId;
}

class Gates {
  private readonly uses: Uses;
  private readonly values: AbstractValue[];
  private readonly products = new Map<string, ValueId>();

  constructor(uses: Uses, values: AbstractValue[]) {
    this.uses = uses;
    this.values = values;
  }

  /** From here on `node` may be reused. */
  made(node: GraphNode): void {
    if (isA(node, 'mul')) this.products.set(keyOf(node.inputs[0], node.inputs[1]), node.outputs[0]);
  }

  /** The node in whose place something simpler would do, if nothing else uses its result. */
  private inner(id: ValueId): GraphNode | undefined {
    return this.uses.isInternal(id) && this.uses.consumersOf(id).length === 1 ? this.uses.producerOf(id) : undefined;
  }

  /** Whether `id` is 1 - x for what this gives. */
  private complemented(id: ValueId): ValueId | null {
    const node = this.uses.producerOf(id);
    return isA(node, 'sub') && this.uses.isNumber(node.inputs[0], 1) ? node.inputs[1] : null;
  }

  private isMadeBy(id: ValueId, primitive: 'sigmoid' | 'tanh'): boolean {
    return isA(this.uses.producerOf(id), primitive);
  }

  /** The factors of `id` as a gradient and what `y` was multiplied with, where that product is known. */
  private gated(id: ValueId, y: ValueId): Gated | null {
    const factors = this.uses.producerOf(id);
    if (!isA(factors, 'mul')) return null;
    const [a, b] = factors.inputs;
    const { shape } = this.values[y];
    const isAlike = (one: ValueId): boolean => shapesEqual(this.values[one].shape, shape);
    const found = [
      { gradient: a, product: this.products.get(keyOf(b, y)) },
      { gradient: b, product: this.products.get(keyOf(a, y)) },
    ].filter((one): one is Gated => one.product !== undefined && [a, b, one.product].every(isAlike));
    // The earlier one is the gate's own; the other one is the gradient's, which may not be needed any more.
    return found.sort((one, other) => one.product - other.product)[0] ?? null;
  }

  private fresh(like: ValueId): ValueId {
    return this.values.push(this.values[like]) - 1;
  }

  /** The nodes in place of one that ends the gradient of a sigmoid or tanh; null where it does not, or has nothing to reuse. */
  replacement(node: Mul): GraphNode[] | null {
    const [a, b] = node.inputs;
    return (
      this.ofSigmoid(node, a, b) ?? this.ofSigmoid(node, b, a) ?? this.ofTanh(node, a, b) ?? this.ofTanh(node, b, a)
    );
  }

  /** (d·b)·(y·(1 - y)). */
  private ofSigmoid(node: Mul, left: ValueId, slope: ValueId): GraphNode[] | null {
    const made = this.inner(slope);
    if (!isA(made, 'mul')) return null;
    const [y, rest] = this.complemented(made.inputs[1]) === made.inputs[0] ? made.inputs : [...made.inputs].reverse();
    if (this.complemented(rest) !== y || !this.isMadeBy(y, 'sigmoid') || !this.inner(left)) return null;
    const found = this.gated(left, y);
    if (!found) return null;
    const scaled = this.fresh(node.outputs[0]);
    return [mul(found.gradient, found.product, scaled), mul(scaled, rest, node.outputs[0])];
  }

  /** (d·a)·(1 - t²). */
  private ofTanh(node: Mul, left: ValueId, slope: ValueId): GraphNode[] | null {
    const square = this.inner(slope) ? this.complemented(slope) : null;
    const made = square === null ? undefined : this.inner(square);
    if (!isA(made, 'square') || !this.isMadeBy(made.inputs[0], 'tanh')) return null;
    const [t] = made.inputs;
    const found = this.gated(left, t);
    if (!found) return null;
    const [scaled, rest] = [this.fresh(node.outputs[0]), this.fresh(node.outputs[0])];
    return [
      mul(found.gradient, found.product, scaled),
      mul(scaled, t, rest),
      { primitive: 'sub', inputs: [left, rest], params: {}, outputs: node.outputs } as GraphNode,
    ];
  }
}

const keyOf = (a: ValueId, b: ValueId): string => (a < b ? `${a},${b}` : `${b},${a}`);

const mul = (a: ValueId, b: ValueId, output: ValueId): GraphNode => ({
  primitive: 'mul',
  inputs: [a, b],
  params: {},
  outputs: [output],
});

/** The graph with gradients of gates made of their products. */
export function reuseGatedProducts(graph: Graph): Graph {
  const values: AbstractValue[] = [...graph.values];
  const gates = new Gates(new Uses(graph), values);
  const nodes = graph.nodes.flatMap((node) => {
    const made = (isA(node, 'mul') && gates.replacement(node)) || [node];
    gates.made(node);
    return made;
  });
  if (values.length === graph.values.length) return graph;
  // Inputs are bound by their places.
  return { ...(dropUnused({ ...graph, values, nodes }) as Graph), inputs: graph.inputs };
}
