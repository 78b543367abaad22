/** @file What the `strings` primitive computes: functions of byte strings, by name, with the type of each one's parameters. */
import type { ArrayDType } from '../tensor/dtype.ts';

/** What positions and lengths count: bytes, or characters of UTF-8. */
export type StringUnit = 'BYTE' | 'UTF8_CHAR';
/** Encodings of Unicode text. */
export type UnicodeEncoding = 'UTF-8' | 'UTF-16-BE' | 'UTF-32-BE';
/** What becomes of bytes that are no text in their encoding, and of numbers that are no code points. */
export interface UnicodeErrors {
  readonly errors: 'strict' | 'replace' | 'ignore';
  readonly replacementChar: number;
}
export interface NumberFormat {
  /** Digits after the point; -1 for printf's own 6. */
  readonly precision: number;
  readonly scientific: boolean;
  readonly shortest: boolean;
  readonly width: number;
  readonly fill: string;
}
/** How texts are cut into tokens; with `ngrams` into n-grams of so many tokens, one width after the other. */
export interface Tokenization {
  readonly split: 'whitespace' | 'character';
  readonly ngrams: readonly number[] | null;
}
type None = Record<never, never>;

/** Operands have one shape where nothing else is said. */
export interface StringFunctions {
  lower: { readonly encoding: '' | 'utf-8' };
  upper: { readonly encoding: '' | 'utf-8' };
  strip: None;
  /** Gives int32. */
  length: { readonly unit: StringUnit };
  /** (strings, position: int32, length: int32) */
  substr: { readonly unit: StringUnit };
  join: { readonly separator: string };
  /** The first axis is joined first: its elements stand next to one another. */
  reduceJoin: { readonly axes: readonly number[]; readonly keepDims: boolean; readonly separator: string };
  /** Strings of rank 1, joined in the runs between two splits. */
  joinRows: { readonly separator: string; readonly rowSplits: readonly number[] };
  regexReplace: { readonly pattern: string; readonly rewrite: string; readonly replaceGlobal: boolean };
  /** Gives bool. */
  regexFullMatch: { readonly pattern: string };
  toNumber: { readonly dtype: ArrayDType };
  /** (numbers or booleans) */
  asString: NumberFormat;
  /** (any tensors) -> one string. */
  format: { readonly template: string; readonly placeholder: string; readonly summarize: number };
  /** Gives int64. `key` has the four 32-bit words of a key of 128 bits, lowest first. */
  hashBucket: {
    readonly hash: 'fast' | 'strong' | 'murmur';
    readonly buckets: number;
    readonly key: readonly number[];
  };
  /** (strings or int64, of one shape each) -> the hash of each row of them. Gives int64. */
  crossBucket: { readonly buckets: number };
  /** (strings or int64, a vocabulary: rank 1) -> the place of each in it: int64, -1 of what it lacks; `strict` refuses that. */
  lookUp: { readonly strict: boolean };
  /** (strings of rank 1) -> the first tokens of each, empty strings after the last: [strings, length]. */
  tokens: Tokenization & { readonly length: number };
  /** (strings of rank 1, a vocabulary of n: strings of rank 1) -> how often each string has each of it; last, all others: int32 [strings, n + 1]. */
  countTokens: Tokenization;
  transcode: UnicodeErrors & {
    readonly from: string;
    readonly to: UnicodeEncoding;
    readonly replaceControlCharacters: boolean;
  };
  /** (code points: int32 of rank 1) -> one string for each run of elements between two splits. */
  encodeCodePoints: UnicodeErrors & { readonly encoding: UnicodeEncoding; readonly rowSplits: readonly number[] };
  /** (code points: int32) -> ICU's numbers of their scripts: int32. */
  script: None;
  encodeBase64: { readonly pad: boolean };
  decodeBase64: None;
  /** Byte strings of `length` bytes, zeros added, as numbers along a new last axis. */
  decodeRaw: { readonly dtype: ArrayDType; readonly littleEndian: boolean; readonly length: number };
}

export type StringFunctionName = keyof StringFunctions;
/** Parameters of the `strings` primitive. */
export type StringCall<N extends StringFunctionName = StringFunctionName> = {
  [K in N]: { readonly function: K } & StringFunctions[K];
}[N];
