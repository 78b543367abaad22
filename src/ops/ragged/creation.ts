/** @file `tf.ragged`: ragged tensors from nested arrays, from tensors, and with a pattern. */
import { fromHost } from '../../engine/index.ts';
import { upload } from '../../engine/operands.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { RowPartition } from '../../ragged/row-partition.ts';
import { gatherValues, rowsOf } from '../../ragged/ragged-tensor.ts';
import { type DType, promote } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import type { NestedArray, NestedText } from '../../tensor/host.ts';
import { readHostValues } from '../../tensor/host.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import { tensor } from '../creation.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { knownNumbers } from '../strings/operands.ts';
import { op } from '../../symbolic/op.ts';

/** Elements in nested arrays whose lengths may differ. */
export type RaggedArray = readonly (NestedArray | NestedText | RaggedArray)[];

const isList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
const depthOf = (value: unknown): number =>
  isList(value) ? 1 + value.reduce<number>((depth, child) => Math.max(depth, depthOf(child)), 0) : 0;

/**
 * A ragged tensor with the given elements.
 *
 * @param values Nested arrays; those at one depth may have different lengths.
 * @param dtype By default as of `tf.tensor`.
 * @param raggedRank How many dimensions are ragged: all but the last by default. Deeper ones must have one length.
 * @throws ShapeError for elements at different depths
 * @example `tf.ragged.constant([[1, 2], [], [3]]).shape // [3, null]`
 */
export function constant(values: RaggedArray, dtype?: DType, raggedRank?: number): RaggedTensor {
  const depth = depthOf(values);
  const ragged = raggedRank ?? Math.max(1, depth - 1);
  if (!Array.isArray(values) || !Number.isInteger(ragged) || ragged < 1 || (depth > 1 && ragged >= depth))
    throw new ArgumentError(
      `ragged.constant: expected nested arrays, and a raggedRank from 1 to their depth less 1, got depth ${depth} and raggedRank ${ragged}.`,
    );
  let level: readonly unknown[] = values;
  const partitions: RowPartition[] = [];
  for (let axis = 0; axis < ragged; axis++) {
    const wrong = level.find((row) => !isList(row));
    if (wrong !== undefined)
      throw new ShapeError(
        `ragged.constant: ${JSON.stringify(wrong)} stands at depth ${axis + 1}, where arrays are expected.`,
      );
    const rows = level as readonly (readonly unknown[])[];
    partitions.push(
      RowPartition.fromLengths(
        rows.map((row) => row.length),
        'ragged.constant',
      ),
    );
    level = rows.flatMap((row) => Array.from(row));
  }
  const flat = tensor(
    level as NestedArray,
    level.length === 0 ? [0, ...new Array<number>(Math.max(0, depth - 1 - ragged)).fill(0)] : undefined,
    dtype,
  );
  if (flat.rank === 0) throw new ShapeError('ragged.constant: expected nested arrays.');
  return partitions.reduceRight<Tensor | RaggedTensor>(
    (inner, partition) => new RaggedTensor(inner, partition),
    flat,
  ) as RaggedTensor;
}

/**
 * Rows of numbers from `starts` to before `limits`, in steps of `deltas`: one number for all rows, or one for each.
 *
 * @param dtype By default the one in which tensors among the three meet; of plain numbers int32 where all are whole, else float32.
 * @example `tf.ragged.range([3, 5, 2]) // [[0, 1, 2], [0, 1, 2, 3, 4], [0, 1]]`, `tf.ragged.range([0, 5], [3, 7])`
 */
export const range = op(
  'ragged.range',
  function range(starts: TensorLike, limits?: TensorLike | null, deltas: TensorLike = 1, dtype?: DType): RaggedTensor {
    const [from, to] = limits === undefined || limits === null ? [0 as TensorLike, starts] : [starts, limits];
    const given = [from, to, deltas].filter((bound) => bound instanceof Tensor || bound instanceof Variable);
    const bounds = [from, to, deltas].map((bound) => knownNumbers(toTensor(bound, 'ragged.range'), 'ragged.range'));
    const rows = bounds.reduce((count, { length }) => Math.max(count, length), 1);
    if (bounds.some(({ length }) => length !== 1 && length !== rows))
      throw new ShapeError(
        `ragged.range: starts, limits and deltas have ${bounds.map(({ length }) => length).join(', ')} elements; expected 1 or one number of rows.`,
      );
    const made = Array.from({ length: rows }, (_, row) => {
      const [start, limit, delta] = bounds.map((bound) => bound[bound.length === 1 ? 0 : row]);
      if (delta === 0) throw new ArgumentError('ragged.range: a delta is 0; expected steps that lead somewhere.');
      return Array.from({ length: Math.max(0, Math.ceil((limit - start) / delta)) }, (__, i) => start + i * delta);
    });
    const values = made.flat();
    const isWhole = bounds.flat().every(Number.isInteger);
    const common = given.length > 0 ? given.map((bound) => bound.dtype).reduce(promote) : isWhole ? 'int32' : 'float32';
    return RaggedTensor.fromRowLengths(
      upload(readHostValues(values.length > 0 ? values : new Float32Array(0), 'ragged.range'), dtype ?? common),
      made.map(({ length }) => length),
    );
  },
);

