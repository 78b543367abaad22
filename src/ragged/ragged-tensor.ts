/** @file RaggedTensor: a tensor of which some dimensions have rows of different length. */
import { fromHost } from '../engine/index.ts';
import { type TensorLike, toTensor } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import { CompositeTensor } from '../tensor/composite.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import type { Nested } from '../tensor/host.ts';
import { nestElements, toNumbers } from '../tensor/host.ts';
import { formatShape, normalizeAxis } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { filled, lengthsWithout } from './padding.ts';
import { RowPartition } from './row-partition.ts';

/** Numbers that partition rows: in an array, or in a tensor of rank 1 whose values are known. */
export type RowNumbers = readonly number[] | Tensor | Variable | Int32Array;
/** The values of a ragged tensor: a tensor of rank 1 or more, or a ragged one. */
export type RaggedValues = Tensor | RaggedTensor;

/** An element as user code writes it: text in a tensor of strings, else a number. */
export type RaggedElement = number | bigint | string;

const int32 = (numbers: readonly number[]): Tensor => fromHost(Int32Array.from(numbers), 'int32', [numbers.length]);

function numbersOf(given: RowNumbers, operation: string): readonly number[] {
  if (!(given instanceof Tensor) && !(given instanceof Variable)) return Array.from(given);
  const tensor = given instanceof Variable ? given.value : given;
  if (tensor.rank !== 1)
    throw new ShapeError(`${operation}: expected a vector of row numbers, got shape ${formatShape(tensor.shape)}.`);
  return Array.from(toNumbers(tensor.dataSync(), tensor.dtype));
}

/** Elements of values at places along their first axis. */
export function gatherValues(values: RaggedValues, places: readonly number[]): RaggedValues {
  if (values instanceof Tensor) return p.gather(values, int32(places), 0);
  const { partition, elements } = values.partition.select(places);
  return new RaggedTensor(gatherValues(values.values, elements), partition);
}

/** How many rows values have. */
export const rowsOf = (values: RaggedValues): number =>
  values instanceof Tensor ? values.shape[0] : values.partition.rows;

/**
 * A tensor with one or more dimensions whose rows have different lengths, such as the words of sentences.
 *
 * Its elements lie in one flat tensor (`flatValues`); where the rows begin and end is part of its shape: known when
 * operations are called, also inside of `tf.function`, which is traced anew for other lengths. Gradients are those of `flatValues`.
 *
 * @example
 * ```ts
 * const words = tf.ragged.constant([['a', 'b'], [], ['c']]);
 * words.rowLengths(); // [2, 0, 1]
 * words.toTensor();   // [["a", "b"], ["", ""], ["c", ""]]
 * ```
 */
export class RaggedTensor extends CompositeTensor {
  /** The elements of all rows, one after another; ragged themselves where there is more than one ragged dimension. */
  readonly values: RaggedValues;
  /** @internal */
  readonly partition: RowPartition;

  /** @internal Use `RaggedTensor.fromRowSplits` and its like. */
  constructor(values: RaggedValues, partition: RowPartition) {
    super();
    if (values instanceof Tensor && values.rank === 0)
      throw new ShapeError('RaggedTensor: expected values of rank 1 or more, got a scalar.');
    if (rowsOf(values) !== partition.elements)
      throw new ShapeError(
        `RaggedTensor: the rows have ${partition.elements} elements together, but there are ${rowsOf(values)} values.`,
      );
    this.values = values;
    this.partition = partition;
  }

  /**
   * Rows from where they begin and end.
   *
   * @param rowSplits Row i has the values from `rowSplits[i]` to before `rowSplits[i + 1]`.
   * @example `tf.RaggedTensor.fromRowSplits([3, 1, 4, 1], [0, 2, 2, 4]) // [[3, 1], [], [4, 1]]`
   */
  static fromRowSplits(values: TensorLike | RaggedTensor, rowSplits: RowNumbers): RaggedTensor {
    const name = 'RaggedTensor.fromRowSplits';
    return new RaggedTensor(toValues(values, name), RowPartition.fromSplits(numbersOf(rowSplits, name), name));
  }

  /** Rows from their lengths. @example `tf.RaggedTensor.fromRowLengths([3, 1, 4], [2, 0, 1]) // [[3, 1], [], [4]]` */
  static fromRowLengths(values: TensorLike | RaggedTensor, rowLengths: RowNumbers): RaggedTensor {
    const name = 'RaggedTensor.fromRowLengths';
    return new RaggedTensor(toValues(values, name), RowPartition.fromLengths(numbersOf(rowLengths, name), name));
  }

