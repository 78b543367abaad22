/** @file `tf.string`: the operations on strings that TensorFlow.js has, with its names and results. */
import { fromHost, fromStrings } from '../../engine/index.ts';
import { ngramsOfRow } from '../../engine/host/tokens.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { decodeText, encodeText } from '../../tensor/string-storage.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { knownNumbers, knownStrings, toStrings } from './operands.ts';
import { regexReplace } from './regex.ts';

export { toHashBucketFast as stringToHashBucketFast } from './numbers.ts';
export { regexReplace as staticRegexReplace };

/** The n-grams of rows of tokens, and where each row's begin and end. */
export interface StringNGrams {
  readonly nGrams: Tensor;
  readonly nGramsSplits: Tensor;
}

/**
 * N-grams of rows of tokens that lie one after another.
 *
 * @param data The tokens of all rows: rank 1.
 * @param dataSplits Row i has the tokens from `dataSplits[i]` to before `dataSplits[i + 1]`.
 * @param padWidth So many pads at each end at most; -1 for one less than the n-gram's width.
 * @param preserveShortSequences A row too short for every width gives one n-gram of all it has.
 */
export function stringNGrams(
  data: TensorLike,
  dataSplits: TensorLike,
  separator: string,
  nGramWidths: readonly number[],
  leftPad: string,
  rightPad: string,
  padWidth: number,
  preserveShortSequences: boolean,
): StringNGrams {
  const tokens = toStrings(data, 'string.stringNGrams');
  if (tokens.rank !== 1) throw new ShapeError(`string.stringNGrams: expected data of rank 1, got rank ${tokens.rank}.`);
  const strings = knownStrings(tokens, 'string.stringNGrams');
  const splits = knownNumbers(toTensor(dataSplits, 'string.stringNGrams', 'int32'), 'string.stringNGrams');
  if (splits.length > 0 && (splits[0] !== 0 || splits[splits.length - 1] !== strings.length))
    throw new ArgumentError(
      `string.stringNGrams: dataSplits must go from 0 to ${strings.length}, got [${splits.join(', ')}].`,
    );
  const rules = {
    widths: nGramWidths,
    separator: encodeText(separator),
    leftPad: encodeText(leftPad),
    rightPad: encodeText(rightPad),
    padWidth,
    preserveShort: preserveShortSequences,
  };
  const rows = splits.slice(1).map((end, i) => ngramsOfRow(strings.slice(splits[i], end), rules));
  const ends = [0];
  for (const row of rows) ends.push(ends[ends.length - 1] + row.length);
  const made = rows.flat();
  return {
    nGrams: fromStrings(made, [made.length]),
    nGramsSplits: fromHost(Int32Array.from(ends), 'int32', [ends.length]),
  };
}

/** The parts of strings as a sparse matrix: part j of string i stands at [i, j]. */
export interface StringSplit {
  readonly indices: Tensor;
  readonly values: Tensor;
  readonly shape: Tensor;
}

/** Parts between any of the characters of the delimiter; single characters where that is empty. */
function partsOf(text: string, delimiter: string): string[] {
  if (delimiter === '') return [...text];
  const parts = [''];
  for (const character of text) {
    if (delimiter.includes(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/**
 * Each string cut at every character of a delimiter.
 *
 * @param input Strings of rank 1.
 * @param delimiter Its characters are delimiters; where it is empty, strings are cut into characters.
 * @param skipEmpty Leaves empty parts out. Default true.
 * @example
 * ```ts
 * const { values } = tf.string.stringSplit(['hello.how are you'], '. ');
 * values.dataSync<string[]>(); // ["hello", "how", "are", "you"]
 * ```
 */
export function stringSplit(input: TensorLike, delimiter: string, skipEmpty = true): StringSplit {
  const x = toStrings(input, 'string.stringSplit');
  if (x.rank !== 1) throw new ShapeError(`string.stringSplit: expected strings of rank 1, got rank ${x.rank}.`);
  const rows = knownStrings(x, 'string.stringSplit').map((bytes) =>
    partsOf(decodeText(bytes), delimiter).filter((part) => !skipEmpty || part !== ''),
  );
  const values = rows.flat();
  const indices = rows.flatMap((row, i) => row.flatMap((_, j) => [i, j]));
  const longest = rows.reduce((length, row) => Math.max(length, row.length), 0);
  return {
    indices: fromHost(Int32Array.from(indices), 'int32', [values.length, 2]),
    values: fromStrings(values.map(encodeText), [values.length]),
    shape: fromHost(Int32Array.of(x.shape[0], longest), 'int32', [2]),
  };
}
