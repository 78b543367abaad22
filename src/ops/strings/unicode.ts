/** @file Unicode: code points, encodings and scripts. */
import { fromHost, fromStrings } from '../../engine/index.ts';
import { type Character, decodeCharacters, encodeCodePoints, hasOffsets, repaired } from '../../engine/host/unicode.ts';
import * as p from '../../primitives/calls.ts';
import type { UnicodeEncoding } from '../../primitives/string-functions.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { type Like, type StringsLike, onElements, onStrings } from './operands.ts';
import { type Rows, rowsOfStrings } from './splitting.ts';
import { op } from '../../symbolic/op.ts';

/** What to do with bytes that are no text, and with numbers that are no code points. */
export interface UnicodeOptions {
  /** `'replace'` (default) puts `replacementChar` there, `'ignore'` leaves them out, `'strict'` throws. */
  readonly errors?: 'strict' | 'replace' | 'ignore';
  /** A code point; default U+FFFD. */
  readonly replacementChar?: number;
  /** Whether control characters (below U+0020) are replaced as well. Default false. */
  readonly replaceControlCharacters?: boolean;
}

const encodings: readonly UnicodeEncoding[] = ['UTF-8', 'UTF-16-BE', 'UTF-32-BE'];

function policyOf(options: UnicodeOptions, operation: string): Required<UnicodeOptions> {
  const { errors = 'replace', replacementChar = 0xfffd, replaceControlCharacters = false } = options;
  if (!['strict', 'replace', 'ignore'].includes(errors))
    throw new ArgumentError(
      `${operation}: errors must be 'strict', 'replace' or 'ignore', got ${JSON.stringify(errors)}.`,
    );
  if (!Number.isInteger(replacementChar) || replacementChar < 0 || replacementChar > 0x10ffff)
    throw new ArgumentError(`${operation}: replacementChar must be a code point, got ${replacementChar}.`);
  return { errors, replacementChar, replaceControlCharacters };
}

function checkEncoding(encoding: string, operation: string): UnicodeEncoding {
  const found = encodings.find((known) => known === encoding);
  if (found === undefined)
    throw new ArgumentError(
      `${operation}: expected the encoding ${encodings.join(', ')}, got ${JSON.stringify(encoding)}.`,
    );
  return found;
}

const codeVector = (codes: readonly number[]): Tensor => fromHost(Int32Array.from(codes), 'int32', [codes.length]);

/** The characters of each string, as `toElement` has them. */
function charactersOf<Element>(
  input: StringsLike,
  encoding: string,
  options: UnicodeOptions,
  operation: string,
  toElement: (character: Character) => Element,
  toValues: (elements: readonly Element[]) => Tensor,
): Tensor | RaggedTensor {
  const policy = policyOf(options, operation);
  const rowOf = (bytes: Uint8Array): Element[] =>
    repaired(decodeCharacters(bytes, encoding), policy, operation).map(toElement);
  return rowsOfStrings(input, operation, rowOf, toValues);
}

const codeOf = ({ codePoint }: Character): number => codePoint;
function offsetOf({ offset }: Character): number {
  return offset;
}
function checkOffsets(encoding: string, operation: string): void {
  if (!hasOffsets(encoding))
    throw new ArgumentError(
      `${operation}: where characters begin is known for UTF-8, UTF-16-BE, UTF-32-BE, US-ASCII and ISO-8859-1, not for ${encoding}.`,
    );
}

/**
 * The code points of each string: int32.
 *
 * @param inputEncoding `'UTF-8'`, `'UTF-16-BE'`, `'UTF-32-BE'`, or another encoding by its name.
 * @returns a ragged tensor with a row for each string; of a scalar a tensor of rank 1
 * @example `tf.strings.unicodeDecode(['G\u00f6', '\u{1f60a}'], 'UTF-8') // [[71, 246], [128522]]`
 */
export const unicodeDecode = op(
  'strings.unicodeDecode',
  <Input extends StringsLike>(input: Input, inputEncoding: string, options: UnicodeOptions = {}): Rows<Input> =>
    charactersOf(input, inputEncoding, options, 'strings.unicodeDecode', codeOf, codeVector) as Rows<Input>,
);

/** The code points of each string, and the byte at which each of them begins: both as {@link unicodeDecode} gives them. */
export const unicodeDecodeWithOffsets = op(
  'strings.unicodeDecodeWithOffsets',
  function unicodeDecodeWithOffsets(
    input: StringsLike,
    inputEncoding: string,
    options: UnicodeOptions = {},
  ): [codePoints: Tensor | RaggedTensor, offsets: Tensor | RaggedTensor] {
    const operation = 'strings.unicodeDecodeWithOffsets';
    checkOffsets(inputEncoding, operation);
    return [
      charactersOf(input, inputEncoding, options, operation, codeOf, codeVector),
      charactersOf(input, inputEncoding, options, operation, offsetOf, codeVector),
    ];
  },
);