  /** Rows from where they begin; the last one has the rest. */
  static fromRowStarts(values: TensorLike | RaggedTensor, rowStarts: RowNumbers): RaggedTensor {
    const name = 'RaggedTensor.fromRowStarts';
    const all = toValues(values, name);
    return new RaggedTensor(all, RowPartition.fromSplits([...numbersOf(rowStarts, name), rowsOf(all)], name));
  }

  /** Rows from where they end. */
  static fromRowLimits(values: TensorLike | RaggedTensor, rowLimits: RowNumbers): RaggedTensor {
    const name = 'RaggedTensor.fromRowLimits';
    return new RaggedTensor(toValues(values, name), RowPartition.fromSplits([0, ...numbersOf(rowLimits, name)], name));
  }

  /**
   * Rows from the number of the row that each value is in; the numbers never fall.
   *
   * @param nrows How many rows, where the last ones are empty.
   */
  static fromValueRowids(values: TensorLike | RaggedTensor, valueRowids: RowNumbers, nrows?: number): RaggedTensor {
    const name = 'RaggedTensor.fromValueRowids';
    return new RaggedTensor(toValues(values, name), RowPartition.fromRowids(numbersOf(valueRowids, name), nrows, name));
  }

  /** Rows of one length. @param nrows How many, where the length is 0. */
  static fromUniformRowLength(values: TensorLike | RaggedTensor, rowLength: number, nrows?: number): RaggedTensor {
    const name = 'RaggedTensor.fromUniformRowLength';
    const all = toValues(values, name);
    const rows = nrows ?? (rowLength > 0 ? rowsOf(all) / rowLength : 0);
    if (!Number.isInteger(rows))
      throw new ArgumentError(`${name}: ${rowsOf(all)} values do not fill rows of ${rowLength}.`);
    return new RaggedTensor(all, RowPartition.fromLengths(new Array<number>(rows).fill(rowLength), name));
  }

  /** Several ragged dimensions, from the splits of each, the outermost first. */
  static fromNestedRowSplits(flatValues: TensorLike, nestedRowSplits: readonly RowNumbers[]): RaggedTensor {
    return nestedOf(flatValues, nestedRowSplits, RaggedTensor.fromRowSplits, 'fromNestedRowSplits');
  }

  /** Several ragged dimensions, from the row lengths of each, the outermost first. */
  static fromNestedRowLengths(flatValues: TensorLike, nestedRowLengths: readonly RowNumbers[]): RaggedTensor {
    return nestedOf(flatValues, nestedRowLengths, RaggedTensor.fromRowLengths, 'fromNestedRowLengths');
  }

  /** Several ragged dimensions, from the row numbers of each, the outermost first. */
  static fromNestedValueRowids(
    flatValues: TensorLike,
    nestedValueRowids: readonly RowNumbers[],
    nestedNrows: readonly (number | undefined)[] = [],
  ): RaggedTensor {
    let level = nestedValueRowids.length;
    const make = (values: TensorLike | RaggedTensor, rowids: RowNumbers): RaggedTensor =>
      RaggedTensor.fromValueRowids(values, rowids, nestedNrows[--level]);
    return nestedOf(flatValues, nestedValueRowids, make, 'fromNestedValueRowids');
  }

  /**
   * A tensor as a ragged one.
   *
   * @param options `lengths`: how many elements of each row to keep. `padding`: elements equal to it at the end of a row are
   *   left out (their values must be known). `raggedRank`: how many dimensions become ragged, default 1.
   * @example `tf.RaggedTensor.fromTensor([[5, 7, 0], [0, 3, 0]], { padding: 0 }) // [[5, 7], [0, 3]]`
   */
  static fromTensor(
    tensor: TensorLike,
    options: { readonly lengths?: RowNumbers; readonly padding?: number | string; readonly raggedRank?: number } = {},
  ): RaggedTensor {
    const name = 'RaggedTensor.fromTensor';
    const x = toTensor(tensor, name);
    const { lengths, padding, raggedRank = 1 } = options;
    if (!Number.isInteger(raggedRank) || raggedRank < 1 || raggedRank >= x.rank)
      throw new ArgumentError(`${name}: raggedRank must be an integer from 1 to ${x.rank - 1}, got ${raggedRank}.`);
    if (lengths !== undefined && padding !== undefined)
      throw new ArgumentError(`${name}: lengths and padding both say how long the rows are; give one of them.`);
    const [outer, width] = [x.shape.slice(0, raggedRank), x.shape[raggedRank]];
    const rows = outer.reduce((product, d) => product * d, 1);
    const flat = p.reshape(x, [rows * width, ...x.shape.slice(raggedRank + 1)]);
    const kept =
      lengths !== undefined
        ? numbersOf(lengths, name).map((length) => Math.min(length, width))
        : padding !== undefined
          ? lengthsWithout(flat, padding, rows, width)
          : new Array<number>(rows).fill(width);
    if (kept.length !== rows)
      throw new ShapeError(`${name}: expected ${rows} lengths for shape ${formatShape(x.shape)}, got ${kept.length}.`);
    const places = kept.flatMap((length, row) => Array.from({ length }, (_, i) => row * width + i));
    const values = places.length === rows * width ? flat : p.gather(flat, int32(places), 0);
    let result = new RaggedTensor(values, RowPartition.fromLengths(kept, name));
    for (let axis = raggedRank - 1; axis > 0; axis--) {
      const above = x.shape.slice(0, axis).reduce((product, d) => product * d, 1);
      result = new RaggedTensor(result, RowPartition.fromLengths(new Array<number>(above).fill(x.shape[axis]), name));
    }
    return result;
  }

