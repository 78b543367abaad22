/** @file Which of a loss's values count, where the loss itself knows: those of a class to ignore do not. */
import * as ops from '../ops/index.ts';
import { currentScope, moveToScope } from '../tensor/memory.ts';
import type { Tensor } from '../tensor/tensor.ts';

const masks = new WeakMap<Tensor, Tensor>();

/**
 * Notes that only the values count at which `mask` (of their shape, bool) holds. For the end of an operation, which gives back
 * the memory of all that is not its result: the mask lives on with the values.
 */
export function withMask(values: Tensor, mask: Tensor): Tensor {
  moveToScope(mask, currentScope()?.parent);
  masks.set(values, mask);
  return values;
}

/** What {@link withMask} noted. */
export const maskOf = (values: Tensor): Tensor | null => masks.get(values) ?? null;

/** Where both hold; null where neither is given. */
export function bothMasks(a: Tensor | null | undefined, b: Tensor | null | undefined): Tensor | null {
  if (!a || !b) return a ?? b ?? null;
  return ops.logicalAnd(ops.cast(a, 'bool'), ops.cast(b, 'bool'));
}
