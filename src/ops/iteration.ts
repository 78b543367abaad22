/** @file Tensors as iterables: their first axis, one slice after the other. */
import { ShapeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { at } from './indexing/index.ts';

/** The slices along the first axis, each a tensor of one rank less. */
export function* rows(x: Tensor): IterableIterator<Tensor> {
  for (let i = 0; i < x.shape[0]; i++) yield at(x, i);
}

/** `[i, slice i]` along the first axis. @throws ShapeError of a scalar */
export function* entries(x: Tensor): IterableIterator<[number, Tensor]> {
  if (x.rank === 0)
    throw new ShapeError('entries: a tensor of rank 0 has no axis to walk over; x.item() gives its value.');
  for (let i = 0; i < x.shape[0]; i++) yield [i, at(x, i)];
}
