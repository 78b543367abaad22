/** @file Node: one use of an operation or a layer on symbolic tensors, and what it made. */
import { mapTree, treeLeaves } from '../tensor/tree.ts';
import { TensorForm } from './output-forms.ts';
import { KerasTensor } from './keras-tensor.ts';

/** What a node runs: the use of an operation of `tf`, or a layer. */
export interface Operation {
  /** In a model its own. */
  readonly name: string;
  /** @param args - As given when it was recorded, with data in the places of symbolic tensors. */
  run(args: readonly unknown[]): unknown;
  /** Uses it on symbolic tensors once more. */
  again(args: readonly unknown[]): unknown;
}

/** One use of an operation. Its arguments are structures in which symbolic tensors may stand. */
export class Node {
  readonly operation: Operation;
  readonly args: readonly unknown[];
  /** What the operation gave: a structure with symbolic tensors in the places of tensors. */
  readonly result: unknown;
  /** The symbolic tensors of the result. */
  readonly outputs: readonly KerasTensor[];

  /** @param forms - What it gives: a structure of dtypes and shapes. */
  constructor(operation: Operation, args: readonly unknown[], forms: unknown) {
    this.operation = operation;
    this.args = args;
    const outputs: KerasTensor[] = [];
    this.result = mapForms(forms, ({ dtype, shape }) => {
      const output = new KerasTensor(dtype, shape, operation.name, this, outputs.length);
      outputs.push(output);
      return output;
    });
    this.outputs = outputs;
  }

  /** The symbolic tensors among its arguments, in their order. */
  get inputs(): readonly KerasTensor[] {
    return treeLeaves([...this.args]).filter((leaf): leaf is KerasTensor => leaf instanceof KerasTensor);
  }

  /** Runs the operation with data in the places of the symbolic tensors. */
  run(valueOf: (tensor: KerasTensor) => unknown): unknown {
    return this.operation.run(this.argsWith(valueOf));
  }

  /** Uses the operation once more, on other symbolic tensors: its result. */
  record(tensorFor: (tensor: KerasTensor) => unknown): unknown {
    return this.operation.again(this.argsWith(tensorFor));
  }

  private argsWith(valueOf: (tensor: KerasTensor) => unknown): unknown[] {
    return this.args.map((arg) => mapTree(arg, (leaf) => (leaf instanceof KerasTensor ? valueOf(leaf) : leaf)));
  }
}

/** Applies `leaf` in the place of each form in a structure; what is no tensor stays as it is. */
const mapForms = (forms: unknown, leaf: (form: TensorForm) => unknown): unknown =>
  mapTree(forms, (value) => (value instanceof TensorForm ? leaf(value) : value));
