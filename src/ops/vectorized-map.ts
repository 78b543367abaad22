/** @file tf.vectorizedMap: a function of one element, run for all of them at once. */
import * as p from '../primitives/calls.ts';
import { ofParts, partsOf } from '../tensor/complex.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeTensors } from '../tensor/tree.ts';
import { Batching } from '../tracing/batching.ts';
import type { Nest, Tensors } from './control/index.ts';
import { type TensorLike, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

export interface VectorizedMapOptions {
  /** Operations that have no rule for all elements at once run in a loop; an error where it is false. Default true. */
  readonly fallbackToWhileLoop?: boolean;
  /** Whether to say so when they do. Default true. */
  readonly warn?: boolean;
}

/** The common length of first axes, of which some may be 1. */
function commonLength(tensors: readonly Tensor[]): number {
  if (tensors.length === 0 || tensors.some(({ rank }) => rank === 0))
    throw new ShapeError('vectorizedMap: expected tensors of rank 1 or more, which are mapped along their first axis.');
  const lengths = tensors.map(({ shape }) => shape[0]);
  const length = lengths.find((candidate) => candidate !== 1) ?? 1;
  const other = lengths.findIndex((candidate) => candidate !== 1 && candidate !== length);
  if (other >= 0)
    throw new ShapeError(
      `vectorizedMap: expected first axes of one length or of length 1, but one tensor has ${length} elements along it and ` +
        `another, of shape ${formatShape(tensors[other].shape)}, ${lengths[other]}.`,
    );
  return length;
}

/**
 * `fn` of each element along the first axis, stacked, as {@link mapFn} has it; but `fn` runs once, on all elements at a time:
 * every operation that it calls works on the whole batch. So it is written for one element and as fast as if it had been
 * written for many.
 *
 * It nests, may take gradients, and may stand in a `tf.function`. Where elements take different branches of a `cond`, both are
 * computed; a `whileLoop` goes on until the last element has left it. Random numbers are each element's own.
 *
 * @param fn From one element to a tensor, or a structure of them. It cannot look at values.
 * @param elems A tensor, or a structure of tensors with first axes of one length; a first axis of length 1 is repeated.
 * @returns The results, each with the axis in front.
 * @throws ShapeError where first axes differ; TraceError where `fn` reads a value.
 * @example
 * ```ts
 * // A matrix times a vector of its own, for each of a hundred.
 * tf.vectorizedMap(([a, x]) => tf.dot(a, x), [tf.ones([100, 3, 4]), tf.ones([100, 4])]); // [100, 3]
 * // The gradient for each example.
 * const perExample = tf.vectorizedMap((x) => tf.grad((v) => lossOf(v))(x), examples);
 * ```
 */
export const vectorizedMap = op('vectorizedMap', function vectorizedMap<
  E extends Nest,
  T extends Nest,
>(fn: (element: Tensors<E>) => T, elems: E, { fallbackToWhileLoop = true, warn = true }: VectorizedMapOptions = {}): Tensors<T> {
  const all = mapTree(elems, (leaf) => toTensor(leaf as TensorLike, 'vectorizedMap'));
  const length = commonLength(treeTensors(all));
  const batching = new Batching(length, { loops: fallbackToWhileLoop, warns: warn });
  const elements = mapTree(all, (leaf) => {
    const parts = partsOf(leaf as Tensor);
    return ofParts(leaf as Tensor, () => {
      const part = parts.shift()!;
      return batching.elementOf(part.shape[0] === length ? part : p.broadcastTo(part, part.shape.with(0, length)));
    });
  });
  const made = batching.run(() =>
    mapTree(fn(elements as Tensors<E>), (leaf) => toTensor(leaf as TensorLike, 'vectorizedMap')),
  );
  return mapTree(made, (leaf) => {
    const parts = partsOf(leaf as Tensor);
    return ofParts(leaf as Tensor, () => batching.wholeOf(parts.shift()!));
  }) as Tensors<T>;
});
