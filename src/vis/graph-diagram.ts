/** @file Graphs of traced functions as pictures: primitives as boxes, chains of them as one where there are many. */
import { type Displayable, type MimeBundle, displaySymbol } from '../display.ts';
import { ConcreteFunction } from '../function/concrete-function.ts';
import { type TracedFunction, tracedFunctionPrototype } from '../function/traced-function.ts';
import type { Graph, GraphNode, ValueId } from '../primitives/graph.ts';
import { regionsOf } from '../primitives/effects.ts';
import { formatShape } from '../tensor/shape.ts';
import { type DiagramBox, drawBoxes, shortened } from './box-diagram.ts';
import { svgToPNG } from './png.ts';

declare module '../function/concrete-function.ts' {
  interface ConcreteFunction {
    /** Shows the graph in a notebook. */
    [displaySymbol](): MimeBundle;
  }
}

/** Up to so many primitives have a box each; more are drawn as chains, and chains as stages where those are too many. */
const mostBoxes = 40;
/** Beyond this many boxes a picture helps nobody: the text says the rest. */
const mostDrawn = 120;

const colors = {
  outside: '#5d6673',
  product: '#6b4bc0',
  convolution: '#2c64b4',
  reduction: '#157a86',
  placement: '#8a5a1c',
  control: '#a3397a',
  effect: '#a8453c',
  group: '#27764f',
  other: '#4f6178',
};
const families: readonly (readonly [RegExp, string])[] = [
  [/^conv|Pool2d/i, colors.convolution],
  [/^matMul|^cholesky|^triangularSolve|^(lu|qr|eigh|svd)$/, colors.product],
  [/^(sum|prod|max|min|argMax|argMin|cumsum|softmax|logSoftmax|topK)$/, colors.reduction],
  [/^(reshape|transpose|broadcastTo|slice|pad|concat|reverse|gather|scatter)/, colors.placement],
  [/^(branch|whileLoop|scan|call|customGradient|stopGradient)/, colors.control],
  [/^(print|assert|observe)$/, colors.effect],
];
const colorOf = (primitive: string): string =>
  families.find(([pattern]) => pattern.test(primitive))?.[1] ?? colors.other;

/** Nodes that one box stands for. */
type Group = readonly GraphNode[];

/**
 * Chains: nodes each of which feeds nobody but the next one.
 */
function chainsOf({ nodes, outputs }: Graph): Group[] {
  const users = new Map<ValueId, Set<GraphNode>>();
  for (const node of nodes) for (const id of node.inputs) users.set(id, (users.get(id) ?? new Set()).add(node));
  const chainOf = new Map<GraphNode, GraphNode[]>();
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((id) => [id, node] as const)));
  const feedsOnly = (node: GraphNode, next: GraphNode): boolean =>
    node.outputs.every((id) => !outputs.includes(id) && [...(users.get(id) ?? [])].every((user) => user === next));
  for (const node of nodes) {
    const before = [...new Set(node.inputs.map((id) => producers.get(id)))].filter((each) => each !== undefined);
    // A chain ends where two meet: its box would point at itself otherwise.
    const [only] = before;
    const chain = before.length === 1 && feedsOnly(only, node) ? chainOf.get(only)! : [];
    chain.push(node);
    chainOf.set(node, chain);
  }
  return [...new Set(nodes.map((node) => chainOf.get(node)!))]; // in the order of their first nodes
}

/** Groups joined in the order of the graph, until there are few. */
function stagesOf(groups: readonly Group[], most: number): Group[] {
  const size = Math.ceil(groups.length / most);
  return Array.from({ length: Math.ceil(groups.length / size) }, (_, i) =>
    groups.slice(i * size, (i + 1) * size).flat(),
  );
}