/**
 * Elements of a tensor where a mask of its leading shape is true; what is left of each row stays a row.
 *
 * @param mask Booleans, of rank 1 (then the result is a tensor), or more, or ragged as `data` is.
 * @example `tf.ragged.booleanMask([[1, 2], [3, 4]], [[true, false], [false, false]]) // [[1], []]`
 */
export const booleanMask = op(
  'ragged.booleanMask',
  function booleanMask(data: TensorLike | RaggedTensor, mask: TensorLike | RaggedTensor): Tensor | RaggedTensor {
    const values = data instanceof RaggedTensor ? data : toTensor(data, 'ragged.booleanMask');
    const given = mask instanceof RaggedTensor ? mask : toTensor(mask, 'ragged.booleanMask');
    if (given.rank === 0) throw new ShapeError('ragged.booleanMask: expected a mask of rank 1 or more, got a scalar.');
    if (given.rank === 1 && !(given instanceof RaggedTensor)) {
      const kept = knownNumbers(given, 'ragged.booleanMask').flatMap((holds, i) => (holds ? [i] : []));
      if (given.shape[0] !== rowsOf(values))
        throw new ShapeError(
          `ragged.booleanMask: the mask has ${given.shape[0]} elements for ${rowsOf(values)} rows of shape ${formatShape(values.shape)}.`,
        );
      return gatherValues(values, kept);
    }
    const [x, y] = [values, given].map((value) =>
      value instanceof RaggedTensor ? value : RaggedTensor.fromTensor(value),
    );
    if (!x.partition.equals(y.partition))
      throw new ShapeError('ragged.booleanMask: the mask must have the rows of the data.');
    const { splits } = x.partition;
    const inner = booleanMask(x.values, y.values);
    if (y.values.rank > 1) return new RaggedTensor(inner, x.partition);
    const held = knownNumbers(y.values as Tensor, 'ragged.booleanMask');
    const lengths = splits.slice(1).map((end, i) => held.slice(splits[i], end).filter(Boolean).length);
    return new RaggedTensor(inner, RowPartition.fromLengths(lengths, 'ragged.booleanMask'));
  },
);

/** Row splits as the number of the row that each value is in. @example `tf.ragged.rowSplitsToSegmentIds([0, 3, 3, 5]) // [0, 0, 0, 2, 2]` */
export const rowSplitsToSegmentIds = op(
  'ragged.rowSplitsToSegmentIds',
  function rowSplitsToSegmentIds(splits: TensorLike): Tensor {
    const numbers = knownNumbers(
      toTensor(splits, 'ragged.rowSplitsToSegmentIds', 'int32'),
      'ragged.rowSplitsToSegmentIds',
    );
    const { rowids } = RowPartition.fromSplits(numbers, 'ragged.rowSplitsToSegmentIds');
    return fromHost(Int32Array.from(rowids), 'int32', [rowids.length]);
  },
);

/** The numbers of rows that values are in, as row splits. @example `tf.ragged.segmentIdsToRowSplits([0, 0, 0, 2, 2]) // [0, 3, 3, 5]` */
export const segmentIdsToRowSplits = op(
  'ragged.segmentIdsToRowSplits',
  function segmentIdsToRowSplits(segmentIds: TensorLike, numSegments?: number): Tensor {
    const numbers = knownNumbers(
      toTensor(segmentIds, 'ragged.segmentIdsToRowSplits', 'int32'),
      'ragged.segmentIdsToRowSplits',
    );
    const { splits } = RowPartition.fromRowids(numbers, numSegments, 'ragged.segmentIdsToRowSplits');
    return fromHost(Int32Array.from(splits), 'int32', [splits.length]);
  },
);
