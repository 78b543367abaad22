/** @file Graphs of TensorFlow, run node by node. */
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { fieldsOf, isFields, listOf, textOf } from '../fields.ts';
import { GraphNode, type Reference, referenceOf } from './graph-node.ts';
import { graphOperations } from './graph-operations/index.ts';
import { type GraphRun, type GraphValue, Operands } from './graph-operations/operation.ts';

const listConcat = ['tensor', 'lengths'];
const unique = ['y', 'idx'];

/** Names of the outputs of operations that have several: functions ask for them by these. Of any other all are one list. */
const outputNames: Readonly<Record<string, readonly string[]>> = {
  TopKV2: ['values', 'indices'],
  Unique: unique,
  UniqueV2: unique,
  ListDiff: ['out', 'idx'],
  MaxPoolWithArgmax: ['output', 'argmax'],
  Switch: ['output_false', 'output_true'],
  Merge: ['output', 'value_index'],
  NonMaxSuppressionV4: ['selected_indices', 'valid_outputs'],
  NonMaxSuppressionV5: ['selected_indices', 'selected_scores', 'valid_outputs'],
  TensorListPopBack: ['output_handle', 'tensor'],
  TensorListConcat: listConcat,
  TensorListConcatV2: listConcat,
  TensorArrayV3: ['handle', 'flow'],
  SparseReshape: ['output_indices', 'output_shape'],
  SparseFillEmptyRows: ['output_indices', 'output_values', 'empty_row_indicator', 'reverse_index_map'],
  StringSplit: ['indices', 'values', 'shape'],
  StringNGrams: ['ngrams', 'ngrams_splits'],
};

/** The place of an output among a node's outputs. */
const placeOf = ({ outputName, output }: Reference, node: GraphNode): number =>
  outputName === undefined ? output : Math.max(0, outputNames[node.op]?.indexOf(outputName) ?? 0) + output;

/** A function of a graph's library. */
interface GraphFunction {
  readonly parameters: readonly string[];
  readonly nodes: Nodes;
  readonly results: readonly Reference[];
}

type Nodes = ReadonlyMap<string, GraphNode>;

const nodesOf = (json: unknown, what: string): Nodes =>
  new Map(
    listOf(json, what).map((each) => {
      const node = new GraphNode(each);
      return [node.name, node] as const;
    }),
  );

function functionOf(json: unknown): [string, GraphFunction] {
  const { signature, nodeDef, ret } = fieldsOf(json, 'a function of the graph');
  const { name, inputArg, outputArg } = fieldsOf(signature, 'the signature of a function');
  const called = textOf(name, 'the name of a function');
  const argumentNames = (list: unknown): string[] =>
    (list === undefined ? [] : listOf(list, `the arguments of ${called}`)).map((each) =>
      textOf(fieldsOf(each, `an argument of ${called}`).name, `an argument of ${called}`),
    );
  const returned = isFields(ret) ? ret : {};
  return [
    called,
    {
      parameters: argumentNames(inputArg),
      nodes: nodesOf(nodeDef ?? [], `the nodes of ${called}`),
      results: argumentNames(outputArg).map((output) => referenceOf(textOf(returned[output], `what ${called} gives`))),
    },
  ];
}

const isKnown = ({ op }: GraphNode): boolean =>
  op === 'Const' || op === 'Placeholder' || Object.hasOwn(graphOperations, op);

/** @throws ArgumentError for nodes of operations that are not here */
function requireKnown(nodes: readonly GraphNode[]): void {
  const unknown = nodes.filter((node) => !isKnown(node));
  if (unknown.length === 0) return;
  const names = [...new Set(unknown.map(({ op }) => op))];
  throw new ArgumentError(
    `The graph uses ${names.length === 1 ? 'an operation' : 'operations'} of TensorFlow that there ${names.length === 1 ? 'is' : 'are'} none for here: ` +
      `${names.join(', ')} (first in node ${unknown[0].name}).`,
  );
}

/** A graph, its functions and its constants. */
export class Graph {
  readonly nodes: Nodes;
  private readonly functions: ReadonlyMap<string, GraphFunction>;
  private readonly constants: Readonly<Record<string, Tensor>>;
  private readonly orders = new Map<string, readonly GraphNode[]>();
  private readonly resources: Map<string, unknown>;

  /** @throws ArgumentError where it is none */
  constructor(json: unknown, constants: Readonly<Record<string, Tensor>>, resources = new Map<string, unknown>()) {
    const { node, library } = fieldsOf(json, 'the graph');
    this.nodes = nodesOf(node ?? [], 'the nodes of the graph');
    const functions = isFields(library) && library.function !== undefined ? listOf(library.function, 'functions') : [];
    this.functions = new Map(functions.map(functionOf));
    this.constants = constants;
    this.resources = resources;
  }

