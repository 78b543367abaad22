/** @file Tensors as iterables: their first axis, one slice after the other. */
import { ShapeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { at } from './indexing/index.ts';

function lengthOf(x: Tensor, operation: string): number {
  if (x.rank === 0)
    throw new ShapeError(`${operation}: a tensor of rank 0 has no axis to walk over; x.item() gives its value.`);
  return x.shape[0];
}

/** The slices along the first axis, each a tensor of one rank less. @throws ShapeError of a scalar */
export function* rows(x: Tensor): IterableIterator<Tensor> {
  const length = lengthOf(x, 'for ... of');
  for (let i = 0; i < length; i++) yield at(x, i);
}

/** `[i, slice i]` along the first axis. @throws ShapeError of a scalar */
export function* entries(x: Tensor): IterableIterator<[number, Tensor]> {
  const length = lengthOf(x, 'entries');
  for (let i = 0; i < length; i++) yield [i, at(x, i)];
}
