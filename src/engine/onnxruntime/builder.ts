/**
 * @file Builds the nodes of a model. Values of rank 4 live in two layouts: as the user sees them, [batch, height, width,
 * channels], and channels first, as ONNX convolutions want them. A value is transposed when the other layout is first asked for.
 */
import { type DType, type TypedArray, allocateHostArray } from '../../tensor/dtype.ts';
import type { Shape } from '../../tensor/shape.ts';
import { shapesEqual } from '../../tensor/shape.ts';
import type { AbstractValue } from '../../primitives/primitives.ts';
import { type Attributes, type OnnxNode, type OnnxTensor, type OnnxValue, subgraphsOf } from './model.ts';
import { webGpuOperators } from './webgpu-operators.ts';

/** An execution provider of ONNX Runtime. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'coreml' | 'dml';

export type Layout = 'plain' | 'channelsFirst';

/** A value of the model with the names it has in the layouts made so far. */
export interface Value extends AbstractValue {
  names: { [L in Layout]?: string };
  /** The layout it was made in. */
  readonly origin: Layout;
  /** Whether one node of a graph uses it, and nobody else. */
  readonly usedOnce?: boolean;
  /** Whether the graph has a gradient of filters that pass over it. */
  readonly hasFilterGradient?: boolean;
}

const toChannelsFirst = [0, 3, 1, 2];
const toPlain = [0, 2, 3, 1];

/** [n, h, w, c] to [n, c, h, w]. */
export const channelsFirstShape = (shape: Shape): number[] => toChannelsFirst.map((axis) => shape[axis]);

export const makeValue = (abstract: AbstractValue, name: string, origin: Layout = 'plain'): Value => ({
  dtype: abstract.dtype,
  shape: abstract.shape,
  names: { [origin]: name },
  origin,
});

export class GraphBuilder {
  /** The execution provider that the nodes are for, where lowerings differ. */
  readonly provider: Provider;
  /** Whether only operators of the ONNX standard may be used. */
  readonly isPortable: boolean;
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxTensor>();
  /** Outputs by what makes them: equal nodes are made once. */
  private readonly known = new Map<string, string[]>();
  /** Results that a bias of their channels may join: what makes them anew with one, in the same layout. */
  readonly joinable = new Map<string, (bias: string) => string>();
  private readonly producers = new Map<string, OnnxNode>();
  private count = 0;
  /** The operator being written in others, which may contain itself. */
  private rewriting = '';
  /** The builder of the graph around this one. */
  private readonly parent: GraphBuilder | null;
  /** Names and constants are the whole model's. */
  private readonly root: GraphBuilder;

  /** Names that fresh ones must not take. */
  private readonly reserved: ReadonlySet<string>;

  /** @param reserved names for inputs and outputs of a model for others: it then uses the standard's operators alone */
  constructor(provider: Provider = 'cpu', parent: GraphBuilder | null = null, reserved?: ReadonlySet<string>) {
    this.provider = provider;
    this.isPortable = parent?.isPortable ?? reserved !== undefined;
    this.reserved = reserved ?? new Set();
    this.parent = parent;
    this.root = parent?.root ?? this;
  }

  /** Builds a graph within a node of this one: what is known here is known there, and not the other way round. */
  nested(): GraphBuilder {
    return new GraphBuilder(this.provider, this);
  }

  private made(key: string): string[] | undefined {
    return this.known.get(key) ?? this.parent?.made(key);
  }

  /** A name nothing else has. */
  fresh(prefix = 'v'): string {
    const name = `${prefix}${this.root.count++}`;
    return this.root.reserved.has(name) ? this.fresh(prefix) : name;
  }

  /** A node with one output. A type of another domain is written `domain/Type`. */
  op(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const rewrite = this.provider === 'webgpu' && type !== this.rewriting ? webGpuOperators[type] : undefined;
    if (rewrite) {
      const outer = this.rewriting;
      this.rewriting = type;
      try {
        return rewrite(this, inputs, attributes);
      } finally {
        this.rewriting = outer;
      }
    }
    return this.ops(type, inputs, attributes, 1)[0];
  }

  /** A node with `outputCount` outputs. */
  ops(type: string, inputs: readonly string[], attributes: Attributes, outputCount: number): string[] {
    const key = `${type}(${inputs.join()})${JSON.stringify(attributes)}${outputCount}`;
    const made = this.made(key);
    if (made) return made;
    const outputs = Array.from({ length: outputCount }, () => this.fresh());
    const [domain, name] = type.includes('/') ? type.split('/') : ['', type];
    const node = { type: name, domain, inputs, outputs, attributes };
    this.nodes.push(node);
    for (const output of outputs) this.producers.set(output, node);
    this.known.set(key, outputs);
    return outputs;
  }

  /** The node that makes `name`; none for inputs and constants. */
  producerOf(name: string): OnnxNode | undefined {
    return this.producers.get(name);
  }