  /** @throws ArgumentError where some output needs an operation that is not here: it names all of them */
  check(wanted: readonly Reference[]): void {
    this.order(this.nodes, '', wanted, new Map());
  }

  /** Nodes that give nothing to another: what the graph is for, where nothing says. */
  get leaves(): GraphNode[] {
    const used = new Set(
      [...this.nodes.values()].flatMap(({ inputs, controls }) => [...inputs.map(({ node }) => node), ...controls]),
    );
    return [...this.nodes.values()].filter(({ name }) => !used.has(name));
  }

  /** @throws ArgumentError where a node has no value, for lack of an input */
  run(feeds: ReadonlyMap<string, GraphValue>, wanted: readonly Reference[]): GraphValue[] {
    return this.execute(this.nodes, '', feeds, wanted);
  }

  private execute(
    nodes: Nodes,
    where: string,
    feeds: ReadonlyMap<string, GraphValue>,
    wanted: readonly Reference[],
  ): GraphValue[] {
    const values = new Map<string, readonly GraphValue[]>();
    for (const [name, value] of feeds) values.set(name, [value]);
    const read = (reference: Reference): GraphValue => {
      const outputs = values.get(reference.node);
      const node = nodes.get(reference.node);
      return outputs?.[node ? placeOf(reference, node) : reference.output];
    };
    const run: GraphRun = {
      call: (name, args) => this.call(name, args),
      resource: <T>(name: string, make: () => T): T => {
        if (!this.resources.has(name)) this.resources.set(name, make());
        return this.resources.get(name) as T;
      },
    };
    for (const node of this.order(nodes, where, wanted, feeds)) {
      if (node.op === 'Const') {
        values.set(node.name, [this.constant(node)]);
        continue;
      }
      if (node.op === 'Placeholder')
        throw new ArgumentError(`The graph needs a value for its input '${node.name}', and got none.`);
      const operands = node.inputs.map(read);
      // Of a branch that was not taken nothing runs.
      const isDead = node.op !== 'Merge' && operands.some((operand) => operand === undefined);
      if (isDead) {
        values.set(node.name, []);
        continue;
      }
      let result: GraphValue | GraphValue[];
      try {
        result = graphOperations[node.op](new Operands(node, operands), node, run);
      } catch (error) {
        // The kind of error stays: a trace that needs values is left by it.
        if (error instanceof Error && !error.message.includes('Node '))
          error.message = `Node ${node.name} (${node.op}): ${error.message}`;
        throw error;
      }
      values.set(node.name, Array.isArray(result) ? result : [result]);
    }
    return wanted.map(read);
  }

  private call(name: string, args: readonly GraphValue[]): GraphValue[] {
    const found = this.functions.get(name);
    if (!found) throw new ArgumentError(`The graph calls a function '${name}' that it does not have.`);
    const feeds = new Map(found.parameters.map((parameter, i) => [parameter, args[i]] as const));
    return this.execute(found.nodes, name, feeds, found.results);
  }

  private constant(node: GraphNode): Tensor {
    if (!Object.hasOwn(this.constants, node.name))
      throw new ArgumentError(`The weights have no value for the constant '${node.name}' of the graph.`);
    return this.constants[node.name];
  }

  /** Nodes that `wanted` needs, each after what it needs. @throws ArgumentError for a cycle or a node that is not there */
  private order(
    nodes: Nodes,
    where: string,
    wanted: readonly Reference[],
    feeds: ReadonlyMap<string, GraphValue>,
  ): readonly GraphNode[] {
    const key = JSON.stringify([where, wanted.map(({ node }) => node), [...feeds.keys()]]);
    const known = this.orders.get(key);
    if (known) return known;
    const order: GraphNode[] = [];
    const state = new Map<string, 'open' | 'done'>();
    // Graphs are deeper than the stack may be.
    const stack = wanted.map(({ node }) => node).reverse();
    while (stack.length > 0) {
      const name = stack[stack.length - 1];
      if (feeds.has(name) || state.get(name) === 'done') {
        stack.pop();
        continue;
      }
      const node = nodes.get(name);
      if (!node) throw new ArgumentError(`The graph has no node '${name}'.`);
      const needed = [...node.inputs.map((input) => input.node), ...node.controls].filter(
        (input) => !feeds.has(input) && state.get(input) !== 'done',
      );
      if (needed.length === 0) {
        state.set(name, 'done');
        order.push(node);
        stack.pop();
      } else {
        const cycle = needed.find((input) => state.get(input) === 'open');
        if (cycle !== undefined)
          throw new ArgumentError(
            `The graph has a loop of nodes through '${cycle}': loops of TensorFlow 1 (Enter, NextIteration) are not here; convert the model with control flow v2.`,
          );
        state.set(name, 'open');
        stack.push(...needed.reverse());
      }
    }
    requireKnown(order);
    this.orders.set(key, order);
    return order;
  }
}
