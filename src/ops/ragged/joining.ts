/** @file Ragged tensors joined, and rows of them chosen. */
import { RaggedTensor } from '../../ragged/index.ts';
import { gatherValues, rowsOf } from '../../ragged/ragged-tensor.ts';
import { RowPartition } from '../../ragged/row-partition.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { concat as concatTensors } from '../joining.ts';
import { knownNumbers } from '../strings/operands.ts';
import { op } from '../../symbolic/op.ts';

type Ragged = Tensor | RaggedTensor;
const valuesOf = (value: TensorLike | RaggedTensor, operation: string): Ragged =>
  value instanceof RaggedTensor ? value : toTensor(value, operation);

/** As ragged as the most ragged of them. */
function equallyRagged(values: readonly Ragged[]): Ragged[] {
  const wanted = values.reduce(
    (rank, value) => Math.max(rank, value instanceof RaggedTensor ? value.raggedRank : 0),
    0,
  );
  const widen = (value: Ragged, rank: number): Ragged => {
    if (rank === 0) return value;
    if (!(value instanceof RaggedTensor)) return RaggedTensor.fromTensor(value, { raggedRank: rank });
    return value.withValues(widen(value.values, rank - 1));
  };
  return values.map((value) => widen(value, wanted));
}

/** Values one after another along their first axis. */
export function joined(values: readonly Ragged[]): Ragged {
  const even = equallyRagged(values);
  const ragged = even.filter((value) => value instanceof RaggedTensor);
  if (ragged.length === 0) return concatTensors(even as readonly Tensor[], 0);
  return new RaggedTensor(
    joined(ragged.map((value) => value.values)),
    RowPartition.fromLengths(
      ragged.flatMap((value) => value.partition.lengths),
      'ragged.concat',
    ),
  );
}

/**
 * Ragged tensors, and tensors, one after another along an axis: 0 adds rows, 1 makes rows longer.
 *
 * @example `tf.ragged.concat([tf.ragged.constant([[1], [2, 3]]), tf.ragged.constant([[4, 5], []])], 1) // [[1, 4, 5], [2, 3]]`
 */
export function concat(values: readonly (TensorLike | RaggedTensor)[], axis = 0): Ragged {
  if (!Array.isArray(values) || values.length === 0)
    throw new ArgumentError('ragged.concat: expected an array of at least one ragged tensor.');
  const list = (values as readonly (TensorLike | RaggedTensor)[]).map((value) => valuesOf(value, 'ragged.concat'));
  const { rank } = list[0];
  if (list.some((value) => value.rank !== rank))
    throw new ShapeError(
      `ragged.concat: expected operands of one rank, got ${list.map((value) => value.rank).join(', ')}.`,
    );
  return along(list, normalizeAxis(axis, rank, 'ragged.concat'));
}

function along(list: readonly Ragged[], axis: number): Ragged {
  if (axis === 0) return joined(list);
  const even = equallyRagged(list);
  const ragged = even.filter((value) => value instanceof RaggedTensor);
  if (ragged.length === 0) return concatTensors(even as readonly Tensor[], axis);
  const [first] = ragged;
  const rows = first.nrows();
  if (ragged.some((value) => value.nrows() !== rows))
    throw new ShapeError(
      `ragged.concat: expected one number of rows, got ${ragged.map((value) => value.nrows()).join(', ')}.`,
    );
  if (axis > 1) {
    if (ragged.some((value) => !value.partition.equals(first.partition)))
      throw new ShapeError(`ragged.concat: along axis ${axis} the rows of all operands must have the same lengths.`);
    return first.withValues(
      along(
        ragged.map((value) => value.values),
        axis - 1,
      ),
    );
  }
  // The values of all, and of these the rows in turns.
  const all = joined(ragged.map((value) => value.values));
  const offsets = ragged.map((_, i) => ragged.slice(0, i).reduce((sum, value) => sum + rowsOf(value.values), 0));
  const places = Array.from({ length: rows }, (_, row) =>
    ragged.flatMap(({ partition: { splits } }, i) =>
      Array.from({ length: splits[row + 1] - splits[row] }, (__, k) => offsets[i] + splits[row] + k),
    ),
  );
  return RaggedTensor.fromRowLengths(
    gatherValues(all, places.flat()),
    places.map(({ length }) => length),
  );
}

