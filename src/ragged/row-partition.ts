/** @file How the elements of a ragged dimension are cut into rows: splits, and everything else that says the same. */
import { ArgumentError } from '../tensor/errors.ts';

const wholeNumbers = (values: readonly number[], what: string, operation: string): readonly number[] => {
  const wrong = values.find((value) => !Number.isInteger(value) || value < 0);
  if (wrong !== undefined)
    throw new ArgumentError(`${operation}: ${what} must be integers of 0 or more, got ${wrong}.`);
  return values;
};

/**
 * Where each row of a ragged dimension begins and ends. It is known on the host, as a shape is: traces of functions are made
 * for it, and what a result is made of can be worked out before anything is computed.
 */
export class RowPartition {
  /** One more than there are rows: row i has the elements from splits[i] to before splits[i + 1]. */
  readonly splits: readonly number[];

  private constructor(splits: readonly number[]) {
    this.splits = splits;
  }

  /** @throws ArgumentError unless the splits begin with 0 and never fall */
  static fromSplits(splits: readonly number[], operation: string): RowPartition {
    wholeNumbers(splits, 'row splits', operation);
    if (splits.length === 0 || splits[0] !== 0)
      throw new ArgumentError(`${operation}: row splits must begin with 0, got [${splits.join(', ')}].`);
    const falling = splits.findIndex((split, i) => i > 0 && split < splits[i - 1]);
    if (falling >= 0)
      throw new ArgumentError(
        `${operation}: row splits must not fall, but ${splits[falling]} follows ${splits[falling - 1]} at place ${falling}.`,
      );
    return new RowPartition([...splits]);
  }

  static fromLengths(lengths: readonly number[], operation: string): RowPartition {
    wholeNumbers(lengths, 'row lengths', operation);
    const splits = [0];
    for (const length of lengths) splits.push(splits[splits.length - 1] + length);
    return new RowPartition(splits);
  }

  /** @throws ArgumentError unless the row numbers never fall and are below `rows` */
  static fromRowids(rowids: readonly number[], rows: number | undefined, operation: string): RowPartition {
    wholeNumbers(rowids, 'row numbers', operation);
    const last = rowids.length > 0 ? rowids[rowids.length - 1] : -1;
    const count = rows ?? last + 1;
    if (rowids.some((id, i) => i > 0 && id < rowids[i - 1]))
      throw new ArgumentError(`${operation}: row numbers must not fall, got [${rowids.join(', ')}].`);
    if (last >= count) throw new ArgumentError(`${operation}: row ${last} is out of ${count} rows.`);
    const lengths = new Array<number>(count).fill(0);
    for (const id of rowids) lengths[id]++;
    return RowPartition.fromLengths(lengths, operation);
  }

  get rows(): number {
    return this.splits.length - 1;
  }

  /** How many elements there are in all rows. */
  get elements(): number {
    return this.splits[this.rows];
  }

  get lengths(): number[] {
    return Array.from({ length: this.rows }, (_, i) => this.splits[i + 1] - this.splits[i]);
  }

  get longest(): number {
    return this.lengths.reduce((longest, length) => Math.max(longest, length), 0);
  }

  /** The row of each element. */
  get rowids(): number[] {
    return this.lengths.flatMap((length, row) => new Array<number>(length).fill(row));
  }

  /** The place of each element in its row. */
  get places(): number[] {
    return this.lengths.flatMap((length) => Array.from({ length }, (_, i) => i));
  }

  equals(other: RowPartition): boolean {
    return this.splits.length === other.splits.length && this.splits.every((split, i) => split === other.splits[i]);
  }

  /** Some rows, with the elements that they have in order. */
  select(rows: readonly number[]): { readonly partition: RowPartition; readonly elements: readonly number[] } {
    const { lengths, splits } = this;
    return {
      partition: RowPartition.fromLengths(
        rows.map((row) => lengths[row]),
        'ragged',
      ),
      elements: rows.flatMap((row) => Array.from({ length: lengths[row] }, (_, i) => splits[row] + i)),
    };
  }
}