const characterStrings = (
  input: StringsLike,
  encoding: UnicodeEncoding,
  options: UnicodeOptions,
  operation: string,
): Tensor | RaggedTensor => {
  const policy = policyOf(options, operation);
  return charactersOf(
    input,
    encoding,
    options,
    operation,
    ({ codePoint }) => encodeCodePoints([codePoint], encoding, policy, operation),
    (characters) => fromStrings(characters, [characters.length]),
  );
};

/** Each string cut into its characters, which stay in its encoding. @example `tf.strings.unicodeSplit(['né'], 'UTF-8') // [["n", "é"]]` */
export const unicodeSplit = op('strings.unicodeSplit', function unicodeSplit<
  Input extends StringsLike,
>(input: Input, inputEncoding: string, options: UnicodeOptions = {}): Rows<Input> {
  const encoding = checkEncoding(inputEncoding, 'strings.unicodeSplit');
  return characterStrings(input, encoding, options, 'strings.unicodeSplit') as Rows<Input>;
});

/** Each string cut into its characters, and the byte at which each of them begins. */
export const unicodeSplitWithOffsets = op(
  'strings.unicodeSplitWithOffsets',
  function unicodeSplitWithOffsets(
    input: StringsLike,
    inputEncoding: string,
    options: UnicodeOptions = {},
  ): [characters: Tensor | RaggedTensor, offsets: Tensor | RaggedTensor] {
    const operation = 'strings.unicodeSplitWithOffsets';
    const encoding = checkEncoding(inputEncoding, operation);
    return [
      characterStrings(input, encoding, options, operation),
      charactersOf(input, encoding, options, operation, offsetOf, codeVector),
    ];
  },
);

/**
 * Code points along the last axis, in a string.
 *
 * @param input int32: a ragged tensor, or a tensor of rank 1 or more.
 * @returns strings, in a tensor or ragged tensor with one dimension less
 * @example `tf.strings.unicodeEncode(tf.ragged.constant([[71, 246], [72]]), 'UTF-8') // ["Gö", "H"]`
 */
export const unicodeEncode = op(
  'strings.unicodeEncode',
  function unicodeEncode(
    input: TensorLike | RaggedTensor,
    outputEncoding: UnicodeEncoding,
    options: Omit<UnicodeOptions, 'replaceControlCharacters'> = {},
  ): Tensor | RaggedTensor {
    const operation = 'strings.unicodeEncode';
    const encoding = checkEncoding(outputEncoding, operation);
    const { errors, replacementChar } = policyOf(options, operation);
    const encode = (codes: Tensor, rowSplits: readonly number[]): Tensor =>
      p.strings([p.cast(codes, 'int32')], {
        function: 'encodeCodePoints',
        encoding,
        errors,
        replacementChar,
        rowSplits,
      });
    if (input instanceof RaggedTensor) {
      const { values } = input;
      if (values instanceof RaggedTensor) return input.withValues(unicodeEncode(values, encoding, options));
      if (values.rank > 1) return input.withValues(unicodeEncode(values, encoding, options));
      return encode(values, input.partition.splits);
    }
    const x = toTensor(input, operation, 'int32');
    if (x.rank === 0) throw new ShapeError(`${operation}: expected code points along an axis, got a scalar.`);
    const [outer, length] = [x.shape.slice(0, -1), x.shape[x.rank - 1]];
    const splits = Array.from({ length: sizeOf(outer) + 1 }, (_, i) => i * length);
    return p.reshape(encode(p.reshape(x, [x.size]), splits), outer);
  },
);

/**
 * Each string in another encoding.
 *
 * @param inputEncoding `'UTF-8'`, `'UTF-16-BE'`, `'UTF-32-BE'`, or another encoding by its name, such as `'windows-1252'`.
 * @param outputEncoding `'UTF-8'`, `'UTF-16-BE'` or `'UTF-32-BE'`.
 * @example `tf.strings.unicodeTranscode(['h\u00e9'], 'UTF-8', 'UTF-16-BE').bytesSync()` is `[[0, 104, 0, 233]]`
 */
export const unicodeTranscode = op('strings.unicodeTranscode', function unicodeTranscode<
  Input extends StringsLike,
>(input: Input, inputEncoding: string, outputEncoding: UnicodeEncoding, options: UnicodeOptions = {}): Like<Input> {
  const operation = 'strings.unicodeTranscode';
  const policy = policyOf(options, operation);
  const to = checkEncoding(outputEncoding, operation);
  return onStrings(input, operation, (x) =>
    p.strings([x], { function: 'transcode', from: inputEncoding, to, ...policy }),
  );
});

/**
 * The script of each code point, by the number that ICU gives it (UScriptCode): 25 is Latin, 8 Cyrillic, 17 Han; -1 is no
 * code point.
 *
 * @example `tf.strings.unicodeScript([0x41, 0x416]) // [25, 8]`
 */
export const unicodeScript = op('strings.unicodeScript', <Input extends StringsLike>(input: Input): Like<Input> =>
  onElements(input, (x) =>
    p.strings([p.cast(toTensor(x, 'strings.unicodeScript', 'int32'), 'int32')], { function: 'script' }),
  ),
);
