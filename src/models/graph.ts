/** @file The graph of a functional model: the nodes between its inputs and its outputs, in the order in which they run. */
import type { KerasTensor } from '../symbolic/keras-tensor.ts';
import type { Node, Operation } from '../symbolic/node.ts';
import { ArgumentError } from '../tensor/errors.ts';

export interface ModelGraph {
  /** Each after what it depends on. */
  readonly nodes: readonly Node[];
  /** Layers and uses of operations, those furthest from the outputs first: Keras's order of `layers`, and so of weights. */
  readonly operations: readonly Operation[];
}

/** Nodes reached from the outputs, each after what it depends on; and each operation's number in the order of the walk. */
function walk(model: string, inputs: ReadonlySet<KerasTensor>, outputs: readonly KerasTensor[]) {
  const nodes: Node[] = [];
  const numbers = new Map<Operation, number>();
  const finished = new Set<Node>();
  const visit = (tensor: KerasTensor): void => {
    const { node } = tensor;
    if (finished.has(node)) return;
    if (!numbers.has(node.operation)) numbers.set(node.operation, numbers.size);
    if (!inputs.has(tensor)) {
      if (node.inputs.length === 0)
        throw new ArgumentError(
          `Model ${model}: its outputs depend on the symbolic tensor '${tensor.name}', which is not among its inputs; ` +
            `give it in \`inputs\` too.`,
        );
      for (const source of node.inputs) visit(source);
    }
    finished.add(node);
    nodes.push(node);
  };
  for (const output of outputs) visit(output);
  return { nodes, numbers };
}

/** How far each node and each operation is from the outputs; of an operation used several times, its furthest use. */
function depthsOf(nodes: readonly Node[]) {
  const ofNode = new Map<Node, number>();
  const ofOperation = new Map<Operation, number>();
  for (const node of [...nodes].reverse()) {
    const depth = Math.max(ofNode.get(node) ?? 0, ofOperation.get(node.operation) ?? 0);
    ofOperation.set(node.operation, depth);
    ofNode.set(node, depth);
    for (const { node: source } of node.inputs) ofNode.set(source, Math.max(depth + 1, ofNode.get(source) ?? 0));
  }
  return { ofNode, ofOperation };
}

/** @throws ArgumentError where an output depends on an input that is not given. */
export function graphBetween(
  model: string,
  inputs: readonly KerasTensor[],
  outputs: readonly KerasTensor[],
): ModelGraph {
  const { nodes, numbers } = walk(model, new Set(inputs), outputs);
  const { ofNode, ofOperation } = depthsOf(nodes);
  // An input that no output depends on is a layer of the model all the same.
  for (const { node } of inputs) {
    if (numbers.has(node.operation)) continue;
    numbers.set(node.operation, -1);
    ofOperation.set(node.operation, 0);
    ofNode.set(node, 0);
    nodes.push(node);
  }
  const numberOf = (operation: Operation): number => numbers.get(operation) ?? 0;
  const depthOf = (node: Node): number => ofNode.get(node) ?? 0;
  return {
    // A stable sort: nodes of one depth stay in the order of the walk.
    nodes: [...nodes].sort((a, b) => depthOf(b) - depthOf(a)),
    operations: [...ofOperation]
      .sort(([a, depthA], [b, depthB]) => depthB - depthA || numberOf(a) - numberOf(b))
      .map(([operation]) => operation),
  };
}