/** Tensors or ragged tensors as the rows of a ragged tensor. @example `tf.ragged.stack([[1, 2], [3]]) // [[1, 2], [3]]` */
export const stack = op('ragged.stack', function stack(values: readonly (TensorLike | RaggedTensor)[]): RaggedTensor {
  if (!Array.isArray(values) || values.length === 0)
    throw new ArgumentError('ragged.stack: expected an array of at least one tensor.');
  const rows = (values as readonly (TensorLike | RaggedTensor)[]).map((value) => valuesOf(value, 'ragged.stack'));
  const { rank } = rows[0];
  if (rank === 0 || rows.some((row) => row.rank !== rank))
    throw new ShapeError(
      `ragged.stack: expected tensors of one rank of 1 or more, got ranks ${rows.map((row) => row.rank).join(', ')}.`,
    );
  // Beneath the first dimension tensors may differ in size: what differs becomes ragged.
  const differ = new Set(rows.map((row) => row.shape.slice(1).join())).size > 1;
  const even = rows.map((row) =>
    differ && !(row instanceof RaggedTensor) ? RaggedTensor.fromTensor(row, { raggedRank: rank - 1 }) : row,
  );
  return new RaggedTensor(joined(even), RowPartition.fromLengths(rows.map(rowsOf), 'ragged.stack'));
});

/**
 * Rows of a ragged tensor, or of a tensor by ragged indices.
 *
 * @param indices Integers from 0: a vector gives those rows, in that order; a ragged tensor rows of such rows.
 * @example `tf.ragged.gather(tf.ragged.constant([[1], [2, 3], []]), [1, 0, 1]) // [[2, 3], [1], [2, 3]]`
 */
export function gather(params: TensorLike | RaggedTensor, indices: TensorLike | RaggedTensor): Ragged {
  const x = valuesOf(params, 'ragged.gather');
  if (indices instanceof RaggedTensor) return indices.mapFlat((flat) => gather(x, flat));
  const at = toTensor(indices, 'ragged.gather', 'int32');
  const rows = knownNumbers(at, 'ragged.gather');
  const count = rowsOf(x);
  const wrong = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= count);
  if (wrong !== undefined) throw new ArgumentError(`ragged.gather: there is no row ${wrong} of ${count}.`);
  const chosen = gatherValues(x, rows);
  if (at.rank === 1) return chosen;
  if (at.rank === 0) return RaggedTensor.fromRowLengths(chosen, [1]).row(0) as Ragged;
  const outer = RaggedTensor.fromTensor(at, { raggedRank: at.rank - 1 });
  return outer.mapFlat(() => chosen);
}

/**
 * Rows, or their elements, in the opposite order: axis 0 turns the order of the rows, 1 that within each.
 *
 * @example `tf.ragged.reverse(tf.ragged.constant([[1, 2], [3]]), 1)` is `[[2, 1], [3]]`
 */
export const reverse = op('ragged.reverse', function reverse(x: RaggedTensor, axis: number): RaggedTensor {
  const at = normalizeAxis(axis, x.rank, 'ragged.reverse');
  const { splits, rows } = x.partition;
  if (at === 0)
    return gatherValues(
      x,
      Array.from({ length: rows }, (_, i) => rows - 1 - i),
    ) as RaggedTensor;
  if (at === 1) {
    const places = x.partition.lengths.flatMap((length, row) =>
      Array.from({ length }, (_, i) => splits[row] + length - 1 - i),
    );
    return x.withValues(gatherValues(x.values, places));
  }
  if (x.values instanceof RaggedTensor) return x.withValues(reverse(x.values, at - 1));
  const { values } = x;
  return x.withValues(values.reverse(at - 1));
});
