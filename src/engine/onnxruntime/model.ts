/** @file Writes an ONNX model (the protobuf of onnx.proto) for a list of nodes. */
import type { DType, TypedArray } from '../../tensor/dtype.ts';
import type { Shape } from '../../tensor/shape.ts';

/** Codes of TensorProto.DataType. */
export const elementTypes: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  complex64: 14,
};

export interface OnnxTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

/** A graph within a node: it may use every value that is known where the node stands. */
export interface OnnxSubgraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** An integer, a list of integers, a string, or a graph. */
export type Attribute = number | readonly number[] | string | OnnxSubgraph;
export type Attributes = Readonly<Record<string, Attribute>>;

export interface OnnxNode {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/**
 * An input or output of the model; `shape` left out leaves even the rank open. A dimension that is a name is open, and equal
 * wherever that name stands; null is one of which nothing is known.
 */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape?: readonly (number | string | null)[];
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** Operators of this version of the standard: the first whose reductions all take their axes as an input. */
const operatorSet = 20;
const intermediateRepresentation = 9;

const wireTypes = { varint: 0, bytes: 2 };
const attributeTypes = { int: 2, string: 3, graph: 5, ints: 7 };

/** Appends protobuf fields to one growing buffer. */
class ProtobufWriter {
  private bytes = new Uint8Array(4096);
  private length = 0;
  private readonly encoder = new TextEncoder();

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  private varint(value: number): void {
    this.reserve(10);
    if (value < 0) {
      // A negative int64 is its two's complement: ten groups of seven bits.
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) this.bytes[this.length++] = Number(rest & 127n) | 128;
      this.bytes[this.length++] = Number(rest);
      return;
    }
    for (; value > 127; value = Math.floor(value / 128)) this.bytes[this.length++] = (value % 128) | 128;
    this.bytes[this.length++] = value;
  }

  int(field: number, value: number): void {
    this.varint(field * 8 + wireTypes.varint);
    this.varint(value);
  }

  raw(field: number, data: Uint8Array): void {
    this.varint(field * 8 + wireTypes.bytes);
    this.varint(data.length);
    this.reserve(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
  }

  string(field: number, text: string): void {
    this.raw(field, this.encoder.encode(text));
  }

  /** A nested message; its length is written afterwards, into five bytes kept free (padded varints are allowed). */
  message(field: number, write: () => void): void {
    this.varint(field * 8 + wireTypes.bytes);
    this.reserve(5);
    const place = this.length;
    this.length += 5;
    write();
    let size = this.length - place - 5;
    for (let i = 0; i < 5; i++) {
      this.bytes[place + i] = (size % 128) | (i < 4 ? 128 : 0);
      size = Math.floor(size / 128);
    }
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

function writeTensor(writer: ProtobufWriter, name: string, { dtype, shape, data }: OnnxTensor): void {
  for (const dimension of shape) writer.int(1, dimension);
  writer.int(2, elementTypes[dtype]);
  if (name) writer.string(8, name);
  writer.raw(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeAttribute(writer: ProtobufWriter, name: string, value: Attribute): void {
  writer.string(1, name);
  if (typeof value === 'number') {
    writer.int(3, value);
    writer.int(20, attributeTypes.int);
  } else if (typeof value === 'string') {
    writer.string(4, value);
    writer.int(20, attributeTypes.string);
  } else if ('nodes' in value) {
    writer.message(6, () => writeGraph(writer, name, value));
    writer.int(20, attributeTypes.graph);
  } else {
    for (const item of value) writer.int(8, item);
    writer.int(20, attributeTypes.ints);
  }
}

function writeNode(writer: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  writer.string(4, node.type);
  for (const [name, value] of Object.entries(node.attributes))
    writer.message(5, () => writeAttribute(writer, name, value));
  if (node.domain) writer.string(7, node.domain);
}

function writeValue(writer: ProtobufWriter, { name, dtype, shape }: OnnxValue): void {
  writer.string(1, name);
  writer.message(2, () =>
    writer.message(1, () => {
      writer.int(1, elementTypes[dtype]);
      if (shape)
        writer.message(2, () =>
          shape.forEach((dimension) =>
            writer.message(1, () => {
              if (typeof dimension === 'number') writer.int(1, dimension);
              else if (dimension !== null) writer.string(2, dimension);
            }),
          ),
        );
    }),
  );
}

function writeGraph(
  writer: ProtobufWriter,
  name: string,
  { nodes, inputs, outputs }: OnnxSubgraph,
  constants: OnnxModel['constants'] = new Map(),
): void {
  for (const node of nodes) writer.message(1, () => writeNode(writer, node));
  writer.string(2, name);
  for (const [constant, tensor] of constants) writer.message(5, () => writeTensor(writer, constant, tensor));
  for (const value of inputs) writer.message(11, () => writeValue(writer, value));
  for (const value of outputs) writer.message(12, () => writeValue(writer, value));
}

/** Every node, those of graphs within nodes as well. */
const allNodes = (nodes: readonly OnnxNode[]): OnnxNode[] =>
  nodes.flatMap((node) => [node, ...subgraphsOf(node).flatMap((graph) => allNodes(graph.nodes))]);

/** The graphs within a node. */
export const subgraphsOf = ({ attributes }: OnnxNode): OnnxSubgraph[] =>
  Object.values(attributes).filter((value): value is OnnxSubgraph => typeof value === 'object' && 'nodes' in value);

/** The bytes of the model. */
export function writeModel({ nodes, constants, inputs, outputs }: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  const operators = (domain: string, version: number): void =>
    writer.message(8, () => {
      writer.string(1, domain);
      writer.int(2, version);
    });
  writer.int(1, intermediateRepresentation);
  writer.message(7, () => writeGraph(writer, 'tensorcell', { nodes, inputs, outputs }, constants));
  operators('', operatorSet);
  if (allNodes(nodes).some((node) => node.domain === 'com.microsoft')) operators('com.microsoft', 1);
  return writer.finish();
}
