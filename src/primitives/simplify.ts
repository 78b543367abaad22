/** @file A pass over a traced graph: what gives its operand back to the last bit, NaN and -0 included, is left out. */
import { isFloating } from '../tensor/dtype.ts';
import { broadcastShapes, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Graph, GraphNode, RewrittenGraph, ValueId } from './graph.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from './primitives.ts';

/** What a rule may look at. */
interface Site<P extends PrimitiveName> {
  readonly inputs: readonly ValueId[];
  readonly params: PrimitiveParams[P];
  readonly output: AbstractValue;
  valueOf(id: ValueId): AbstractValue;
  /** The one number that a constant holds everywhere; null for anything else. */
  numberOf(id: ValueId): number | null;
  /** The node that makes a value, if it is of this primitive. */
  madeBy<Q extends PrimitiveName>(id: ValueId, primitive: Q): GraphNode<Q> | null;
}

/** The value that the node gives back, or a simpler node in its place; null where there is nothing to simplify. */
type Rule<P extends PrimitiveName> = (
  site: Site<P>,
) => ValueId | Pick<GraphNode<P>, 'inputs' | 'params' | 'primitive'> | null;

const alike = (a: AbstractValue, b: AbstractValue): boolean => a.dtype === b.dtype && shapesEqual(a.shape, b.shape);

/** `operand op number` gives the operand back. */
function neutral<P extends PrimitiveName>(
  isNeutral: (value: number, dtype: AbstractValue['dtype']) => boolean,
  sides: 'both' | 'right',
): Rule<P> {
  return ({ inputs: [a, b], output, valueOf, numberOf }) => {
    const keeps = (operand: ValueId, other: ValueId): boolean => {
      if (!alike(valueOf(operand), output)) return false;
      const number = numberOf(other);
      return number !== null && isNeutral(number, output.dtype);
    };
    if (keeps(a, b)) return a;
    return sides === 'both' && keeps(b, a) ? b : null;
  };
}

const isOne = (value: number): boolean => value === 1;
// -0 + 0 is 0, but -0 + -0 and -0 - 0 are -0.
const isNothingToAdd = (value: number, dtype: AbstractValue['dtype']): boolean =>
  isFloating(dtype) ? Object.is(value, -0) : value === 0;
const isNothingToSubtract = (value: number, dtype: AbstractValue['dtype']): boolean =>
  isFloating(dtype) ? Object.is(value, 0) : value === 0;

/** What undoes itself when it is applied again. */
const involution =
  <P extends 'neg' | 'logicalNot' | 'reverse'>(primitive: P): Rule<P> =>
  ({ inputs: [x], params, madeBy }) => {
    const before = madeBy(x, primitive);
    return before && JSON.stringify(before.params) === JSON.stringify(params) ? before.inputs[0] : null;
  };

/** Applied twice is applied once. */
const idempotent =
  <P extends 'abs' | 'relu' | 'floor' | 'ceil' | 'round' | 'sign'>(primitive: P): Rule<P> =>
  ({ inputs: [x], madeBy }) =>
    madeBy(x, primitive) ? x : null;

/** Of a value with itself. */
const ofItself = ({ inputs: [a, b] }: Pick<Site<PrimitiveName>, 'inputs'>): ValueId | null => (a === b ? a : null);

/** Nothing moves where nothing changes shape. */
const ofSameShape = ({
  inputs: [x],
  output,
  valueOf,
}: Pick<Site<PrimitiveName>, 'inputs' | 'output' | 'valueOf'>): ValueId | null =>
  alike(valueOf(x), output) ? x : null;

/** Dtypes that hold every number of another one. */
const holds: Partial<Record<AbstractValue['dtype'], readonly AbstractValue['dtype'][]>> = {
  bool: ['uint8', 'int8', 'int16', 'int32', 'int64', 'float16', 'float32', 'float64'],
  uint8: ['int16', 'int32', 'int64', 'float16', 'float32', 'float64'],
  int8: ['int16', 'int32', 'int64', 'float16', 'float32', 'float64'],
  int16: ['int32', 'int64', 'float32', 'float64'],
  int32: ['int64', 'float64'],
  float16: ['float32', 'float64'],
  float32: ['float64'],
};

/** What broadcasts its operands by itself takes them as they were before they were broadcast, where the result stays the same. */
function broadcasting<P extends PrimitiveName>(primitive: P, rule?: Rule<P>): Rule<P> {
  return (site) => {
    const simpler = rule?.(site) ?? null;
    if (simpler !== null) return simpler;
    const { output, params, valueOf, madeBy } = site;
    const inputs = [...site.inputs];
    inputs.forEach((input, i) => {
      const source = madeBy(input, 'broadcastTo')?.inputs[0];
      if (source === undefined) return;
      const shapes = inputs.map((id, j) => valueOf(j === i ? source : id).shape);
      if (
        shapesEqual(
          shapes.reduce((a, b) => broadcastShapes(a, b)),
          output.shape,
        )
      )
        inputs[i] = source;
    });
    return inputs.some((input, i) => input !== site.inputs[i]) ? { primitive, inputs, params } : null;
  };
}