  /** A node with graphs within it. */
  control(type: string, inputs: readonly string[], attributes: Attributes, outputCount: number): string[] {
    const outputs = Array.from({ length: outputCount }, () => this.fresh());
    this.nodes.push({ type, domain: '', inputs, outputs, attributes });
    return outputs;
  }

  constant(dtype: DType, shape: Shape, values: ArrayLike<number>): string {
    const data = allocateHostArray(dtype, values.length);
    if (data instanceof BigInt64Array) for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i]);
    else data.set(values);
    return this.tensor({ dtype, shape, data });
  }

  /** A constant tensor; small ones of equal content are one. */
  tensor(tensor: OnnxTensor): string {
    const key =
      tensor.data.length <= 64 ? `constant ${tensor.dtype} ${tensor.shape.join()}: ${bits(tensor.data)}` : null;
    const { known, constants } = this.root;
    const made = key !== null ? known.get(key) : undefined;
    if (made) return made[0];
    const name = this.fresh('c');
    constants.set(name, tensor);
    if (key !== null) known.set(key, [name]);
    return name;
  }

  /** What `make` names, made once for all who ask by the same key: for constants that are large, or costly to make. */
  once(key: string, make: () => string): string {
    const made = this.made(key)?.[0] ?? make();
    this.known.set(key, [made]);
    return made;
  }

  scalar(dtype: DType, value: number): string {
    return this.constant(dtype, [], [value]);
  }

  /** The matrix product of operands of these ranks, of which either may be transposed, in float32. */
  product(
    [left, right]: readonly [string, string],
    [rankLeft, rankRight]: readonly [number, number],
    { transA = 0, transB = 0 }: { readonly transA?: number; readonly transB?: number },
  ): string {
    if (!this.isPortable) return this.op('com.microsoft/FusedMatMul', [left, right], { transA, transB });
    return this.op('MatMul', [
      transA ? this.transpose(left, lastTwoSwapped(rankLeft)) : left,
      transB ? this.transpose(right, lastTwoSwapped(rankRight)) : right,
    ]);
  }

  /** A list of sizes or axes, as ONNX operators take them. */
  vector(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  reshape(name: string, shape: Shape): string {
    return this.op('Reshape', [name, this.vector(shape)], { allowzero: 1 });
  }

  transpose(name: string, permutation: readonly number[]): string {
    return permutation.every((axis, i) => axis === i) ? name : this.op('Transpose', [name], { perm: permutation });
  }

  /** The name of `value` in the user's layout. */
  plain(value: Value): string {
    return (value.names.plain ??= this.relayout(
      value.names.channelsFirst!,
      channelsFirstShape(value.shape),
      value.shape,
      toPlain,
    ));
  }

  /** The name of `value`, of rank 4, as [batch, channels, height, width]. */
  channelsFirst(value: Value): string {
    return (value.names.channelsFirst ??= this.relayout(
      value.names.plain!,
      value.shape,
      channelsFirstShape(value.shape),
      toChannelsFirst,
    ));
  }

  /** The parts of a model that gives `results`: what none of them depends on is left out. */
  finish(results: readonly string[]): { nodes: OnnxNode[]; constants: Map<string, OnnxTensor>; outputs: string[] } {
    const outputs = this.distinctOutputs(results);
    const names = new Set(outputs);
    const nodes = [...this.nodes].reverse().filter((node) => {
      if (!node.outputs.some((output) => names.has(output))) return false;
      for (const name of namesIn(node)) names.add(name);
      return true;
    });
    const constants = new Map([...this.constants].filter(([name]) => names.has(name)));
    return { nodes: nodes.reverse(), constants, outputs };
  }

  /** Names fit for outputs of the model: each made by a node, and none twice. */
  private distinctOutputs(names: readonly string[]): string[] {
    const made = new Set(this.nodes.flatMap(({ outputs }) => outputs));
    return names.map((name) => {
      if (made.delete(name)) return name;
      const copy = this.fresh();
      this.nodes.push({ type: 'Identity', domain: '', inputs: [name], outputs: [copy], attributes: {} });
      return copy;
    });
  }

  /** A transposition; without moving elements where only axes of size 1 change place. */
  private relayout(name: string, from: Shape, to: Shape, permutation: readonly number[]): string {
    const order = permutation.filter((axis) => from[axis] !== 1);
    const inPlace = order.every((axis, i) => i === 0 || axis > order[i - 1]);
    if (inPlace) return shapesEqual(from, to) ? name : this.reshape(name, to);
    return this.transpose(name, permutation);
  }
}

/** The permutation that swaps the last two axes. */
export const lastTwoSwapped = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

/** The names that a node takes, those that graphs within it take as well. */
const namesIn = (node: OnnxNode): string[] => [
  ...node.inputs,
  ...subgraphsOf(node).flatMap(({ nodes, outputs }) => [
    ...nodes.flatMap(namesIn),
    ...outputs.map(({ name }: OnnxValue) => name),
  ]),
];

const bits = (data: TypedArray): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
