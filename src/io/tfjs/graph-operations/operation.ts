/** @file What runs a node of a graph: operands in, outputs out. */
import type { DType } from '../../../tensor/dtype.ts';
import { Tensor } from '../../../tensor/tensor.ts';
import { ArgumentError } from '../../../tensor/errors.ts';
import type { GraphNode } from '../graph-node.ts';

/** A list of tensors that a graph builds up and takes apart (TensorList, TensorArray): its elements. */
export class TensorList {
  readonly elements: readonly (Tensor | null)[];
  readonly dtype: DType;
  /** Of each element, where it is known. */
  readonly elementShape: readonly (number | null)[] | null;

  constructor(elements: readonly (Tensor | null)[], dtype: DType, elementShape: readonly (number | null)[] | null) {
    this.elements = elements;
    this.dtype = dtype;
    this.elementShape = elementShape;
  }

  with(elements: readonly (Tensor | null)[]): TensorList {
    return new TensorList(elements, this.dtype, this.elementShape);
  }
}

/** A table from keys to values that lookups read. */
export class LookupTable {
  readonly entries = new Map<string, unknown>();
  readonly valueDtype: DType;

  constructor(valueDtype: DType) {
    this.valueDtype = valueDtype;
  }
}

/** What flows along the edges of a graph; undefined from the branch of a Switch that is not taken. */
export type GraphValue = Tensor | TensorList | LookupTable | undefined;

/** What a node may ask of the run that it is part of. */
export interface GraphRun {
  /** Runs a function of the graph's library. */
  call(functionName: string, args: readonly GraphValue[]): GraphValue[];
  /** A value that lasts from run to run, made at first use. */
  resource<T>(name: string, make: () => T): T;
}

/** The operands of one node. */
export class Operands {
  readonly node: GraphNode;
  readonly values: readonly GraphValue[];

  constructor(node: GraphNode, values: readonly GraphValue[]) {
    this.node = node;
    this.values = values;
  }

  /** How many there are. */
  get count(): number {
    return this.values.length;
  }

  /** @throws ArgumentError where it is no tensor */
  tensor(index: number): Tensor {
    const value = this.values.at(index);
    if (value instanceof Tensor) return value;
    throw new ArgumentError(`Node ${this.node.name} (${this.node.op}): operand ${index} is no tensor.`);
  }

  /** All from one on up to another. */
  tensors(begin = 0, end = this.count): Tensor[] {
    return Array.from({ length: end - begin }, (_, i) => this.tensor(begin + i));
  }

  /** @throws ArgumentError where it is no list */
  list(index: number): TensorList {
    const value = this.values[index];
    if (value instanceof TensorList) return value;
    throw new ArgumentError(`Node ${this.node.name} (${this.node.op}): operand ${index} is no list of tensors.`);
  }

  /** @throws ArgumentError where it is no table */
  table(index: number): LookupTable {
    const value = this.values[index];
    if (value instanceof LookupTable) return value;
    throw new ArgumentError(`Node ${this.node.name} (${this.node.op}): operand ${index} is no table.`);
  }

  /** Elements that must be known before the node runs: sizes, axes. @throws TraceError where a trace does not know them */
  numbers(index: number): number[] {
    return Array.from(this.tensor(index).dataSync() as ArrayLike<number | bigint>, Number);
  }

  number(index: number): number {
    return this.numbers(index)[0];
  }
}

/** Runs one kind of node: its output, or its outputs. */
export type GraphOperation = (operands: Operands, node: GraphNode, run: GraphRun) => GraphValue | GraphValue[];

/** Kinds of nodes by TensorFlow's names. */
export type OperationTable = Readonly<Record<string, GraphOperation>>;