/** A slice of what was joined that is just one of the parts. */
function partOfJoined({
  inputs: [x],
  params: { begin, size, strides },
  output,
  valueOf,
  madeBy,
}: Site<'slice'>): ValueId | null {
  const joined = madeBy(x, 'concat');
  if (!joined || strides.some((stride) => stride !== 1)) return null;
  const { axis } = joined.params;
  if (size.some((length, i) => i !== axis && length !== valueOf(x).shape[i])) return null;
  let end = 0;
  const part = joined.inputs.find((input) => {
    const start = end;
    end += valueOf(input).shape[axis];
    return start === begin[axis] && end - start === size[axis];
  });
  return part !== undefined && alike(valueOf(part), output) ? part : null;
}

const rules: { readonly [P in PrimitiveName]?: Rule<P> } = {
  mul: broadcasting('mul', neutral(isOne, 'both')),
  div: broadcasting('div', neutral(isOne, 'right')),
  pow: broadcasting('pow', neutral(isOne, 'right')),
  add: broadcasting('add', neutral(isNothingToAdd, 'both')),
  sub: broadcasting('sub', neutral(isNothingToSubtract, 'right')),
  neg: involution('neg'),
  logicalNot: involution('logicalNot'),
  reverse: involution('reverse'),
  abs: idempotent('abs'),
  relu: idempotent('relu'),
  floor: idempotent('floor'),
  ceil: idempotent('ceil'),
  round: idempotent('round'),
  sign: idempotent('sign'),
  maximum: broadcasting('maximum', ofItself),
  minimum: broadcasting('minimum', ofItself),
  logicalAnd: broadcasting('logicalAnd', ofItself),
  logicalOr: broadcasting('logicalOr', ofItself),
  broadcastTo: ofSameShape,
  slice: (site) => ofSameShape(site) ?? partOfJoined(site),
  sum: (site) => (site.params.axes.length === 0 ? ofSameShape(site) : null),
  pad: ofSameShape,
  concat: (site) => (site.inputs.length === 1 ? ofSameShape(site) : null),
  select: broadcasting('select', ({ inputs: [, a, b], output, valueOf }) =>
    a === b && alike(valueOf(a), output) ? a : null,
  ),
  equal: broadcasting('equal'),
  notEqual: broadcasting('notEqual'),
  less: broadcasting('less'),
  lessEqual: broadcasting('lessEqual'),
  greater: broadcasting('greater'),
  greaterEqual: broadcasting('greaterEqual'),
  cast({ inputs: [x], output, valueOf, madeBy }) {
    if (valueOf(x).dtype === output.dtype) return x;
    const before = madeBy(x, 'cast');
    if (!before) return null;
    const source = valueOf(before.inputs[0]).dtype;
    return source === output.dtype && holds[source]?.includes(valueOf(x).dtype) ? before.inputs[0] : null;
  },
  reshape({ inputs: [x], params, output, valueOf, madeBy }) {
    const first = madeBy(x, 'reshape')?.inputs[0] ?? x;
    if (alike(valueOf(first), output)) return first;
    return first === x ? null : { primitive: 'reshape', inputs: [first], params };
  },
  transpose({ inputs: [x], params, madeBy }) {
    const before = madeBy(x, 'transpose');
    const permutation = before ? params.permutation.map((axis) => before.params.permutation[axis]) : params.permutation;
    const first = before ? before.inputs[0] : x;
    if (permutation.every((axis, i) => axis === i)) return first;
    return before ? { primitive: 'transpose', inputs: [first], params: { permutation } } : null;
  },
};

/** The graph without what changes nothing: `x * 1`, a transposition of a transposition, a cast to the dtype it has, ... */
export function simplify(graph: Graph): RewrittenGraph {
  const replaced = new Map<ValueId, ValueId>();
  const replacement = (value: ValueId): ValueId => replaced.get(value) ?? value;
  const producers = new Map<ValueId, GraphNode>();
  const numbers = new Map<ValueId, number | null>();
  const numberOf = (id: ValueId): number | null => {
    const tensor = graph.constants.get(id);
    if (!tensor) return null;
    const known = numbers.get(id) ?? oneNumber(tensor);
    numbers.set(id, known);
    return known;
  };
  const madeBy = <Q extends PrimitiveName>(id: ValueId, primitive: Q): GraphNode<Q> | null => {
    const node = producers.get(id);
    return node?.primitive === primitive ? (node as GraphNode<Q>) : null;
  };
  const nodes: GraphNode[] = [];
  for (const given of graph.nodes) {
    let node: GraphNode = { ...given, inputs: given.inputs.map(replacement) };
    const rule = rules[node.primitive] as Rule<PrimitiveName> | undefined;
    const simpler = rule?.({
      inputs: node.inputs,
      params: node.params,
      output: graph.values[node.outputs[0]],
      valueOf: (id) => graph.values[id],
      numberOf,
      madeBy,
    });
    if (typeof simpler === 'number') {
      replaced.set(node.outputs[0], simpler);
      continue;
    }
    if (simpler) node = { ...node, ...simpler };
    nodes.push(node);
    for (const output of node.outputs) producers.set(output, node);
  }
  return { graph: { ...graph, nodes, outputs: graph.outputs.map(replacement) }, replacement };
}

/** The number of a constant of one element. float16 comes as bits and is left alone. */
const oneNumber = (tensor: Tensor): number | null =>
  tensor.size === 1 && tensor.dtype !== 'float16' && tensor.dtype !== 'string' ? Number(tensor.dataSync()[0]) : null;
