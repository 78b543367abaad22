/** @file Keeping gradients within bounds. */
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { IndexedSlices } from '../tensor/indexed-slices.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** At most one of them; Keras's spellings are taken as well. */
export interface ClippingOptions {
  /** Scales each gradient down to this norm. */
  clipNorm?: number | null;
  /** Limits each element to +-this. */
  clipValue?: number | null;
  /** Scales all gradients by one factor so that their common norm is at most this. */
  globalClipNorm?: number | null;
  clipnorm?: number | null;
  clipvalue?: number | null;
  globalClipnorm?: number | null;
}

/** The one that is set. */
export interface Clipping {
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly globalClipNorm?: number;
}

/** @throws ArgumentError where more than one is given or one is not positive. */
export function checkClipping(optimizer: string, options: Record<keyof Clipping, number | null | undefined>): Clipping {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  if (given.length > 1)
    throw new ArgumentError(`${optimizer}: expected one of clipNorm, clipValue, globalClipNorm; got ${given.length}.`);
  for (const [name, value] of given)
    if (!(Number(value) > 0)) throw new ArgumentError(`${optimizer}: expected ${name} > 0, got ${value}.`);
  return Object.fromEntries(given);
}

/** The same of the elements that there are: rows, of which none is named twice but as zeros, or all. */
export const onElements = (gradient: Tensor, change: (elements: Tensor) => Tensor): Tensor =>
  gradient instanceof IndexedSlices
    ? new IndexedSlices(change(gradient.values), gradient.indices, gradient.denseShape)
    : change(gradient);
const squaredNorm = (gradient: Tensor): Tensor =>
  ops.sum(ops.square(gradient instanceof IndexedSlices ? gradient.values : gradient));
const scaled = (gradient: Tensor, scale: Tensor): Tensor =>
  onElements(gradient, (elements) => ops.mul(elements, scale));
/** limit / max(norm, limit): 1 where the norm is within the limit. */
const scaleTo = (limit: number, squared: Tensor): Tensor => ops.div(limit, ops.maximum(ops.sqrt(squared), limit));

/** The gradients within the bounds that the options set. */
export function clipGradients(gradients: readonly Tensor[], options: Clipping): readonly Tensor[] {
  const { clipNorm, clipValue, globalClipNorm } = options;
  if (clipValue !== undefined)
    return gradients.map((gradient) => onElements(gradient, (x) => ops.clipByValue(x, -clipValue, clipValue)));
  if (clipNorm !== undefined)
    return gradients.map((gradient) => scaled(gradient, scaleTo(clipNorm, squaredNorm(gradient))));
  if (globalClipNorm !== undefined) {
    const scale = scaleTo(
      globalClipNorm,
      gradients.map(squaredNorm).reduce((a, b) => ops.add(a, b)),
    );
    return gradients.map((gradient) => scaled(gradient, scale));
  }
  return gradients;
}