  override get parts(): readonly Tensor[] {
    return [this.flatValues];
  }

  override withParts([flatValues]: readonly Tensor[]): RaggedTensor {
    return this.withFlatValues(flatValues);
  }

  override describe(): string {
    const inner = this.values instanceof Tensor ? '' : this.values.describe();
    return `Ragged[${this.partition.splits.join()}]${inner}`;
  }

  get dtype(): DType {
    return this.flatValues.dtype;
  }

  /** The dimensions; null for ragged ones. */
  get shape(): (number | null)[] {
    return [this.partition.rows, null, ...this.values.shape.slice(1)];
  }

  get rank(): number {
    return this.values.rank + 1;
  }

  /** How many elements there are. */
  get size(): number {
    return this.flatValues.size;
  }

  /** How many dimensions there are up to the last ragged one. */
  get raggedRank(): number {
    return this.values instanceof Tensor ? 1 : this.values.raggedRank + 1;
  }

  /** All elements, in the tensor beneath the ragged dimensions. */
  get flatValues(): Tensor {
    return this.values instanceof Tensor ? this.values : this.values.flatValues;
  }

  /** Where the rows begin, and where the last one ends: int32 `[nrows + 1]`. */
  get rowSplits(): Tensor {
    return int32(this.partition.splits);
  }

  /** The row splits of each ragged dimension, the outermost first. */
  get nestedRowSplits(): Tensor[] {
    return this.partitions.map(({ splits }) => int32(splits));
  }

  /** @internal The partition of each ragged dimension, the outermost first. */
  get partitions(): RowPartition[] {
    return this.values instanceof Tensor ? [this.partition] : [this.partition, ...this.values.partitions];
  }

  /** How many rows there are. */
  nrows(): number {
    return this.partition.rows;
  }

  /** How long the rows are: int32 `[nrows]`; of an inner ragged dimension, ragged. */
  rowLengths(): Tensor;
  rowLengths(axis: number): Tensor | RaggedTensor;
  rowLengths(axis = 1): Tensor | RaggedTensor {
    const at = normalizeAxis(axis, this.rank, 'RaggedTensor.rowLengths');
    if (at === 1) return int32(this.partition.lengths);
    if (at === 0 || this.values instanceof Tensor)
      throw new ArgumentError(
        `RaggedTensor.rowLengths: axis ${axis} is not ragged in shape ${formatShape(this.shape)}.`,
      );
    return new RaggedTensor(this.values.rowLengths(at - 1), this.partition);
  }

  /** Where each row begins. */
  rowStarts(): Tensor {
    return int32(this.partition.splits.slice(0, -1));
  }

  /** Where each row ends. */
  rowLimits(): Tensor {
    return int32(this.partition.splits.slice(1));
  }

  /** The number of the row that each value is in. */
  valueRowids(): Tensor {
    return int32(this.partition.rowids);
  }

  /** The row lengths of each ragged dimension, the outermost first. */
  nestedRowLengths(): Tensor[] {
    return this.partitions.map(({ lengths }) => int32(lengths));
  }

  /** The row numbers of each ragged dimension, the outermost first. */
  nestedValueRowids(): Tensor[] {
    return this.partitions.map(({ rowids }) => int32(rowids));
  }

  /** The shape of the smallest tensor that has room for all rows. */
  boundingShape(): number[] {
    const inner = this.values instanceof Tensor ? this.values.shape : this.values.boundingShape();
    return [this.partition.rows, this.partition.longest, ...inner.slice(1)];
  }

  /** The same rows of other values, of which there must be as many. */
  withValues(values: TensorLike | RaggedTensor): RaggedTensor {
    return new RaggedTensor(toValues(values, 'RaggedTensor.withValues'), this.partition);
  }

