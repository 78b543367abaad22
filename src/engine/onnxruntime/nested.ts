/** @file Control primitives as nodes with graphs within them: If, Scan, Loop. */
import { expand } from '../../primitives/expand.ts';
import type { Graph, GraphNode } from '../../primitives/graph.ts';
import type {
  AbstractValue,
  CompiledPrimitive,
  NestedPrimitive,
  PrimitiveParams,
} from '../../primitives/primitives.ts';
import type { Region } from '../../primitives/region.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type GraphBuilder, type Value, makeValue } from './builder.ts';
import { lowerGraph } from './lower-graph.ts';
import type { OnnxSubgraph, OnnxValue } from './model.ts';

interface Nesting {
  readonly builder: GraphBuilder;
  readonly inputs: readonly Value[];
  readonly outputs: readonly AbstractValue[];
  readonly constant: (tensor: Tensor) => Value;
}

const isNode = <P extends NestedPrimitive>(node: GraphNode<NestedPrimitive>, primitive: P): node is GraphNode<P> =>
  node.primitive === primitive;

/** Makes the node, with its regions as graphs within it. `constant` gives the values of tensors that regions hold. */
export function lowerNested(
  builder: GraphBuilder,
  node: GraphNode<NestedPrimitive>,
  inputs: readonly Value[],
  outputs: readonly AbstractValue[],
  constant: (tensor: Tensor) => Value,
): Value[] {
  const nesting = { builder, inputs, outputs, constant };
  if (isNode(node, 'branch')) return lowerBranch(nesting, node.params);
  if (isNode(node, 'scan')) return lowerScan(nesting, node.params);
  return lowerWhileLoop(nesting, node.params as PrimitiveParams['whileLoop']);
}

/** A value as a graph within sees it: what that makes of it stays there. */
const seenWithin = ({ dtype, shape, names, origin }: Value): Value => ({ dtype, shape, names: { ...names }, origin });

/** The region's outputs for these operands, in nodes of `builder`. */
const within = (
  builder: GraphBuilder,
  { graph }: Region,
  operands: readonly Value[],
  constant: Nesting['constant'],
): Value[] =>
  lowerGraph(builder, expand(graph) as Graph<CompiledPrimitive>, {
    input: (_, index) => seenWithin(operands[index]),
    constant: (tensor) => seenWithin(constant(tensor)),
  });

function subgraph(builder: GraphBuilder, inputs: readonly OnnxValue[], results: readonly Value[]): OnnxSubgraph {
  const { nodes, outputs } = builder.finish(results.map((value) => builder.plain(value)));
  return {
    nodes,
    inputs,
    outputs: outputs.map((name, i) => ({ name, dtype: results[i].dtype, shape: results[i].shape })),
  };
}

const asValues = (names: readonly string[], outputs: readonly AbstractValue[]): Value[] =>
  outputs.map((output, i) => makeValue(output, names[i]));

/** An operand of a graph within, declared. */
function declare(builder: GraphBuilder, { dtype, shape }: AbstractValue): { value: Value; declared: OnnxValue } {
  const name = builder.fresh('input');
  return { value: makeValue({ dtype, shape }, name), declared: { name, dtype, shape } };
}

function lowerBranch(
  { builder, inputs, outputs, constant }: Nesting,
  { branches }: PrimitiveParams['branch'],
): Value[] {
  const [which, ...operands] = inputs;
  const isBoolean = which.dtype === 'bool';
  const graphOf = (region: Region): OnnxSubgraph => {
    const nested = builder.nested();
    return subgraph(nested, [], within(nested, region, operands, constant));
  };
  /** One of two; with more branches by number the second one is a choice among those that remain. */
  const choose = (b: GraphBuilder, first: number): string[] => {
    const condition = isBoolean ? b.plain(which) : b.op('Equal', [b.plain(which), b.scalar('int32', first)]);
    const otherwise = (): OnnxSubgraph => {
      if (first + 2 >= branches.length) return graphOf(branches[isBoolean ? 0 : first + 1]);
      const nested = b.nested();
      return subgraph(nested, [], asValues(choose(nested, first + 1), outputs));
    };
    const attributes = { then_branch: graphOf(branches[isBoolean ? 1 : first]), else_branch: otherwise() };
    return b.control('If', [condition], attributes, outputs.length);
  };
  if (branches.length === 1) return within(builder, branches[0], operands, constant);
  return asValues(choose(builder, 0), outputs);
}

function lowerScan(
  { builder, inputs, outputs, constant }: Nesting,
  { carries, sequences, length, reverse, body }: PrimitiveParams['scan'],
): Value[] {
  const nested = builder.nested();
  const carried = inputs.slice(0, carries);
  const read = inputs.slice(carries, carries + sequences);
  const states = carried.map((value) => declare(nested, value));
  const elements = read.map(({ dtype, shape }) => declare(nested, { dtype, shape: shape.slice(1) }));
  // A Scan goes through something: where the loop reads nothing, through as many zeros as it has turns.
  const turns = sequences === 0 ? [builder.constant('bool', [length], new Array<number>(length).fill(0))] : [];
  const unread = turns.map(() => declare(nested, { dtype: 'bool', shape: [] }));
  const operands = [...states, ...elements].map(({ value }) => value);
  const results = within(nested, body, [...operands, ...inputs.slice(carries + sequences)], constant);
  const direction = reverse ? 1 : 0;
  const names = builder.control(
    'Scan',
    [...[...carried, ...read].map((value) => builder.plain(value)), ...turns],
    {
      body: subgraph(
        nested,
        [...states, ...elements, ...unread].map(({ declared }) => declared),
        results,
      ),
      num_scan_inputs: sequences + turns.length,
      scan_input_directions: [...read, ...turns].map(() => direction),
      ...(outputs.length > carries ? { scan_output_directions: outputs.slice(carries).map(() => direction) } : {}),
    },
    outputs.length,
  );
  return asValues(names, outputs);
}

function lowerWhileLoop(
  { builder, inputs, outputs, constant }: Nesting,
  { carries, condition, body, atMost }: PrimitiveParams['whileLoop'],
): Value[] {
  const captures = inputs.slice(carries);
  const [begins] = within(builder, condition, inputs, constant);
  // What the loop decides it by does not come out of it, unless it is carried along.
  const carried = [...inputs.slice(0, carries), ...(atMost === undefined ? [] : [begins])];
  const nested = builder.nested();
  const turn = declare(nested, { dtype: 'int64', shape: [] });
  const goesOn = declare(nested, { dtype: 'bool', shape: [] });
  const states = carried.map((value) => declare(nested, value));
  const operands = states.slice(0, carries).map(({ value }) => value);
  const results = within(nested, body, [...operands, ...captures], constant);
  const inner = [results[carries], ...results.slice(0, carried.length)];
  const names = builder.control(
    'Loop',
    [
      atMost === undefined ? '' : builder.scalar('int64', atMost),
      ...[begins, ...carried].map((value) => builder.plain(value)),
    ],
    {
      body: subgraph(
        nested,
        [turn, goesOn, ...states].map(({ declared }) => declared),
        inner,
      ),
    },
    outputs.length,
  );
  return asValues(names, outputs);
}
