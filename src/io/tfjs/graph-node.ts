/** @file Nodes of TensorFlow's graphs, as JSON has them: inputs by name, attributes by kind. */
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../fields.ts';

/** TensorFlow's names of dtypes (and their numbers), as ours. */
const dtypes: Readonly<Record<string, DType>> = {
  ...{ DT_FLOAT: 'float32', DT_DOUBLE: 'float64', DT_HALF: 'float16', DT_BFLOAT16: 'float32', DT_BOOL: 'bool' },
  ...{ DT_INT8: 'int8', DT_INT16: 'int16', DT_INT32: 'int32', DT_INT64: 'int32', DT_UINT8: 'uint8' },
  ...{
    DT_UINT16: 'int32',
    DT_UINT32: 'int32',
    DT_UINT64: 'int32',
    DT_QINT8: 'int8',
    DT_QUINT8: 'uint8',
    DT_QINT32: 'int32',
  },
  ...{ DT_STRING: 'string', DT_COMPLEX64: 'complex64', DT_COMPLEX128: 'complex64' },
  ...{ 1: 'float32', 2: 'float64', 3: 'int32', 4: 'uint8', 5: 'int16', 6: 'int8', 7: 'string', 8: 'complex64' },
  ...{ 9: 'int32', 10: 'bool', 19: 'float16' },
};

/** Ours for one of TensorFlow's; 64-bit integers are int32 in TensorFlow.js's form. Null for what tensors do not have. */
export const dtypeOf = (name: unknown): DType | null => dtypes[String(name)] ?? null;

/** The output of a node: `name`, `name:1`, in functions `name:output:0`. */
export interface Reference {
  readonly node: string;
  readonly output: number;
  /** Of an output that is a list, or one of several, in functions. */
  readonly outputName?: string;
}

/** A control input (`^name`) asks for the node to run before, and gives nothing. */
export const isControl = (input: string): boolean => input.startsWith('^');

export function referenceOf(input: string): Reference {
  const parts = input.replace(/^\^/, '').split(':');
  if (parts.length === 3) return { node: parts[0], outputName: parts[1], output: Number(parts[2]) };
  return { node: parts[0], output: parts.length === 2 ? Number(parts[1]) : 0 };
}

/** Texts of attributes are in base64. */
const decodeText = (value: unknown): string =>
  Array.isArray(value)
    ? Buffer.from(value as number[]).toString('utf8')
    : Buffer.from(String(value), 'base64').toString('utf8');

/** One node of a graph. */
export class GraphNode {
  readonly name: string;
  /** TensorFlow's name of the operation. */
  readonly op: string;
  /** Data inputs. */
  readonly inputs: readonly Reference[];
  /** Nodes that run before. */
  readonly controls: readonly string[];
  private readonly attributes: Fields;

  /** @throws ArgumentError where it is none */
  constructor(json: unknown) {
    const { name, op, input, attr } = fieldsOf(json, 'a node of the graph');
    this.name = textOf(name, 'the name of a node');
    this.op = textOf(op, `the operation of node ${this.name}`);
    const inputs = (input === undefined ? [] : listOf(input, `the inputs of node ${this.name}`)).map((each) =>
      textOf(each, `an input of node ${this.name}`),
    );
    this.inputs = inputs.filter((each) => !isControl(each)).map(referenceOf);
    this.controls = inputs.filter(isControl).map((each) => referenceOf(each).node);
    this.attributes = isFields(attr) ? attr : {};
  }

  private attribute(name: string): Fields | undefined {
    const value = this.attributes[name];
    return isFields(value) ? value : undefined;
  }

  number(name: string, otherwise: number): number {
    const { i, f } = this.attribute(name) ?? {};
    const value = i ?? f;
    return value === undefined ? otherwise : Number(value);
  }

  boolean(name: string, otherwise = false): boolean {
    const value = this.attribute(name)?.b;
    return value === undefined ? otherwise : value === true;
  }

  text(name: string, otherwise: string): string {
    const value = this.attribute(name)?.s;
    return value === undefined ? otherwise : decodeText(value);
  }

  texts(name: string): string[] {
    const list = this.attribute(name)?.list;
    const values = isFields(list) ? list.s : undefined;
    return Array.isArray(values) ? values.map(decodeText) : [];
  }

  /** A list of whole numbers or of fractions. */
  numbers(name: string, otherwise: readonly number[] = []): number[] {
    const list = this.attribute(name)?.list;
    if (!isFields(list)) return [...otherwise];
    const values = (list.i ?? list.f ?? []) as unknown[];
    return values.map(Number);
  }

  dtype(name: string, otherwise: DType = 'float32'): DType {
    const { type } = this.attribute(name) ?? {};
    if (type === undefined) return otherwise;
    const found = dtypeOf(type);
    if (!found) throw new ArgumentError(`Node ${this.name} (${this.op}): tensors here have no dtype ${String(type)}.`);
    return found;
  }

  /** Sizes, null for those that are not known; null where the rank is not known. */
  shape(name: string): (number | null)[] | null {
    const shape = this.attribute(name)?.shape;
    if (!isFields(shape) || shape.unknownRank === true) return null;
    return ((shape.dim ?? []) as unknown[]).map((dim) => {
      const size = Number((isFields(dim) ? dim.size : dim) ?? 0);
      return size < 0 ? null : size;
    });
  }

  /** Whether an attribute is given. */
  has(name: string): boolean {
    return this.attribute(name) !== undefined;
  }

  /** The name of a function. */
  functionName(name: string): string {
    const { func } = this.attribute(name) ?? {};
    return textOf(isFields(func) ? func.name : undefined, `the function '${name}' of node ${this.name}`);
  }
}