  /** The same rows, in all ragged dimensions, of other flat values. */
  withFlatValues(flatValues: TensorLike): RaggedTensor {
    const flat = toTensor(flatValues, 'RaggedTensor.withFlatValues');
    return new RaggedTensor(this.values instanceof Tensor ? flat : this.values.withFlatValues(flat), this.partition);
  }

  /**
   * A tensor with all rows of one length.
   *
   * @param defaultValue What fills short rows up: 0 by default, `''` for strings.
   * @param shape Rows are cut or filled up to it; null for what is needed.
   * @example `tf.ragged.constant([[9, 8], [], [5]]).toTensor() // [[9, 8], [0, 0], [5, 0]]`
   */
  toTensor(defaultValue?: number | string | boolean, shape: readonly (number | null)[] = []): Tensor {
    const [wantedRows, wantedLength, ...rest] = shape;
    const inner = this.values instanceof Tensor ? this.values : this.values.toTensor(defaultValue, [null, ...rest]);
    const value = defaultValue ?? (this.dtype === 'string' ? '' : 0);
    const { splits, lengths, rows, longest } = this.partition;
    const [height, width] = [wantedRows ?? rows, wantedLength ?? longest];
    const dimensions = inner.shape.slice(1);
    // One more element after the last stands for all that there is not.
    const missing = inner.shape[0];
    const padded = p.concat([inner, filled(value, inner, [1, ...dimensions])], 0);
    const places = Array.from({ length: height }, (_, row) =>
      Array.from({ length: width }, (_, i) => (row < rows && i < lengths[row] ? splits[row] + i : missing)),
    );
    return p.reshape(p.gather(padded, int32(places.flat()), 0), [height, width, ...dimensions]);
  }

  /** @internal The same rows, in all ragged dimensions, of values that may be ragged themselves. */
  mapFlat(change: (flatValues: Tensor) => RaggedValues): RaggedTensor {
    return new RaggedTensor(
      this.values instanceof Tensor ? change(this.values) : this.values.mapFlat(change),
      this.partition,
    );
  }

  /** One row; counted from the end where negative. */
  row(index: number): Tensor | RaggedTensor {
    const { rows, splits } = this.partition;
    if (!Number.isInteger(index) || index < -rows || index >= rows)
      throw new ArgumentError(`RaggedTensor.row: there is no row ${index} of ${rows}.`);
    const row = index < 0 ? index + rows : index;
    return gatherValues(
      this.values,
      Array.from({ length: splits[row + 1] - splits[row] }, (_, i) => splits[row] + i),
    );
  }

  /** The rows, one after another. */
  *[Symbol.iterator](): Iterator<Tensor | RaggedTensor> {
    for (let i = 0; i < this.partition.rows; i++) yield this.row(i);
  }

  /** The elements in nested arrays, at once: numbers, or texts of a tensor of strings. */
  arraySync<E extends RaggedElement = number>(): Nested<E>[] {
    return this.nested(
      this.flatValues.dtype === 'int64'
        ? this.flatValues.dataSync<BigInt64Array>()
        : this.flatValues.dtype === 'string'
          ? this.flatValues.dataSync<string[]>()
          : toNumbers(this.flatValues.dataSync(), this.dtype),
    ) as Nested<E>[];
  }

  /** The elements in nested arrays, without blocking the event loop. */
  async array<E extends RaggedElement = number>(): Promise<Nested<E>[]> {
    await this.flatValues.data();
    return this.arraySync<E>();
  }

  private nested(elements: ArrayLike<RaggedElement>): Nested<RaggedElement>[] {
    const rows =
      this.values instanceof Tensor
        ? (nestElements(elements, this.values.shape) as Nested<RaggedElement>[])
        : this.values.nested(elements);
    const { splits } = this.partition;
    return Array.from({ length: this.partition.rows }, (_, i) => rows.slice(splits[i], splits[i + 1]));
  }
}

function toValues(values: TensorLike | RaggedTensor, operation: string): RaggedValues {
  return values instanceof RaggedTensor ? values : toTensor(values, operation);
}

function nestedOf(
  flatValues: TensorLike,
  levels: readonly RowNumbers[],
  wrap: (values: TensorLike | RaggedTensor, numbers: RowNumbers) => RaggedTensor,
  name: string,
): RaggedTensor {
  if (levels.length === 0) throw new ArgumentError(`RaggedTensor.${name}: expected at least one ragged dimension.`);
  return levels.reduceRight<TensorLike | RaggedTensor>(wrap, flatValues) as RaggedTensor;
}
