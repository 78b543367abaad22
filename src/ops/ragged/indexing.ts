/** @file Indexing of ragged tensors: rows, and spans within each row. */
import { RaggedTensor } from '../../ragged/index.ts';
import { gatherValues } from '../../ragged/ragged-tensor.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { at as tensorAt } from '../indexing/index.ts';
import { type AxisIndex, type Index, readIndices } from '../indexing/places.ts';

const operation = 'RaggedTensor.at';

/** The places that an index names on an axis of some length, and whether the axis stays. */
function placesOn(index: Index, length: number): { readonly places: number[]; readonly stays: boolean } {
  const [found, ...others]: AxisIndex[] = readIndices([length], [index], operation);
  if (others.length > 0 || found.kind === 'new')
    throw new ArgumentError(
      `${operation}: expected a place, a span, places or a mask for each axis, got ${String(index)}.`,
    );
  if (found.kind === 'place') return { places: [found.place], stays: false };
  if (found.kind === 'span')
    return { places: Array.from({ length: found.size }, (_, i) => found.begin + i * found.step), stays: true };
  if (!('known' in found.places) || found.places.shape.length !== 1)
    throw new ArgumentError(`${operation}: places along a ragged tensor's axis must be a vector that is known.`);
  return { places: Array.from(found.places.known), stays: true };
}

const applied = (x: Tensor | RaggedTensor, indices: readonly Index[]): Tensor | RaggedTensor =>
  indices.length === 0 ? x : x instanceof Tensor ? tensorAt(x, ...indices) : at(x, ...indices);

/**
 * Rows, and parts of rows, as numpy indexes: each index is for one axis. In a ragged axis it is read for each row by itself, so that
 * `':2'` is the first two of each row, and -1 the last one.
 *
 * @throws ArgumentError where a row does not have a place
 * @example `x.at(0)` is the first row; `x.at(':', ':2')` the first two elements of each; `x.at('1:', '::-1')`
 */
export function at(x: RaggedTensor, ...indices: readonly Index[]): Tensor | RaggedTensor {
  const [first = ':', ...rest] = indices;
  const { places, stays } = placesOn(first, x.nrows());
  if (!stays) return applied(x.row(places[0]), rest);
  const rows = first === ':' ? x : (gatherValues(x, places) as RaggedTensor);
  if (rest.length === 0) return rows;
  const [within, ...deeper] = rest;
  const { splits, lengths } = rows.partition;
  const found = lengths.map((length) => placesOn(within, length));
  const chosen = gatherValues(
    rows.values,
    found.flatMap((row, i) => row.places.map((place) => splits[i] + place)),
  );
  const inner = deeper.length === 0 ? chosen : applied(chosen, [':', ...deeper]);
  return found.every((row) => row.stays)
    ? RaggedTensor.fromRowLengths(
        inner,
        found.map((row) => row.places.length),
      )
    : inner;
}
