/** @file Structures of tensors that branches and turns take and give. */
import type { AbstractValue } from '../../primitives/primitives.ts';
import { ofParts } from '../../tensor/complex.ts';
import type { TypedArray } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { describeTree, mapTree, treeTensors } from '../../tensor/tree.ts';
import type { Variable } from '../../tensor/variable.ts';
import { type TensorLike, toTensor } from '../convert.ts';

/** Tensors, numbers, or arrays and plain objects of them. */
export type Nest = TensorLike | readonly Nest[] | { readonly [name: string]: Nest };

/** The same structure with a tensor in each place. */
export type Tensors<N> = N extends Tensor | Variable | number | boolean | bigint | TypedArray
  ? Tensor
  : N extends readonly unknown[]
    ? { -readonly [I in keyof N]: Tensors<N[I]> }
    : N extends object
      ? { -readonly [K in keyof N]: Tensors<N[K]> }
      : never;

/** Numbers and variables become tensors. */
export const toTensors = (tree: unknown, operation: string): unknown =>
  mapTree(tree, (leaf) => toTensor(leaf as TensorLike, operation));

/** A structure without its tensors, and how to fill it with others. */
export interface Form {
  readonly tensors: Tensor[];
  readonly text: string;
  fill(tensors: readonly Tensor[]): unknown;
}
export function formOf(tree: unknown): Form {
  return {
    tensors: treeTensors(tree),
    text: describeTree(tree, () => 'tensor'),
    fill(tensors) {
      let place = 0;
      return mapTree(tree, (leaf) => ofParts(leaf as Tensor, () => tensors[place++]));
    },
  };
}

/** A structure's form, in which numbers and variables are tensors. */
export const tensorForm = (tree: unknown, operation: string): Form => formOf(toTensors(tree, operation));

const describe = ({ dtype, shape }: AbstractValue): string => `${dtype} ${formatShape(shape)}`;

/** @throws where two results that must be alike are not */
export function expectAlike(operation: string, first: Form, other: Form, names: readonly [string, string]): void {
  if (first.text !== other.text)
    throw new ArgumentError(
      `${operation}: ${names[1]} must give the structure of ${names[0]}, ${first.text}, but gives ${other.text}.`,
    );
  first.tensors.forEach((tensor, i) => {
    const { dtype, shape } = other.tensors[i];
    if (dtype !== tensor.dtype || !shapesEqual(shape, tensor.shape))
      throw new ShapeError(
        `${operation}: ${names[1]} must give what ${names[0]} gives: at place ${i + 1} of ${first.tensors.length} ` +
          `${describe(tensor)}, but it gives ${describe(other.tensors[i])}.`,
      );
  });
}
