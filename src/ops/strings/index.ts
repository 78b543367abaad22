/** @file `tf.strings`: operations on tensors of strings. */
export type { StringUnit, UnicodeEncoding } from '../../primitives/string-functions.ts';
export {
  type CaseEncoding,
  type FormatOptions,
  format,
  join,
  length,
  lower,
  reduceJoin,
  strip,
  substr,
  upper,
} from './text.ts';
export { regexFullMatch, regexReplace } from './regex.ts';
export {
  type AsStringOptions,
  asString,
  toHashBucket,
  toHashBucketFast,
  toHashBucketStrong,
  toNumber,
} from './numbers.ts';
export type { Like, StringsLike } from './operands.ts';
export { type NGramOptions, type Rows, bytesSplit, ngrams, split } from './splitting.ts';
export {
  type UnicodeOptions,
  unicodeDecode,
  unicodeDecodeWithOffsets,
  unicodeEncode,
  unicodeScript,
  unicodeSplit,
  unicodeSplitWithOffsets,
  unicodeTranscode,
} from './unicode.ts';
export { type TokenOptions, countTokens, crossToHashBucket, lookUp, tokens } from './vocabulary.ts';
