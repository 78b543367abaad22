/** @file Masks: which steps of a sequence count, carried along with the tensors that layers hand on. */
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeLeaves } from '../tensor/tree.ts';

/** A mask for each tensor of a structure: one, or a structure of them; null where all counts. */
export type MaskTree = Tensor | null | readonly MaskTree[] | { readonly [name: string]: MaskTree };

const masks = new WeakMap<Tensor, Tensor>();

/** The mask that a layer put on its output (bool, true where a step counts), or null. */
export const maskOf = (tensor: Tensor): Tensor | null => masks.get(tensor) ?? null;

/** Puts a mask on a tensor; null takes it away. */
export function setMask(tensor: Tensor, mask: Tensor | null): void {
  if (mask) masks.set(tensor, mask);
  else masks.delete(tensor);
}

/** The masks of a structure of tensors, in its form; null where none of them has one. */
export function masksOf(tree: unknown): MaskTree {
  if (tree instanceof Tensor) return maskOf(tree);
  const found = treeLeaves(tree).some((leaf) => leaf instanceof Tensor && masks.has(leaf));
  if (!found) return null;
  return mapTree(tree, (leaf) => (leaf instanceof Tensor ? maskOf(leaf) : null)) as MaskTree;
}

/** Puts masks on the tensors of a structure: one for each, in order. */
export function setMasks(tree: unknown, mask: MaskTree): void {
  if (mask === null) return;
  const tensors = treeLeaves(tree).filter((leaf): leaf is Tensor => leaf instanceof Tensor);
  const each = mask instanceof Tensor ? [mask] : treeLeaves(mask);
  tensors.forEach((tensor, i) => {
    const own = each[i];
    // A mask that was there already was put on by a layer inside, which knows better.
    if (own instanceof Tensor && !masks.has(tensor)) masks.set(tensor, own);
  });
}
