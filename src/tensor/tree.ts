/** @file Structures of tensors: arrays and plain objects nested at will, ragged and sparse tensors, with anything else as leaves. */
import { partsOf } from './complex.ts';
import { CompositeTensor, isComposite, mapComposite } from './composite.ts';
import type { PartialShape } from './shape.ts';
import { Tensor } from './tensor.ts';

/** A tensor, or arrays and plain objects of them. */
export type TensorTree = Tensor | CompositeTensor | readonly TensorTree[] | { readonly [name: string]: TensorTree };

/** A shape for each tensor of a structure, in its form. */
export type ShapeTree = PartialShape | readonly ShapeTree[] | { readonly [name: string]: ShapeTree };

/** Whether a structure of shapes is one shape. */
export const isShape = (tree: ShapeTree): tree is PartialShape =>
  Array.isArray(tree) && tree.every((size) => typeof size === 'number' || size === null);

/** The shapes of a structure of tensors. */
export function shapesOf(tree: TensorTree): ShapeTree {
  if (tree instanceof Tensor) return tree.shape;
  if (tree instanceof CompositeTensor) return tree.shape;
  if (Array.isArray(tree)) return tree.map((child: TensorTree) => shapesOf(child));
  return Object.fromEntries(Object.entries(tree).map(([name, child]) => [name, shapesOf(child as TensorTree)]));
}

/** Each shape of a structure replaced. */
export function mapShapes(tree: ShapeTree, leaf: (shape: PartialShape) => unknown): unknown {
  if (isShape(tree)) return leaf(tree);
  if (Array.isArray(tree)) return tree.map((child: ShapeTree) => mapShapes(child, leaf));
  return Object.fromEntries(Object.entries(tree).map(([name, child]) => [name, mapShapes(child as ShapeTree, leaf)]));
}

const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** The same structure with every leaf replaced. */
export function mapTree(tree: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map((child: unknown) => mapTree(child, leaf));
  if (isPlainObject(tree))
    return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, mapTree(child, leaf)]));
  return isComposite(tree) ? mapComposite(tree, leaf) : leaf(tree);
}

/** Every leaf, in the order of `mapTree`. */
export function treeLeaves(tree: unknown): unknown[] {
  const leaves: unknown[] = [];
  mapTree(tree, (value) => leaves.push(value));
  return leaves;
}

/** Every tensor in a structure; of a complex one its two parts. */
export const treeTensors = (tree: unknown): Tensor[] =>
  treeLeaves(tree).flatMap((value) => (value instanceof Tensor ? partsOf(value) : []));

/** What a structure looks like without its leaves, as text: equal for two structures into which the same leaves fit. */
export function describeTree(tree: unknown, leaf: (value: unknown) => string): string {
  if (Array.isArray(tree)) return `[${tree.map((child) => describeTree(child, leaf)).join(',')}]`;
  if (isPlainObject(tree))
    return `{${Object.entries(tree)
      .map(([key, child]) => `${JSON.stringify(key)}:${describeTree(child, leaf)}`)
      .join(',')}}`;
  if (tree instanceof CompositeTensor) return `${tree.describe()}(${tree.parts.map(leaf).join(',')})`;
  return leaf(tree);
}
