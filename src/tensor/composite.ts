/** @file CompositeTensor: values made of tensors, which structures of tensors are walked into: ragged and sparse tensors. */
import type { PartialShape } from './shape.ts';
import { Tensor } from './tensor.ts';

/**
 * A value that is made of tensors. Wherever a tensor may stand in a structure (the arguments and results of tf.function,
 * what leaves a tidy scope) it may stand too: its parts are treated as the tensors they are.
 */
export abstract class CompositeTensor {
  /** Its shape; null for sizes that vary or are not known. */
  abstract get shape(): PartialShape;
  /** The tensors it is made of, in an order of its own. */
  abstract get parts(): readonly Tensor[];
  /** The same value with other parts, of the same dtypes and shapes. */
  abstract withParts(parts: readonly Tensor[]): CompositeTensor;
  /** What is not in its parts, as text: two values that differ here are no values for one trace of a function. */
  abstract describe(): string;

  /** Gives the memory of its parts back. */
  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** @internal A composite value on a walk on which other things stand in the places of its tensors. */
export class OpenedComposite {
  readonly whole: CompositeTensor;
  readonly parts: readonly unknown[];

  constructor(whole: CompositeTensor, parts: readonly unknown[]) {
    this.whole = whole;
    this.parts = parts;
  }
}

/** @internal The same value with each part replaced; null where a part has no replacement. */
export function mapComposite(value: CompositeTensor | OpenedComposite, leaf: (part: unknown) => unknown): unknown {
  const whole = value instanceof OpenedComposite ? value.whole : value;
  const parts = value.parts.map(leaf);
  if (parts.every((part) => part instanceof Tensor)) return whole.withParts(parts);
  return parts.includes(null) ? null : new OpenedComposite(whole, parts);
}

/** @internal Whether a value is walked into. */
export const isComposite = (value: unknown): value is CompositeTensor | OpenedComposite =>
  value instanceof CompositeTensor || value instanceof OpenedComposite;
