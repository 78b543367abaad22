/** @file Strings taken apart: the parts of each string are a row of a ragged tensor. */
import { fromStrings } from '../../engine/index.ts';
import { type NGramRules, ngramsOfRow, splitAtSpace } from '../../engine/host/tokens.ts';
import * as p from '../../primitives/calls.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { encodeText } from '../../tensor/string-storage.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { toTensor } from '../convert.ts';
import { type StringsLike, knownStrings, toStrings } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/** What comes of taking strings apart: of one string a tensor, of several a ragged one. */
export type Rows<Input> = Input extends string
  ? Tensor
  : Input extends RaggedTensor | readonly unknown[]
    ? RaggedTensor
    : Tensor | RaggedTensor;

/**
 * A row for each string: of one string a tensor, of more a ragged tensor with one dimension more.
 * @param rowsOf gets the strings; gives the elements of each one's row, and what makes a tensor of all of them
 */
export function rowsOfStrings<Element>(
  input: StringsLike,
  operation: string,
  rowOf: (bytes: Uint8Array) => readonly Element[],
  toValues: (elements: readonly Element[]) => Tensor,
): Tensor | RaggedTensor {
  if (input instanceof RaggedTensor) return input.mapFlat((flat) => rowsOfStrings(flat, operation, rowOf, toValues));
  const x = toStrings(input, operation);
  if (x.rank > 1) {
    const ragged = RaggedTensor.fromTensor(x, { raggedRank: x.rank - 1 });
    return rowsOfStrings(ragged, operation, rowOf, toValues);
  }
  const rows = knownStrings(x, operation).map(rowOf);
  const values = toValues(rows.flat());
  return x.rank === 0
    ? values
    : RaggedTensor.fromRowLengths(
        values,
        rows.map((row) => row.length),
      );
}

const stringVector = (elements: readonly Uint8Array[]): Tensor => fromStrings(elements, [elements.length]);

function indexOf(bytes: Uint8Array, searched: Uint8Array, from: number): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.indexOf(searched, from);
}

function splitAt(bytes: Uint8Array, separator: Uint8Array, most: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let at = indexOf(bytes, separator, 0); at >= 0 && parts.length !== most; at = indexOf(bytes, separator, start)) {
    parts.push(bytes.slice(start, at));
    start = at + separator.length;
  }
  return [...parts, bytes.slice(start)];
}

/**
 * Each string cut at a separator.
 *
 * @param sep Where it is left out or empty, strings are cut at runs of white space, and no part is empty.
 * @param maxsplit So many cuts at most; the rest is the last part. -1 (default) for all.
 * @returns a ragged tensor with a row for each string; of a scalar a tensor of rank 1
 * @example `tf.strings.split(['hello world', 'a b c']) // [["hello", "world"], ["a", "b", "c"]]`
 */
export const split = op('strings.split', function split<
  Input extends StringsLike,
>(input: Input, sep: string | null = null, maxsplit = -1): Rows<Input> {
  const separator = sep === null || sep === '' ? null : encodeText(sep);
  const rowOf = (bytes: Uint8Array): Uint8Array[] =>
    separator === null ? splitAtSpace(bytes, maxsplit) : splitAt(bytes, separator, maxsplit);
  return rowsOfStrings(input, 'strings.split', rowOf, stringVector) as Rows<Input>;
});

/** Each string cut into its bytes. @example `tf.strings.bytesSplit(['hi', 'a']) // [["h", "i"], ["a"]]` */
export const bytesSplit = op(
  'strings.bytesSplit',
  <Input extends StringsLike>(input: Input): Rows<Input> =>
    rowsOfStrings(
      input,
      'strings.bytesSplit',
      (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte)),
      stringVector,
    ) as Rows<Input>,
);

export interface NGramOptions {
  /** Default a space. */
  readonly separator?: string;
  /** Tokens before the first and after the last one: one for both, or [left, right]. None by default. */
  readonly padValues?: string | readonly [left: string, right: string] | null;
  /** How many of them at each end at most; one less than the n-gram's width by default. */
  readonly paddingWidth?: number | null;
  /** A row that is shorter than every width gives one n-gram of its own length. Default false. */
  readonly preserveShortSequences?: boolean;
}

/**
 * The n-grams of the tokens along the last axis: neighbours, joined.
 *
 * @param data A ragged tensor of tokens, or a tensor of rank 1 or more.
 * @param ngramWidth How many tokens; several widths give the n-grams of the first, then those of the next.
 * @returns a ragged tensor for a ragged one, a tensor for a tensor
 * @example `tf.strings.ngrams(['to', 'be', 'or', 'not'], 2) // ["to be", "be or", "or not"]`
 */
export function ngrams(
  data: StringsLike,
  ngramWidth: number | readonly number[],
  options: NGramOptions = {},
): Tensor | RaggedTensor {
  const { separator = ' ', padValues = null, paddingWidth = null, preserveShortSequences = false } = options;
  const widths = typeof ngramWidth === 'number' ? [ngramWidth] : ngramWidth;
  if (widths.length === 0 || widths.some((width) => !Number.isInteger(width) || width < 1))
    throw new ArgumentError(`strings.ngrams: expected widths of 1 or more, got [${widths.join(', ')}].`);
  if (paddingWidth !== null && (padValues === null || !Number.isInteger(paddingWidth) || paddingWidth < 1))
    throw new ArgumentError('strings.ngrams: paddingWidth must be 1 or more, and needs padValues.');
  const [left, right] =
    padValues === null ? ['', ''] : typeof padValues === 'string' ? [padValues, padValues] : padValues;
  const rules: NGramRules = {
    widths,
    separator: encodeText(separator),
    leftPad: encodeText(left),
    rightPad: encodeText(right),
    padWidth: padValues === null ? 0 : (paddingWidth ?? -1),
    preserveShort: preserveShortSequences,
  };
  const ofRagged = (tokens: RaggedTensor): RaggedTensor => {
    if (tokens.values instanceof RaggedTensor) return tokens.withValues(ofRagged(tokens.values));
    if (tokens.values.rank !== 1)
      throw new ShapeError(
        `strings.ngrams: expected a last axis that is ragged, got a ragged tensor of rank ${tokens.rank}.`,
      );
    const strings = knownStrings(toStrings(tokens.values, 'strings.ngrams'), 'strings.ngrams');
    const { splits } = tokens.partition;
    const rows = splits.slice(1).map((end, i) => ngramsOfRow(strings.slice(splits[i], end), rules));
    return RaggedTensor.fromRowLengths(
      stringVector(rows.flat()),
      rows.map((row) => row.length),
    );
  };
  if (data instanceof RaggedTensor) return ofRagged(data);
  const x = toTensor(data, 'strings.ngrams');
  if (x.dtype !== 'string') throw new DTypeError(`strings.ngrams: expected strings, got ${x.dtype}.`);
  if (x.rank === 0) throw new ShapeError('strings.ngrams: expected tokens along an axis, got a scalar.');
  if (x.rank === 1) return stringVector(ngramsOfRow(knownStrings(x, 'strings.ngrams'), rules));
  const [outer, length] = [x.shape.slice(0, -1), x.shape[x.rank - 1]];
  const made = ofRagged(RaggedTensor.fromUniformRowLength(p.reshape(x, [x.size]), length, sizeOf(outer)));
  return p.reshape(made.flatValues, [...outer, made.partition.longest]);
}
