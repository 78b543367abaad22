/** @file Steps that change only the rows of a variable that its gradient names. */
import { scalarLike, toTensor } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import { IndexedSlices } from '../tensor/indexed-slices.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A gradient of rows in which each row stands whole at one of its places, and as zeros at the others. */
export interface RowGradient {
  readonly slices: IndexedSlices;
  /** For each place the one at which its row stands. */
  readonly places: Tensor;
}

/**
 * Rows that are named several times added up, by shapes that do not depend on which they are: every place writes its number to its
 * row, of a vector as long as the variable, and the one that stays is the row's.
 */
export function uniqueRows({ values, indices, denseShape }: IndexedSlices): RowGradient {
  const [count] = indices.shape;
  const numbers = toTensor(
    Int32Array.from({ length: count }, (_, i) => i),
    'optimizer',
  );
  const none = p.broadcastTo(scalarLike(0, numbers), [denseShape[0]]);
  const places = p.gather(p.scatterReduce(none, indices, numbers, 'set'), indices, 0);
  return { slices: new IndexedSlices(p.scatterAdd(values, places, 0, count), indices, denseShape), places };
}

/** The whole gradient of its row, at every place. */
export const totals = ({ slices, places }: RowGradient): Tensor => p.gather(slices.values, places, 0);

/** The rows of `x` that a gradient names. */
export const rowsOf = (x: Tensor, { slices }: RowGradient): Tensor => p.gather(x, slices.indices, 0);

/** `x` with other rows: places of one row must give the same. */
export const withRows = (x: Tensor, { slices }: RowGradient, rows: Tensor): Tensor =>
  p.scatterReduce(x, slices.indices, rows, 'set');
