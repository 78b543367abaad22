/** @file KerasTensor: what the functional API composes models of. */
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type PartialShape, formatShape } from '../tensor/shape.ts';
import type { Storage } from '../tensor/storage.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Node } from './node.ts';

let anyMade = false;
/** Whether there is any yet: operations need not look for them before. */
export const kerasTensorsExist = (): boolean => anyMade;

/**
 * A symbolic tensor: it stands for the data that a model will be given, or for what an operation or a layer makes of it. It has
 * a dtype and a shape, in which `null` stands for a size that is not known (the batch's), but no values. Every operation and
 * every layer takes it; `tf.model({ inputs, outputs })` makes a model of what was so composed.
 *
 * @example
 * const image = tf.input({ shape: [28, 28, 1] });
 * const features = tf.layers.flatten().apply(image);
 * const model = tf.model({ inputs: image, outputs: tf.layers.dense({ units: 10 }).apply(features) });
 */
export class KerasTensor extends Tensor {
  readonly name: string;
  /** What made it. */
  readonly node: Node;
  /** Its place among the node's outputs. */
  readonly index: number;

  constructor(dtype: DType, shape: PartialShape, name: string, node: Node, index: number) {
    // Unknown sizes are null at run time: what works with these tensors reads `partialShape`.
    super(null, dtype, shape as readonly number[]);
    anyMade = true;
    this.name = name;
    this.node = node;
    this.index = index;
  }

  /** The shape with its unknown sizes. */
  get partialShape(): PartialShape {
    return this.shape as PartialShape;
  }

  override get storage(): Storage {
    throw new ArgumentError(
      `The symbolic tensor '${this.name}' (${this.dtype} ${formatShape(this.partialShape)}) has no values: it stands for a model's data. ` +
        `Make a model of it, tf.model({ inputs, outputs }), and call that with data.`,
    );
  }

  override alias(): Tensor {
    return this;
  }
}

/** The symbolic tensors in a structure, in its order. */
export function kerasTensorsIn(tree: unknown, depth = 4): KerasTensor[] {
  if (tree instanceof KerasTensor) return [tree];
  if (depth === 0 || typeof tree !== 'object' || tree === null || tree instanceof Tensor) return [];
  if (Array.isArray(tree)) return tree.flatMap((child) => kerasTensorsIn(child, depth - 1));
  if (ArrayBuffer.isView(tree)) return [];
  const prototype: unknown = Object.getPrototypeOf(tree);
  if (prototype !== Object.prototype && prototype !== null) return [];
  return Object.values(tree).flatMap((child) => kerasTensorsIn(child, depth - 1));
}

/** Whether there is a symbolic tensor in a structure. */
export function holdsKerasTensor(tree: unknown, depth = 4): boolean {
  if (tree instanceof KerasTensor) return true;
  if (depth === 0 || typeof tree !== 'object' || tree === null || tree instanceof Tensor) return false;
  if (Array.isArray(tree)) {
    // Long lists are numbers.
    if (typeof tree[0] === 'number' && typeof tree[tree.length - 1] === 'number') return false;
    return tree.some((child) => holdsKerasTensor(child, depth - 1));
  }
  if (ArrayBuffer.isView(tree)) return false;
  const prototype: unknown = Object.getPrototypeOf(tree);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in tree) if (holdsKerasTensor((tree as Record<string, unknown>)[key], depth - 1)) return true;
  return false;
}