/** The most frequent primitives of a group. */
function contents(group: Group): string {
  const counts = new Map<string, number>();
  for (const { primitive } of group) counts.set(primitive, (counts.get(primitive) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => (times > 1 ? `${name} ×${times}` : name))
    .join(', ');
}

const describe = ({ values }: Graph, id: ValueId): string => `${values[id].dtype} ${formatShape(values[id].shape)}`;

/** The primitives in the graphs of a control primitive. */
const inside = (node: GraphNode): string => {
  const sizes = regionsOf(node).map(({ graph }) => graph.nodes.length);
  return sizes.length > 0 ? `${sizes.join(' | ')} primitives inside` : '';
};

function boxesOf(graph: Graph, nameOf: (id: ValueId) => string | null): DiagramBox[] {
  let groups: Group[] = graph.nodes.map((node) => [node]);
  if (groups.length > mostBoxes) groups = chainsOf(graph);
  if (groups.length > mostDrawn) groups = stagesOf(groups, mostBoxes);
  const inputs = graph.inputs.map((id): DiagramBox => ({
    id: `value ${id}`,
    title: shortened(nameOf(id) ?? `%${id}`),
    kind: 'input',
    facts: [describe(graph, id)],
    tooltip: `${nameOf(id) ?? `%${id}`}: ${describe(graph, id)}`,
    color: colors.outside,
    inbound: [],
    flow: '',
  }));
  const places = new Map<ValueId, string>(graph.inputs.map((id) => [id, `value ${id}`]));
  // In the order of their first nodes every group follows those that it takes from.
  groups.forEach((group, i) => {
    for (const { outputs } of group) for (const id of outputs) places.set(id, `node ${i}`);
  });
  const boxes = groups.map((group, i): DiagramBox => {
    const own = `node ${i}`;
    const taken = group.flatMap((node) => node.inputs.flatMap((id) => places.get(id) ?? []));
    const last = group[group.length - 1];
    const result = last.outputs.map((id) => describe(graph, id)).join(', ');
    const isOne = group.length === 1;
    return {
      id: own,
      title: shortened(isOne ? last.primitive : contents(group)),
      kind: isOne ? '' : `${group.length} primitives`,
      facts: [shortened([result, isOne ? inside(last) : ''].filter(Boolean).join(' · '), 44)],
      tooltip: isOne ? `${last.primitive}: ${result}` : `${contents(group)}: ${result}`,
      color: isOne ? colorOf(last.primitive) : colors.group,
      inbound: [...new Set(taken)].filter((id) => id !== own).map((id) => ({ id })),
      flow: '',
    };
  });
  return [...inputs, ...boxes];
}

/** The graph of a concrete function as a picture. */
export class GraphDiagram implements Displayable {
  readonly concrete: ConcreteFunction;

  constructor(concrete: ConcreteFunction) {
    this.concrete = concrete;
  }

  /** The picture as SVG source, with a transparent background. */
  toSVG(): string {
    const { graph, name } = this.concrete;
    return drawBoxes(
      boxesOf(graph, (id) => this.concrete.nameOf(id)),
      { label: `Graph of ${name}` },
    );
  }

  /** The picture as the bytes of a PNG file. */
  toPNG(options: { scale?: number; background?: string } = {}): Promise<Uint8Array> {
    return svgToPNG(this.toSVG(), options);
  }

  toString(): string {
    return this.concrete.prettyPrint();
  }

  [displaySymbol](): MimeBundle {
    return { 'image/svg+xml': this.toSVG(), 'text/plain': this.toString() };
  }
}

/**
 * A picture of the graph that a function was traced into; of a traced function its latest one. Notebooks show it by themselves
 * for a value of either kind. Many primitives are drawn as chains of them.
 *
 * @example `tf.vis.graphDiagram(step.getConcreteFunction(x)).toSVG()`
 */
export const graphDiagram = (concrete: ConcreteFunction): GraphDiagram => new GraphDiagram(concrete);

ConcreteFunction.prototype[displaySymbol] = function (this: ConcreteFunction): MimeBundle {
  return graphDiagram(this)[displaySymbol]();
};
Object.defineProperty(tracedFunctionPrototype, displaySymbol, {
  value(this: TracedFunction<unknown[], unknown>): MimeBundle {
    const latest = this.concreteFunctions.at(-1);
    const text = `tf.function ${this.name}, traced ${this.traceCount} time${this.traceCount === 1 ? '' : 's'}`;
    if (!latest) return { 'text/plain': `${text}: call it, or f.getConcreteFunction(...), to see its graph` };
    return { ...latest[displaySymbol](), 'text/plain': `${text}\n${latest.prettyPrint()}` };
  },
});
