/** @file Padding of ragged rows: the value that fills them up, and where it begins. */
import { fromStrings } from '../engine/index.ts';
import { scalarLike } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import { DTypeError } from '../tensor/errors.ts';
import { toNumbers } from '../tensor/host.ts';
import type { Shape } from '../tensor/shape.ts';
import { toBytes } from '../tensor/string-storage.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** One value everywhere, of a tensor's dtype. */
export function filled(value: number | string | boolean, like: Tensor, shape: Shape): Tensor {
  if (like.dtype === 'string') return p.broadcastTo(fromStrings([toBytes(value, 'toTensor')], []), shape);
  if (typeof value === 'string')
    throw new DTypeError(`RaggedTensor.toTensor: a ragged tensor of ${like.dtype} has no string as default value.`);
  return p.broadcastTo(p.cast(scalarLike(Number(value), like), like.dtype), shape);
}

/** How much of each row comes before the elements that are nothing but padding. */
export function lengthsWithout(flat: Tensor, padding: number | string, rows: number, width: number): number[] {
  const data: ArrayLike<number | string> =
    flat.dtype === 'string' ? flat.dataSync<string[]>() : toNumbers(flat.dataSync(), flat.dtype);
  const count = data.length / Math.max(1, rows * width);
  const isPadding = (element: number): boolean =>
    Array.from({ length: count }, (_, i) => data[element * count + i]).every(
      (value) => Object.is(value, padding) || value === padding,
    );
  return Array.from({ length: rows }, (_, row) => {
    let length = width;
    while (length > 0 && isPadding(row * width + length - 1)) length--;
    return length;
  });
}
