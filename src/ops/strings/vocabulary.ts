/** @file Strings as numbers: places in a vocabulary, counts of words, buckets of several features together. */
import * as p from '../../primitives/calls.ts';
import type { Tokenization } from '../../primitives/string-functions.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { op } from '../../symbolic/op.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { type StringsLike, type Like, inOneShape, onElements, toStrings } from './operands.ts';

/** Strings as they are, whole numbers as int64: those of arrays at once, without becoming float32 on the way. */
function toKeys(x: TensorLike, operation: string): Tensor {
  let first: unknown = x;
  while (Array.isArray(first)) first = first[0];
  const keys = toTensor(x, operation, typeof first === 'number' ? 'int64' : undefined);
  return keys.dtype === 'string' ? keys : p.cast(keys, 'int64');
}

/**
 * The place of each string or whole number in a vocabulary: int64, -1 where it is not in it.
 *
 * @param vocabulary Strings or whole numbers, rank 1; of equal ones the first counts.
 * @param strict Whether what is not in the vocabulary is an error. Default false.
 * @throws ArgumentError
 * @example `tf.strings.lookUp(['cat', 'owl'], ['cat', 'dog']) // [0, -1]`
 */
export const lookUp = op(
  'strings.lookUp',
  <Input extends StringsLike>(input: Input, vocabulary: TensorLike, strict = false): Like<Input> =>
    onElements(input, (x) =>
      p.strings([toKeys(x, 'strings.lookUp'), toKeys(vocabulary, 'strings.lookUp')], { function: 'lookUp', strict }),
    ),
);

/** How texts are cut into tokens. */
export interface TokenOptions {
  /** At white space (default), or after each character of UTF-8. */
  readonly split?: 'whitespace' | 'character';
  /** n-grams of so many tokens each, joined by spaces: those of the first width, then those of the next. */
  readonly ngrams?: readonly number[] | null;
}

function tokenization({ split = 'whitespace', ngrams = null }: TokenOptions, operation: string): Tokenization {
  if (split !== 'whitespace' && split !== 'character')
    throw new ArgumentError(
      `${operation}: expected split 'whitespace' or 'character', got ${JSON.stringify(split)}; tf.strings.split cuts at any separator.`,
    );
  return { split, ngrams };
}

/**
 * The first tokens of each text along a new axis, and empty strings where it has fewer. The shape is known before the texts are, so
 * unlike `tf.strings.split` it can be compiled.
 *
 * @param length How many.
 * @example `tf.strings.tokens(['a b', 'c'], 2) // [["a", "b"], ["c", ""]]`
 */
export const tokens = op(
  'strings.tokens',
  function tokens(input: TensorLike, length: number, options: TokenOptions = {}): Tensor {
    if (!Number.isInteger(length) || length < 1)
      throw new ArgumentError(`strings.tokens: expected a length of 1 or more, got ${length}.`);
    const x = toStrings(input, 'strings.tokens');
    const how = tokenization(options, 'strings.tokens');
    const cut = p.strings([p.reshape(x, [x.size])], { function: 'tokens', length, ...how });
    return p.reshape(cut, [...x.shape, length]);
  },
);

/**
 * How often each word of a vocabulary is among the tokens of each text; and, last, how many tokens are not in it.
 *
 * @param vocabulary n strings, rank 1.
 * @returns int32 `[..., n + 1]`
 * @example `tf.strings.countTokens(['to be or not to be'], ['to', 'be']) // [[2, 2, 2]]`
 */
export const countTokens = op(
  'strings.countTokens',
  function countTokens(input: TensorLike, vocabulary: TensorLike, options: TokenOptions = {}): Tensor {
    const x = toStrings(input, 'strings.countTokens');
    const words = toStrings(vocabulary, 'strings.countTokens');
    const how = tokenization(options, 'strings.countTokens');
    const counts = p.strings([p.reshape(x, [x.size]), words], { function: 'countTokens', ...how });
    return p.reshape(counts, [...x.shape, words.size + 1]);
  },
);

/**
 * A bucket for each combination of features, by a hash of all of them together: int64.
 *
 * @param inputs Strings or whole numbers, of shapes that broadcast.
 * @example `tf.strings.crossToHashBucket([['Berlin', 'Rome'], [3, 4]], 10)`
 */
export const crossToHashBucket = op(
  'strings.crossToHashBucket',
  function crossToHashBucket(inputs: readonly TensorLike[], numBuckets: number): Tensor {
    if (!Array.isArray(inputs) || inputs.length === 0)
      throw new ArgumentError('strings.crossToHashBucket: expected an array of at least one tensor.');
    const operands = inputs.map((input: TensorLike) => toKeys(input, 'strings.crossToHashBucket'));
    return p.strings(inOneShape(operands, 'strings.crossToHashBucket'), {
      function: 'crossBucket',
      buckets: numBuckets,
    });
  },
);
